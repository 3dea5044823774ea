/* SPDX-License-Identifier: Apache-2.0 */

/* Timeouts, timepoints and uptime, on the virtual clock. */

#include <zephyr/ztest.h>

#include "../support/crew.h"

ZTEST_SUITE(time, NULL, NULL, crew_virtual_begin, crew_virtual_end, NULL);

ZTEST(time, test_timeout_values)
{
	zassert_equal(K_NO_WAIT.ticks, 0);
	zassert_equal(K_FOREVER.ticks, -1);
	zassert_equal(K_TICKS(5).ticks, 5);
	zassert_equal(K_TICKS(-5).ticks, 0);
	zassert_equal(K_USEC(1).ticks, (k_ticks_t)k_us_to_ticks_ceil64(1));
	zassert_equal(K_MSEC(1).ticks, CONFIG_SYS_CLOCK_TICKS_PER_SEC / 1000);
	zassert_equal(K_MSEC(-1).ticks, 0);
	zassert_equal(K_SECONDS(2).ticks, 2LL * CONFIG_SYS_CLOCK_TICKS_PER_SEC);
	zassert_equal(K_MINUTES(3).ticks, 180LL * CONFIG_SYS_CLOCK_TICKS_PER_SEC);
	zassert_equal(K_HOURS(4).ticks, 14400LL * CONFIG_SYS_CLOCK_TICKS_PER_SEC);
	/* Never shorter than asked for. */
	zassert_equal(K_NSEC(1).ticks, 1);
	zassert_equal(K_NSEC(0).ticks, 0);
	/* Not even where 32 bits do not suffice. */
	zassert_equal(K_SECONDS(5000000).ticks, 5000000LL * CONFIG_SYS_CLOCK_TICKS_PER_SEC);
	zassert_equal(K_TIMEOUT_ABS_TICKS(0).ticks, -2);
	zassert_equal(K_TIMEOUT_ABS_TICKS(7).ticks, -9);
	zassert_true(K_TIMEOUT_EQ(K_MSEC(1), K_USEC(1000)));
	zassert_false(K_TIMEOUT_EQ(K_NO_WAIT, K_FOREVER));
}

ZTEST(time, test_deadlines)
{
	int64_t now = k_uptime_ticks();

	zassert_equal(sys_clock_deadline(K_NO_WAIT), 0);
	zassert_equal(sys_clock_deadline(K_FOREVER), PORT_FOREVER);
	zassert_equal(sys_clock_deadline(K_TICKS(10)), now + 10);
	zassert_equal(sys_clock_deadline(K_TICKS(INT64_MAX)), PORT_FOREVER);
	zassert_equal(sys_clock_deadline(K_TICKS(INT64_MAX - now)), PORT_FOREVER);
	zassert_equal(sys_clock_deadline(K_TICKS(INT64_MAX - now - 1)), INT64_MAX - 1);
	zassert_equal(sys_clock_deadline(K_TIMEOUT_ABS_TICKS(10)), 10);
	zassert_equal(sys_clock_deadline(K_TIMEOUT_ABS_MS(10)), (int64_t)k_ms_to_ticks_ceil64(10));
}

ZTEST(time, test_timepoints)
{
	int64_t now = k_uptime_ticks();
	k_timepoint_t point = sys_timepoint_calc(K_TICKS(100));
	k_timepoint_t never = sys_timepoint_calc(K_FOREVER);
	k_timepoint_t past = sys_timepoint_calc(K_NO_WAIT);

	zassert_equal(point.tick, (uint64_t)now + 100);
	zassert_equal(never.tick, UINT64_MAX);
	zassert_equal(past.tick, 0);
	zassert_equal(sys_timepoint_timeout(point).ticks, 100);
	zassert_false(sys_timepoint_expired(point));
	k_sleep(K_TICKS(99));
	zassert_equal(sys_timepoint_timeout(point).ticks, 1);
	zassert_false(sys_timepoint_expired(point));
	k_sleep(K_TICKS(1));
	zassert_true(K_TIMEOUT_EQ(sys_timepoint_timeout(point), K_NO_WAIT));
	zassert_true(sys_timepoint_expired(point));
	k_sleep(K_TICKS(1));
	zassert_true(K_TIMEOUT_EQ(sys_timepoint_timeout(point), K_NO_WAIT));

	zassert_true(K_TIMEOUT_EQ(sys_timepoint_timeout(never), K_FOREVER));
	zassert_false(sys_timepoint_expired(never));
	zassert_true(sys_timepoint_expired(past));
	zassert_true(sys_timepoint_cmp(past, point) < 0);
	zassert_true(sys_timepoint_cmp(never, point) > 0);
	zassert_equal(sys_timepoint_cmp(point, point), 0);

	point = sys_timepoint_calc(K_TIMEOUT_ABS_TICKS(now + 500));
	zassert_equal(point.tick, (uint64_t)now + 500);
}

