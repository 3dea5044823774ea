/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Wait queues: what everything that blocks is made of. For the parts of this library, not for
 * applications, and not there on Zephyr.
 *
 * A thread that must wait puts a `struct waiter` from its own stack into the object's queue, under
 * the object's lock, lets go of the lock and parks. Whoever has something for it takes the waiter
 * out, under the lock, stores the result in it, lets go of the lock and wakes the thread:
 *
 *     waiting thread                          waking thread or ISR
 *     lock; wait_q_add(q, &w); unlock         lock; w = wait_q_take(q);
 *     waiter_park(&w, deadline)               t = waiter_finish(w, result); unlock
 *                                             waiter_wake(t)
 *
 * Between take and wake the waiter belongs to the waker; it stays on its thread's stack because
 * that thread does not return before it has taken the token that waiter_wake() leaves. A waiter
 * whose deadline passes takes itself out under the same lock, so one side wins, once.
 *
 * Context: any, with the object locked or not as each function says; what parks: threads.
 * Blocks: what parks, until it is woken or its deadline; the others never.   Cost: constant, unless
 * it says otherwise.
 */
#ifndef KERNEL_WAIT_Q_H_
#define KERNEL_WAIT_Q_H_

#include <zephyr/spinlock.h>
#include <zephyr/sys_clock.h>

#ifdef __cplusplus
extern "C" {
#endif

struct k_thread;

/** One waiting thread; lives on its stack while it waits. */
struct waiter {
	struct waiter *next; /**< in the queue; guarded by the object's lock */
	struct waiter *prev;
	struct k_thread *thread; /**< who waits */
	void *data;              /**< what the object keeps for it: where a message goes, say */
	int result;              /**< what the wait returns; written by the waker */
	uint32_t taken;          /**< 1 once a waker has it, or its thread has given up */
#ifdef CONFIG_MULTITHREADING
	uint32_t kind; /**< enum wait_kind */
#endif
};

/** What a thread waits for: in which of these it ends when it is asked to (kernel/restart.h). */
enum wait_kind {
	WAIT_FOR_CHANCE,  /**< time, or something that comes: it has nothing to lose */
	WAIT_FOR_MESSAGE, /**< the same, of something that others may still have for it */
	WAIT_FOR_ROOM,    /**< memory, a place, the end of something: it has things in its hands */
};

/** The waiting threads of an object, guarded by the object's lock. Zeroed is empty. */
struct wait_q {
	struct waiter *first;
	struct waiter *last;
};

/** @return whether nobody waits. Object locked. */
static inline bool wait_q_empty(const struct wait_q *q)
{
	return q->first == NULL;
}

/** Make @p w a waiter of the calling thread. */
void waiter_init(struct waiter *w, void *data);

/** Say that @p w, initialised, waits for something of @p kind; without: WAIT_FOR_CHANCE. */
static inline void waiter_kind(struct waiter *w, enum wait_kind kind)
{
#ifdef CONFIG_MULTITHREADING
	w->kind = kind;
#else
	(void)w;
	(void)kind;
#endif
}

/** Put @p w at the end of @p q. Object locked. Cost: O(1). */
void wait_q_add(struct wait_q *q, struct waiter *w);

/** Take @p w out of @p q, in which it is. Object locked. Cost: O(1). */
void wait_q_remove(struct wait_q *q, struct waiter *w);

/** @return the waiter that is served first: the most urgent, of those the first. Object locked. */
struct waiter *wait_q_peek(const struct wait_q *q);

/** Take that waiter out. Object locked. Cost: O(waiters). @return it; NULL if nobody waits. */
struct waiter *wait_q_take(struct wait_q *q);

/**
 * Store @p result in a waiter that wait_q_take() gave. Object locked; @p w must not be touched
 * after the lock is released.   @return the thread to hand to waiter_wake().
 */
struct k_thread *waiter_finish(struct waiter *w, int result);

/** Wake a thread whose waiter was finished. Object not locked. Context: any. */
void waiter_wake(struct k_thread *thread);

/**
 * For a waiter in no queue, which several objects may finish, each under a lock of its own (k_poll):
 * the first to claim it has it, and it is that one who calls waiter_wake(). The waiting thread, when
 * it gives up, claims its waiter too.
 *
 * Context: any.   @return whether it was the first.
 */
bool waiter_claim(struct waiter *w);

/**
 * Sleep until @p w has been finished and woken, or @p deadline. Object not locked.
 * @return true if woken: w->result is the answer. false: the deadline passed, or the thread is
 * being aborted or ends here; call waiter_cancel() under the lock.
 */
bool waiter_park(struct waiter *w, int64_t deadline);

#ifdef CONFIG_PORT_POSIX
struct port_sleep;

/**
 * waiter_park() by port_park_in(): once, in the way that @p sleep says. Object not locked.
 * @return 1 if woken: w->result is the answer. 0: not, and waiter_cancel() is to be called under the
 * lock; something else has ended the sleep, or @p deadline, or the thread ends here. -ENOTSUP: the
 * same, and it cannot sleep in this way.
 */
int waiter_park_in(struct waiter *w, struct port_sleep *sleep, int64_t deadline);
#endif

/**
 * Give up waiting, after waiter_park() returned false. Object locked.
 * @return true if @p w was still in @p q and is out now; false if a waker has it: call
 * waiter_park() with PORT_FOREVER once more, unlocked, for the answer.
 */
bool waiter_cancel(struct wait_q *q, struct waiter *w);

/** Leave the calling thread if it ends here. Nothing locked, after a wait was cancelled. */
void thread_abort_point(void);

/**
 * The whole wait for an object with one lock, held on entry and not on return.
 * @return what the waker stored, or -EAGAIN if @p deadline came first.
 */
int wait_q_wait(struct wait_q *q, struct waiter *w, struct k_spinlock *lock, k_spinlock_key_t key,
		int64_t deadline);

/**
 * Finish and wake the first waiter, if there is one. Object locked on entry, not on return.
 * @return whether somebody was woken.
 */
bool wait_q_wake_first(struct wait_q *q, int result, struct k_spinlock *lock, k_spinlock_key_t key);

/**
 * Take all waiters out and finish them. Object locked. Cost: O(waiters).
 * @return the first of a chain for wait_q_wake_chain().
 */
struct waiter *wait_q_finish_all(struct wait_q *q, int result);

/** Wake finished waiters that are linked by `next`. Object not locked. Context: any. */
void wait_q_wake_chain(struct waiter *first);

/** Finish and wake all waiters. Object locked on entry, not on return. */
void wait_q_wake_all(struct wait_q *q, int result, struct k_spinlock *lock, k_spinlock_key_t key);

/**
 * @return whether a call with @p timeout may block here: not with K_NO_WAIT, and not in an ISR,
 * where asking for it is a fault that an assertion reports.
 */
bool wait_allowed(k_timeout_t timeout);

#ifdef __cplusplus
}
#endif

#endif /* KERNEL_WAIT_Q_H_ */
