/* SPDX-License-Identifier: Apache-2.0 */
/** @file Cancelling and awaiting, one context of execution. */
#include "../support/device.h"

#include <zephyr/irq_offload.h>

#define SQ 8

RTIO_DEFINE(cancel_ctx, SQ, SQ);

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
	expect_home(&cancel_ctx);
}

ZTEST_SUITE(rtio_cancel, NULL, NULL, before, after, NULL);

/* Chain or transaction of @p n, submitted or not. */
static void three(rtio_sqe_handle_t *handles, uint16_t flags)
{
	for (uintptr_t i = 0; i < 3; i++) {
		handles[i] = rtio_sqe_handle(device_nop(&cancel_ctx, &dev, i, i < 2 ? flags : 0));
	}
}

ZTEST(rtio_cancel, test_withdrawn_before_submission)
{
	struct rtio_sqe sqe[3];
	struct rtio_sqe *handle;

	for (int kind = 0; kind < 3; kind++) {
		static const uint16_t flags[3] = {0, RTIO_SQE_CHAINED, RTIO_SQE_TRANSACTION};

		for (int i = 0; i < 3; i++) {
			rtio_sqe_prep_nop(&sqe[i], &dev.iodev, NULL);
			sqe[i].flags |= i < 2 ? flags[kind] : 0;
		}
		zassert_ok(
			rtio_sqe_copy_in_get_handles(&cancel_ctx, sqe, &handle, kind == 0 ? 1 : 3));
		zassert_ok(rtio_sqe_cancel(handle));
		zassert_ok(rtio_sqe_cancel(handle));
		zassert_ok(rtio_submit(&cancel_ctx, 0));
		expect_no_cqe(&cancel_ctx);
		expect_home(&cancel_ctx);
	}
	zassert_equal(dev.started, 0);
}

ZTEST(rtio_cancel, test_middle_withdrawn)
{
	struct rtio_sqe *middle;

	dev.later = false;
	(void)device_nop(&cancel_ctx, &dev, 0, RTIO_SQE_CHAINED);
	middle = device_nop(&cancel_ctx, &dev, 1, RTIO_SQE_CHAINED);
	(void)device_nop(&cancel_ctx, &dev, 2, 0);
	(void)device_nop(&cancel_ctx, &dev, 3, 0);
	zassert_ok(rtio_sqe_cancel(middle));
	zassert_ok(rtio_submit(&cancel_ctx, 0));
	expect_cqe(&cancel_ctx, 0, 0);
	expect_cqe(&cancel_ctx, 3, 0);
	expect_no_cqe(&cancel_ctx);
}

/* By handle each answers once, wherever it is. */
ZTEST(rtio_cancel, test_by_handle_before_submission)
{
	rtio_sqe_handle_t handles[3];

	three(handles, RTIO_SQE_CHAINED);
	zassert_ok(rtio_cancel(&cancel_ctx, handles[0]));
	zassert_equal(rtio_cancel(&cancel_ctx, handles[0]), -EALREADY);
	zassert_ok(rtio_submit(&cancel_ctx, 0));
	for (uintptr_t i = 0; i < 3; i++) {
		expect_cqe(&cancel_ctx, i, -ECANCELED);
	}
	zassert_equal(dev.started, 0);
}

ZTEST(rtio_cancel, test_running_member)
{
	for (int deaf = 0; deaf < 2; deaf++) {
		rtio_sqe_handle_t handles[3];

		dev.deaf = deaf != 0;
		three(handles, RTIO_SQE_CHAINED);
		zassert_ok(rtio_submit(&cancel_ctx, 0));
		zassert_true(device_end(&dev, 0));
		expect_cqe(&cancel_ctx, 0, 0);
		zassert_equal(rtio_cancel(&cancel_ctx, handles[0]), -ENOENT, "it is over");
		zassert_ok(rtio_cancel(&cancel_ctx, handles[1]));
		if (deaf != 0) {
			expect_no_cqe(&cancel_ctx);
			zassert_true(device_end(&dev, 7));
		}
		/* What could not be stopped says how it ended; what is behind it is cancelled. */
		expect_cqe(&cancel_ctx, 1, deaf != 0 ? 7 : -ECANCELED);
		expect_cqe(&cancel_ctx, 2, -ECANCELED);
		zassert_equal(rtio_cancel(&cancel_ctx, handles[2]), -ENOENT);
	}
}

