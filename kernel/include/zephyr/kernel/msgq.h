/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Message queues: a ring of messages of one size, copied in and out.
 *
 * Where threads run in parallel, producers and consumers have a lock each and touch cache lines of
 * their own, so that a stream between two cores costs one line for the message and one for an
 * index. (Two locks, one for each end, are Michael and Scott's, "Simple, Fast, and Practical
 * Non-Blocking and Blocking Concurrent Queue Algorithms", 1996.)
 *
 * Unless something else is said. Context: any. Blocks: never. Cost: one short lock, held for one
 * copy.
 */
#ifndef ZEPHYR_KERNEL_MSGQ_H_
#define ZEPHYR_KERNEL_MSGQ_H_

#include <zephyr/kernel/thread.h>
#include <kernel/poll_q.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Keeps what lies on either side of it in different cache lines. Not by alignment: a queue may lie in
 * memory from malloc().
 */
#ifdef CONFIG_SMP
#define Z_MSGQ_GAP(name) char name[PORT_CACHE_LINE];
#else
#define Z_MSGQ_GAP(name)
#endif

/** One end of the ring. */
struct z_msgq_end {
	struct k_spinlock lock; /**< guards this end */
	uint32_t count;         /**< messages ever put, or taken, here; wraps */
#ifdef CONFIG_SMP
	uint32_t other_seen; /**< the other end's count when last looked at */
#endif
	char *ptr; /**< the slot this end uses next */
};

/** A message queue. Applications use msg_size and max_msgs, read only. */
struct k_msgq {
	size_t msg_size;       /**< bytes of a message */
	uint32_t max_msgs;     /**< messages that fit */
	char *buffer_start;    /**< the ring */
	char *buffer_end;      /**< one past it */
	uint32_t flags;        /**< K_MSGQ_FLAG_ALLOC */
	uint32_t waiting;      /**< Z_MSGQ_WAITING_; guarded by both locks */
	struct wait_q getters; /**< wait for a message; guarded by both locks */
	struct wait_q putters; /**< wait for room; guarded by both locks */
#ifdef CONFIG_POLL
	struct poll_q pollers; /**< wait in k_poll(); guarded by both locks */
#endif
#ifdef CONFIG_MSGQ_FD
	uint32_t
		event; /**< 1 + the descriptor of <kernel/msgq_fd.h>, or 0; guarded by both locks */
#endif
	Z_MSGQ_GAP(gap)
	struct z_msgq_end put; /**< producers */
	Z_MSGQ_GAP(gap2)
	struct z_msgq_end get; /**< consumers; where both locks are needed, taken first */
};

#define K_MSGQ_FLAG_ALLOC BIT(0)

/* Who must go the long way: everybody, as a list is not empty; who takes, as a descriptor is readable. */
#define Z_MSGQ_WAITING_ALL 1U
#define Z_MSGQ_WAITING_GET 2U

struct k_msgq_attrs {
	size_t msg_size;
	uint32_t max_msgs;
	uint32_t used_msgs;
};

#define Z_MSGQ_END(buffer)                                                                         \
	{                                                                                          \
		.lock = {}, .count = 0, IF_ENABLED(CONFIG_SMP, (.other_seen = 0, )).ptr = (buffer) \
	}

#define Z_MSGQ_INITIALIZER(obj, buffer, size, max)                                                 \
	{                                                                                          \
		.msg_size = (size), .max_msgs = (max), .buffer_start = (buffer),                   \
		.buffer_end = (buffer) + (size_t)(max) * (size), .flags = 0, .waiting = 0,         \
		.getters = {NULL, NULL}, .putters = {NULL, NULL},                                  \
		IF_ENABLED(CONFIG_POLL, (.pollers = {NULL, NULL}, ))                               \
		IF_ENABLED(CONFIG_MSGQ_FD, (.event = 0, ))                                         \
		IF_ENABLED(CONFIG_SMP, (.gap = {0}, ))                                             \
		.put = Z_MSGQ_END(buffer),                                                         \
		IF_ENABLED(CONFIG_SMP, (.gap2 = {0}, ))                                            \
		.get = Z_MSGQ_END(buffer),                                                         \
	}

/**
 * Define a message queue for @p max messages of @p size bytes, the ring aligned to @p align.
 * RAM: the queue and max * size bytes.
 */
#define K_MSGQ_DEFINE(name, size, max, align)                                                      \
	static char __noinit __aligned(align) _k_fifo_buf_##name[(max) * (size)];                  \
	struct k_msgq name = Z_MSGQ_INITIALIZER(name, _k_fifo_buf_##name, size, max)

/**
 * Make @p msgq an empty queue over the caller's @p buffer of @p max_msgs * @p msg_size bytes, which
 * must live as long as the queue is used. Context: thread, before anybody uses it. Blocks: no.
 */
void k_msgq_init(struct k_msgq *msgq, char *buffer, size_t msg_size, uint32_t max_msgs);

/**
 * The same with a ring from the kernel's heap.
 * @return 0, -ENOMEM, -EINVAL if the size does not fit a size_t or is 0.
 */
int k_msgq_alloc_init(struct k_msgq *msgq, size_t msg_size, uint32_t max_msgs);

/** Give that ring back. @return 0, -EBUSY while somebody waits on the queue. */
int k_msgq_cleanup(struct k_msgq *msgq);

/**
 * Copy the message at @p data to the end of the queue, or straight to the thread that waits first.
 *
 * Context: thread; ISR with K_NO_WAIT.   Blocks: while full, up to @p timeout.
 * Cost: O(1), one lock held for one copy; no system call while nobody sleeps.
 * @return 0, -ENOMSG if full and not waiting, or purged while waiting, -EAGAIN after @p timeout.
 */
int k_msgq_put(struct k_msgq *msgq, const void *data, k_timeout_t timeout);

/** As k_msgq_put(), before the first message, and never waiting. @return 0, -ENOMSG if full. */
int k_msgq_put_front(struct k_msgq *msgq, const void *data);

/**
 * Take the first message.
 *
 * Context: thread; ISR with K_NO_WAIT.   Blocks: while empty, up to @p timeout.
 * Cost: as k_msgq_put().
 * @return 0, -ENOMSG if empty and not waiting, -EAGAIN after @p timeout.
 */
int k_msgq_get(struct k_msgq *msgq, void *data, k_timeout_t timeout);

/** Copy the first message and leave it. Context: any. @return 0, -ENOMSG if empty. */
int k_msgq_peek(struct k_msgq *msgq, void *data);

/** Copy message number @p idx (0: the first) and leave it. @return 0, -ENOMSG if there is none. */
int k_msgq_peek_at(struct k_msgq *msgq, void *data, uint32_t idx);

/** Drop all messages; threads that wait to put get -ENOMSG. Context: any. */
void k_msgq_purge(struct k_msgq *msgq);

/** @return how many messages fit now, or are there: true at some moment of the call. */
uint32_t k_msgq_num_free_get(struct k_msgq *msgq);
uint32_t k_msgq_num_used_get(struct k_msgq *msgq);

/** Store size and number of messages of @p msgq, and how many are there, in *@p attrs. */
void k_msgq_get_attrs(struct k_msgq *msgq, struct k_msgq_attrs *attrs);

#ifdef CONFIG_POLL
/* For k_poll(). @return whether a message is there. */
bool z_msgq_poll(struct k_msgq *msgq, struct k_poll_event *event, enum poll_step step);
#endif

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_KERNEL_MSGQ_H_ */
