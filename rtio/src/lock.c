/* SPDX-License-Identifier: Apache-2.0 */
/** @file The rare half of the lock of a context: its word, and who owns it. The idea is told in lock.h. */
#include "lock.h"

/* How often in a row a thread takes the word before it is the owner, the first time. */
#define STREAK 64U
/* After that many changes there is no owner any more. */
#define REVOKED_MOST 20U

/* Make @p me, who has the word, the owner. */
static void own(struct z_rtio_lock *lock, uintptr_t me)
{
	lock->streak = 0;
	if (lock->owner != 0 && lock->owner != me) {
		return;
	}
	if (!port_fence_all()) {
		lock->revoked = REVOKED_MOST; /* it could not be taken away again */
		return;
	}
	__atomic_store_n(&lock->owner, me, __ATOMIC_RELAXED);
	/* Relaxed: whoever takes the word later sees it, and nobody else but me has to. */
	atomic32_store_relaxed(&lock->owned, 1);
}

/* Take the ownership away. The caller has the word, and is not the owner. */
static void revoke_owner(struct z_rtio_lock *lock)
{
	atomic32_store_relaxed(&lock->owned, 0);
	(void)port_fence_all();
	port_await_zero(&lock->busy);
	lock->revoked++;
}

k_spinlock_key_t rtio_lock_word(struct rtio *r)
{
	struct z_rtio_lock *lock = &r->lock;
	uintptr_t me = port_context();
	k_spinlock_key_t key = k_spin_lock(&lock->word);

	if (unlikely(atomic32_load_relaxed(&lock->owned) != 0)) {
		revoke_owner(lock);
	}
	if (lock->last != me) {
		lock->last = me;
		lock->streak = 0;
	} else if (lock->revoked < REVOKED_MOST && ++lock->streak >= STREAK << lock->revoked) {
		own(lock, me);
	}
	key.key = KEY_WORD;
	return key;
}

int rtio_wait(struct rtio *r, struct wait_q *q, struct waiter *w, k_spinlock_key_t key,
	      int64_t deadline)
{
	wait_q_add(q, w);
	rtio_unlock(r, key);
	if (!waiter_park(w, deadline)) {
		bool cancelled;

		key = rtio_lock(r);
		cancelled = waiter_cancel(q, w);
		rtio_unlock(r, key);
		if (cancelled) {
			thread_abort_point();
			return -EAGAIN;
		}
		(void)waiter_park(w, PORT_FOREVER);
	}
	return w->result;
}