/* What a timepoint is for: many waits that end together. */
ZTEST(time, test_total_of_many_waits)
{
	static K_SEM_DEFINE(sem, 0, 1);
	int64_t began = k_uptime_ticks();
	k_timepoint_t end = sys_timepoint_calc(K_TICKS(1000));

	for (int i = 0; i < 3; i++) {
		zassert_equal(k_sem_take(&sem, K_TICKS(300)), -EAGAIN);
	}
	zassert_equal(k_sem_take(&sem, sys_timepoint_timeout(end)), -EAGAIN);
	zassert_equal(k_uptime_ticks(), began + 1000);
	zassert_equal(k_sem_take(&sem, sys_timepoint_timeout(end)), -EBUSY);
}

ZTEST(time, test_uptime)
{
	int64_t reference;
	int64_t ms;

	/* To a whole second, so that what follows is exact. */
	k_sleep(K_TIMEOUT_ABS_SEC(k_uptime_seconds() + 1));
	ms = k_uptime_get();
	reference = ms;
	zassert_equal(k_uptime_ticks() % CONFIG_SYS_CLOCK_TICKS_PER_SEC, 0);
	zassert_equal(ms, k_uptime_ticks() * 1000 / CONFIG_SYS_CLOCK_TICKS_PER_SEC);
	zassert_equal(k_uptime_get_32(), (uint32_t)ms);
	zassert_equal(k_uptime_seconds(), ms / 1000);
	zassert_equal(sys_clock_tick_get(), k_uptime_ticks());
	k_msleep(42);
	zassert_equal(k_uptime_delta(&reference), 42);
	zassert_equal(k_uptime_delta(&reference), 0);
	k_usleep(999);
	zassert_equal(k_uptime_get(), ms + 42);
	k_usleep(1);
	zassert_equal(k_uptime_get(), ms + 43);
}

ZTEST(time, test_cycles)
{
	uint64_t before = k_cycle_get_64();
	uint32_t before32 = k_cycle_get_32();

	k_sleep(K_MSEC(10));
	zassert_equal(k_cyc_to_us_floor64(k_cycle_get_64() - before), 10000);
	zassert_equal(k_cycle_get_32() - before32, k_cycle_get_64() - before);
	k_busy_wait(500);
	zassert_equal(k_cyc_to_us_floor64(k_cycle_get_64() - before), 10500);
}

/* ---- real time ------------------------------------------------------------------------------ */

ZTEST_SUITE(real_time, NULL, NULL, NULL, NULL, NULL);

ZTEST(real_time, test_never_too_short)
{
	for (int i = 0; i < 20; i++) {
		uint64_t before = k_cycle_get_64();
		uint64_t took;

		k_usleep(i * 37);
		took = k_cyc_to_ns_floor64(k_cycle_get_64() - before);
		zassert_true(took >= (uint64_t)i * 37000, "slept %u ns", (uint32_t)took);
		before = k_cycle_get_64();
		k_busy_wait((uint32_t)i * 7);
		took = k_cyc_to_ns_floor64(k_cycle_get_64() - before);
		zassert_true(took >= (uint64_t)i * 7000, "waited %u ns", (uint32_t)took);
	}
}

ZTEST(real_time, test_never_goes_back)
{
	int64_t ticks = k_uptime_ticks();
	uint64_t cycles = k_cycle_get_64();

	for (int i = 0; i < 2000; i++) {
		if (i % 100 == 0) {
			port_clock_virtual_start();
		} else if (i % 100 == 50) {
			k_usleep(i);
			port_clock_virtual_stop();
		}
		zassert_true(k_uptime_ticks() >= ticks);
		ticks = k_uptime_ticks();
		zassert_true(k_cycle_get_64() >= cycles);
		cycles = k_cycle_get_64();
	}
}
