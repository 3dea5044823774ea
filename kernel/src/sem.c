/* SPDX-License-Identifier: Apache-2.0 */
/** @file Counting semaphores. */
#include <zephyr/kernel.h>

#include <errno.h>

int k_sem_init(struct k_sem *sem, unsigned int initial_count, unsigned int limit)
{
	if (limit == 0 || initial_count > limit) {
		return -EINVAL;
	}
	*sem = (struct k_sem)Z_SEM_INITIALIZER(*sem, initial_count, limit);
	return 0;
}

int k_sem_take(struct k_sem *sem, k_timeout_t timeout)
{
	int64_t deadline;
	k_spinlock_key_t key = k_spin_lock(&sem->lock);
	struct waiter w;

	if (likely(sem->count > 0)) {
		sem->count--;
		k_spin_unlock(&sem->lock, key);
		return 0;
	}
	if (!wait_allowed(timeout)) {
		k_spin_unlock(&sem->lock, key);
		return -EBUSY;
	}
	deadline = sys_clock_deadline(timeout);
	waiter_init(&w, NULL);
	return wait_q_wait(&sem->takers, &w, &sem->lock, key, deadline);
}

void k_sem_give(struct k_sem *sem)
{
	k_spinlock_key_t key = k_spin_lock(&sem->lock);
	struct waiter *woken = NULL;

	if (unlikely(!wait_q_empty(&sem->takers))) {
		woken = wait_q_take(&sem->takers);
		(void)waiter_finish(woken, 0);
		woken->next = NULL;
	} else if (likely(sem->count < sem->limit)) {
		sem->count++;
#ifdef CONFIG_POLL
		if (unlikely(!poll_q_empty(&sem->pollers))) {
			woken = poll_q_signal(&sem->pollers, K_POLL_STATE_SEM_AVAILABLE);
		}
#endif
	}
	/* Behind this the semaphore may be gone; a waiter is not, before it has its token. */
	k_spin_unlock(&sem->lock, key);
	if (unlikely(woken != NULL)) {
		wait_q_wake_chain(woken);
	}
}

void k_sem_reset(struct k_sem *sem)
{
	k_spinlock_key_t key = k_spin_lock(&sem->lock);

	sem->count = 0;
	wait_q_wake_all(&sem->takers, -EAGAIN, &sem->lock, key);
}

unsigned int k_sem_count_get(struct k_sem *sem)
{
	k_spinlock_key_t key = k_spin_lock(&sem->lock);
	unsigned int count = sem->count;

	k_spin_unlock(&sem->lock, key);
	return count;
}

#ifdef CONFIG_POLL

bool z_sem_poll(struct k_sem *sem, struct k_poll_event *event, enum poll_step step)
{
	k_spinlock_key_t key = k_spin_lock(&sem->lock);
	bool ready = sem->count > 0;

	poll_q_step(&sem->pollers, event, step, ready);
	k_spin_unlock(&sem->lock, key);
	return ready;
}

#endif /* CONFIG_POLL */
