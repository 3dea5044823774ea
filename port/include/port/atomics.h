/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Atomic access to 32-bit words and to pointers, with the memory order in the name.
 *
 * Loads and stores are instructions on every core. Read-modify-write operations are instructions
 * where the core has them and a critical section where it has not; they exist for 32-bit words
 * only, because narrower and wider ones become library calls on small cores.
 *
 * All are legal in any context, lock-free where the core has the instructions.
 */
#ifndef PORT_ATOMICS_H_
#define PORT_ATOMICS_H_

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

static inline uint32_t atomic32_load_relaxed(const uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

static inline uint32_t atomic32_load_acquire(const uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static inline void atomic32_store_relaxed(uint32_t *word, uint32_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELAXED);
}

static inline void atomic32_store_release(uint32_t *word, uint32_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELEASE);
}

/** Add, relaxed: for counters that order nothing. @return the value before. */
static inline uint32_t atomic32_add_relaxed(uint32_t *word, uint32_t value)
{
	return __atomic_fetch_add(word, value, __ATOMIC_RELAXED);
}

/** Subtract with acquire and release order. @return the value before. */
static inline uint32_t atomic32_sub_acq_rel(uint32_t *word, uint32_t value)
{
	return __atomic_fetch_sub(word, value, __ATOMIC_ACQ_REL);
}

/** Set bits, relaxed. @return the value before. */
static inline uint32_t atomic32_or_relaxed(uint32_t *word, uint32_t bits)
{
	return __atomic_fetch_or(word, bits, __ATOMIC_RELAXED);
}

/** Put @p value in place of what is there, acquire and release. @return the value before. */
static inline uint32_t atomic32_exchange(uint32_t *word, uint32_t value)
{
	return __atomic_exchange_n(word, value, __ATOMIC_ACQ_REL);
}

/**
 * Replace *@p expected by @p desired; relaxed. On failure *@p expected is what was found. May fail
 * without cause, so it stands in a loop.   @return true if replaced.
 */
static inline bool atomic32_cas_relaxed(uint32_t *word, uint32_t *expected, uint32_t desired)
{
	return __atomic_compare_exchange_n(word, expected, desired, true, __ATOMIC_RELAXED,
					   __ATOMIC_RELAXED);
}

/** As atomic32_cas_relaxed(), with acquire and release order when it replaces. */
static inline bool atomic32_cas_acq_rel(uint32_t *word, uint32_t *expected, uint32_t desired)
{
	return __atomic_compare_exchange_n(word, expected, desired, true, __ATOMIC_ACQ_REL,
					   __ATOMIC_ACQUIRE);
}

#ifdef __cplusplus
}
#endif

#endif /* PORT_ATOMICS_H_ */
