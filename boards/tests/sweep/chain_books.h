/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The books about I/O buffers. The bytes of each chain count up from its first one, so that it can be
 * seen whether it is whole.
 */
#ifndef CHAIN_BOOKS_H_
#define CHAIN_BOOKS_H_

#include <nuttx/mm/iob.h>
#include <iob/budget.h>

#include "operations.h"

#define CHAINS_HELD 8  /* chains that a party has at most */
#define CHAIN_BYTES 15 /* of a chain of three buffers */

/** A chain, and what is in it. */
struct held {
	struct iob_s *iob;
	uint8_t first; /**< its first byte, if it has any */
	uint16_t len;
};

/** What one party has done and holds. */
struct chain_book {
	struct held held[CHAINS_HELD];
	uint32_t count;         /**< of them */
	uint32_t added;         /**< chains it has put into queues */
	uint32_t added_bytes;   /**< and all that is in them */
	uint32_t removed;       /**< chains it has taken out of the queue */
	uint32_t removed_bytes; /**< and bytes, from chains that stayed, too */
	uint32_t refused;       /**< times that its budget had none */
	uint32_t ran;           /**< workers that ran in its context */
	uint32_t setups;        /**< workers that it has set up */
	uint32_t disarmed;      /**< times it ran workers, or called one off */
	uint32_t called_off;    /**< times it called one off */
	uint32_t external;      /**< buffers that are not the pool's and came back in its context */
	int key;                /**< of a worker that it set up; 0: none */
};

extern struct chain_book chain_books[PARTIES];
extern struct iob_queue_s chain_queue;
extern struct iob_queue_s chain_other; /* its chains are empty buffers */
extern struct iob_s *chain_hoard;      /* what nobody may have, in a chain */
extern struct iob_s *chain_marked;     /* in the queue, to be taken from its middle */
extern bool chain_marked_gone;         /* it has been, or will be at once */
extern bool chain_queue_freed;         /* all that was in it has gone at once */
extern uint32_t chain_level;           /* buffers at home that anybody could have, at first */
extern uint32_t chain_armed;           /* who waited to be told, at first */
#ifdef CONFIG_IOB_BUDGETS
extern struct iob_budget chain_budget;
#endif
#ifdef CONFIG_IOB_ALLOC
extern struct iob_s chain_external[PARTIES];
extern uint32_t chain_external_out; /* how many are in chains, at first */
#endif

/** Bytes that count up from @p first. */
const uint8_t *chain_bytes(uint32_t first);

static inline struct chain_book *chain_book_of(const struct account *a)
{
	return &chain_books[a - accounts];
}

/** A worker of the notifier. */
void chain_worker(void *unused);

/* Operations that scenes are made with. */
void chain_enter(struct account *a, struct iob_s *iob);
void chain_make(struct account *a, uint8_t first, uint32_t len);
void chain_add(struct account *a);
void chain_budget_alloc(struct account *a);

/* These do for their world what worlds.h says. */
void chain_init(void);
void chain_prepare(const struct scene *scene, const struct scene *main, const struct scene *isr);
const char *chain_fault(void);
bool chain_settle(void);
void chain_outcome(struct outcome *outcome);

#endif /* CHAIN_BOOKS_H_ */
