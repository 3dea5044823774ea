/* SPDX-License-Identifier: Apache-2.0 */
/** @file Delays and deadlines, on the virtual clock. */
#include "../support/crew.h"
#include "../support/device.h"

#include <limits.h>

RTIO_DEFINE(timed, 16, 16);

static struct device_sim dev;
static int64_t began;

static void before(void *fixture)
{
	device_init(&dev);
	dev.later = true;
	crew_virtual_begin(fixture);
	began = k_uptime_ticks();
}

static void after(void *fixture)
{
	crew_virtual_end(fixture);
	expect_home(&timed);
}

ZTEST_SUITE(rtio_deadlines, NULL, NULL, before, after, NULL);

static struct rtio_sqe *delay(int64_t ticks, uintptr_t userdata)
{
	struct rtio_sqe *sqe = rtio_sqe_acquire(&timed);

	rtio_sqe_prep_delay(sqe, K_TICKS(ticks), UINT_TO_POINTER(userdata));
	return sqe;
}

/* The next completion comes @p ticks after the beginning of the test. */
static void expect_at(int64_t ticks, uintptr_t userdata, int result)
{
	struct rtio_cqe *cqe = rtio_cqe_consume_timeout(&timed, K_HOURS(1000));

	zassert_not_null(cqe);
	zassert_equal(POINTER_TO_UINT(cqe->userdata), userdata);
	zassert_equal(cqe->result, result, "result %d", cqe->result);
	zassert_equal(k_uptime_ticks() - began, ticks, "after %d ticks",
		      (int)(k_uptime_ticks() - began));
	rtio_cqe_release(&timed, cqe);
}

ZTEST(rtio_deadlines, test_delays_in_order)
{
	static const int ticks[10] = {50, 40, 30, 20, 10, 60, 70, 80, 90, 100};
	static const int sequence[10] = {4, 3, 2, 1, 0, 5, 6, 7, 8, 9};

	for (uintptr_t i = 0; i < 10; i++) {
		(void)delay(ticks[i], i);
	}
	zassert_ok(rtio_submit(&timed, 0));
	for (int i = 0; i < 10; i++) {
		expect_at(10 * (i + 1), (uintptr_t)sequence[i], 0);
	}
}

ZTEST(rtio_deadlines, test_equal_and_chained_delays)
{
	for (uintptr_t i = 0; i < 4; i++) {
		(void)delay(7, i);
	}
	delay(7, 4)->flags |= RTIO_SQE_CHAINED;
	(void)delay(5, 5);
	zassert_ok(rtio_submit(&timed, 0));
	for (uintptr_t i = 0; i < 5; i++) {
		expect_at(7, i, 0);
	}
	expect_at(12, 5, 0);
}

static uint32_t rounds;

/* Has another delay begin while those that are due are being ended. */
static void begin_another(struct rtio *r, const struct rtio_sqe *sqe, int res, void *arg0)
{
	struct rtio_sqe another;

	ARG_UNUSED(sqe);
	ARG_UNUSED(arg0);
	zassert_ok(res);
	rtio_sqe_prep_delay(&another, K_TICKS(rounds == 0 ? 2 : 0), UINT_TO_POINTER(10 + rounds));
	rounds++;
	zassert_ok(rtio_sqe_copy_in(r, &another, 1));
	zassert_ok(rtio_submit(r, 0));
}

