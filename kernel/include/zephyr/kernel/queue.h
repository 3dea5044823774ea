/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Queues of any number of items, linked through the items themselves: k_queue, and on it k_fifo and
 * k_lifo.
 *
 * The first word of an item is the queue's while the item is in it. An item is aligned to at least
 * two bytes and is in one queue at a time. The calls named alloc take a small node from the kernel's
 * heap instead, so that their items need no such word.
 *
 * Unless something else is said. Context: any. Blocks: never. Cost: one short lock.
 */
#ifndef ZEPHYR_KERNEL_QUEUE_H_
#define ZEPHYR_KERNEL_QUEUE_H_

#include <zephyr/spinlock.h>
#include <zephyr/sys/slist.h>
#include <zephyr/sys/util.h>
#include <zephyr/sys_clock.h>
#include <kernel/poll_q.h>
#include <kernel/wait_q.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The first word of an item, or a node of its own for one item. */
struct z_queue_node;

/** A queue. Threads wait only while it is empty. Zeroed is empty. */
struct k_queue {
	struct k_spinlock lock;     /**< guards the rest */
	struct z_queue_node *first; /**< NULL if the queue is empty */
	struct z_queue_node *last;  /**< of use only if it is not */
	struct wait_q getters;      /**< who waits in k_queue_get() */
#ifdef CONFIG_POLL
	struct poll_q pollers; /**< who waits in k_poll() */
#endif
};

#define Z_QUEUE_INITIALIZER(obj)                                                                   \
	{                                                                                          \
		{}, NULL, NULL, {NULL, NULL}, IF_ENABLED(CONFIG_POLL, ({NULL, NULL}))              \
	}

/** Define an empty queue. RAM: the queue. */
#define K_QUEUE_DEFINE(name) struct k_queue name = Z_QUEUE_INITIALIZER(name)

/** Make @p queue empty. Context: before anybody uses it. Blocks: no. */
void k_queue_init(struct k_queue *queue);

/**
 * Put @p data at the end of @p queue, or at its front, or hand it to the thread that waits first.
 *
 * Ownership: the item is the queue's, then that of who gets it, perhaps before this returns.
 * Context: any.   Cost: one short lock; a system call only if somebody sleeps.
 */
void k_queue_append(struct k_queue *queue, void *data);
void k_queue_prepend(struct k_queue *queue, void *data);

/** As k_queue_append(), behind the item @p prev, which is in @p queue; NULL: at the front. */
void k_queue_insert(struct k_queue *queue, void *prev, void *data);

/**
 * As k_queue_append() and k_queue_prepend(), without touching the item.
 * @return 0, -ENOMEM if the kernel's heap has no room; nothing is put then.
 */
int32_t k_queue_alloc_append(struct k_queue *queue, void *data);
int32_t k_queue_alloc_prepend(struct k_queue *queue, void *data);

/**
 * Put several items at the end at once, linked by their first words, from @p head to @p tail. Who
 * waits gets the first of them, in order.
 *
 * Context: any.   Cost: one lock held for the threads that wait.
 * @return 0, -EINVAL if @p head or @p tail is NULL.
 */
int k_queue_append_list(struct k_queue *queue, void *head, void *tail);

/** The same with the nodes of @p list, which is empty afterwards. @return 0, -EINVAL if it was. */
int k_queue_merge_slist(struct k_queue *queue, sys_slist_t *list);

/**
 * Take the first item of @p queue.
 *
 * Context: thread; ISR with K_NO_WAIT.   Blocks: while empty, up to @p timeout.
 * Cost: one short lock.
 * @return the item; NULL if none came in time or k_queue_cancel_wait() was called.
 */
void *k_queue_get(struct k_queue *queue, k_timeout_t timeout);

/**
 * Take @p data out, wherever it is; not for items put by the alloc calls.
 * Context: any.   Cost: O(items), locked.   @return whether it was in @p queue.
 */
bool k_queue_remove(struct k_queue *queue, void *data);

/** k_queue_append() unless @p data is in @p queue. Cost: O(items), locked. @return whether not. */
bool k_queue_unique_append(struct k_queue *queue, void *data);

/** Have the thread that waits first get NULL; a k_poll() gets -EINTR. Context: any. */
void k_queue_cancel_wait(struct k_queue *queue);

