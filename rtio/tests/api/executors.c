/* SPDX-License-Identifier: Apache-2.0 */
/** @file Executors and priorities, and the definitions with executors. */
#include <zephyr/rtio/rtio_executor_concurrent.h>
#include <zephyr/rtio/rtio_executor_simple.h>

#include "../support/device.h"

RTIO_EXECUTOR_SIMPLE_DEFINE(simple_exec);
RTIO_EXECUTOR_CONCURRENT_DEFINE(two_exec, 2);
RTIO_EXECUTOR_PRIORITY_DEFINE(prio_exec, 1);
RTIO_DEFINE(seed_ctx, (struct rtio_executor *)&simple_exec, 64, 64);
#ifdef CONFIG_RTIO_SYS_MEM_BLOCKS
RTIO_DEFINE_WITH_MEMPOOL(seed_pool_ctx, (struct rtio_executor *)&simple_exec, 4, 4, 128, 16, 4);
#endif

static struct device_sim dev;

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	device_init(&dev);
	dev.later = true;
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	expect_home(&seed_ctx);
}

ZTEST_SUITE(rtio_executors, NULL, NULL, before, after, NULL);

ZTEST(rtio_executors, test_one_after_the_other)
{
	rtio_set_executor(&seed_ctx, &simple_exec.ctx);
	for (uintptr_t i = 0; i < 4; i++) {
		(void)device_nop(&seed_ctx, &dev, i, i == 1 ? RTIO_SQE_CHAINED : 0);
	}
	zassert_ok(rtio_submit(&seed_ctx, 0));
	for (uintptr_t i = 0; i < 4; i++) {
		zassert_equal(dev.started, i + 1);
		zassert_true(device_end(&dev, 0));
		expect_cqe(&seed_ctx, i, 0);
	}
	zassert_equal(simple_exec.ctx.active, 0);
}

ZTEST(rtio_executors, test_two_at_once_however_many_follow)
{
	rtio_set_executor(&seed_ctx, &two_exec.ctx);
	for (uintptr_t i = 0; i < 20; i++) {
		(void)device_nop(&seed_ctx, &dev, i, 0);
	}
	zassert_ok(rtio_submit(&seed_ctx, 0));
	for (uint32_t i = 0; i < 20; i++) {
		zassert_equal(dev.count, MIN(2U, 20 - i));
		zassert_true(device_end(&dev, 0));
		expect_cqe(&seed_ctx, i, 0);
	}
}

/* Those that wait and end at once are a loop, too. */
ZTEST(rtio_executors, test_bounded_stack)
{
	rtio_set_executor(&seed_ctx, &simple_exec.ctx);
	for (uintptr_t i = 0; i < 60; i++) {
		(void)device_nop(&seed_ctx, &dev, i, 0);
	}
	zassert_ok(rtio_submit(&seed_ctx, 0));
	dev.later = false;
	zassert_true(device_end(&dev, 0));
	zassert_equal(dev.deepest, 1);
	for (uintptr_t i = 0; i < 60; i++) {
		expect_cqe(&seed_ctx, i, 0);
	}
}

ZTEST(rtio_executors, test_priorities_without_starvation)
{
	uint32_t place = 0;

	rtio_set_executor(&seed_ctx, &prio_exec.ctx);
	for (uintptr_t i = 0; i < 40; i++) {
		struct rtio_sqe *sqe = device_nop(&seed_ctx, &dev, i, 0);

		/* The first one runs, whatever its priority; the next is of the lowest. */
		sqe->prio = i == 1 ? RTIO_PRIO_LOW : i == 30 ? RTIO_PRIO_HIGH : RTIO_PRIO_NORM;
	}
	zassert_ok(rtio_submit(&seed_ctx, 0));
	dev.later = false;
	zassert_true(device_end(&dev, 0));
	zassert_equal(POINTER_TO_UINT(dev.seen[1]), 30, "the highest first");
	while (POINTER_TO_UINT(dev.seen[place]) != 1) {
		place++;
	}
	zassert_equal(place, CONFIG_RTIO_PRIO_BOUND + 1);
	zassert_ok(rtio_flush_completion_queue(&seed_ctx));
}

ZTEST(rtio_executors, test_device_queue)
{
	static struct rtio_iodev_sqe s[4];
	static struct rtio_iodev_queue q;

	s[2].sqe.prio = RTIO_PRIO_HIGH;
	zassert_true(rtio_iodev_queue_put(&q, &s[0]));
	for (int i = 1; i < 4; i++) {
		zassert_false(rtio_iodev_queue_put(&q, &s[i]));
	}
	zassert_false(rtio_iodev_queue_cancel(&q, &s[0]), "it does not wait");
	zassert_equal_ptr(rtio_iodev_queue_next(&q), &s[2]);
	zassert_true(rtio_iodev_queue_cancel(&q, &s[3]));
	zassert_false(rtio_iodev_queue_cancel(&q, &s[3]));
	zassert_equal_ptr(rtio_iodev_queue_next(&q), &s[1]);
	zassert_is_null(rtio_iodev_queue_next(&q));
	zassert_is_null(q.current);
}