/* One that is due before all others, or at once, is begun by the end of one. */
ZTEST(rtio_deadlines, test_delay_begun_while_others_end)
{
	rounds = 0;
	for (uintptr_t i = 0; i < 2; i++) {
		struct rtio_sqe *sqe;

		delay(5, i)->flags |= RTIO_SQE_CHAINED;
		sqe = rtio_sqe_acquire(&timed);
		rtio_sqe_prep_callback_no_cqe(sqe, begin_another, NULL, NULL);
	}
	(void)delay(5, 2);
	(void)delay(9, 3);
	zassert_ok(rtio_submit(&timed, 0));
	for (int n = 0; n < 4; n++) {
		static const uintptr_t sorted[4] = {0, 1, 2, 11};
		struct rtio_cqe *cqe = rtio_cqe_consume_timeout(&timed, K_TICKS(1000));
		bool known = false;

		zassert_not_null(cqe);
		zassert_equal(cqe->result, 0);
		zassert_equal(k_uptime_ticks() - began, 5);
		for (int i = 0; i < 4; i++) {
			known = known || POINTER_TO_UINT(cqe->userdata) == sorted[i];
		}
		zassert_true(known);
		rtio_cqe_release(&timed, cqe);
	}
	expect_at(7, 10, 0);
	expect_at(9, 3, 0);
}

ZTEST(rtio_deadlines, test_cancelled_delay)
{
	rtio_sqe_handle_t handle = rtio_sqe_handle(delay(50, 1));

	(void)delay(60, 2);
	zassert_ok(rtio_submit(&timed, 0));
	zassert_ok(rtio_cancel(&timed, handle));
	expect_at(0, 1, -ECANCELED);
	expect_at(60, 2, 0);
}

ZTEST(rtio_deadlines, test_delay_for_ever)
{
	rtio_sqe_handle_t handles[2];

	for (uintptr_t i = 0; i < 2; i++) {
		struct rtio_sqe *sqe = delay(0, i);

		rtio_sqe_prep_delay(sqe, K_FOREVER, UINT_TO_POINTER(i));
		handles[i] = rtio_sqe_handle(sqe);
		if (i == 1) {
			rtio_sqe_set_deadline(sqe, K_TICKS(9));
		}
	}
	(void)delay(20, 2);
	zassert_ok(rtio_submit(&timed, 0));
	expect_at(9, 1, -ETIMEDOUT);
	expect_at(20, 2, 0);
	zassert_ok(rtio_cancel(&timed, handles[0]));
	expect_at(20, 0, -ECANCELED);
	zassert_equal(rtio_cancel(&timed, handles[0]), -ENOENT);
	zassert_equal(rtio_cancel(&timed, handles[1]), -ENOENT);
}

/* One request, a transaction, a chain: all of it answers at the deadline. */
ZTEST(rtio_deadlines, test_deadline)
{
	static const uint16_t flags[3] = {0, RTIO_SQE_TRANSACTION, RTIO_SQE_CHAINED};

	for (int kind = 0; kind < 3; kind++) {
		uintptr_t n = kind == 0 ? 1 : 3;

		began = k_uptime_ticks();
		for (uintptr_t i = 0; i < n; i++) {
			struct rtio_sqe *sqe =
				device_nop(&timed, &dev, i, i + 1 < n ? flags[kind] : 0);

			if (i == 0) {
				rtio_sqe_set_deadline(sqe, K_TICKS(30));
			}
		}
		zassert_ok(rtio_submit(&timed, 0));
		for (uintptr_t i = 0; i < n; i++) {
			expect_at(30, i, i == 0 ? -ETIMEDOUT : -ECANCELED);
		}
	}
}

/* It goes on for what is linked behind; the earlier of two counts. */
ZTEST(rtio_deadlines, test_deadline_of_the_rest)
{
	rtio_sqe_set_deadline(device_nop(&timed, &dev, 0, RTIO_SQE_CHAINED), K_TICKS(30));
	delay(10, 1)->flags |= RTIO_SQE_CHAINED;
	rtio_sqe_set_deadline(device_nop(&timed, &dev, 2, RTIO_SQE_CHAINED), K_TICKS(100));
	(void)device_nop(&timed, &dev, 3, 0);
	zassert_ok(rtio_submit(&timed, 0));
	zassert_true(device_end(&dev, 0));
	expect_at(0, 0, 0);
	expect_at(10, 1, 0);
	expect_at(30, 2, -ETIMEDOUT);
	expect_at(30, 3, -ECANCELED);
}

