/* SPDX-License-Identifier: Apache-2.0 */
/** @file Reads into memory of the context; multishot. */
#include "../support/device.h"

#include <zephyr/rtio/mempool.h>

#ifdef CONFIG_RTIO_SYS_MEM_BLOCKS

#define BLOCKS 6
#define SIZE 16

RTIO_DEFINE_WITH_MEMPOOL(mp, 4, 8, BLOCKS, SIZE, 4);
RTIO_DEFINE_WITH_MEMPOOL(mp_small, 4, 1, BLOCKS, SIZE, 4);
RTIO_DEFINE(mp_none, 1, 1);

static struct device_sim dev;

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	device_init(&dev);
	dev.bytes = SIZE;
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	expect_home(&mp);
	expect_home(&mp_small);
}

ZTEST_SUITE(rtio_mempool, NULL, NULL, before, after, NULL);

static void read_with_pool(struct rtio *r)
{
	struct rtio_sqe *sqe = rtio_sqe_acquire(r);

	zassert_not_null(sqe);
	rtio_sqe_prep_read_with_pool(sqe, &dev.iodev, 0, NULL);
}

ZTEST(rtio_mempool, test_read)
{
	struct rtio_cqe *cqe;
	uint8_t *buf = NULL;
	uint32_t len = 0;

	dev.bytes = SIZE + 1;
	read_with_pool(&mp);
	zassert_ok(rtio_submit(&mp, 1));
	cqe = rtio_cqe_consume(&mp);
	zassert_equal(cqe->result, SIZE + 1);
	zassert_ok(rtio_cqe_get_mempool_buffer(&mp, cqe, &buf, &len));
	zassert_equal(len, 2 * SIZE, "whole blocks");
	zassert_true((uintptr_t)buf % 4 == 0 && buf[0] == 1 && buf[SIZE] == 1);
	rtio_cqe_release(&mp, cqe);
	zassert_equal(mp.block_pool->num_used, 2);
	rtio_release_buffer(&mp, buf, len);
	rtio_release_buffer(&mp, NULL, len);
	rtio_release_buffer(&mp, buf, 0);
	zassert_equal(rtio_mempool_block_size(&mp), SIZE);
	zassert_equal(rtio_mempool_block_size(&mp_none), 0);
}

ZTEST(rtio_mempool, test_refused)
{
	struct rtio_cqe cqe = {.flags = 0};
	uint8_t *buf;
	uint32_t len;

	zassert_equal(rtio_cqe_get_mempool_buffer(&mp, &cqe, &buf, &len), -EINVAL);
	zassert_equal(rtio_cqe_get_mempool_buffer(&mp_none, &cqe, &buf, &len), -ENOTSUP);
	cqe.flags = RTIO_CQE_FLAG_PREP_MEMPOOL(BLOCKS, 1);
	zassert_equal(rtio_cqe_get_mempool_buffer(&mp, &cqe, &buf, &len), -EINVAL);
	cqe.flags = RTIO_CQE_FLAG_PREP_MEMPOOL(0, 0);
	zassert_ok(rtio_cqe_get_mempool_buffer(&mp, &cqe, &buf, &len));
	zassert_true(buf == NULL && len == 0);
}

/* From the most that is wanted down to the least that will do; the same when asked again. */
ZTEST(rtio_mempool, test_rx_buf)
{
	struct rtio_iodev_sqe *s;
	uint8_t *buf;
	uint8_t *again;
	uint32_t len;

	dev.later = true;
	read_with_pool(&mp);
	read_with_pool(&mp);
	read_with_pool(&mp);
	zassert_ok(rtio_submit(&mp, 0));
	s = dev.held[0];
	zassert_equal(rtio_sqe_rx_buf(s, (BLOCKS + 1) * SIZE, (BLOCKS + 1) * SIZE, &buf, &len),
		      -ENOMEM);
	zassert_ok(rtio_sqe_rx_buf(s, 1, 4 * SIZE, &buf, &len));
	zassert_equal(len, 4 * SIZE);
	zassert_ok(rtio_sqe_rx_buf(s, 1, SIZE, &again, &len));
	zassert_true(again == buf && len == 4 * SIZE);
	zassert_equal(rtio_sqe_rx_buf(s, 5 * SIZE, 5 * SIZE, &buf, &len), -ENOMEM);
	zassert_equal(rtio_sqe_rx_buf(dev.held[1], 3 * SIZE, 9 * SIZE, &buf, &len), -ENOMEM);
	zassert_ok(rtio_sqe_rx_buf(dev.held[1], SIZE, 9 * SIZE, &buf, &len));
	zassert_equal(len, 2 * SIZE, "what there is");
	/* It fails, and its memory goes home; nobody is told of it. */
	zassert_true(device_end(&dev, -EIO));
	expect_cqe(&mp, 0, -EIO);
	zassert_equal(mp.block_pool->num_used, 2);
	zassert_true(device_end(&dev, -EIO));
	zassert_true(device_end(&dev, 0));
	zassert_equal(rtio_flush_completion_queue(&mp), -EIO);
}

