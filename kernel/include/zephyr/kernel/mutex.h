/* SPDX-License-Identifier: Apache-2.0 */
/** @file Mutexes. */
#ifndef ZEPHYR_KERNEL_MUTEX_H_
#define ZEPHYR_KERNEL_MUTEX_H_

#include <zephyr/spinlock.h>
#include <zephyr/sys/util.h>
#include <zephyr/sys_clock.h>
#include <kernel/priority.h>
#include <kernel/wait_q.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A mutex: one thread owns it, as often as it has locked it. While a more urgent thread waits, the
 * owner has the priority of that one. Applications may read owner and lock_count.
 */
struct k_mutex {
	struct k_spinlock lock;      /**< guards the rest */
	struct k_thread *owner;      /**< NULL while it is free */
	uint32_t lock_count;         /**< how often the owner has locked it */
	struct wait_q waiters;       /**< who waits to own it */
	struct priority_boost boost; /**< what the owner inherits from them */
};

#define Z_MUTEX_INITIALIZER(obj)                                                                   \
	{                                                                                          \
		{}, NULL, 0, {NULL, NULL},                                                         \
		{                                                                                  \
			NULL, 0, false                                                             \
		}                                                                                  \
	}

/** Define a mutex that nobody owns. RAM: the mutex. */
#define K_MUTEX_DEFINE(name) struct k_mutex name = Z_MUTEX_INITIALIZER(name)

/**
 * Make @p mutex one that nobody owns. Context: before anybody uses it. Blocks: no. Cost: constant.
 * @return 0.
 */
int k_mutex_init(struct k_mutex *mutex);

/**
 * Lock @p mutex. Its owner can lock it again and must then unlock it as often.
 *
 * Context: thread, never an ISR.   Blocks: up to @p timeout.   Cost: one short lock.
 * @return 0, -EBUSY if another thread owns it and not waiting (and in an ISR, with asserts off),
 * -EAGAIN after @p timeout.
 */
int k_mutex_lock(struct k_mutex *mutex, k_timeout_t timeout);

/**
 * Unlock @p mutex. The last unlock hands it to the most urgent thread that waits, of equals to the
 * one that came first.
 *
 * Context: thread, never an ISR.   Blocks: no.   Cost: O(waiting threads), one short lock.
 * @return 0, -EINVAL if nobody owns it, -EPERM if another thread does (and in an ISR, with asserts
 * off).
 */
int k_mutex_unlock(struct k_mutex *mutex);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_KERNEL_MUTEX_H_ */
