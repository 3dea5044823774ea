/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Timeouts: functions that are called when the clock has reached a deadline. What timers and delayed
 * work are made of. For the parts of this library, not for applications, and not there on Zephyr.
 *
 * The caller owns a `struct timeout_node` for each; there may be as many as it likes. Those pending
 * are a pairing heap (Fredman, Sedgewick, Sleator, Tarjan: "The pairing heap: a new form of
 * self-adjusting heap", 1986) that is linked through the nodes: adding costs O(1), taking out
 * O(log n) amortised. Only the first deadline is known to the port, which interrupts when it has come.
 *
 * An expiry function runs in interrupt context, on Linux on the port's interrupt thread, with no lock
 * held: it calls the API as any ISR does. Its node is not pending any more and is not touched after
 * the call, so it may add the node again, or give its memory away. Functions are called in the order
 * of their deadlines; of equal ones, in the order in which they were added.
 *
 * Programs that add no timeout have no code of this.
 */
#ifndef KERNEL_TIMEOUT_Q_H_
#define KERNEL_TIMEOUT_Q_H_

#include <zephyr/toolchain.h>

#ifdef __cplusplus
extern "C" {
#endif

struct timeout_node;

/** Called when @p node has expired. Context: ISR. Keep it short: other interrupts may wait for it. */
typedef void (*timeout_fn_t)(struct timeout_node *node);

/** One timeout. Zeroed is not pending. Everything in it is guarded by the queue's own lock. */
struct timeout_node {
	struct timeout_node *child;   /**< the first of those that come later */
	struct timeout_node *sibling; /**< the next child of the same node */
	struct timeout_node
		*prev;    /**< parent or previous sibling; the first: itself; NULL: not pending */
	timeout_fn_t fn;  /**< what is called */
	int64_t deadline; /**< the tick when; what it was if not pending */
	int64_t order;    /**< number of the timeout_q_add(): of equal deadlines, who is first */
};

/**
 * Have @p fn called with @p node at @p deadline (port.h), soon if that has passed. If @p node is
 * pending already, this takes the place of what it was pending for. With PORT_FOREVER it is not
 * pending then.
 *
 * Ownership: @p node must live until it has expired or timeout_q_abort_sync() has returned.
 * Context: any.   Blocks: no.   Cost: O(1), O(log n) amortised if it was pending; an alarm if it is first.
 * @return whether it was pending.
 */
bool timeout_q_add(struct timeout_node *node, timeout_fn_t fn, int64_t deadline);

/**
 * Take @p node out. Where threads are parallel its function may be running when this returns false.
 *
 * Context: any.   Blocks: no.   Cost: O(log n) amortised.
 * @return true if it was pending: its function is not called. false: it was not added, has expired,
 * or was taken out before.
 */
bool timeout_q_abort(struct timeout_node *node);

/**
 * timeout_q_abort() that also waits for the function of @p node if it is running elsewhere. On
 * return the node is not pending and nobody uses it, unless somebody adds it again.
 *
 * Called in an ISR, of which the function itself is one, it does not wait. The function must not
 * wait for anything the caller holds.
 *
 * Context: any.   Blocks: in a thread, as long as the function runs.
 * @return whether it was pending.
 */
bool timeout_q_abort_sync(struct timeout_node *node);

/**
 * Wait for the function of @p node if it is running elsewhere; @p node stays as it is. In an ISR it does
 * not wait.   Context: any.   Blocks: in a thread, as long as the function runs.   Cost: constant.
 */
void timeout_q_wait(struct timeout_node *node);

/**
 * Context: any.   Cost: constant.
 * @return whether @p node is pending, and then in *@p deadline (may be NULL) until when.
 */
bool timeout_q_pending(const struct timeout_node *node, int64_t *deadline);

#ifdef __cplusplus
}
#endif

#endif /* KERNEL_TIMEOUT_Q_H_ */
