/* SPDX-License-Identifier: Apache-2.0 */
/** @file Time: timeouts, timepoints, uptime. */
#include <zephyr/kernel.h>

int64_t sys_clock_tick_get(void)
{
	return port_clock_ticks();
}

uint32_t sys_clock_tick_get_32(void)
{
	return (uint32_t)port_clock_ticks();
}

int64_t sys_clock_deadline(k_timeout_t timeout)
{
	if (timeout.ticks == K_TICKS_FOREVER) {
		return PORT_FOREVER;
	}
	if (timeout.ticks == 0) {
		return 0;
	}
	if (timeout.ticks < 0) {
		return Z_TICK_ABS(timeout.ticks);
	}
	return port_clock_deadline(timeout.ticks);
}

k_timepoint_t sys_timepoint_calc(k_timeout_t timeout)
{
	int64_t deadline = sys_clock_deadline(timeout);

	return (k_timepoint_t){deadline == PORT_FOREVER ? UINT64_MAX : (uint64_t)deadline};
}

k_timeout_t sys_timepoint_timeout(k_timepoint_t timepoint)
{
	int64_t now;

	if (timepoint.tick == UINT64_MAX) {
		return K_FOREVER;
	}
	if (timepoint.tick == 0) {
		return K_NO_WAIT;
	}
	now = port_clock_ticks();
	return K_TICKS((int64_t)timepoint.tick - now);
}

int64_t k_uptime_ticks(void)
{
	return port_clock_ticks();
}

int64_t k_uptime_get(void)
{
	return (int64_t)k_ticks_to_ms_floor64((uint64_t)port_clock_ticks());
}

int64_t k_uptime_delta(int64_t *reftime)
{
	int64_t now = k_uptime_get();
	int64_t delta = now - *reftime;

	*reftime = now;
	return delta;
}

uint32_t k_cycle_get_32(void)
{
	return (uint32_t)port_clock_cycles();
}

uint64_t k_cycle_get_64(void)
{
	return port_clock_cycles();
}

void k_busy_wait(uint32_t usec_to_wait)
{
	port_clock_busy_wait(usec_to_wait);
}
