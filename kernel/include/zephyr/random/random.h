/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Random numbers. sys_rand_*: fast, statistically good, not for secrets. sys_csrand_get(): from the
 * platform's own source, for secrets where it says so.
 *
 * Cost: constant, under a lock of its own; sys_rand_get() and sys_csrand_get(): a step for each few
 * bytes.
 */

#ifndef ZEPHYR_RANDOM_RANDOM_H_
#define ZEPHYR_RANDOM_RANDOM_H_

#include <zephyr/toolchain.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Fill @p len bytes at @p dst.
 *
 * Context: any.   Blocks: no; the very first call asks the platform for a seed.
 * Cost: a step per 4 bytes, each under a lock of its own.
 */
void sys_rand_get(void *dst, size_t len);

/** @return 32 random bits.   Context: any. */
uint32_t sys_rand32_get(void);

/** @return 8 random bits.   Context: any. */
static inline uint8_t sys_rand8_get(void)
{
	return (uint8_t)(sys_rand32_get() >> 24);
}

/** @return 16 random bits.   Context: any. */
static inline uint16_t sys_rand16_get(void)
{
	return (uint16_t)(sys_rand32_get() >> 16);
}

/** @return 64 random bits.   Context: any. */
static inline uint64_t sys_rand64_get(void)
{
	uint64_t high = sys_rand32_get();

	return high << 32 | sys_rand32_get();
}

/**
 * Fill @p len bytes at @p dst from the platform's source of unpredictable bits.
 *
 * Context: any that the platform's source allows; threads on Linux.
 * @return 0, -EIO if the platform has none or it failed; then @p dst holds nothing useful.
 */
int sys_csrand_get(void *dst, size_t len);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RANDOM_RANDOM_H_ */