/* In time: nothing comes later. Passed before it starts: it does not. */
ZTEST(rtio_deadlines, test_in_time_and_too_late)
{
	struct rtio_sqe *sqe;

	rtio_sqe_set_deadline(device_nop(&timed, &dev, 1, 0), K_TICKS(30));
	zassert_ok(rtio_submit(&timed, 0));
	zassert_true(device_end(&dev, 5));
	expect_at(0, 1, 5);
	zassert_is_null(rtio_cqe_consume_timeout(&timed, K_TICKS(50)));
	rtio_sqe_set_deadline(device_nop(&timed, &dev, 2, 0), K_NO_WAIT);
	zassert_ok(rtio_submit(&timed, 0));
	expect_at(50, 2, -ETIMEDOUT);
	zassert_equal(dev.started, 1);
	sqe = delay(40, 3);
	rtio_sqe_set_deadline(sqe, K_TICKS(20));
	zassert_ok(rtio_submit(&timed, 0));
	expect_at(70, 3, -ETIMEDOUT);
}

/* What cannot be stopped ends when it ends; what is behind it is cancelled. */
ZTEST(rtio_deadlines, test_device_that_does_not_stop)
{
	dev.deaf = true;
	rtio_sqe_set_deadline(device_nop(&timed, &dev, 1, RTIO_SQE_CHAINED), K_TICKS(30));
	(void)device_nop(&timed, &dev, 2, 0);
	zassert_ok(rtio_submit(&timed, 0));
	zassert_is_null(rtio_cqe_consume_timeout(&timed, K_TICKS(40)));
	zassert_equal(dev.asked, 1);
	zassert_true(device_end(&dev, 7));
	expect_at(40, 1, 7);
	expect_at(40, 2, -ECANCELED);
}

/* An expiry that comes too late, for what the entry was before, does nothing to what it is now. */
ZTEST(rtio_deadlines, test_expiry_of_a_former_request)
{
	struct rtio_iodev_sqe *s;

	rtio_sqe_set_deadline(device_nop(&timed, &dev, 1, 0), K_TICKS(30));
	zassert_ok(rtio_submit(&timed, 0));
	s = dev.held[0];
	s->timeout.fn(&s->timeout);
	zassert_equal(dev.asked, 0);
	zassert_true(device_end(&dev, 0));
	s->timeout.fn(&s->timeout);
	expect_at(0, 1, 0);
	zassert_is_null(rtio_cqe_consume_timeout(&timed, K_TICKS(50)));
}

/* The same where it is linked behind another one now: it has not started, and says so. */
ZTEST(rtio_deadlines, test_expiry_of_what_is_linked)
{
	struct rtio_iodev_sqe *s;
	struct rtio_sqe *second;

	rtio_sqe_set_deadline(device_nop(&timed, &dev, 1, RTIO_SQE_CHAINED), K_TICKS(1000));
	second = device_nop(&timed, &dev, 2, 0);
	rtio_sqe_set_deadline(second, K_TIMEOUT_ABS_TICKS(began + 10));
	zassert_ok(rtio_submit(&timed, 0));
	k_sleep(K_TICKS(20));
	s = dev.held[0];
	s->timeout.fn(&CONTAINER_OF(second, struct rtio_iodev_sqe, sqe)->timeout);
	zassert_true(device_end(&dev, -EIO));
	expect_at(20, 1, -EIO);
	expect_at(20, 2, -ECANCELED);
}

RTIO_EXECUTOR_SIMPLE_DEFINE(timed_exec);