ZTEST(rtio_cancel, test_member_to_come)
{
	rtio_sqe_handle_t handles[3];

	three(handles, RTIO_SQE_CHAINED);
	zassert_ok(rtio_submit(&cancel_ctx, 0));
	zassert_ok(rtio_cancel(&cancel_ctx, handles[1]));
	expect_no_cqe(&cancel_ctx);
	zassert_true(device_end(&dev, 0));
	expect_cqe(&cancel_ctx, 0, 0);
	expect_cqe(&cancel_ctx, 1, -ECANCELED);
	expect_cqe(&cancel_ctx, 2, -ECANCELED);
}

ZTEST(rtio_cancel, test_transaction)
{
	rtio_sqe_handle_t handles[3];

	three(handles, RTIO_SQE_TRANSACTION);
	zassert_ok(rtio_submit(&cancel_ctx, 0));
	zassert_ok(rtio_cancel(&cancel_ctx, handles[0]));
	for (uintptr_t i = 0; i < 3; i++) {
		expect_cqe(&cancel_ctx, i, -ECANCELED);
	}
}

/* A name does not come to mean another request. */
ZTEST(rtio_cancel, test_recycled)
{
	rtio_sqe_handle_t old = rtio_sqe_handle(device_nop(&cancel_ctx, &dev, 1, 0));
	rtio_sqe_handle_t now;

	zassert_not_equal(old, 0);
	zassert_ok(rtio_submit(&cancel_ctx, 0));
	zassert_true(device_end(&dev, 0));
	expect_cqe(&cancel_ctx, 1, 0);
	now = rtio_sqe_handle(device_nop(&cancel_ctx, &dev, 2, 0));
	zassert_equal((uint32_t)now, (uint32_t)old, "the same entry");
	zassert_ok(rtio_submit(&cancel_ctx, 0));
	zassert_equal(rtio_cancel(&cancel_ctx, old), -ENOENT);
	zassert_equal(rtio_cancel(&cancel_ctx, 0), -ENOENT);
	zassert_equal(rtio_cancel(&cancel_ctx, now + SQ), -ENOENT);
	zassert_equal(rtio_signal(&cancel_ctx, old), -ENOENT);
	zassert_equal(rtio_signal(&cancel_ctx, now), -EINVAL);
	zassert_equal(dev.asked, 0);
	zassert_true(device_end(&dev, 0));
	expect_cqe(&cancel_ctx, 2, 0);
	/* The count of uses wraps. */
	cancel_ctx.sqe_free->generation = UINT32_MAX;
	old = rtio_sqe_handle(device_nop(&cancel_ctx, &dev, 3, 0));
	rtio_sqe_drop_all(&cancel_ctx);
	zassert_equal(cancel_ctx.sqe_free->generation, 0);
	zassert_not_equal(rtio_sqe_handle(&cancel_ctx.sqe_free->sqe), 0, "never the name of none");
	zassert_equal(rtio_cancel(&cancel_ctx, old), -ENOENT);
}

ZTEST(rtio_cancel, test_all)
{
	struct device_sim other;
	rtio_sqe_handle_t handles[3];

	device_init(&other);
	other.later = true;
	three(handles, 0);
	(void)device_nop(&cancel_ctx, &other, 5, 0);
	zassert_ok(rtio_submit(&cancel_ctx, 0));
	(void)device_nop(&cancel_ctx, &other, 6, 0);
	zassert_equal(rtio_cancel_all(&cancel_ctx, &dev.iodev), 3);
	for (uintptr_t i = 0; i < 3; i++) {
		expect_cqe(&cancel_ctx, i, -ECANCELED);
	}
	expect_no_cqe(&cancel_ctx);
	zassert_equal(rtio_cancel_all(&cancel_ctx, NULL), 2);
	expect_cqe(&cancel_ctx, 5, -ECANCELED);
	zassert_ok(rtio_submit(&cancel_ctx, 1));
	expect_cqe(&cancel_ctx, 6, -ECANCELED);
}

