/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Timeouts and points in time.
 *
 * Context: any.   Blocks: never.   Cost: constant.
 */
#ifndef ZEPHYR_SYS_CLOCK_H_
#define ZEPHYR_SYS_CLOCK_H_

#include <zephyr/toolchain.h>
#include <zephyr/sys/time_units.h>

#include <port/port.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Time in ticks. */
typedef int64_t k_ticks_t;

/**
 * How long to wait. Made by the K_ macros below, never by hand.
 * ticks: 0 not at all, -1 for ever, > 0 that many ticks, <= -2 until tick -2 - ticks.
 */
typedef struct {
	k_ticks_t ticks;
} k_timeout_t;

#define K_TICKS_FOREVER ((k_ticks_t)-1)

#ifdef __cplusplus
#define Z_TIMEOUT_TICKS(t) (k_timeout_t{(k_ticks_t)(t)})
#else
#define Z_TIMEOUT_TICKS(t) ((k_timeout_t){.ticks = (k_ticks_t)(t)})
#endif
#define Z_TIMEOUT_CLAMP(t) ((t) > 0 ? (t) : 0)

#define K_NO_WAIT       Z_TIMEOUT_TICKS(0)
#define K_FOREVER       Z_TIMEOUT_TICKS(K_TICKS_FOREVER)
#define K_TICKS(t)      Z_TIMEOUT_TICKS(Z_TIMEOUT_CLAMP((k_ticks_t)(t)))
#define K_NSEC(t)       Z_TIMEOUT_TICKS(k_ns_to_ticks_ceil64((uint64_t)Z_TIMEOUT_CLAMP((int64_t)(t))))
#define K_USEC(t)       Z_TIMEOUT_TICKS(k_us_to_ticks_ceil64((uint64_t)Z_TIMEOUT_CLAMP((int64_t)(t))))
#define K_CYC(t)        Z_TIMEOUT_TICKS(k_cyc_to_ticks_ceil64((uint64_t)Z_TIMEOUT_CLAMP((int64_t)(t))))
#define K_MSEC(ms)      Z_TIMEOUT_TICKS(k_ms_to_ticks_ceil64((uint64_t)Z_TIMEOUT_CLAMP((int64_t)(ms))))
#define K_SECONDS(s)    K_MSEC((int64_t)(s) * 1000)
#define K_MINUTES(m)    K_SECONDS((int64_t)(m) * 60)
#define K_HOURS(h)      K_MINUTES((int64_t)(h) * 60)

/** Until a moment of the uptime. */
#define K_TIMEOUT_ABS_TICKS(t) Z_TIMEOUT_TICKS(-2 - Z_TIMEOUT_CLAMP((k_ticks_t)(t)))
#define K_TIMEOUT_ABS_SEC(t)   K_TIMEOUT_ABS_TICKS(k_sec_to_ticks_ceil64(t))
#define K_TIMEOUT_ABS_MS(t)    K_TIMEOUT_ABS_TICKS(k_ms_to_ticks_ceil64(t))
#define K_TIMEOUT_ABS_US(t)    K_TIMEOUT_ABS_TICKS(k_us_to_ticks_ceil64(t))
#define K_TIMEOUT_ABS_NS(t)    K_TIMEOUT_ABS_TICKS(k_ns_to_ticks_ceil64(t))
#define K_TIMEOUT_ABS_CYC(t)   K_TIMEOUT_ABS_TICKS(k_cyc_to_ticks_ceil64(t))
#define Z_TICK_ABS(t)          (-2 - (t))
#define Z_IS_TIMEOUT_RELATIVE(timeout) ((timeout).ticks >= K_TICKS_FOREVER)

#define K_TIMEOUT_EQ(a, b) ((a).ticks == (b).ticks)

/** A moment up to which something may take: a timeout that began. 0: past; UINT64_MAX: never. */
typedef struct {
	uint64_t tick;
} k_timepoint_t;
typedef k_timepoint_t sys_timepoint_t;

/** @return the moment at which @p timeout, beginning now, ends. Context: any. */
k_timepoint_t sys_timepoint_calc(k_timeout_t timeout);

/** @return what is left until @p timepoint: K_NO_WAIT if it has passed. Context: any. */
k_timeout_t sys_timepoint_timeout(k_timepoint_t timepoint);

/** @return < 0, 0, > 0 as @p a is before, at or after @p b. */
static inline int sys_timepoint_cmp(k_timepoint_t a, k_timepoint_t b)
{
	return a.tick == b.tick ? 0 : a.tick < b.tick ? -1 : 1;
}

/** @return whether @p timepoint has passed. Context: any. */
static inline bool sys_timepoint_expired(k_timepoint_t timepoint)
{
	return K_TIMEOUT_EQ(sys_timepoint_timeout(timepoint), K_NO_WAIT);
}

/** @return ticks since start-up. Context: any. */
int64_t sys_clock_tick_get(void);
uint32_t sys_clock_tick_get_32(void);

/**
 * @return the deadline (port.h) of a wait of @p timeout that begins now: a past one for K_NO_WAIT,
 * PORT_FOREVER for K_FOREVER.
 */
int64_t sys_clock_deadline(k_timeout_t timeout);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_SYS_CLOCK_H_ */
