/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Work: functions that run later, in a thread, one after the other.
 *
 * An interrupt, or anybody who has no time, submits a work item to a queue; the queue's thread calls
 * the item's handler. Delayable work is submitted by itself after a delay. There is a queue for
 * everybody, the system work queue k_sys_work_q; a program without k_work_submit() and its like does
 * not have it.
 *
 * Without CONFIG_MULTITHREADING a queue is served where the main loop says: k_work_queue_run() serves
 * it for ever, asleep while there is nothing to do; work_queue_process() (kernel/work_queue.h) serves
 * what there is and returns. The system work queue takes items from start-up on, and needs one of the
 * two; a program that does nothing else then ends main() with
 *
 * @code
 * k_work_queue_run(&k_sys_work_q, NULL);
 * @endcode
 *
 * An item is in several states at once: delayed, queued, running, canceling (being taken back). It
 * runs in one queue at a time and is never entered twice: submitted while it runs, it runs again
 * afterwards, in the same queue. Items belong to their users, who may use the memory for something
 * else when the item is idle and the sync call that waited for that has returned.
 *
 * Unless something else is said. Context: any. Blocks: never. Cost: one short lock.
 * Sizes of stacks are in bytes.
 */
#ifndef ZEPHYR_KERNEL_WORK_H_
#define ZEPHYR_KERNEL_WORK_H_

#include <zephyr/kernel/thread.h>
#include <zephyr/sys/dlist.h>
#include <zephyr/sys/util.h>
#include <zephyr/sys_clock.h>
#include <kernel/timeout_q.h>
#include <kernel/wait_q.h>