ZTEST(rtio_mempool, test_lost_completion_keeps_no_memory)
{
	for (int i = 0; i < 3; i++) {
		read_with_pool(&mp_small);
	}
	zassert_ok(rtio_submit(&mp_small, 3));
	zassert_equal(mp_small.block_pool->num_used, 1);
	zassert_ok(rtio_flush_completion_queue(&mp_small));
}

ZTEST(rtio_mempool, test_multishot_until_cancelled)
{
	struct rtio_sqe *sqe = rtio_sqe_acquire(&mp);
	rtio_sqe_handle_t handle = rtio_sqe_handle(sqe);
	struct rtio_cqe *cqe;
	uint8_t *buf;
	uint32_t len;

	dev.later = true;
	rtio_sqe_prep_read_multishot(sqe, &dev.iodev, 0, UINT_TO_POINTER(4));
	zassert_ok(rtio_submit(&mp, 0));
	for (uint32_t i = 1; i <= 10; i++) {
		zassert_equal(dev.started, i);
		zassert_ok(rtio_sqe_rx_buf(dev.held[0], SIZE, SIZE, &buf, &len));
		zassert_true(device_end(&dev, SIZE));
		cqe = rtio_cqe_consume(&mp);
		zassert_equal(cqe->result, SIZE);
		zassert_ok(rtio_cqe_get_mempool_buffer(&mp, cqe, &buf, &len));
		rtio_cqe_release(&mp, cqe);
		rtio_release_buffer(&mp, buf, len);
	}
	zassert_ok(rtio_sqe_rx_buf(dev.held[0], SIZE, SIZE, &buf, &len));
	zassert_ok(rtio_cancel(&mp, handle));
	cqe = rtio_cqe_consume(&mp);
	zassert_true(cqe->result == -ECANCELED && cqe->flags == 0);
	rtio_cqe_release(&mp, cqe);
	zassert_equal(dev.started, 11, "it does not start again");
	zassert_equal(rtio_cancel(&mp, handle), -ENOENT);
}

/* It has memory and fails: that goes home, nobody is told of it, and it does not start again. */
ZTEST(rtio_mempool, test_multishot_fails_with_memory)
{
	struct rtio_cqe *cqe;
	uint8_t *buf;
	uint32_t len;

	dev.later = true;
	rtio_sqe_prep_read_multishot(rtio_sqe_acquire(&mp), &dev.iodev, 0, NULL);
	zassert_ok(rtio_submit(&mp, 0));
	for (int i = 0; i < 2; i++) {
		zassert_ok(rtio_sqe_rx_buf(dev.held[0], SIZE, SIZE, &buf, &len));
		zassert_true(device_end(&dev, i == 0 ? SIZE : -EIO));
	}
	zassert_equal(mp.block_pool->num_used, 1);
	zassert_equal(dev.started, 2);
	cqe = rtio_cqe_consume(&mp);
	zassert_ok(rtio_cqe_get_mempool_buffer(&mp, cqe, &buf, &len));
	rtio_release_buffer(&mp, buf, len);
	rtio_cqe_release(&mp, cqe);
	cqe = rtio_cqe_consume(&mp);
	zassert_true(cqe->result == -EIO && cqe->flags == 0);
	rtio_cqe_release(&mp, cqe);
}

static rtio_sqe_handle_t repeated;
static int cancelled;