/** @return whether there was no item at some moment of the call. Context: any. */
bool k_queue_is_empty(struct k_queue *queue);

/** @return the first, or last, item, left where it is; NULL if there is none. Context: any. */
void *k_queue_peek_head(struct k_queue *queue);
void *k_queue_peek_tail(struct k_queue *queue);

#ifdef CONFIG_POLL
/* For k_poll(). @return whether an item is there. */
bool z_queue_poll(struct k_queue *queue, struct k_poll_event *event, enum poll_step step);
#endif

/* ---- first in, first out -------------------------------------------------------------------- */

/** A queue whose calls put at the end. k_poll() takes it as K_POLL_TYPE_FIFO_DATA_AVAILABLE. */
struct k_fifo {
	struct k_queue _queue;
};

#define Z_FIFO_INITIALIZER(obj)                                                                    \
	{                                                                                          \
		Z_QUEUE_INITIALIZER((obj)._queue)                                                  \
	}

/** Define an empty fifo. RAM: the fifo. */
#define K_FIFO_DEFINE(name) struct k_fifo name = Z_FIFO_INITIALIZER(name)

/** k_queue_init() */
static inline void k_fifo_init(struct k_fifo *fifo)
{
	k_queue_init(&fifo->_queue);
}

/** k_queue_append() */
static inline void k_fifo_put(struct k_fifo *fifo, void *data)
{
	k_queue_append(&fifo->_queue, data);
}

/** k_queue_alloc_append() */
static inline int32_t k_fifo_alloc_put(struct k_fifo *fifo, void *data)
{
	return k_queue_alloc_append(&fifo->_queue, data);
}

/** k_queue_append_list() */
static inline int k_fifo_put_list(struct k_fifo *fifo, void *head, void *tail)
{
	return k_queue_append_list(&fifo->_queue, head, tail);
}

/** k_queue_merge_slist() */
static inline int k_fifo_put_slist(struct k_fifo *fifo, sys_slist_t *list)
{
	return k_queue_merge_slist(&fifo->_queue, list);
}

/** k_queue_get() */
static inline void *k_fifo_get(struct k_fifo *fifo, k_timeout_t timeout)
{
	return k_queue_get(&fifo->_queue, timeout);
}

/** k_queue_cancel_wait() */
static inline void k_fifo_cancel_wait(struct k_fifo *fifo)
{
	k_queue_cancel_wait(&fifo->_queue);
}

/** k_queue_is_empty() */
static inline bool k_fifo_is_empty(struct k_fifo *fifo)
{
	return k_queue_is_empty(&fifo->_queue);
}

/** k_queue_peek_head() */
static inline void *k_fifo_peek_head(struct k_fifo *fifo)
{
	return k_queue_peek_head(&fifo->_queue);
}

/** k_queue_peek_tail() */
static inline void *k_fifo_peek_tail(struct k_fifo *fifo)
{
	return k_queue_peek_tail(&fifo->_queue);
}

/* ---- last in, first out --------------------------------------------------------------------- */

/** A queue whose calls put at the front. */
struct k_lifo {
	struct k_queue _queue;
};

#define Z_LIFO_INITIALIZER(obj)                                                                    \
	{                                                                                          \
		Z_QUEUE_INITIALIZER((obj)._queue)                                                  \
	}

/** Define an empty lifo. RAM: the lifo. */
#define K_LIFO_DEFINE(name) struct k_lifo name = Z_LIFO_INITIALIZER(name)

/** k_queue_init() */
static inline void k_lifo_init(struct k_lifo *lifo)
{
	k_queue_init(&lifo->_queue);
}

/** k_queue_prepend() */
static inline void k_lifo_put(struct k_lifo *lifo, void *data)
{
	k_queue_prepend(&lifo->_queue, data);
}

/** k_queue_alloc_prepend() */
static inline int32_t k_lifo_alloc_put(struct k_lifo *lifo, void *data)
{
	return k_queue_alloc_prepend(&lifo->_queue, data);
}

/** k_queue_get() */
static inline void *k_lifo_get(struct k_lifo *lifo, k_timeout_t timeout)
{
	return k_queue_get(&lifo->_queue, timeout);
}

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_KERNEL_QUEUE_H_ */
