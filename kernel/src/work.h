/* SPDX-License-Identifier: Apache-2.0 */
/** @file What the files about work share. One lock guards all items and queues. */
#ifndef KERNEL_WORK_IMPL_H_
#define KERNEL_WORK_IMPL_H_

#include <zephyr/kernel.h>

#include <errno.h>

extern struct k_spinlock work_lock;

/* The following are called with the lock, and leave in *woken a chain of threads to wake without it. */

/** Queue @p work, as k_work_submit_to_queue(). */
int work_submit(struct k_work_q *queue, struct k_work *work, struct waiter **woken);

/** Take @p work out of its queue. @return the states that are left. */
uint32_t work_cancel(struct k_work *work, struct waiter **woken);

/** The run of @p work has ended. */
void work_ran(struct k_work *work, struct waiter **woken);

/** Put @p w, finished and in no queue, in front of the chain. */
static inline void woken_add(struct waiter **woken, struct waiter *w)
{
	w->next = *woken;
	*woken = w;
}

/** Let go of the lock, and wake. */
static inline void work_unlock(k_spinlock_key_t key, struct waiter *woken)
{
	k_spin_unlock(&work_lock, key);
	wait_q_wake_chain(woken);
}

/** k_work_flush(), with the lock on entry and not on return. */
bool work_flush(struct k_work *work, struct k_work_sync *sync, k_spinlock_key_t key,
		struct waiter *woken);

/** Wait for the cancellation of @p work to end; likewise. */
void work_cancel_wait(struct k_work *work, struct k_work_sync *sync, k_spinlock_key_t key,
		      struct waiter *woken);

/** @return whether the caller is who serves @p queue. Locked. */
bool work_queue_is_mine(const struct k_work_q *queue);

/**
 * Run the first item of @p queue that does not run already; unlocked meanwhile.
 * @return it, NULL if there is none. It may be gone.
 */
struct k_work *work_queue_run_one(struct k_work_q *queue, k_spinlock_key_t *key);

#endif /* KERNEL_WORK_IMPL_H_ */
