/* SPDX-License-Identifier: Apache-2.0 */
/** @file Priorities of threads: their own, and what they inherit. */
#include <zephyr/kernel.h>

int k_thread_priority_get(k_tid_t thread)
{
	return __atomic_load_n(&thread->priority, __ATOMIC_RELAXED);
}

#ifdef CONFIG_MULTITHREADING

/* Give @p thread, locked, the most urgent of all priorities it has. */
static void settle_priority(struct k_thread *thread)
{
	int32_t priority = thread->own_priority;

	for (struct priority_boost *b = thread->boosts; b != NULL; b = b->next) {
		priority = MIN(priority, b->priority);
	}
	if (priority == thread->priority) {
		return;
	}
	__atomic_store_n(&thread->priority, priority, __ATOMIC_RELAXED);
	if (thread->entry != NULL) {
		(void)port_thread_priority(&thread->port, priority);
	}
}

void k_thread_priority_set(k_tid_t thread, int prio)
{
	k_spinlock_key_t key;

	__ASSERT(prio >= K_HIGHEST_THREAD_PRIO && prio <= K_LOWEST_THREAD_PRIO,
		 "priority %d is not in %d to %d", prio, K_HIGHEST_THREAD_PRIO,
		 K_LOWEST_THREAD_PRIO);
	key = k_spin_lock(&thread->lock);
	thread->own_priority = prio;
	settle_priority(thread);
	k_spin_unlock(&thread->lock, key);
}

void priority_boost_set(struct k_thread *holder, struct priority_boost *boost, int priority)
{
	k_spinlock_key_t key = k_spin_lock(&holder->lock);

	if (!boost->active) {
		boost->active = true;
		boost->next = holder->boosts;
		holder->boosts = boost;
	}
	boost->priority = priority;
	settle_priority(holder);
	k_spin_unlock(&holder->lock, key);
}

void priority_boost_clear(struct k_thread *holder, struct priority_boost *boost)
{
	k_spinlock_key_t key = k_spin_lock(&holder->lock);

	if (boost->active) {
		struct priority_boost **link = &holder->boosts;

		while (*link != boost) {
			link = &(*link)->next;
		}
		*link = boost->next;
		boost->active = false;
		settle_priority(holder);
	}
	k_spin_unlock(&holder->lock, key);
}

#else /* one thread: nobody waits for it */

void priority_boost_set(struct k_thread *holder, struct priority_boost *boost, int priority)
{
	ARG_UNUSED(holder);
	ARG_UNUSED(boost);
	ARG_UNUSED(priority);
}

void priority_boost_clear(struct k_thread *holder, struct priority_boost *boost)
{
	ARG_UNUSED(holder);
	ARG_UNUSED(boost);
}

void k_thread_priority_set(k_tid_t thread, int prio)
{
	__atomic_store_n(&thread->priority, prio, __ATOMIC_RELAXED);
}

#endif
