/* SPDX-License-Identifier: Apache-2.0 */
/** @file Waiting for what is not there, and giving back while somebody waits. */
#include "pool.h"

#define THROTTLED (POOL_CLASSES - 1)

/* See whether somebody waits, after somebody did. Locked. */
static void note_waiters(struct iob_pool *pool)
{
	bool any = !wait_q_empty(&pool->waiters[0]) || !wait_q_empty(&pool->waiters[THROTTLED]);

#ifdef CONFIG_IOB_BUDGETS
	for (const struct iob_budget *b = iob_budgets.first; b != NULL && !any; b = b->next) {
		any = pool == &iob_pool && !wait_q_empty(&b->waiters);
	}
#endif
	level_set(pool, (pool->level & ~POOL_WAITING) | (any ? POOL_WAITING : 0));
}

/* ---- giving ---------------------------------------------------------------------------------- */

void iob_pool_give(struct iob_pool *pool, struct waiter *w, void *node, k_spinlock_key_t key)
{
	struct k_thread *thread;

	w->data = node;
	thread = waiter_finish(w, 0);
	note_waiters(pool);
	k_spin_unlock(&pool->lock, key);
	waiter_wake(thread);
}

/* Who of those that are not throttled gets @p node, out of its queue now; NULL: nobody. Locked. */
static struct waiter *next_served(struct iob_pool *pool, void *node)
{
#ifdef CONFIG_IOB_BUDGETS
	if (pool == &iob_pool) {
		return iob_budget_next_served(node);
	}
#endif
	ARG_UNUSED(node);
	return wait_q_take(&pool->waiters[0]);
}

void iob_pool_route(struct iob_pool *pool, void *node, k_spinlock_key_t key)
{
	struct waiter *w;

#ifdef CONFIG_IOB_BUDGETS
	if (pool == &iob_pool && iob_budget_keeps(node, key)) {
		return;
	}
#endif
	w = next_served(pool, node);
#if CONFIG_IOB_THROTTLE > 0
	if (w == NULL && (pool->level & ~POOL_WAITING) >= CONFIG_IOB_THROTTLE) {
		w = wait_q_take(&pool->waiters[THROTTLED]);
	}
#endif
	if (w != NULL) {
		iob_pool_give(pool, w, node, key);
		return;
	}
	push(pool, node);
	level_set(pool, pool->level + 1);
	note_waiters(pool);
#ifdef CONFIG_IOB_NOTIFIER
	if (pool == &iob_pool) {
		uint32_t level = pool->level & ~POOL_WAITING;

		k_spin_unlock(&pool->lock, key);
		iob_notifier_came_home(level - 1, level);
		return;
	}
#endif
	k_spin_unlock(&pool->lock, key);
}

/* ---- waiting --------------------------------------------------------------------------------- */

void *iob_pool_get(struct iob_pool *pool, bool throttled, int64_t deadline)
{
	k_spinlock_key_t key;
	struct waiter w = {.data = NULL};

	if (deadline != 0 && port_in_isr()) {
		deadline = 0;
	}
	if (deadline != 0) {
		waiter_init(&w, NULL);
		waiter_kind(&w, WAIT_FOR_ROOM);
	}
	key = k_spin_lock(&pool->lock);
	note_waiters(pool);
	if ((int32_t)(pool->level & ~POOL_WAITING) > floor_of(throttled)) {
		level_set(pool, pool->level - 1);
		w.data = pop(pool);
	} else if (deadline != 0) {
		level_set(pool, pool->level | POOL_WAITING);
		/* Who gives up leaves the queue, and with it all that says that it waited. */
		(void)wait_q_wait(&pool->waiters[throttled ? THROTTLED : 0], &w, &pool->lock, key,
				  deadline);
		return w.data;
	}
	k_spin_unlock(&pool->lock, key);
	return w.data;
}
