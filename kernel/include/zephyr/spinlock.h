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

/*
 * Calls that may wait ask whether their caller holds a lock (port_irq_masked()). The library's own
 * sources, which never wait or call the user with one held, do not count theirs.
 */
static ALWAYS_INLINE void z_spin_entered(void)
{
#ifndef PACKET_IO_LIBRARY
	port_lock_entered();
#endif
}

static ALWAYS_INLINE void z_spin_left(void)
{
#ifndef PACKET_IO_LIBRARY
	port_lock_left();
#endif
}

/**
 * Take @p lock and keep interrupts of this core out.
 *
 * Context: any. Not recursive; never across a wait or user code.
 * Blocks: while another context holds it. Linux spins briefly, then sleeps.   Cost: as port_lock().
 * @return the key for k_spin_unlock().
 */
static ALWAYS_INLINE k_spinlock_key_t k_spin_lock(struct k_spinlock *lock)
{
	k_spinlock_key_t key = {port_lock(&lock->word)};

	z_spin_entered();
	return key;
}

/**
 * Take @p lock if that can be done without waiting.
 *
 * Context: any. Not recursive.   Blocks: no.   Cost: as port_lock().
 * @return 0 with the key in *@p key, -EBUSY if another context holds it.
 */
static ALWAYS_INLINE int k_spin_trylock(struct k_spinlock *lock, k_spinlock_key_t *key)
{
	if (!port_trylock(&lock->word, &key->key)) {
		return -EBUSY;
	}
	z_spin_entered();
	return 0;
}

/**
 * Release @p lock.
 * Context: the one that took it, locks in reverse order.   Blocks: no.   Cost: as port_unlock().
 */
static ALWAYS_INLINE void k_spin_unlock(struct k_spinlock *lock, k_spinlock_key_t key)
{
	z_spin_left();
	port_unlock(&lock->word, key.key);
}

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_SPINLOCK_H_ */
