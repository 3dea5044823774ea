/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A queue of nodes that live in the objects queued: many producers, and here many consumers as well.
 *
 * Under the name and with the calls of Zephyr's. That one is free of locks where threads run in
 * parallel, allows one consumer, and may find nothing while a push is half done; this one holds a
 * lock for a few instructions, and what was pushed can be popped.
 */
#ifndef ZEPHYR_SYS_MPSC_LOCKFREE_H_
#define ZEPHYR_SYS_MPSC_LOCKFREE_H_

#include <zephyr/spinlock.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The link of an object in a queue; its content means nothing outside of one. */
struct mpsc_node {
	struct mpsc_node *next;
};

/** A queue. Zeroed is empty. */
struct mpsc {
	struct k_spinlock lock;  /**< guards the rest */
	struct mpsc_node *first; /**< the oldest */
	struct mpsc_node *last;  /**< the newest; means nothing while first is NULL */
};

/** Initialiser of a queue. */
#define MPSC_INIT(symbol)                                                                          \
	{                                                                                          \
		{}, NULL, NULL                                                                     \
	}

/** Make @p q empty. Context: before anybody uses it. Blocks: no. Cost: constant. */
static inline void mpsc_init(struct mpsc *q)
{
	q->first = NULL;
	q->last = NULL;
}

/** Put @p n, which is in no queue, behind all others. Context: any. Cost: one short lock. */
static inline void mpsc_push(struct mpsc *q, struct mpsc_node *n)
{
	k_spinlock_key_t key = k_spin_lock(&q->lock);

	n->next = NULL;
	if (q->first == NULL) {
		q->first = n;
	} else {
		q->last->next = n;
	}
	q->last = n;
	k_spin_unlock(&q->lock, key);
}

/** Take the oldest node out. Context: any. Cost: one short lock. @return it, NULL if there is none. */
static inline struct mpsc_node *mpsc_pop(struct mpsc *q)
{
	k_spinlock_key_t key = k_spin_lock(&q->lock);
	struct mpsc_node *n = q->first;

	if (n != NULL) {
		q->first = n->next;
	}
	k_spin_unlock(&q->lock, key);
	return n;
}

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_SYS_MPSC_LOCKFREE_H_ */