/* What an entry went through before it was acquired anew counts no more. */
ZTEST(rtio_cancel, test_all_of_a_device_spares_what_is_prepared)
{
	struct device_sim other;
	struct rtio_sqe *sqe;
	struct rtio_sqe copy;

	device_init(&other);
	dev.later = false;
	(void)device_nop(&cancel_ctx, &dev, 1, 0);
	zassert_ok(rtio_submit(&cancel_ctx, 1));
	expect_cqe(&cancel_ctx, 1, 0);
	sqe = rtio_sqe_acquire(&cancel_ctx);
	rtio_sqe_prep_nop(&copy, &dev.iodev, UINT_TO_POINTER(3));
	zassert_ok(rtio_sqe_copy_in(&cancel_ctx, &copy, 1));
	zassert_equal(rtio_cancel_all(&cancel_ctx, &dev.iodev), 1);
	rtio_sqe_prep_nop(sqe, &other.iodev, UINT_TO_POINTER(2));
	zassert_ok(rtio_submit(&cancel_ctx, 2));
	expect_cqe(&cancel_ctx, 2, 0);
	expect_cqe(&cancel_ctx, 3, -ECANCELED);
}

/* ---- awaiting -------------------------------------------------------------------------------- */

static uint32_t signalled;

static void on_signal(struct rtio_iodev_sqe *s, void *userdata)
{
	ARG_UNUSED(userdata);
	signalled++;
	rtio_iodev_sqe_ok(s, 3);
}

ZTEST(rtio_cancel, test_await_early_and_late)
{
	for (int late = 0; late < 2; late++) {
		struct rtio_sqe *sqe = rtio_sqe_acquire(&cancel_ctx);
		rtio_sqe_handle_t handle = rtio_sqe_handle(sqe);

		rtio_sqe_prep_await_executor(sqe, 0, UINT_TO_POINTER(1));
		if (late == 0) {
			rtio_sqe_signal(sqe);
			rtio_sqe_signal(sqe);
		}
		zassert_ok(rtio_submit(&cancel_ctx, 0));
		if (late != 0) {
			expect_no_cqe(&cancel_ctx);
			zassert_ok(rtio_signal(&cancel_ctx, handle));
		}
		expect_cqe(&cancel_ctx, 1, 0);
		zassert_equal(rtio_signal(&cancel_ctx, handle), -ENOENT);
		rtio_sqe_signal(sqe);
	}
}

static void signal_in_isr(const void *arg)
{
	zassert_ok(rtio_signal(&cancel_ctx, *(const rtio_sqe_handle_t *)arg));
}

ZTEST(rtio_cancel, test_await_signalled_in_isr)
{
	for (int early = 0; early < 2; early++) {
		struct rtio_sqe *sqe = rtio_sqe_acquire(&cancel_ctx);
		rtio_sqe_handle_t handle = rtio_sqe_handle(sqe);

		rtio_sqe_prep_await_executor(sqe, 0, UINT_TO_POINTER(1));
		sqe->flags |= RTIO_SQE_CHAINED;
		(void)device_nop(&cancel_ctx, &dev, 2, 0);
		if (early != 0) {
			irq_offload(signal_in_isr, &handle);
		}
		zassert_ok(rtio_submit(&cancel_ctx, 0));
		if (early == 0) {
			expect_no_cqe(&cancel_ctx);
			irq_offload(signal_in_isr, &handle);
		}
		expect_cqe(&cancel_ctx, 1, 0);
		zassert_true(device_end(&dev, 0), "what is behind it has begun");
		expect_cqe(&cancel_ctx, 2, 0);
	}
}

/* Signals its request, then waits for the signal. */
static void signal_first(struct rtio_iodev_sqe *s)
{
	rtio_sqe_signal(&s->sqe);
	zassert_equal(signalled, 0);
	rtio_iodev_sqe_await_signal(s, on_signal, NULL);
}

/* Waits for the signal, which comes before submission has returned. */
static void await_first(struct rtio_iodev_sqe *s)
{
	rtio_iodev_sqe_await_signal(s, on_signal, NULL);
	zassert_equal(signalled, 0);
	rtio_sqe_signal(&s->sqe);
}

ZTEST(rtio_cancel, test_await_signalled_during_submission)
{
	static const struct rtio_iodev_api apis[2] = {{.submit = signal_first},
						      {.submit = await_first}};

	for (int i = 0; i < 2; i++) {
		struct rtio_iodev iodev = {.api = &apis[i]};

		signalled = 0;
		rtio_sqe_prep_await_iodev(rtio_sqe_acquire(&cancel_ctx), &iodev, 0,
					  UINT_TO_POINTER(1));
		zassert_ok(rtio_submit(&cancel_ctx, 0));
		expect_cqe(&cancel_ctx, 1, 3);
		expect_no_cqe(&cancel_ctx);
		zassert_equal(signalled, 1);
	}
}

