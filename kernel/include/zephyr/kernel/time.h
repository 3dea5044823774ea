/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Uptime, cycles and busy waiting.
 *
 * Context: any.   Blocks: never.   Cost: constant, as reading the clock.
 */
#ifndef ZEPHYR_KERNEL_TIME_H_
#define ZEPHYR_KERNEL_TIME_H_

#include <zephyr/sys_clock.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @return ticks since start-up. Context: any. */
int64_t k_uptime_ticks(void);

/** @return milliseconds since start-up, rounded down. Context: any. */
int64_t k_uptime_get(void);

/** @return the low 32 bits of k_uptime_get(): wraps after 49 days. */
static inline uint32_t k_uptime_get_32(void)
{
	return (uint32_t)k_uptime_get();
}

/** @return seconds since start-up. */
static inline uint32_t k_uptime_seconds(void)
{
	return (uint32_t)k_ticks_to_sec_floor64((uint64_t)k_uptime_ticks());
}

/** Set *@p reftime to now. @return milliseconds since what it was. */
int64_t k_uptime_delta(int64_t *reftime);

/** @return cycles of the finest counter, of which there are sys_clock_hw_cycles_per_sec(). */
uint32_t k_cycle_get_32(void);
uint64_t k_cycle_get_64(void);

/** Let @p usec_to_wait microseconds pass without giving up the core. Cost: that time. */
void k_busy_wait(uint32_t usec_to_wait);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_KERNEL_TIME_H_ */
