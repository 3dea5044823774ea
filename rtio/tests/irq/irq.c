/* SPDX-License-Identifier: Apache-2.0 */
/** @file Interrupts: all calls in one, ends that come in one, an interrupt beside a thread. */
#include <zephyr/irq_offload.h>

#include "../support/device.h"

RTIO_DEFINE(irq_ctx, 8, 8);

static struct device_sim dev;

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	device_init(&dev);
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	expect_home(&irq_ctx);
}

ZTEST_SUITE(rtio_irq, NULL, NULL, before, after, NULL);

static void whole_life(const void *arg)
{
	ARG_UNUSED(arg);
	(void)device_nop(&irq_ctx, &dev, 1, RTIO_SQE_CHAINED);
	(void)device_nop(&irq_ctx, &dev, 2, 0);
	zassert_ok(rtio_submit(&irq_ctx, 0));
	expect_cqe(&irq_ctx, 1, 0);
	expect_cqe(&irq_ctx, 2, 0);
	(void)device_nop(&irq_ctx, &dev, 3, 0);
	rtio_sqe_drop_all(&irq_ctx);
}

ZTEST(rtio_irq, test_all_calls)
{
	irq_offload(whole_life, NULL);
}

ZTEST(rtio_irq, test_ends_in_interrupts)
{
	dev.in_isr = true;
	dev.fail_at = 3;
	for (uintptr_t i = 0; i < 8; i++) {
		(void)device_nop(&irq_ctx, &dev, i, i % 4 != 3 ? RTIO_SQE_CHAINED : 0);
	}
	zassert_ok(rtio_submit(&irq_ctx, 8));
	zassert_equal(dev.deepest, 1);
	for (uintptr_t i = 0; i < 8; i++) {
		expect_cqe(&irq_ctx, i, i == 2 ? -EIO : i == 3 ? -ECANCELED : 0);
	}
}

static void copy_in(const void *arg)
{
	struct rtio_sqe sqe;

	ARG_UNUSED(arg);
	rtio_sqe_prep_nop(&sqe, &dev.iodev, UINT_TO_POINTER(9));
	zassert_ok(rtio_sqe_copy_in(&irq_ctx, &sqe, 1));
	zassert_ok(rtio_submit(&irq_ctx, 0));
}

/* It starts its own request; the one that is being prepared stays as it is. */
ZTEST(rtio_irq, test_beside_a_thread_that_prepares)
{
	struct rtio_sqe *half = rtio_sqe_acquire(&irq_ctx);

	irq_offload(copy_in, NULL);
	zassert_equal(dev.started, 1);
	expect_cqe(&irq_ctx, 9, 0);
	rtio_sqe_prep_nop(half, &dev.iodev, UINT_TO_POINTER(1));
	zassert_ok(rtio_submit(&irq_ctx, 1));
	expect_cqe(&irq_ctx, 1, 0);
}

static struct port_irq later;

static void end_later(void *arg)
{
	ARG_UNUSED(arg);
	(void)device_end(&dev, 6);
}

/* The main loop sleeps until it comes. */
ZTEST(rtio_irq, test_waiting_for_an_interrupt)
{
	struct rtio_cqe *cqe;

	dev.later = true;
	(void)device_nop(&irq_ctx, &dev, 1, 0);
	zassert_ok(rtio_submit(&irq_ctx, 0));
	later = (struct port_irq){.routine = end_later};
	port_irq_raise(&later);
	cqe = rtio_cqe_consume_block(&irq_ctx);
	zassert_equal(cqe->result, 6);
	rtio_cqe_release(&irq_ctx, cqe);
}

#ifdef CONFIG_RTIO_DEADLINE

/* Delays and a deadline, by the alarm of the clock. */
ZTEST(rtio_irq, test_delay_and_deadline)
{
	int64_t begin = k_uptime_ticks();
	struct rtio_sqe *sqe = rtio_sqe_acquire(&irq_ctx);
	rtio_sqe_handle_t handle;

	rtio_sqe_prep_delay(sqe, K_MSEC(5), UINT_TO_POINTER(1));
	sqe->flags |= RTIO_SQE_CHAINED;
	rtio_sqe_prep_delay(rtio_sqe_acquire(&irq_ctx), K_MSEC(5), UINT_TO_POINTER(2));
	dev.later = true;
	rtio_sqe_set_deadline(device_nop(&irq_ctx, &dev, 3, 0), K_MSEC(2));
	sqe = rtio_sqe_acquire(&irq_ctx);
	rtio_sqe_prep_delay(sqe, K_SECONDS(100), UINT_TO_POINTER(4));
	handle = rtio_sqe_handle(sqe);
	zassert_ok(rtio_submit(&irq_ctx, 3));
	zassert_true((uint64_t)(k_uptime_ticks() - begin) >= k_ms_to_ticks_ceil64(10));
	expect_cqe(&irq_ctx, 3, -ETIMEDOUT);
	expect_cqe(&irq_ctx, 1, 0);
	expect_cqe(&irq_ctx, 2, 0);
	zassert_ok(rtio_cancel(&irq_ctx, handle));
	expect_cqe(&irq_ctx, 4, -ECANCELED);
}

#endif /* CONFIG_RTIO_DEADLINE */