#ifdef __cplusplus
extern "C" {
#endif

struct k_work;
struct k_work_q;

/** What an item does. Context: the thread that serves its queue; it may wait, and make any call. */
typedef void (*k_work_handler_t)(struct k_work *work);

enum {
	/** States of an item, as k_work_busy_get() tells them. */
	K_WORK_RUNNING = BIT(0),   /**< its handler runs */
	K_WORK_CANCELING = BIT(1), /**< it is canceled, and its handler still runs */
	K_WORK_QUEUED = BIT(2),    /**< it is in a queue */
	K_WORK_DELAYED = BIT(3),   /**< it will be in a queue after a delay */
	K_WORK_FLUSHING = BIT(4),  /**< somebody waits in k_work_flush() for it */
	K_WORK_MASK = 0x1f,        /**< all of them */

	/** States of a queue. */
	K_WORK_QUEUE_STARTED = BIT(0), /**< it takes items */
	K_WORK_QUEUE_BUSY = BIT(1),    /**< a handler runs */
	K_WORK_QUEUE_DRAIN = BIT(2),   /**< somebody waits for it to be empty */
	K_WORK_QUEUE_PLUGGED = BIT(3), /**< it takes no items */
	K_WORK_QUEUE_STOP = BIT(4),    /**< it is to end */
	K_WORK_QUEUE_ESSENTIAL = BIT(8),
	K_WORK_QUEUE_NO_YIELD = BIT(9),
};

/** An item. Everything in it is guarded by the one lock of all work. Applications use the calls. */
struct k_work {
	sys_dnode_t node;         /**< in its queue */
	k_work_handler_t handler; /**< as initialised */
	struct k_work_q *queue;   /**< to which it was submitted last */
	uint32_t flags;           /**< K_WORK_ */
};

/** An item that can be submitted after a delay. Applications use its `work`, for a handler's argument. */
struct k_work_delayable {
	struct k_work work;
	struct timeout_node timeout; /**< pending while it is delayed */
	struct k_work_q *queue;      /**< to which it goes then */
};

/** What a call that waits needs; the caller's, until the call returns. */
struct k_work_sync {
	struct k_work *work; /**< waited for */
	uint32_t runs;       /**< how many more of its runs; 0: for the end of its cancellation */
};

/** Settings of a queue; they need not live on. */
struct k_work_queue_config {
	const char *name; /**< of its thread; may be NULL */
	bool no_yield;  /**< do not let other threads run between items (CONFIG_PORT_SCHED_FIFO) */
	bool essential; /**< it cannot be stopped */
};

/** A queue. Zeroed is one that has not been started. Guarded by the one lock of all work. */
struct k_work_q {
#ifdef CONFIG_MULTITHREADING
	struct k_thread thread; /**< of k_work_queue_start() */
#endif
	k_tid_t thread_id;    /**< who serves it; NULL: nobody */
	sys_dlist_t pending;  /**< items, in the order in which they came; valid once started */
	struct wait_q idle;   /**< who serves it, while there is nothing to do */
	struct wait_q drains; /**< who waits for it to be empty, or to end */
	uint32_t flags;       /**< K_WORK_QUEUE_ */
};

/** The queue for everybody. */
extern struct k_work_q k_sys_work_q;

/* ---- items ---------------------------------------------------------------------------------- */

#define Z_WORK_INITIALIZER(work_handler)                                                           \
	{                                                                                          \
		{{NULL}, {NULL}}, (work_handler), NULL, 0                                          \
	}

/** Define an item. RAM: the item. */
#define K_WORK_DEFINE(work, work_handler) struct k_work work = Z_WORK_INITIALIZER(work_handler)

/** Make @p work an idle item. Context: while nobody else uses it. Blocks: no. */
void k_work_init(struct k_work *work, k_work_handler_t handler);

/** @return the states of @p work, 0 if it is idle, at some moment of the call. Context: any. */
int k_work_busy_get(const struct k_work *work);

/** @return whether it is not idle. Context: any. */
static inline bool k_work_is_pending(const struct k_work *work)
{
	return k_work_busy_get(work) != 0;
}

/**
 * Put @p work at the end of @p queue; NULL: of the queue in which it was last. One that is queued
 * stays where it is; one that runs goes to the queue that it runs in.
 *
 * Context: any.   Blocks: no.   Cost: one short lock; a system call only if the queue's thread sleeps.
 * @return 1 if it is queued now, 2 if so while it runs, 0 if it was queued before; -EBUSY if it is
 * being canceled or the queue drains or is plugged, -EINVAL without a queue or a handler, -ENODEV if the
 * queue has not been started.
 */
int k_work_submit_to_queue(struct k_work_q *queue, struct k_work *work);

/** k_work_submit_to_queue() of the system work queue. */
int k_work_submit(struct k_work *work);

/**
 * Wait until the last submission of @p work has run, or has been canceled. Called where @p work's queue
 * is served (in another handler, or in a main loop) this serves the queue itself meanwhile. From its
 * own handler an assertion fails, and it does not wait.
 *
 * Context: thread.   Blocks: until then.   @return whether it was queued or running.
 */
bool k_work_flush(struct k_work *work, struct k_work_sync *sync);

/**
 * Take @p work out of its queue. If its handler runs, it goes on, and @p work cannot be submitted
 * until it has ended.
 * Context: any.   Blocks: no.   @return the states that are left; 0: it is idle.
 */
int k_work_cancel(struct k_work *work);

/**
 * k_work_cancel() that waits for the handler. On return @p work is idle unless somebody has submitted it
 * since. From its own handler an assertion fails, and it does not wait.
 *
 * Context: thread.   Blocks: as long as its handler runs.   @return whether it was not idle.
 */
bool k_work_cancel_sync(struct k_work *work, struct k_work_sync *sync);

/* ---- delayable items ------------------------------------------------------------------------ */

#define Z_WORK_DELAYABLE_INITIALIZER(work_handler)                                                 \
	{                                                                                          \
		Z_WORK_INITIALIZER(work_handler), {NULL, NULL, NULL, NULL, 0, 0}, NULL             \
	}

/** Define a delayable item. RAM: the item. */
#define K_WORK_DELAYABLE_DEFINE(work, work_handler)                                                \
	struct k_work_delayable work = Z_WORK_DELAYABLE_INITIALIZER(work_handler)

/** Make @p dwork an idle delayable item. Context: while nobody else uses it. Blocks: no. */
void k_work_init_delayable(struct k_work_delayable *dwork, k_work_handler_t handler);

/** @return the delayable item whose handler was given @p work. */
static inline struct k_work_delayable *k_work_delayable_from_work(struct k_work *work)
{
	return CONTAINER_OF(work, struct k_work_delayable, work);
}

/** As k_work_busy_get(). */
static inline int k_work_delayable_busy_get(const struct k_work_delayable *dwork)
{
	return k_work_busy_get(&dwork->work);
}

/** As k_work_is_pending(). */
static inline bool k_work_delayable_is_pending(const struct k_work_delayable *dwork)
{
	return k_work_delayable_busy_get(dwork) != 0;
}

/** @return the tick at which @p dwork will be submitted; now, if it is not delayed. Context: any. */
k_ticks_t k_work_delayable_expires_get(const struct k_work_delayable *dwork);

/** @return ticks until then; 0, if it is not delayed. Context: any. */
k_ticks_t k_work_delayable_remaining_get(const struct k_work_delayable *dwork);

/**
 * Submit @p dwork to @p queue after @p delay, unless it is delayed or queued already. A submission
 * that the queue refuses when the time has come (drained, plugged, stopped) is lost.
 *
 * Context: any.   Blocks: no.   Cost: one short lock, timeout_q_add().
 * @return 1 if that is under way, 0 if it was delayed or queued before; with K_NO_WAIT as
 * k_work_submit_to_queue(); -EINVAL if @p queue is NULL and it never was in one.
 */
int k_work_schedule_for_queue(struct k_work_q *queue, struct k_work_delayable *dwork,
			      k_timeout_t delay);

/** The same with the system work queue. */
int k_work_schedule(struct k_work_delayable *dwork, k_timeout_t delay);

/**
 * Submit @p dwork to @p queue after @p delay from now, whatever it is doing: a delay under way ends
 * unnoticed. What is queued stays queued, and is submitted once more.
 *
 * Context: any.   Blocks: no.
 * @return 1 if that is under way; with K_NO_WAIT as k_work_submit_to_queue(); -EINVAL if @p queue is NULL
 * and it never was in one.
 */
int k_work_reschedule_for_queue(struct k_work_q *queue, struct k_work_delayable *dwork,
				k_timeout_t delay);

/** The same with the system work queue. */
int k_work_reschedule(struct k_work_delayable *dwork, k_timeout_t delay);

/** k_work_flush(); what is delayed is submitted now. */
bool k_work_flush_delayable(struct k_work_delayable *dwork, struct k_work_sync *sync);

/** k_work_cancel(), of a delay too. One that is canceling can be rescheduled, but not be submitted. */
int k_work_cancel_delayable(struct k_work_delayable *dwork);

/** k_work_cancel_sync(), of a delay too. */
bool k_work_cancel_delayable_sync(struct k_work_delayable *dwork, struct k_work_sync *sync);

/* ---- queues --------------------------------------------------------------------------------- */

/** Make @p queue one that has not been started; zeroed memory is one already. */
void k_work_queue_init(struct k_work_q *queue);

/**
 * Start @p queue with a thread of its own. It takes items from now on. If the system has no room for a
 * thread, it does not.
 *
 * Without CONFIG_MULTITHREADING it takes items, and the main loop serves it. @p cfg may be NULL.
 * Ownership: @p queue and @p stack live until the queue has been stopped.
 * Context: thread.   Blocks: no.
 */
void k_work_queue_start(struct k_work_q *queue, k_thread_stack_t *stack, size_t stack_size,
			int prio, const struct k_work_queue_config *cfg);

/**
 * Serve @p queue in the calling thread, for ever or until k_work_queue_stop(). @p cfg may be NULL.
 * Context: thread. With threads, a queue that has not been started.   Blocks: until then.
 */
void k_work_queue_run(struct k_work_q *queue, const struct k_work_queue_config *cfg);

/** @return the thread that serves @p queue. */
static inline k_tid_t k_work_queue_thread_get(struct k_work_q *queue)
{
	return queue->thread_id;
}

/**
 * Wait until @p queue is empty. Meanwhile only its own handlers can submit to it; with @p plug, nobody can
 * afterwards, until k_work_queue_unplug(). Delayed items are not in it yet.
 *
 * Context: thread, not in a handler of it.   Blocks: until then.
 * @return 1 if it had to wait, which with @p plug it always does; 0 if not; -ENODEV if the queue has not
 * been started, -EDEADLK in a handler of it, -EBUSY in an ISR.
 */
int k_work_queue_drain(struct k_work_q *queue, bool plug);

/** Let @p queue take items again. Context: any. @return 0, -EALREADY if it does. */
int k_work_queue_unplug(struct k_work_q *queue);

/**
 * End the thread of @p queue, or its k_work_queue_run(), once it is idle. It can be started again then.
 *
 * Context: thread, not in a handler of it.   Blocks: up to @p timeout.
 * @return 0; -EALREADY if it has not been started, -EBUSY if it is not plugged (k_work_queue_drain()),
 * -ENOTSUP if it is essential, -EDEADLK in a handler of it, -ETIMEDOUT if it has not ended in time and
 * goes on.
 */
int k_work_queue_stop(struct k_work_q *queue, k_timeout_t timeout);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_KERNEL_WORK_H_ */
