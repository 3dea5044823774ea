/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The clock: CLOCK_MONOTONIC in ticks since start-up, or a virtual clock for tests.
 */
#include <zephyr/autoconf.h>

#include <port/port.h>

#include "clock.h"

#define TICKS_IN_SEC ((int64_t)CONFIG_SYS_CLOCK_TICKS_PER_SEC)
#define NSEC_IN_SEC  1000000000LL

/* Ticks of CLOCK_MONOTONIC that are tick 0 here. Written before main() and by virtual_enable(). */
static int64_t origin;

#ifdef CONFIG_PORT_VIRTUAL_CLOCK
static bool is_virtual;
static int64_t virtual_ticks;
#endif

static struct timespec monotonic(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now;
}

/* Ticks of CLOCK_MONOTONIC at @p t; @p up rounds a begun tick up. */
static int64_t to_ticks(struct timespec t, bool up)
{
	int64_t part = (int64_t)t.tv_nsec * TICKS_IN_SEC + (up ? NSEC_IN_SEC - 1 : 0);

	return (int64_t)t.tv_sec * TICKS_IN_SEC + part / NSEC_IN_SEC;
}

struct timespec clock_timespec(int64_t deadline)
{
	int64_t ticks;
	struct timespec t;

	if (__builtin_add_overflow(deadline, __atomic_load_n(&origin, __ATOMIC_RELAXED), &ticks)) {
		ticks = deadline > 0 ? INT64_MAX : 0;
	}
	t = (struct timespec){
		.tv_sec = (time_t)(ticks / TICKS_IN_SEC),
		.tv_nsec = (long)(((ticks % TICKS_IN_SEC) * NSEC_IN_SEC + TICKS_IN_SEC - 1) /
				  TICKS_IN_SEC),
	};

	if (t.tv_nsec >= NSEC_IN_SEC) {
		t.tv_sec++;
		t.tv_nsec -= NSEC_IN_SEC;
	}
	return t;
}

__attribute__((constructor(101))) static void clock_init(void)
{
	__atomic_store_n(&origin, to_ticks(monotonic(), false), __ATOMIC_RELAXED);
}

static int64_t real_ticks(bool up)
{
	return to_ticks(monotonic(), up) - __atomic_load_n(&origin, __ATOMIC_RELAXED);
}

#ifdef CONFIG_PORT_VIRTUAL_CLOCK

bool clock_is_virtual(void)
{
	/* Acquire: pairs with the release in clock_virtual_enable(), for the time on the new clock. */
	return __atomic_load_n(&is_virtual, __ATOMIC_ACQUIRE);
}

static int64_t virtual_now(void)
{
	return __atomic_load_n(&virtual_ticks, __ATOMIC_RELAXED);
}

void clock_virtual_set(int64_t ticks)
{
	if (ticks > virtual_now()) {
		__atomic_store_n(&virtual_ticks, ticks, __ATOMIC_RELAXED);
	}
}

void clock_virtual_enable(bool on)
{
	if (on) {
		clock_virtual_set(real_ticks(true));
	} else {
		__atomic_store_n(&origin, to_ticks(monotonic(), false) - virtual_now(),
				 __ATOMIC_RELAXED);
	}
	/* Release: pairs with the acquire in clock_is_virtual(). */
	__atomic_store_n(&is_virtual, on, __ATOMIC_RELEASE);
}

#else

static int64_t virtual_now(void)
{
	return 0;
}

#endif

int64_t port_clock_ticks(void)
{
	return clock_is_virtual() ? virtual_now() : real_ticks(false);
}

int64_t port_clock_deadline(int64_t ticks)
{
	int64_t now = clock_is_virtual() ? virtual_now() : real_ticks(true);

	return ticks >= PORT_FOREVER - now ? PORT_FOREVER : now + ticks;
}

uint64_t port_clock_cycles(void)
{
	if (clock_is_virtual()) {
		int64_t now = virtual_now();

		return (uint64_t)(now / TICKS_IN_SEC * NSEC_IN_SEC +
				  now % TICKS_IN_SEC * NSEC_IN_SEC / TICKS_IN_SEC);
	}

	struct timespec now = monotonic();
	struct timespec zero = clock_timespec(0);

	return (uint64_t)((now.tv_sec - zero.tv_sec) * NSEC_IN_SEC + now.tv_nsec - zero.tv_nsec);
}

uint32_t port_clock_cycles_per_sec(void)
{
	return (uint32_t)NSEC_IN_SEC;
}

void port_clock_busy_wait(uint32_t usec)
{
	uint64_t end = port_clock_cycles() + (uint64_t)usec * 1000U;

#ifdef CONFIG_PORT_VIRTUAL_CLOCK
	if (clock_is_virtual()) {
		park_virtual_advance((usec * TICKS_IN_SEC + 999999) / 1000000);
		return;
	}
#endif
	while (port_clock_cycles() < end) {
		/* the point is to do nothing */
	}
}
