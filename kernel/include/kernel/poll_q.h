/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What an object keeps for k_poll(): the events that wait on it. For the kernel, not applications.
 *
 * Context: any, with the object locked.   Blocks: never.   Cost: O(events on the object), unless it
 * says otherwise.
 */
#ifndef KERNEL_POLL_Q_H_
#define KERNEL_POLL_Q_H_

#include <zephyr/toolchain.h>

#ifdef __cplusplus
extern "C" {
#endif

struct k_poll_event;
struct waiter;

/** The events of k_poll() calls under way on an object; guarded by its lock. Zeroed is empty. */
struct poll_q {
	struct k_poll_event *first;
	struct k_poll_event *last;
};

#ifdef CONFIG_POLL

/** @return whether no event waits. Object locked. */
static inline bool poll_q_empty(const struct poll_q *q)
{
	return q->first == NULL;
}

/** What k_poll() wants of an object, besides knowing whether it is ready. */
enum poll_step {
	POLL_LOOK,   /**< nothing */
	POLL_ADD,    /**< tell the event when the object becomes ready; it is not now */
	POLL_REMOVE, /**< tell it no more */
};

/**
 * What an object of a part above the kernel begins with, so that k_poll() can wait for it
 * (K_POLL_TYPE_OBJECT). `poll` does @p step for @p event, as poll_q_step() says, under the object's
 * lock; @return whether it is ready.
 */
struct poll_object {
	bool (*poll)(struct poll_object *object, struct k_poll_event *event, enum poll_step step);
};

/** Do @p step for @p event; the object is @p ready or not. Object locked. */
void poll_q_step(struct poll_q *q, struct k_poll_event *event, enum poll_step step, bool ready);

/** Add @p event. Object locked. Cost: O(1). */
void poll_q_add(struct poll_q *q, struct k_poll_event *event);

/** Take @p event out if it is still in @p q. Object locked. Cost: O(events). */
void poll_q_remove(struct poll_q *q, struct k_poll_event *event);

/**
 * Tell the most urgent waiting thread (of equals the first) that the object is in @p state: its
 * event leaves @p q with that state. Events of threads that something else has woken meanwhile
 * are passed over. Object locked.
 * @return its waiter, linked to no other, for wait_q_wake_chain() once unlocked; NULL if there is
 * none.
 */
struct waiter *poll_q_signal(struct poll_q *q, uint32_t state);

#endif /* CONFIG_POLL */

#ifdef __cplusplus
}
#endif

#endif /* KERNEL_POLL_Q_H_ */
