/* SPDX-License-Identifier: Apache-2.0 */
/** @file Waiting for buffers, and giving back while somebody waits. */
#include "pool.h"

#include <zephyr/kernel/thread.h>
#include <zephyr/kernel/time.h>

#include <limits.h>

static struct wait_q *queue_of(bool throttled)
{
#if CONFIG_IOB_THROTTLE > 0
	return &iob_pool.waiters[throttled];
#else
	ARG_UNUSED(throttled);
	return &iob_pool.waiters[0];
#endif
}

void iob_pool_note_waiters(void)
{
	bool any = !wait_q_empty(&iob_pool.waiters[0]) ||
		   !wait_q_empty(&iob_pool.waiters[POOL_CLASSES - 1]);

#ifdef CONFIG_IOB_BUDGETS
	for (const struct iob_budget *b = iob_pool.budgets; b != NULL; b = b->next) {
		any = any || !wait_q_empty(&b->waiters);
	}
#endif
	level_set((iob_pool.level & ~POOL_WAITING) | (any ? POOL_WAITING : 0));
}

struct iob_s *iob_pool_take(bool throttled)
{
	struct iob_s *iob;

	iob_pool_note_waiters();
	if ((int32_t)(iob_pool.level & ~POOL_WAITING) <= floor_of(throttled)) {
		return NULL;
	}
	level_set(iob_pool.level - 1);
	iob = pop();
	reset(iob);
	return iob;
}

/* ---- giving ---------------------------------------------------------------------------------- */

void iob_pool_give(struct waiter *w, struct iob_s *iob, k_spinlock_key_t key)
{
	struct k_thread *thread;

	reset(iob);
	w->data = iob;
	thread = waiter_finish(w, 0);
	iob_pool_note_waiters();
	k_spin_unlock(&iob_pool.lock, key);
	waiter_wake(thread);
}

/* Who gets @p iob, out of its queue now; NULL: nobody. */
static struct waiter *next_served(struct iob_s *iob)
{
	struct waiter *w;

#ifdef CONFIG_IOB_BUDGETS
	w = iob_budget_next_served(iob);
#else
	ARG_UNUSED(iob);
	w = wait_q_take(&iob_pool.waiters[0]);
#endif
#if CONFIG_IOB_THROTTLE > 0
	if (w == NULL && (iob_pool.level & ~POOL_WAITING) >= CONFIG_IOB_THROTTLE) {
		w = wait_q_take(&iob_pool.waiters[1]);
	}
#endif
	return w;
}

void iob_pool_route(struct iob_s *iob, k_spinlock_key_t key)
{
	uint32_t level;
	struct waiter *w;

#ifdef CONFIG_IOB_BUDGETS
	if (iob_budget_keeps(iob, key)) {
		return;
	}
#endif
	w = next_served(iob);
	if (w != NULL) {
		iob_pool_give(w, iob, key);
		return;
	}
	push(iob);
	level = iob_pool.level & ~POOL_WAITING;
	level_set(iob_pool.level + 1);
	iob_pool_note_waiters();
	k_spin_unlock(&iob_pool.lock, key);
	iob_notifier_came_home(level, level + 1);
}

/* ---- waiting --------------------------------------------------------------------------------- */

struct iob_s *iob_timedalloc(bool throttled, unsigned int timeout)
{
	struct iob_s *iob = iob_tryalloc(throttled);
	k_spinlock_key_t key;
	int64_t deadline;
	struct waiter w;

	if (iob != NULL || timeout == 0 || port_in_isr()) {
		return iob;
	}
	deadline = timeout == UINT_MAX ? PORT_FOREVER : sys_clock_deadline(K_MSEC(timeout));
	waiter_init(&w, NULL);
	key = k_spin_lock(&iob_pool.lock);
	iob = iob_pool_take(throttled);
	if (iob != NULL) {
		k_spin_unlock(&iob_pool.lock, key);
		return iob;
	}
	level_set(iob_pool.level | POOL_WAITING);
	/* Who gives up leaves the queue, and with it all that says that it waited. */
	(void)wait_q_wait(queue_of(throttled), &w, &iob_pool.lock, key, deadline);
	return w.data;
}

struct iob_s *iob_alloc(bool throttled)
{
	return iob_timedalloc(throttled, UINT_MAX);
}
