/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Everything that can fail, failing once: a scenario runs with the first, the second, ... of its
 * fallible steps refused. All it got goes home each time, and every request that began answers once.
 */
#include "../support/device.h"

#ifdef CONFIG_RTIO_SYS_MEM_BLOCKS

#define BLOCKS 4
#define SIZE   16

RTIO_DEFINE_WITH_MEMPOOL(faulty, 8, 8, BLOCKS, SIZE, 4);

static struct device_sim dev;

ZTEST_SUITE(rtio_faults, NULL, NULL, NULL, NULL, NULL);

/* Take what is left but @p n. @return how many were taken, in @p taken. */
static uint32_t leave_requests(uint32_t n, struct rtio_iodev_sqe **taken)
{
	uint32_t count = 0;

	while (rtio_sqe_acquirable(&faulty) > n) {
		struct rtio_sqe sqe;
		struct rtio_sqe *handle;

		rtio_sqe_prep_await_executor(&sqe, 0, NULL);
		sqe.flags = RTIO_SQE_NO_RESPONSE;
		zassert_ok(rtio_sqe_copy_in_get_handles(&faulty, &sqe, &handle, 1));
		taken[count++] = CONTAINER_OF(handle, struct rtio_iodev_sqe, sqe);
	}
	zassert_ok(rtio_submit(&faulty, 0));
	return count;
}

/* A chain of a write, a read from the pool and a callback; beside it two reads copied in. */
static uint32_t scenario(void)
{
	struct rtio_sqe *sqes[3];
	struct rtio_sqe copies[2];
	uint32_t begun = 0;

	if (rtio_sqe_acquire_array(&faulty, 3, sqes) == 0) {
		rtio_sqe_prep_nop(sqes[0], &dev.iodev, UINT_TO_POINTER(0));
		sqes[0]->flags |= RTIO_SQE_CHAINED;
		rtio_sqe_prep_read_with_pool(sqes[1], &dev.iodev, 0, UINT_TO_POINTER(1));
		sqes[1]->flags |= RTIO_SQE_CHAINED;
		rtio_sqe_prep_nop(sqes[2], &dev.iodev, UINT_TO_POINTER(2));
		begun += 3;
	}
	for (uintptr_t i = 0; i < 2; i++) {
		rtio_sqe_prep_read_with_pool(&copies[i], &dev.iodev, 0, UINT_TO_POINTER(3 + i));
	}
	if (rtio_sqe_copy_in(&faulty, copies, 2) == 0) {
		begun += 2;
	}
	zassert_ok(rtio_submit(&faulty, 0));
	return begun;
}

/* Every answer once, with memory if it went well; then all is home. @return how many failed. */
static uint32_t collect(uint32_t begun)
{
	uint32_t seen = 0;
	uint32_t failed = 0;
	struct rtio_cqe *cqe;

	while ((cqe = rtio_cqe_consume(&faulty)) != NULL) {
		uintptr_t n = POINTER_TO_UINT(cqe->userdata);
		bool reads = n == 1 || n >= 3;
		uint8_t *buf;
		uint32_t len;
		bool memory = rtio_cqe_get_mempool_buffer(&faulty, cqe, &buf, &len) == 0;

		zassert_equal(seen & BIT(n), 0, "answer %d twice", (int)n);
		seen |= BIT(n);
		failed += cqe->result < 0 ? 1 : 0;
		zassert_equal(memory, reads && cqe->result >= 0);
		if (memory) {
			rtio_release_buffer(&faulty, buf, len);
		}
		rtio_cqe_release(&faulty, cqe);
		begun--;
	}
	zassert_equal(begun, 0, "%d without an answer", (int)begun);
	return failed;
}

static void fresh_device(void)
{
	device_init(&dev);
	dev.bytes = SIZE;
}

ZTEST(rtio_faults, test_requests)
{
	for (uint32_t left = 0; left <= 8; left++) {
		struct rtio_iodev_sqe *taken[8];
		uint32_t n = leave_requests(left, taken);
		uint32_t begun;

		fresh_device();
		begun = scenario();
		zassert_equal(begun, left >= 5 ? 5 : left >= 3 ? 3 : left >= 2 ? 2 : 0);
		zassert_equal(collect(begun), 0);
		while (n > 0) {
			rtio_sqe_signal(&taken[--n]->sqe);
		}
		expect_home(&faulty);
	}
}

ZTEST(rtio_faults, test_blocks)
{
	for (uint32_t left = 0; left <= 3; left++) {
		struct rtio_mempool *pool = faulty.block_pool;

		fresh_device();
		pool->used[0] = BIT_MASK(BLOCKS) & ~BIT_MASK(left);
		/* The read of the chain first: its failure fails what is behind it. */
		zassert_equal(collect(scenario()), left == 0 ? 4 : left < 3 ? 3 - left : 0);
		pool->used[0] &= ~(BIT_MASK(BLOCKS) & ~BIT_MASK(left));
		zassert_equal(pool->used[0], 0);
		expect_home(&faulty);
	}
}

ZTEST(rtio_faults, test_completions)
{
	for (uint32_t left = 0; left <= 5; left++) {
		struct rtio_cqe *taken[8];
		unsigned long lost = (unsigned long)faulty.xcqcnt;

		fresh_device();
		for (uint32_t i = left; i < 8; i++) {
			taken[i] = rtio_cqe_acquire(&faulty);
		}
		zassert_equal(scenario(), 5);
		zassert_equal((unsigned long)faulty.xcqcnt - lost, 5 - left);
		zassert_equal(collect(left), 0);
		for (uint32_t i = left; i < 8; i++) {
			rtio_cqe_release(&faulty, taken[i]);
		}
		expect_home(&faulty);
	}
}

ZTEST(rtio_faults, test_device)
{
	for (uint32_t fail_at = 1; fail_at <= 6; fail_at++) {
		static const uint32_t failures[7] = {0, 3, 2, 1, 1, 1, 0};

		fresh_device();
		dev.fail_at = fail_at;
		zassert_equal(collect(scenario()), failures[fail_at]);
		expect_home(&faulty);
	}
}

#endif /* CONFIG_RTIO_SYS_MEM_BLOCKS */
