/* SPDX-License-Identifier: Apache-2.0 */
/** @file A clock that an interrupt advances, tick by tick. */
#include "bare.h"

uint64_t port_bare_ticks;

#ifndef PACKET_IO_AMALGAMATION

/* In programs without an alarm; the others have that of alarm.c. */
__attribute__((weak)) void port_clock_tick(void)
{
	uint32_t key = port_mask();

	port_bare_ticks++;
	port_unmask(key);
}

#endif

int64_t port_clock_ticks(void)
{
	uint32_t key = port_mask();
	uint64_t now = port_bare_ticks;

	port_unmask(key);
	return (int64_t)now;
}

int64_t port_clock_deadline(int64_t wait)
{
	/* The tick that runs has begun, so it does not count. */
	int64_t now = port_clock_ticks() + 1;

	return wait >= PORT_FOREVER - now ? PORT_FOREVER : now + wait;
}

void port_core_alarm(int64_t deadline)
{
	/* Every tick ends a sleep, if the clock has been started. */
	(void)deadline;
	port_start();
}

#ifndef CONFIG_PORT_CORE_TIMER

/* Whoever has a finer counter than the tick supplies these three. */

__attribute__((weak)) uint64_t port_clock_cycles(void)
{
	return (uint64_t)port_clock_ticks();
}

__attribute__((weak)) uint32_t port_clock_cycles_per_sec(void)
{
	return CONFIG_SYS_CLOCK_TICKS_PER_SEC;
}

__attribute__((weak)) void port_clock_busy_wait(uint32_t usec)
{
	uint64_t wait = ((uint64_t)usec * CONFIG_SYS_CLOCK_TICKS_PER_SEC + 999999U) / 1000000U;
	int64_t end = port_clock_deadline((int64_t)wait);

	while (port_clock_ticks() < end) {
		/* the point is to do nothing */
	}
}

#endif