/* What the executor holds back answers at its deadline, too, and when it is cancelled. */
ZTEST(rtio_deadlines, test_held_back)
{
	rtio_sqe_handle_t handle;

	rtio_set_executor(&timed, &timed_exec.ctx);
	(void)device_nop(&timed, &dev, 1, 0);
	rtio_sqe_set_deadline(device_nop(&timed, &dev, 2, RTIO_SQE_CHAINED), K_TICKS(30));
	(void)device_nop(&timed, &dev, 3, 0);
	handle = rtio_sqe_handle(device_nop(&timed, &dev, 4, 0));
	(void)device_nop(&timed, &dev, 5, 0);
	zassert_ok(rtio_submit(&timed, 0));
	zassert_ok(rtio_cancel(&timed, handle));
	expect_at(0, 4, -ECANCELED);
	expect_at(30, 2, -ETIMEDOUT);
	expect_at(30, 3, -ECANCELED);
	zassert_equal(dev.started, 1, "still one at a time");
	zassert_true(device_end(&dev, 0));
	expect_at(30, 1, 0);
	/* Who ends what was late may be the one that begins the next. */
	for (int i = 0; i < 1000000 && atomic32_load_relaxed(&dev.started) < 2; i++) {
		k_yield();
	}
	zassert_equal(dev.started, 2);
	zassert_true(device_end(&dev, 0));
	expect_at(30, 5, 0);
	zassert_equal(timed_exec.ctx.active, 0);
	rtio_set_executor(&timed, NULL);
}

/* Many deadlines, in any order, and their ends: each answers at its own. */
ZTEST(rtio_deadlines, test_weeks)
{
	static const int64_t day = (int64_t)24 * 3600 * CONFIG_SYS_CLOCK_TICKS_PER_SEC;

	for (uintptr_t i = 0; i < 8; i++) {
		(void)delay((int64_t)(8 - i) * 7 * day, i);
	}
	rtio_sqe_set_deadline(device_nop(&timed, &dev, 8, 0), K_TICKS(60 * day));
	zassert_ok(rtio_submit(&timed, 0));
	for (uintptr_t i = 8; i > 0; i--) {
		zassert_is_null(rtio_cqe_consume_timeout(&timed, K_TICKS(7 * day - 1)));
		expect_at((int64_t)(9 - i) * 7 * day, i - 1, 0);
	}
	zassert_is_null(rtio_cqe_consume_timeout(&timed, K_TICKS(4 * day - 1)));
	expect_at(60 * day, 8, -ETIMEDOUT);
}

/*
 * Requests at any time for months, their counts wrapping on the way: each is answered at its tick, in time
 * or late, beside one that lasts as long as all of them.
 */
ZTEST(rtio_deadlines, test_months_of_running)
{
	static const int64_t second = CONFIG_SYS_CLOCK_TICKS_PER_SEC;
	uint32_t random = crew_seed();
	rtio_sqe_handle_t long_one = rtio_sqe_handle(delay(1000 * 24 * 3600 * second, 9));

	timed.cq_count = (atomic_t)(ULONG_MAX - 1000);
	zassert_ok(rtio_submit(&timed, 0));
	for (int round = 0; round < 2000; round++) {
		int64_t wait = 1 + (int64_t)(crew_random(&random) % 5000) * second;
		int64_t works = 1 + (int64_t)(crew_random(&random) % 60) * second;
		bool late = round % 8 == 0;

		began = k_uptime_ticks();
		delay(wait, 1)->flags |= RTIO_SQE_CHAINED;
		rtio_sqe_set_deadline(device_nop(&timed, &dev, 2, 0), K_TICKS(60 * second));
		zassert_ok(rtio_submit(&timed, 1));
		expect_at(wait, 1, 0);
		if (!late) {
			k_sleep(K_TICKS(works));
			zassert_true(device_end(&dev, 7));
		}
		expect_at(wait + (late ? 60 * second : works), 2, late ? -ETIMEDOUT : 7);
	}
	zassert_true((unsigned long)timed.cq_count < 10000);
	zassert_ok(rtio_cancel(&timed, long_one));
	expect_at(k_uptime_ticks() - began, 9, -ECANCELED);
}
