/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Budgets. What is kept for a budget and is at home counts in iob_budgets.kept, all else that is at home
 * in iob_pool.level; so who knows nothing of budgets never takes what is kept.
 */
#include "pool.h"

#include <zephyr/kernel/thread.h>

#include <errno.h>

struct iob_budgets iob_budgets;

/* Count @p iob for @p b. Locked. */
static void claim(struct iob_budget *b, struct iob_s *iob)
{
	iob_budgets.owners[index_of(iob)] = b;
	b->held++;
	b->peak = MAX(b->peak, b->held);
}

bool iob_budget_keeps(struct iob_s *iob, k_spinlock_key_t key)
{
	struct iob_budget **owner = &iob_budgets.owners[index_of(iob)];
	struct iob_budget *b = *owner;
	struct waiter *w;

	if (b == NULL) {
		return false;
	}
	*owner = NULL;
	b->held--;
	if (b->held >= b->reserve) {
		return false;
	}
	w = wait_q_take(&b->waiters);
	if (w != NULL) {
		claim(b, iob);
		iob_pool_give(&iob_pool, w, iob, key);
		return true;
	}
	push(&iob_pool, iob);
	iob_budgets.kept++;
	k_spin_unlock(&iob_pool.lock, key);
	return true;
}

struct waiter *iob_budget_next_served(struct iob_s *iob)
{
	struct wait_q *from = &iob_pool.waiters[0];
	struct waiter *best = wait_q_peek(from);
	struct iob_budget *winner = NULL;

	for (struct iob_budget *b = iob_budgets.first; b != NULL; b = b->next) {
		struct waiter *w = b->held < b->limit ? wait_q_peek(&b->waiters) : NULL;

		if (w != NULL && (best == NULL || k_thread_priority_get(w->thread) <
							  k_thread_priority_get(best->thread))) {
			best = w;
			from = &b->waiters;
			winner = b;
		}
	}
	if (best != NULL) {
		wait_q_remove(from, best);
	}
	if (winner != NULL) {
		claim(winner, iob);
	}
	return best;
}

int iob_budget_register(struct iob_budget *budget)
{
	struct iob_budget **end = &iob_budgets.first;
	k_spinlock_key_t key;
	uint32_t level;
	int ret = 0;

	if (budget == NULL || budget->limit == 0 || budget->limit < budget->reserve) {
		return -EINVAL;
	}
	key = k_spin_lock(&iob_pool.lock);
	level = iob_pool.level & ~POOL_WAITING;
	while (*end != NULL && *end != budget) {
		end = &(*end)->next;
	}
	if (*end == budget) {
		ret = -EALREADY;
	} else if (budget->reserve > level) {
		ret = -ENOMEM;
	} else {
		*end = budget;
		budget->registered = true;
		iob_budgets.kept += budget->reserve;
		/* Relaxed: read without the lock, by who may come too early anyway. */
		atomic32_store_relaxed(&iob_budgets.promised,
				       iob_budgets.promised + budget->reserve);
		level_set(&iob_pool, iob_pool.level - budget->reserve);
	}
	k_spin_unlock(&iob_pool.lock, key);
	return ret;
}

/* Take a buffer on @p b if that can be. Locked. */
static struct iob_s *take(struct iob_budget *b)
{
	struct iob_s *iob;

	if (b->held < b->reserve) {
		iob_budgets.kept--;
	} else if (b->held < b->limit && (iob_pool.level & ~POOL_WAITING) > 0) {
		level_set(&iob_pool, iob_pool.level - 1);
	} else {
		return NULL;
	}
	iob = pop(&iob_pool);
	claim(b, iob);
	return iob;
}

struct iob_s *iob_budget_alloc(struct iob_budget *budget, k_timeout_t timeout)
{
	k_spinlock_key_t key;
	struct iob_s *iob;
	struct waiter w;
	int64_t deadline;

	if (budget == NULL || !budget->registered) {
		iob_misuse("allocated on a budget that is not registered", NULL);
		return NULL;
	}
	key = k_spin_lock(&iob_pool.lock);
	iob = take(budget);
	if (iob != NULL) {
		k_spin_unlock(&iob_pool.lock, key);
		reset(iob);
		return iob;
	}
	if (!K_TIMEOUT_EQ(timeout, K_NO_WAIT) && !port_in_isr()) {
		deadline = sys_clock_deadline(timeout);
		waiter_init(&w, NULL);
		waiter_kind(&w, WAIT_FOR_ROOM);
		level_set(&iob_pool, iob_pool.level | POOL_WAITING);
		(void)wait_q_wait(&budget->waiters, &w, &iob_pool.lock, key, deadline);
		iob = w.data;
		if (iob != NULL) {
			reset(iob);
			return iob;
		}
		key = k_spin_lock(&iob_pool.lock);
	}
	budget->refused++;
	k_spin_unlock(&iob_pool.lock, key);
	iob_report("a budget has none", NULL);
	return NULL;
}

struct iob_budget *iob_budget_of(const struct iob_s *iob)
{
	struct iob_budget *owner = NULL;

	if (from_pool(iob)) {
		k_spinlock_key_t key = k_spin_lock(&iob_pool.lock);

		owner = iob_budgets.owners[index_of(iob)];
		k_spin_unlock(&iob_pool.lock, key);
	}
	return owner;
}

int iob_budget_get(struct iob_budget *budget, struct iob_budget_numbers *numbers)
{
	k_spinlock_key_t key;
	unsigned int kept;
	unsigned int more;

	if (budget == NULL || numbers == NULL) {
		return -EINVAL;
	}
	key = k_spin_lock(&iob_pool.lock);
	kept = budget->held < budget->reserve ? (unsigned int)(budget->reserve - budget->held) : 0;
	more = (unsigned int)(budget->limit - budget->held) - kept;
	*numbers = (struct iob_budget_numbers){
		.held = budget->held,
		.peak = budget->peak,
		.refused = budget->refused,
		.avail = budget->registered ? kept + MIN(more, iob_pool.level & ~POOL_WAITING) : 0,
	};
	k_spin_unlock(&iob_pool.lock, key);
	return 0;
}

struct iob_budget *iob_budget_next(const struct iob_budget *budget)
{
	k_spinlock_key_t key = k_spin_lock(&iob_pool.lock);
	struct iob_budget *next = budget != NULL ? budget->next : iob_budgets.first;

	k_spin_unlock(&iob_pool.lock, key);
	return next;
}