/* Reads, with an end that is only noted, as the request is still held; then somebody cancels it. */
static void end_then_cancel(struct rtio_iodev_sqe *s)
{
	uint8_t *buf;
	uint32_t len;

	zassert_ok(rtio_sqe_rx_buf(s, SIZE, SIZE, &buf, &len));
	rtio_iodev_sqe_ok(s, SIZE);
	cancelled = rtio_cancel(&mp, repeated);
}

/* What has read, and is about to start again, is not over. */
ZTEST(rtio_mempool, test_multishot_cancelled_between_two_reads)
{
	static const struct rtio_iodev_api api = {.submit = end_then_cancel};
	static const struct rtio_iodev iodev = {&api, NULL};
	struct rtio_sqe *sqe = rtio_sqe_acquire(&mp);
	struct rtio_cqe *cqe;

	repeated = rtio_sqe_handle(sqe);
	rtio_sqe_prep_read_multishot(sqe, &iodev, 0, NULL);
	zassert_ok(rtio_submit(&mp, 1));
	zassert_ok(cancelled);
	cqe = rtio_cqe_consume(&mp);
	zassert_true(cqe->result == -ECANCELED && cqe->flags == 0);
	rtio_cqe_release(&mp, cqe);
	zassert_is_null(rtio_cqe_consume(&mp));
	zassert_equal(rtio_cancel(&mp, repeated), -ENOENT);
}

/* A device that always has data: a loop, which ends when the memory does. */
ZTEST(rtio_mempool, test_multishot_until_it_fails)
{
	rtio_sqe_prep_read_multishot(rtio_sqe_acquire(&mp), &dev.iodev, 0, NULL);
	zassert_ok(rtio_submit(&mp, BLOCKS + 1));
	zassert_equal(dev.deepest, 1);
	zassert_equal(dev.started, BLOCKS + 1);
	for (int i = 0; i <= BLOCKS; i++) {
		struct rtio_cqe *cqe = rtio_cqe_consume(&mp);
		uint8_t *buf;
		uint32_t len;

		zassert_equal(cqe->result, i < BLOCKS ? SIZE : -ENOMEM);
		if (i < BLOCKS) {
			zassert_ok(rtio_cqe_get_mempool_buffer(&mp, cqe, &buf, &len));
			rtio_release_buffer(&mp, buf, len);
		} else {
			zassert_equal(cqe->flags, 0);
		}
		rtio_cqe_release(&mp, cqe);
	}
}

static uint32_t home_calls;

static void came_home(struct rtio_mempool *pool)
{
	home_calls++;
	/* No lock is held. */
	zassert_equal(rtio_mempool_num_free(pool), BLOCKS);
}

ZTEST(rtio_mempool, test_without_a_request)
{
	struct rtio_mempool *pool = mp.block_pool;
	struct rtio_cqe *cqe;
	uint8_t *buf = NULL;
	uint32_t len = 0;

	zassert_equal(rtio_mempool_alloc(pool, 0, 0, &buf, &len), -EINVAL);
	zassert_equal(rtio_mempool_alloc(pool, 2, 1, &buf, &len), -EINVAL);
	zassert_equal(rtio_mempool_alloc(pool, BLOCKS * SIZE + 1, BLOCKS * SIZE + 1, &buf, &len),
		      -ENOMEM);
	zassert_ok(rtio_mempool_alloc(pool, 1, SIZE + 1, &buf, &len));
	zassert_equal(len, 2 * SIZE);
	zassert_equal(rtio_mempool_num_free(pool), BLOCKS - 2);
	pool->home = came_home;
	home_calls = 0;
	rtio_mempool_free(pool, buf, len);
	zassert_equal(home_calls, 1);
	/* The same for what requests had, whoever gives it back. */
	read_with_pool(&mp);
	zassert_ok(rtio_submit(&mp, 1));
	zassert_ok(rtio_flush_completion_queue(&mp));
	zassert_equal(home_calls, 2);
	dev.fail_at = 2;
	read_with_pool(&mp);
	zassert_ok(rtio_submit(&mp, 1));
	cqe = rtio_cqe_consume(&mp);
	zassert_equal(cqe->result, -EIO);
	rtio_cqe_release(&mp, cqe);
	zassert_equal(home_calls, 2, "it had none");
	pool->home = NULL;
}

#endif /* CONFIG_RTIO_SYS_MEM_BLOCKS */
