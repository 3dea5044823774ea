/* SPDX-License-Identifier: Apache-2.0 */
/** @file This project's kernel, and what else Packet I/O calls of Zephyr's. */
#ifndef STAND_IN_ZEPHYR_KERNEL_H_
#define STAND_IN_ZEPHYR_KERNEL_H_

#include_next <zephyr/kernel.h>

static inline void k_sched_lock(void)
{
}

static inline void k_sched_unlock(void)
{
}

/** Before 3.5: the tick at which a timeout ends. */
static inline uint64_t sys_clock_timeout_end_calc(k_timeout_t timeout)
{
	return (uint64_t)(sys_clock_tick_get() + timeout.ticks);
}

#endif /* STAND_IN_ZEPHYR_KERNEL_H_ */
