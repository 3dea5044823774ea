/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The lock of a context.
 *
 * On one core it masks interrupts. Where threads run in parallel it is a word that an atomic exchange
 * takes; but most contexts are used by one thread only, most of the time. So a thread that has taken the
 * word often in a row becomes the owner of the lock: it says that it is busy, looks whether it still is
 * the owner, and has the lock, all by plain loads and stores. Whoever else comes takes the word, takes
 * the ownership away, has all threads pass a fence (port_fence_all()), and waits until the owner is not busy:
 * either the owner's look comes behind that fence and finds that it is the owner no more, or its being
 * busy is seen. Then the word is what counts, for the former owner as well, until that has taken it in a
 * row again: twice as often as before, so that ownership that changes does not cost more and more.
 *
 * One thread only can ever be the owner of a lock. Were there a second, the first one might have looked
 * long ago whether it is the owner, and say only now that it is busy, and soon that it is not, while the
 * second one is. (A thread whose number comes again has ended.)
 */
#ifndef RTIO_LOCK_H_
#define RTIO_LOCK_H_

#include <kernel/wait_q.h>
#include <zephyr/rtio/context.h>

#ifdef CONFIG_SMP

#define KEY_WORD  0U
#define KEY_OWNER 1U

/* Take the lock of @p r as its owner. @return whether the caller is that, and has it. */
static ALWAYS_INLINE bool rtio_lock_as_owner(struct rtio *r)
{
	struct z_rtio_lock *lock = &r->lock;

	/* Relaxed: who wrote its own number there finds it. */
	if (unlikely(__atomic_load_n(&lock->owner, __ATOMIC_RELAXED) != port_context())) {
		return false;
	}
	atomic32_store_relaxed(&lock->busy, 1);
	/* Keeps the program's order; the fence of who takes the ownership away does the rest. */
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	/* Acquire: what the lock guards is looked at behind this. */
	if (likely(atomic32_load_acquire(&lock->owned) != 0)) {
		return true;
	}
	atomic32_store_release(&lock->busy, 0);
	return false;
}

/* Take the lock by its word. */
k_spinlock_key_t rtio_lock_word(struct rtio *r);

/* Take it if that needs no word. @return 0, -EBUSY otherwise. */
static ALWAYS_INLINE int rtio_trylock(struct rtio *r, k_spinlock_key_t *key)
{
	if (likely(rtio_lock_as_owner(r))) {
		key->key = KEY_OWNER;
		return 0;
	}
	return -EBUSY;
}

static ALWAYS_INLINE k_spinlock_key_t rtio_lock(struct rtio *r)
{
	k_spinlock_key_t key;

	return rtio_trylock(r, &key) == 0 ? key : rtio_lock_word(r);
}

static ALWAYS_INLINE void rtio_unlock(struct rtio *r, k_spinlock_key_t key)
{
	if (likely(key.key == KEY_OWNER)) {
		/* Release: pairs with the acquire of who waits until the owner is not busy. */
		atomic32_store_release(&r->lock.busy, 0);
	} else {
		k_spin_unlock(&r->lock.word, key);
	}
}

/* wait_q_wait() with this lock. */
int rtio_wait(struct rtio *r, struct wait_q *q, struct waiter *w, k_spinlock_key_t key,
	      int64_t deadline);

#else

static ALWAYS_INLINE int rtio_trylock(struct rtio *r, k_spinlock_key_t *key)
{
	return k_spin_trylock(&r->lock.word, key);
}

static ALWAYS_INLINE k_spinlock_key_t rtio_lock(struct rtio *r)
{
	return k_spin_lock(&r->lock.word);
}

static ALWAYS_INLINE void rtio_unlock(struct rtio *r, k_spinlock_key_t key)
{
	k_spin_unlock(&r->lock.word, key);
}

static ALWAYS_INLINE int rtio_wait(struct rtio *r, struct wait_q *q, struct waiter *w,
				   k_spinlock_key_t key, int64_t deadline)
{
	return wait_q_wait(q, w, &r->lock.word, key, deadline);
}

#endif

#endif /* RTIO_LOCK_H_ */
