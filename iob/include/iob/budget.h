/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Budgets: named users of the pool, each with buffers that are kept for it and a most that it holds.
 * They say what a throttle cannot: several users, none of which can starve another. With
 * CONFIG_IOB_BUDGETS.
 *
 * A budget first gets the buffers kept for it, then, up to its limit, what is left of the pool after
 * all that is kept. iob_alloc() and all that use it get of that only. A buffer knows its budget until
 * it is freed, by whomever.
 *
 * Unless something else is said. Context: any. Blocks: never. Cost: constant.
 */
#ifndef IOB_BUDGET_H_
#define IOB_BUDGET_H_

#include <nuttx/mm/iob.h>

#include <kernel/wait_q.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifdef CONFIG_IOB_BUDGETS

/** One user of the pool. Read its numbers with iob_budget_get(). */
struct iob_budget {
	const char *name;
	uint16_t reserve;        /**< buffers kept for it */
	uint16_t limit;          /**< most that it may hold */
	uint16_t held;           /**< holds now; guarded by the pool's lock, as all that follow */
	uint16_t peak;           /**< held at most */
	uint32_t refused;        /**< allocations that got nothing, in time */
	bool registered;         /**< buffers are kept for it */
	struct wait_q waiters;   /**< threads that wait for a buffer of it */
	struct iob_budget *next; /**< registered after it */
};

/** Define a budget: RAM, and not registered. */
#define IOB_BUDGET_DEFINE(_name, _reserve, _limit)                                                 \
	struct iob_budget _name = {                                                                \
		#_name, (_reserve), (_limit), 0, 0, 0, false, {NULL, NULL}, NULL,               \
	}

/** What a budget holds and held. */
struct iob_budget_numbers {
	unsigned int held;    /**< buffers it holds now */
	unsigned int peak;    /**< most it ever held */
	unsigned int refused; /**< allocations that got nothing, in time */
	unsigned int avail;   /**< that it could get now */
};

/**
 * Keep its buffers for @p budget from now on.
 *
 * Ownership: @p budget stays registered for good.   Context: any.   Cost: O(budgets).
 * @return 0; -ENOMEM if so many buffers are not free; -EALREADY if it is
 * registered; -EINVAL if it is NULL or its limit is below its reserve or 0.
 */
int iob_budget_register(struct iob_budget *budget);

/**
 * Get a buffer on @p budget, empty, waiting up to @p timeout. Who waits is served before throttled
 * users, and among the others in the order of priority.
 *
 * Ownership: the buffer is the caller's, and counts until it is freed.
 * Context: thread; ISR with K_NO_WAIT.   Blocks: up to @p timeout.   Cost: constant.
 * @return the buffer; NULL if none could be had in time, or @p budget is not registered.
 */
struct iob_s *iob_budget_alloc(struct iob_budget *budget, k_timeout_t timeout);

/** @return whose buffer @p iob is, NULL if of no budget. The caller has the buffer. */
struct iob_budget *iob_budget_of(const struct iob_s *iob);

/** The numbers of @p budget into *@p numbers. @return 0, -EINVAL for NULL. */
int iob_budget_get(struct iob_budget *budget, struct iob_budget_numbers *numbers);

/** @return the budget registered after @p budget, or the first for NULL; NULL behind the last. */
struct iob_budget *iob_budget_next(const struct iob_budget *budget);

#endif /* CONFIG_IOB_BUDGETS */

#ifdef __cplusplus
}
#endif

#endif /* IOB_BUDGET_H_ */