ZTEST(rtio_cancel, test_await_by_iodev)
{
	struct rtio_sqe *sqe = rtio_sqe_acquire(&cancel_ctx);

	signalled = 0;
	rtio_sqe_prep_await_iodev(sqe, &dev.iodev, 0, UINT_TO_POINTER(1));
	zassert_ok(rtio_submit(&cancel_ctx, 0));
	rtio_iodev_sqe_await_signal(dev.held[0], on_signal, NULL);
	expect_no_cqe(&cancel_ctx);
	rtio_sqe_signal(sqe);
	expect_cqe(&cancel_ctx, 1, 3);
	rtio_sqe_signal(sqe);
	zassert_equal(signalled, 1);
}

static void count_signal(struct rtio_iodev_sqe *s, void *userdata)
{
	ARG_UNUSED(s);
	ARG_UNUSED(userdata);
	signalled++;
}

/* A second signal does nothing, though the request goes on. */
ZTEST(rtio_cancel, test_signalled_twice)
{
	struct rtio_sqe *sqe = rtio_sqe_acquire(&cancel_ctx);

	signalled = 0;
	rtio_sqe_prep_await_iodev(sqe, &dev.iodev, 0, UINT_TO_POINTER(1));
	zassert_ok(rtio_submit(&cancel_ctx, 0));
	rtio_iodev_sqe_await_signal(dev.held[0], count_signal, NULL);
	rtio_sqe_signal(sqe);
	rtio_sqe_signal(sqe);
	zassert_equal(signalled, 1);
	zassert_true(device_end(&dev, 2));
	expect_cqe(&cancel_ctx, 1, 2);
}

ZTEST(rtio_cancel, test_await_cancelled)
{
	struct rtio_sqe *sqe = rtio_sqe_acquire(&cancel_ctx);
	rtio_sqe_handle_t handle = rtio_sqe_handle(sqe);

	rtio_sqe_prep_await_executor(sqe, 0, UINT_TO_POINTER(1));
	sqe->flags |= RTIO_SQE_CHAINED;
	(void)device_nop(&cancel_ctx, &dev, 2, 0);
	zassert_ok(rtio_submit(&cancel_ctx, 0));
	zassert_ok(rtio_cancel(&cancel_ctx, handle));
	expect_cqe(&cancel_ctx, 1, -ECANCELED);
	expect_cqe(&cancel_ctx, 2, -ECANCELED);
}

/* It awaits again after each signal, also one that came early, until it is cancelled. */
ZTEST(rtio_cancel, test_await_again_and_again)
{
	struct rtio_sqe *sqe = rtio_sqe_acquire(&cancel_ctx);
	rtio_sqe_handle_t handle = rtio_sqe_handle(sqe);

	rtio_sqe_prep_await_executor(sqe, 0, UINT_TO_POINTER(1));
	sqe->flags |= RTIO_SQE_MULTISHOT;
	rtio_sqe_signal(sqe);
	zassert_ok(rtio_submit(&cancel_ctx, 0));
	for (int i = 0; i < 3; i++) {
		expect_cqe(&cancel_ctx, 1, 0);
		expect_no_cqe(&cancel_ctx);
		zassert_ok(rtio_signal(&cancel_ctx, handle));
	}
	expect_cqe(&cancel_ctx, 1, 0);
	zassert_ok(rtio_cancel(&cancel_ctx, handle));
	expect_cqe(&cancel_ctx, 1, -ECANCELED);
}

/* A signal that comes when it has not begun to wait again is for the next time. */
ZTEST(rtio_cancel, test_await_signalled_between)
{
	struct rtio_sqe *sqe = rtio_sqe_acquire(&cancel_ctx);
	rtio_sqe_handle_t handle = rtio_sqe_handle(sqe);

	signalled = 0;
	dev.later = true;
	rtio_sqe_prep_await_iodev(sqe, &dev.iodev, 0, UINT_TO_POINTER(1));
	sqe->flags |= RTIO_SQE_MULTISHOT;
	zassert_ok(rtio_submit(&cancel_ctx, 0));
	for (uint32_t i = 1; i <= 3; i++) {
		zassert_ok(rtio_signal(&cancel_ctx, handle));
		zassert_equal(signalled, i - 1);
		rtio_iodev_sqe_await_signal(dev.held[0], count_signal, NULL);
		zassert_equal(signalled, i);
		zassert_true(device_end(&dev, 2));
		expect_cqe(&cancel_ctx, 1, 2);
	}
	zassert_ok(rtio_cancel(&cancel_ctx, handle));
	expect_cqe(&cancel_ctx, 1, -ECANCELED);
}
