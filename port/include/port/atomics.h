/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Atomic access to 32-bit words and to pointers, with the memory order in the name.
 *
 * Loads and stores are instructions on every core. Read-modify-write operations are instructions
 * where the core has them and a critical section where it has not; they exist for 32-bit words
 * only, because narrower and wider ones become library calls on small cores.
 *
 * Context: any.   Blocks: never.   Cost: constant; lock-free where the core has the instructions.
 */
#ifndef PORT_ATOMICS_H_
#define PORT_ATOMICS_H_

#ifndef __ZEPHYR__
#include <zephyr/autoconf.h>
#endif

#include <stdbool.h>
#include <stdint.h>

/*
 * Whether read-modify-write is instructions. On Linux always; on a microcontroller where the core
 * has them (ARMv7-M, RISC-V with A). Elsewhere (ARMv6-M, RISC-V without A) the compiler would call
 * functions that do not exist, so interrupts are masked, which is atomic on the one core there is.
 */
#if defined(CONFIG_PORT_POSIX) || defined(__GCC_HAVE_SYNC_COMPARE_AND_SWAP_4) ||                   \
	defined(__riscv_atomic)
#define PORT_ATOMICS_NATIVE 1
#else
#include <port_mask.h>

/** Store @p new_value, which may use `old`, in *@p word, interrupts masked. @return what it was. */
#define PORT_ATOMIC_MASKED(word, new_value)                                                        \
	(__extension__({                                                                           \
		uint32_t z_key = port_mask();                                                      \
		__typeof__(*(word)) old = *(word);                                                 \
                                                                                                   \
		*(word) = (new_value);                                                             \
		port_unmask(z_key);                                                                \
		old;                                                                               \
	}))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Loads and stores are always inlined: a call is longer than they are. */

/** @return the word, read in relaxed order. */
static inline __attribute__((always_inline)) uint32_t atomic32_load_relaxed(const uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

#if defined(CONFIG_SMP)

/** @return the word, read in acquire order. */
static inline uint32_t atomic32_load_acquire(const uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

/** Store, in release order. */
static inline void atomic32_store_release(uint32_t *word, uint32_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELEASE);
}

#else /* one core: an interrupt sees its accesses in their order, if the compiler keeps it */

static inline __attribute__((always_inline)) uint32_t atomic32_load_acquire(const uint32_t *word)
{
	uint32_t value = __atomic_load_n(word, __ATOMIC_RELAXED);

	__atomic_signal_fence(__ATOMIC_ACQUIRE);
	return value;
}

static inline __attribute__((always_inline)) void atomic32_store_release(uint32_t *word,
									 uint32_t value)
{
	__atomic_signal_fence(__ATOMIC_RELEASE);
	__atomic_store_n(word, value, __ATOMIC_RELAXED);
}

#endif

/** Store, relaxed. */
static inline __attribute__((always_inline)) void atomic32_store_relaxed(uint32_t *word,
									 uint32_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELAXED);
}

#ifdef PORT_ATOMICS_NATIVE

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

#else /* PORT_ATOMICS_NATIVE: the same by masking, every order included */

static inline uint32_t atomic32_add_relaxed(uint32_t *word, uint32_t value)
{
	return PORT_ATOMIC_MASKED(word, old + value);
}

static inline uint32_t atomic32_sub_acq_rel(uint32_t *word, uint32_t value)
{
	return PORT_ATOMIC_MASKED(word, old - value);
}

static inline uint32_t atomic32_or_relaxed(uint32_t *word, uint32_t bits)
{
	return PORT_ATOMIC_MASKED(word, old | bits);
}

static inline uint32_t atomic32_exchange(uint32_t *word, uint32_t value)
{
	return PORT_ATOMIC_MASKED(word, value);
}

static inline bool atomic32_cas_relaxed(uint32_t *word, uint32_t *expected, uint32_t desired)
{
	uint32_t wanted = *expected;
	uint32_t found = PORT_ATOMIC_MASKED(word, old == wanted ? desired : old);

	*expected = found;
	return found == wanted;
}

static inline bool atomic32_cas_acq_rel(uint32_t *word, uint32_t *expected, uint32_t desired)
{
	return atomic32_cas_relaxed(word, expected, desired);
}

#endif /* PORT_ATOMICS_NATIVE */

/*
 * A load, a look at what was found, a store if nobody else has written meanwhile:
 *
 *     old = atomic32_load_linked(word);
 *     do {
 *             ... leave, or make `new` out of `old`; write to nothing else ...
 *     } while (!atomic32_store_linked_...(word, &old, new));
 *
 * On ARMv7-M that is what the instructions do, and compare and exchange is made of them; elsewhere
 * it is made of compare and exchange.
 */

#if defined(CONFIG_PORT_CORTEX_M) && __ARM_ARCH >= 7

static inline uint32_t atomic32_load_linked(uint32_t *word)
{
	uint32_t value;

	/* One core: acquire and release are the compiler's, hence "memory". */
	__asm__ volatile("ldrex %0, %1" : "=r"(value) : "Q"(*word) : "memory");
	return value;
}

static inline bool atomic32_store_linked_acq_rel(uint32_t *word, uint32_t *old, uint32_t value)
{
	uint32_t failed;

	__asm__ volatile("strex %0, %2, %1" : "=&r"(failed), "=Q"(*word) : "r"(value) : "memory");
	if (__builtin_expect(failed != 0, 0)) {
		*old = atomic32_load_linked(word);
		return false;
	}
	return true;
}

static inline bool atomic32_store_linked_relaxed(uint32_t *word, uint32_t *old, uint32_t value)
{
	return atomic32_store_linked_acq_rel(word, old, value);
}

#else

/** @return what is there. Acquire order. */
static inline uint32_t atomic32_load_linked(uint32_t *word)
{
	return atomic32_load_acquire(word);
}

/**
 * Store @p value, acquire and release.
 * @return true if done; false, with what is there now in *@p old, if not: look again.
 */
static inline bool atomic32_store_linked_acq_rel(uint32_t *word, uint32_t *old, uint32_t value)
{
	return atomic32_cas_acq_rel(word, old, value);
}

/** The same, relaxed. */
static inline bool atomic32_store_linked_relaxed(uint32_t *word, uint32_t *old, uint32_t value)
{
	return atomic32_cas_relaxed(word, old, value);
}

#endif

#ifdef __cplusplus
}
#endif

#endif /* PORT_ATOMICS_H_ */
