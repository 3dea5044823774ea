/* SPDX-License-Identifier: Apache-2.0 */

/* k_timer on the real clock, on every platform. */

#include <zephyr/irq_offload.h>
#include <zephyr/ztest.h>

#include <kernel/timeout_q.h>

static uint32_t expiries;
static uint32_t stops;
static int64_t last; /* tick of the last expiry */
static void (*in_expiry)(struct k_timer *timer);

static void expiry(struct k_timer *timer)
{
	zassert_true(k_is_in_isr());
	last = k_uptime_ticks();
	if (in_expiry != NULL) {
		in_expiry(timer);
	}
	/* Release: pairs with the acquire in count(). */
	atomic32_store_release(&expiries, atomic32_load_relaxed(&expiries) + 1);
}

static void stopped(struct k_timer *timer)
{
	ARG_UNUSED(timer);
	(void)atomic32_add_relaxed(&stops, 1);
}

K_TIMER_DEFINE(defined_timer, expiry, stopped);
K_TIMER_DEFINE(plain_timer, NULL, NULL);
static struct k_timer timer;

static uint32_t count(void)
{
	/* Acquire: pairs with the release in expiry(). */
	return atomic32_load_acquire(&expiries);
}

static void wait_for(uint32_t number)
{
	int64_t end = k_uptime_get() + 20000;

	while (count() < number) {
		zassert_true(k_uptime_get() < end, "expiries are missing");
		k_sleep(K_TICKS(1));
	}
}

/* Stop @p t; when this returns its functions do not run any more. */
static void end(struct k_timer *t)
{
	k_timer_stop(t);
	(void)timeout_q_abort_sync(&t->timeout);
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
#ifdef CONFIG_PORT_VIRTUAL_CLOCK
	/* Where there is one nothing is late, however busy the machine is. */
	port_clock_virtual_start();
#endif
	k_timer_init(&timer, expiry, stopped);
	atomic32_store_relaxed(&expiries, 0);
	stops = 0;
	in_expiry = NULL;
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	end(&plain_timer);
	end(&defined_timer);
	end(&timer);
#ifdef CONFIG_PORT_VIRTUAL_CLOCK
	port_clock_virtual_stop();
#endif
}

ZTEST_SUITE(timer, NULL, NULL, before, after, NULL);

ZTEST(timer, test_one_shot)
{
	k_timeout_t periods[] = {K_NO_WAIT, K_FOREVER};

	for (uint32_t i = 0; i < ARRAY_SIZE(periods); i++) {
		int64_t deadline = sys_clock_deadline(K_MSEC(3));

		k_timer_start(&timer, K_MSEC(3), periods[i]);
		zassert_true(k_timer_expires_ticks(&timer) >= deadline);
		wait_for(i + 1);
		zassert_true(last >= deadline, "early");
		k_sleep(K_MSEC(5));
		zassert_equal(count(), i + 1);
		zassert_equal(k_timer_remaining_ticks(&timer), 0);
		zassert_equal(k_timer_status_get(&timer), 1);
		zassert_equal(k_timer_status_get(&timer), 0);
		k_timer_stop(&timer);
		zassert_equal(stops, 0, "had ended");
	}
}

ZTEST(timer, test_periodic)
{
	int64_t first = sys_clock_deadline(K_MSEC(2));

	k_timer_start(&defined_timer, K_MSEC(2), K_MSEC(1));
	wait_for(6);
	end(&defined_timer);
	zassert_true(last >= first + (int64_t)k_ms_to_ticks_floor64(5));
	zassert_equal(stops, 1);
	zassert_true(k_timer_status_get(&defined_timer) >= 6);
	k_timer_stop(&defined_timer);
	zassert_equal(stops, 1);
	atomic32_store_relaxed(&expiries, 0);
	k_sleep(K_MSEC(4));
	zassert_equal(count(), 0);
}

ZTEST(timer, test_never_started)
{
	int64_t now = k_uptime_ticks();

	k_timer_stop(&timer);
	zassert_equal(stops, 0);
	zassert_equal(k_timer_status_get(&timer), 0);
	zassert_equal(k_timer_status_sync(&timer), 0);
	zassert_equal(k_timer_remaining_get(&timer), 0);
	zassert_true(k_timer_expires_ticks(&timer) >= now);
	zassert_true(k_timer_expires_ticks(&timer) <= k_uptime_ticks());
	k_timer_start(&timer, K_FOREVER, K_MSEC(1));
	zassert_equal(k_timer_status_sync(&timer), 0);
}

ZTEST(timer, test_user_data)
{
	zassert_is_null(k_timer_user_data_get(&plain_timer));
	k_timer_user_data_set(&plain_timer, &timer);
	zassert_equal(k_timer_user_data_get(&plain_timer), &timer);
}

