/* SPDX-License-Identifier: Apache-2.0 */
/** @file Spinlocks: the port's lock under Zephyr's names. */
#ifndef ZEPHYR_SPINLOCK_H_
#define ZEPHYR_SPINLOCK_H_

#include <zephyr/toolchain.h>

#include <errno.h>

#include <port/port.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Guards data against threads and ISRs. Zeroed is unlocked. */
struct k_spinlock {
	struct port_lock word;
};

/** What k_spin_lock() returns and k_spin_unlock() wants back. */
typedef struct {
	port_key_t key;
} k_spinlock_key_t;

/**
 * Take @p lock and keep interrupts of this core out.
 *
 * Context: any. Not recursive; never across a wait or user code.
 * Blocks: while another context holds it. Linux spins briefly, then sleeps.
 */
static ALWAYS_INLINE k_spinlock_key_t k_spin_lock(struct k_spinlock *lock)
{
	k_spinlock_key_t key = {port_lock(&lock->word)};

	return key;
}

/**
 * Take @p lock if that can be done without waiting.
 *
 * Context: any. Not recursive.   Blocks: no.
 * @return 0 with the key in *@p key, -EBUSY if another context holds it.
 */
static ALWAYS_INLINE int k_spin_trylock(struct k_spinlock *lock, k_spinlock_key_t *key)
{
	return port_trylock(&lock->word, &key->key) ? 0 : -EBUSY;
}

/** Release @p lock. Context: the one that took it, locks in reverse order. */
static ALWAYS_INLINE void k_spin_unlock(struct k_spinlock *lock, k_spinlock_key_t key)
{
	port_unlock(&lock->word, key.key);
}

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_SPINLOCK_H_ */
