/* SPDX-License-Identifier: Apache-2.0 */

/* k_timer on the virtual clock: exact, without drift, for weeks. */

#include <zephyr/ztest.h>

#include <kernel/timeout_q.h>

#include "../support/crew.h"

#define TIMERS 100

static struct k_timer timers[TIMERS];
static int64_t began;
static int64_t starts[TIMERS];
static uint32_t counts[TIMERS];

/* Number i: every i + 1 ticks, from tick 10 * i. */
static void expiry(struct k_timer *timer)
{
	size_t i = (size_t)(timer - timers);

	zassert_equal(k_uptime_ticks(), starts[i] + (int64_t)counts[i] * (int64_t)(i + 1));
	counts[i]++;
}

static void begin(void *fixture)
{
	crew_virtual_begin(fixture);
	began = k_uptime_ticks();
	memset(counts, 0, sizeof(counts));
	for (int i = 0; i < TIMERS; i++) {
		k_timer_init(&timers[i], expiry, NULL);
	}
}

/* Stop all; when this returns no function of theirs runs any more. */
static void stop_all(void)
{
	for (int i = 0; i < TIMERS; i++) {
		k_timer_stop(&timers[i]);
		(void)timeout_q_abort_sync(&timers[i].timeout);
	}
}

static void end(void *fixture)
{
	stop_all();
	crew_virtual_end(fixture);
}

ZTEST_SUITE(timer_virtual, NULL, NULL, begin, end, NULL);

ZTEST(timer_virtual, test_no_drift)
{
	for (int i = 0; i < TIMERS; i++) {
		starts[i] = began + 10 * i;
		k_timer_start(&timers[i], K_TICKS(10 * i), K_TICKS(i + 1));
	}
	k_sleep(K_TICKS(3000));
	stop_all();
	for (int i = 0; i < TIMERS; i++) {
		uint32_t expected = (uint32_t)((2999 - 10 * i) / (i + 1)) + 1;

		/* What is due at this very tick may be on either side of the sleep. */
		zassert_between_inclusive(counts[i], expected, expected + 1);
	}
}

ZTEST(timer_virtual, test_limits)
{
	starts[0] = began + 100;
	k_timer_start(&timers[0], K_TICKS(100), K_TICKS(1));
	zassert_equal(k_timer_expires_ticks(&timers[0]), began + 100);
	zassert_equal(k_timer_remaining_ticks(&timers[0]), 100);
	k_sleep(K_TICKS(99));
	zassert_equal(counts[0], 0);
	zassert_equal(k_timer_remaining_ticks(&timers[0]), 1);
	k_timer_stop(&timers[0]);
	k_sleep(K_TICKS(10));
	zassert_equal(counts[0], 0);
	zassert_equal(k_timer_remaining_ticks(&timers[0]), 0);
	zassert_equal(k_timer_expires_ticks(&timers[0]), began + 109);
}

ZTEST(timer_virtual, test_remaining_ms)
{
	k_timer_start(&timers[0], K_MSEC(50), K_NO_WAIT);
	starts[0] = began + (int64_t)k_ms_to_ticks_ceil64(50);
	zassert_equal(k_timer_remaining_get(&timers[0]), 50);
	k_sleep(K_MSEC(20));
	zassert_equal(k_timer_remaining_get(&timers[0]), 30);
	k_sleep(K_TICKS(1));
	zassert_equal(k_timer_remaining_get(&timers[0]), 29);
}

/* 60 weeks of a timer that expires every ten minutes. */
ZTEST(timer_virtual, test_weeks)
{
	int64_t period = 600LL * CONFIG_SYS_CLOCK_TICKS_PER_SEC;
	uint32_t total = 0;

	k_timer_init(&timers[0], NULL, NULL);
	k_timer_start(&timers[0], K_TICKS(period), K_TICKS(period));
	while (total < 60 * 7 * 144) {
		uint32_t status = k_timer_status_sync(&timers[0]);

		zassert_equal(status, 1);
		total++;
		zassert_equal(k_uptime_ticks(), began + period * total);
	}
	/* A day without a look. */
	k_sleep(K_TICKS(period * 144 + 1));
	zassert_equal(k_timer_status_get(&timers[0]), 144);
}

struct wait {
	uint32_t status;
	int64_t woke;
};

static void sync(void *p1, void *p2, void *p3)
{
	struct wait *wait = p2;

	ARG_UNUSED(p3);
	wait->status = k_timer_status_sync(p1);
	wait->woke = k_uptime_ticks();
}

ZTEST(timer_virtual, test_stop_ends_the_wait)
{
	struct wait waits[] = {{.status = 7}, {.status = 7}};

	k_timer_start(&timers[0], K_TICKS(1000), K_NO_WAIT);
	for (size_t i = 0; i < ARRAY_SIZE(waits); i++) {
		crew_start(sync, &timers[0], &waits[i], NULL, (int)i);
	}
	k_sleep(K_TICKS(10));
	k_timer_stop(&timers[0]);
	crew_join();
	for (size_t i = 0; i < ARRAY_SIZE(waits); i++) {
		zassert_equal(waits[i].status, 0);
		zassert_equal(waits[i].woke, began + 10);
	}
}

ZTEST(timer_virtual, test_start_anew_keeps_the_wait)
{
	struct wait wait = {0};

	k_timer_init(&timers[0], NULL, NULL);
	k_timer_start(&timers[0], K_TICKS(1000), K_NO_WAIT);
	crew_start(sync, &timers[0], &wait, NULL, 0);
	k_sleep(K_TICKS(10));
	k_timer_start(&timers[0], K_TICKS(30), K_NO_WAIT);
	crew_join();
	zassert_equal(wait.status, 1);
	zassert_equal(wait.woke, began + 40);
}
