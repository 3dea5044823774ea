/* SPDX-License-Identifier: Apache-2.0 */
/** @file Calls that a program must not make: an assertion, and with assertions off nothing breaks. */
#include "../support/misuse.h"

#include <zephyr/irq_offload.h>

#include "../support/device.h"

#define SQ 4

#ifdef CONFIG_RTIO_SYS_MEM_BLOCKS
RTIO_DEFINE_WITH_MEMPOOL(misused, SQ, SQ, 4, 16, 4);
#else
RTIO_DEFINE(misused, SQ, SQ);
#endif
RTIO_POOL_DEFINE(misused_pool, 1, 2, 2);

static struct device_sim dev;
unsigned int misuse_assertions;

void ztest_post_assert_fail_hook(void)
{
	misuse_assertions++;
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	device_init(&dev);
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	expect_home(&misused);
}

ZTEST_SUITE(rtio_misuse, NULL, NULL, before, after, NULL);

ZTEST(rtio_misuse, test_ends_twice)
{
	struct rtio_iodev_sqe *s;

	dev.later = true;
	(void)device_nop(&misused, &dev, 1, 0);
	zassert_ok(rtio_submit(&misused, 0));
	s = dev.held[0];
	zassert_true(device_end(&dev, 0));
	MISUSE(rtio_iodev_sqe_ok(s, 0));
	MISUSE(rtio_iodev_sqe_err(s, -EIO));
	expect_cqe(&misused, 1, 0);
	expect_no_cqe(&misused);
	/* It was not even submitted. */
	s = CONTAINER_OF(device_nop(&misused, &dev, 2, 0), struct rtio_iodev_sqe, sqe);
	MISUSE(rtio_iodev_sqe_ok(s, 0));
	rtio_sqe_drop_all(&misused);
}

static void end_twice(struct rtio_iodev_sqe *s)
{
	rtio_iodev_sqe_ok(s, 1);
	MISUSE(rtio_iodev_sqe_ok(s, 2));
}

static const struct rtio_iodev_api twice_api = {.submit = end_twice};
static const struct rtio_iodev twice_dev = {&twice_api, NULL};

ZTEST(rtio_misuse, test_ends_twice_within_submit)
{
	for (int chain = 0; chain < 2; chain++) {
		rtio_sqe_prep_nop(rtio_sqe_acquire(&misused), &twice_dev, NULL);
		if (chain != 0) {
			misused.acquired.first->sqe.flags = RTIO_SQE_CHAINED;
			(void)device_nop(&misused, &dev, 3, 0);
		}
		zassert_ok(rtio_submit(&misused, 0));
		expect_cqe(&misused, 0, 1);
		if (chain != 0) {
			expect_cqe(&misused, 3, 0);
		}
	}
}

ZTEST(rtio_misuse, test_last_one_is_linked)
{
	(void)device_nop(&misused, &dev, 1, RTIO_SQE_CHAINED);
	MISUSE(zassert_ok(rtio_submit(&misused, 1)));
	expect_cqe(&misused, 1, 0);
	(void)device_nop(&misused, &dev, 2, RTIO_SQE_TRANSACTION);
	MISUSE(zassert_ok(rtio_submit(&misused, 1)));
	expect_cqe(&misused, 2, 0);
}

ZTEST(rtio_misuse, test_multishot_is_linked)
{
	dev.fail_at = 3;
	(void)device_nop(&misused, &dev, 1, RTIO_SQE_CHAINED | RTIO_SQE_MULTISHOT);
	(void)device_nop(&misused, &dev, 2, 0);
	MISUSE(zassert_ok(rtio_submit(&misused, 2)));
	expect_cqe(&misused, 1, 0);
	expect_cqe(&misused, 2, 0);
	dev.fail_at = 0;
	(void)device_nop(&misused, &dev, 3, RTIO_SQE_TRANSACTION);
	(void)device_nop(&misused, &dev, 4, RTIO_SQE_MULTISHOT);
	MISUSE(zassert_ok(rtio_submit(&misused, 2)));
	expect_cqe(&misused, 3, 0);
	expect_cqe(&misused, 4, 0);
}

static void acquire_in_isr(const void *arg)
{
	struct rtio_sqe *sqes[2];

	ARG_UNUSED(arg);
	MISUSE(zassert_is_null(rtio_sqe_acquire(&misused)));
	MISUSE(zassert_equal(rtio_sqe_acquire_array(&misused, 2, sqes), -EBUSY));
}

static void wait_in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	(void)device_nop(&misused, &dev, 7, 0);
	MISUSE(zassert_equal(rtio_submit(&misused, 1), -EINVAL));
	MISUSE(zassert_is_null(rtio_cqe_consume_block(&misused)));
}

ZTEST(rtio_misuse, test_contexts_of_execution)
{
	struct rtio_sqe *half = rtio_sqe_acquire(&misused);

	irq_offload(acquire_in_isr, NULL);
	rtio_sqe_prep_nop(half, &dev.iodev, UINT_TO_POINTER(1));
	zassert_equal(rtio_sqe_acquirable(&misused), SQ - 1);
	zassert_ok(rtio_submit(&misused, 1));
	expect_cqe(&misused, 1, 0);
	dev.later = true;
	irq_offload(wait_in_isr, NULL);
	zassert_true(device_end(&dev, 0));
	expect_cqe(&misused, 7, 0);
}

ZTEST(rtio_misuse, test_tiny_write_too_long)
{
	static const uint8_t bytes[9] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
	struct rtio_sqe sqe;

	MISUSE(rtio_sqe_prep_tiny_write(&sqe, &dev.iodev, 0, bytes, 9, NULL));
	zassert_equal(sqe.tiny_tx.buf_len, 7);
}

ZTEST(rtio_misuse, test_release_of_no_context)
{
	struct rtio *r = rtio_pool_acquire(&misused_pool);

	rtio_pool_release(&misused_pool, r);
	MISUSE(rtio_pool_release(&misused_pool, r));
	MISUSE(rtio_pool_release(&misused_pool, &misused));
	MISUSE(rtio_pool_release(&misused_pool, NULL));
}

#ifdef CONFIG_RTIO_SYS_MEM_BLOCKS

ZTEST(rtio_misuse, test_release_of_no_memory)
{
	uint8_t other[16];
	uint8_t *memory = misused.block_pool->memory;

	MISUSE(rtio_release_buffer(&misused, other, 16));
	MISUSE(rtio_release_buffer(&misused, memory, 16));
	MISUSE(rtio_release_buffer(&misused, memory + 1, 16));
	MISUSE(rtio_release_buffer(&misused, memory, 5 * 16));
	MISUSE(rtio_release_buffer(&misused, memory + 4 * 16, 16));
}

#endif
