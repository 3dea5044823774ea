/* SPDX-License-Identifier: Apache-2.0 */
/** @file Mutexes. */
#include <zephyr/kernel.h>

#include <errno.h>

int k_mutex_init(struct k_mutex *mutex)
{
	*mutex = (struct k_mutex)Z_MUTEX_INITIALIZER(*mutex);
	return 0;
}

/* The owner inherits from who waits now. Mutex locked. */
static void inherit(struct k_mutex *mutex)
{
	const struct waiter *first = wait_q_peek(&mutex->waiters);

	if (first != NULL) {
		priority_boost_set(mutex->owner, &mutex->boost,
				   k_thread_priority_get(first->thread));
	} else if (mutex->boost.active) {
		priority_boost_clear(mutex->owner, &mutex->boost);
	}
}

/* Wait to own @p mutex, locked with @p key on entry and not on return. */
static int wait_for(struct k_mutex *mutex, k_spinlock_key_t key, int64_t deadline)
{
	struct waiter w;

	waiter_init(&w, NULL);
	waiter_kind(&w, WAIT_FOR_ROOM);
	wait_q_add(&mutex->waiters, &w);
	inherit(mutex);
	k_spin_unlock(&mutex->lock, key);

	if (!waiter_park(&w, deadline)) {
		bool cancelled;

		key = k_spin_lock(&mutex->lock);
		cancelled = waiter_cancel(&mutex->waiters, &w);
		if (cancelled) {
			inherit(mutex);
		}
		k_spin_unlock(&mutex->lock, key);
		if (cancelled) {
			thread_abort_point();
			return -EAGAIN;
		}
		(void)waiter_park(&w, PORT_FOREVER);
	}
	return w.result;
}

int k_mutex_lock(struct k_mutex *mutex, k_timeout_t timeout)
{
	struct k_thread *self = k_current_get();
	k_spinlock_key_t key;
	int ret = 0;

	if (port_in_isr()) {
		__ASSERT(false, "a mutex cannot be locked in an ISR");
		return -EBUSY;
	}
	key = k_spin_lock(&mutex->lock);
	if (likely(mutex->owner == NULL)) {
		mutex->owner = self;
		mutex->lock_count = 1;
	} else if (mutex->owner == self) {
		mutex->lock_count++;
	} else if (wait_allowed(timeout)) {
		return wait_for(mutex, key, sys_clock_deadline(timeout));
	} else {
		ret = -EBUSY;
	}
	k_spin_unlock(&mutex->lock, key);
	return ret;
}

/* Give up @p mutex, to who waits first. Mutex locked. @return the new owner, to be woken. */
static struct k_thread *hand_mutex(struct k_mutex *mutex)
{
	struct waiter *next = wait_q_take(&mutex->waiters);
	struct k_thread *woken;

	if (mutex->boost.active) {
		priority_boost_clear(mutex->owner, &mutex->boost);
	}
	if (next == NULL) {
		mutex->owner = NULL;
		return NULL;
	}
	woken = waiter_finish(next, 0);
	mutex->owner = woken;
	mutex->lock_count = 1;
	inherit(mutex);
	return woken;
}

int k_mutex_unlock(struct k_mutex *mutex)
{
	struct k_thread *self = k_current_get();
	struct k_thread *woken = NULL;
	k_spinlock_key_t key;
	int ret = 0;

	if (port_in_isr()) {
		__ASSERT(false, "a mutex cannot be unlocked in an ISR");
		return -EPERM;
	}
	key = k_spin_lock(&mutex->lock);
	if (mutex->owner == NULL) {
		ret = -EINVAL;
	} else if (mutex->owner != self) {
		ret = -EPERM;
	} else if (--mutex->lock_count == 0) {
		woken = hand_mutex(mutex);
	}
	k_spin_unlock(&mutex->lock, key);
	if (woken != NULL) {
		waiter_wake(woken);
	}
	return ret;
}