ZTEST(timer, test_status_sync)
{
	int64_t began = k_uptime_ticks();

	k_timer_start(&plain_timer, K_MSEC(3), K_MSEC(2));
	zassert_true(k_timer_status_sync(&plain_timer) >= 1);
	zassert_true(k_uptime_ticks() >= began + (int64_t)k_ms_to_ticks_floor64(3));
	zassert_true(k_timer_status_sync(&plain_timer) >= 1);
	k_sleep(K_MSEC(7));
	/* How many is exact in virtual time only: an expiry can be late, and is made up for. */
	zassert_true(k_timer_status_sync(&plain_timer) >= 1);
	k_timer_stop(&plain_timer);
	(void)k_timer_status_get(&plain_timer);
	zassert_equal(k_timer_status_sync(&plain_timer), 0);
}

/* A timer on the stack that is gone when the wait is over. */
ZTEST(timer, test_on_the_stack)
{
	for (int i = 0; i < 50; i++) {
		struct k_timer own;

		k_timer_init(&own, NULL, NULL);
		k_timer_start(&own, K_TICKS(1), K_NO_WAIT);
		zassert_equal(k_timer_status_sync(&own), 1);
		memset(&own, 0xff, sizeof(own));
	}
}

static void stop_it(struct k_timer *t)
{
	k_timer_stop(t);
}

ZTEST(timer, test_stop_in_expiry)
{
	in_expiry = stop_it;
	k_timer_start(&timer, K_MSEC(1), K_MSEC(1));
	wait_for(1);
	k_sleep(K_MSEC(4));
	zassert_equal(count(), 1);
	zassert_equal(stops, 1);
	/* One with a single expiry has ended before its function is called. */
	k_timer_start(&timer, K_MSEC(1), K_NO_WAIT);
	wait_for(2);
	zassert_equal(stops, 1);
}

static void start_it(struct k_timer *t)
{
	if (count() < 4) {
		k_timer_start(t, K_MSEC(2), K_NO_WAIT);
	}
}

ZTEST(timer, test_start_in_expiry)
{
	in_expiry = start_it;
	k_timer_start(&timer, K_NO_WAIT, K_NO_WAIT);
	wait_for(5);
	k_sleep(K_MSEC(4));
	zassert_equal(count(), 5);
	zassert_equal(k_timer_status_get(&timer), 1);
}

ZTEST(timer, test_start_restarts)
{
	int64_t deadline;

	k_timer_start(&timer, K_MSEC(1), K_MSEC(1));
	wait_for(1);
	deadline = sys_clock_deadline(K_MSEC(10));
	k_timer_start(&timer, K_MSEC(10), K_NO_WAIT);
	zassert_equal(k_timer_status_get(&timer), 0);
	zassert_equal(stops, 0);
	atomic32_store_relaxed(&expiries, 0);
	wait_for(1);
	zassert_true(last >= deadline);
	k_sleep(K_MSEC(3));
	zassert_equal(count(), 1);
}

/* A moment that has passed is now, and periods count from there. */
ZTEST(timer, test_absolute)
{
	int64_t now;

	k_sleep(K_MSEC(2));
	now = k_uptime_ticks();
	k_timer_start(&timer, K_TIMEOUT_ABS_TICKS(1), K_SECONDS(100));
	wait_for(1);
	zassert_true(k_timer_expires_ticks(&timer) >= now + 100LL * CONFIG_SYS_CLOCK_TICKS_PER_SEC);
	k_timer_start(&timer, K_TIMEOUT_ABS_TICKS(now + 1000000000), K_NO_WAIT);
	zassert_equal(k_timer_expires_ticks(&timer), now + 1000000000);
	zassert_true(k_timer_remaining_ticks(&timer) <= 1000000000);
	zassert_true(k_timer_remaining_ticks(&timer) > 900000000);
	k_timer_start(&timer, K_TICKS(INT64_MAX), K_NO_WAIT);
	zassert_true(k_timer_remaining_ticks(&timer) > INT64_MAX / 2);
	zassert_equal(k_timer_remaining_get(&timer), UINT32_MAX);
	k_timer_stop(&timer);
	zassert_equal(stops, 1);
}

static uint32_t isr_status;

static void in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	k_timer_start(&timer, K_TICKS(1), K_NO_WAIT);
	k_timer_stop(&timer);
	k_timer_start(&timer, K_MSEC(1), K_NO_WAIT);
	isr_status = k_timer_status_get(&timer);
}

ZTEST(timer, test_isr)
{
	isr_status = 7;
	irq_offload(in_isr, NULL);
	zassert_equal(isr_status, 0);
	zassert_equal(stops, 1);
	wait_for(1);
}

static void sync_in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	ztest_set_assert_valid(true);
	isr_status = k_timer_status_sync(&timer);
}

ZTEST(timer, test_sync_in_isr_does_not_wait)
{
	k_timer_start(&timer, K_SECONDS(100), K_NO_WAIT);
	irq_offload(sync_in_isr, NULL);
	zassert_equal(isr_status, 0);
}
