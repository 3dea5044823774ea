/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Conversion between units of time.
 *
 * For each pair of units there are six functions,
 *
 *     k_<from>_to_<to>_<rounding><width>(t)
 *
 * with units sec, ms, us, ns, cyc (of the hardware counter) and ticks (of the kernel), roundings
 * floor, near (halves up) and ceil, and widths 32 and 64 of argument and result. One of the two
 * units is cyc or ticks. Example: k_ms_to_ticks_ceil64(5).
 *
 * Nothing overflows in between: a result is right whenever it fits the width, and the low bits of
 * the right one where it does not.
 *
 * Context: any. Cost: constant; nothing for a constant, one multiplication or division where one
 * rate is a multiple of the other and both are constants.
 */

#ifndef ZEPHYR_SYS_TIME_UNITS_H_
#define ZEPHYR_SYS_TIME_UNITS_H_

#include <zephyr/toolchain.h>

#include <port/port.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SEC_PER_MIN   60U
#define MSEC_PER_SEC  1000U
#define USEC_PER_MSEC 1000U
#define USEC_PER_SEC  1000000U
#define NSEC_PER_USEC 1000U
#define NSEC_PER_MSEC 1000000U
#define NSEC_PER_SEC  1000000000U

/** For ever, in calls that take milliseconds. */
#define SYS_FOREVER_MS (-1)
#define SYS_FOREVER_US (-1)

/** @return cycles of the hardware counter in a second. */
static inline uint32_t sys_clock_hw_cycles_per_sec(void)
{
	return port_clock_cycles_per_sec();
}

enum z_time_rounding {
	Z_TIME_FLOOR,
	Z_TIME_NEAR,
	Z_TIME_CEIL,
};

/* What to add to a dividend so that the quotient by @p divisor, rounded down, is rounded so. */
static ALWAYS_INLINE uint32_t z_time_bias(uint32_t divisor, enum z_time_rounding rounding)
{
	switch (rounding) {
	case Z_TIME_CEIL:
		return divisor - 1;
	case Z_TIME_NEAR:
		return divisor / 2;
	default:
		return 0;
	}
}

/* Quotient and remainder apart, so that no sum or product is larger than the result or 2^64. */
static ALWAYS_INLINE uint64_t z_time_convert64(uint64_t t, uint32_t from, uint32_t to,
					       enum z_time_rounding rounding)
{
	if (to % from == 0) {
		return t * (to / from);
	}
	if (from % to == 0) {
		uint32_t divisor = from / to;

		return t / divisor + (t % divisor + z_time_bias(divisor, rounding)) / divisor;
	}
	return t / from * to + (t % from * to + z_time_bias(from, rounding)) / from;
}

/* The same without 64-bit arithmetic where the rates allow it. */
static ALWAYS_INLINE uint32_t z_time_convert32(uint32_t t, uint32_t from, uint32_t to,
					       enum z_time_rounding rounding)
{
	if (to % from == 0) {
		return t * (to / from);
	}
	if (from % to == 0) {
		uint32_t divisor = from / to;

		return t / divisor + (uint32_t)(((uint64_t)(t % divisor) +
						 z_time_bias(divisor, rounding)) >= divisor);
	}
	return (uint32_t)z_time_convert64(t, from, to, rounding);
}

#define Z_TIME_HZ_sec   1U
#define Z_TIME_HZ_ms    MSEC_PER_SEC
#define Z_TIME_HZ_us    USEC_PER_SEC
#define Z_TIME_HZ_ns    NSEC_PER_SEC
#define Z_TIME_HZ_cyc   sys_clock_hw_cycles_per_sec()
#define Z_TIME_HZ_ticks ((uint32_t)CONFIG_SYS_CLOCK_TICKS_PER_SEC)

/* One function, and the six of a pair of units. */
#define Z_TIME_FUNCTION(from, to, suffix, rounding, width)                                         \
	static inline uint##width##_t k_##from##_to_##to##_##suffix##width(uint##width##_t t)      \
	{                                                                                          \
		return z_time_convert##width(t, Z_TIME_HZ_##from, Z_TIME_HZ_##to, rounding);       \
	}
#define Z_TIME_FUNCTIONS(from, to)                                                                 \
	Z_TIME_FUNCTION(from, to, floor, Z_TIME_FLOOR, 32)                                         \
	Z_TIME_FUNCTION(from, to, floor, Z_TIME_FLOOR, 64)                                         \
	Z_TIME_FUNCTION(from, to, near, Z_TIME_NEAR, 32)                                           \
	Z_TIME_FUNCTION(from, to, near, Z_TIME_NEAR, 64)                                           \
	Z_TIME_FUNCTION(from, to, ceil, Z_TIME_CEIL, 32)                                           \
	Z_TIME_FUNCTION(from, to, ceil, Z_TIME_CEIL, 64)

Z_TIME_FUNCTIONS(sec, cyc)
Z_TIME_FUNCTIONS(sec, ticks)
Z_TIME_FUNCTIONS(ms, cyc)
Z_TIME_FUNCTIONS(ms, ticks)
Z_TIME_FUNCTIONS(us, cyc)
Z_TIME_FUNCTIONS(us, ticks)
Z_TIME_FUNCTIONS(ns, cyc)
Z_TIME_FUNCTIONS(ns, ticks)
Z_TIME_FUNCTIONS(cyc, sec)
Z_TIME_FUNCTIONS(cyc, ms)
Z_TIME_FUNCTIONS(cyc, us)
Z_TIME_FUNCTIONS(cyc, ns)
Z_TIME_FUNCTIONS(cyc, ticks)
Z_TIME_FUNCTIONS(ticks, sec)
Z_TIME_FUNCTIONS(ticks, ms)
Z_TIME_FUNCTIONS(ticks, us)
Z_TIME_FUNCTIONS(ticks, ns)
Z_TIME_FUNCTIONS(ticks, cyc)

#undef Z_TIME_FUNCTIONS
#undef Z_TIME_FUNCTION

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_SYS_TIME_UNITS_H_ */
