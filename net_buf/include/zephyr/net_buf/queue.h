/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Buffers through FIFOs and lists. A buffer has one node: it can be in one of them at a time,
 * however many references it has. Its fragments travel with it.
 */
#ifndef ZEPHYR_NET_BUF_QUEUE_H_
#define ZEPHYR_NET_BUF_QUEUE_H_

#include <zephyr/net_buf/buf.h>
#include <zephyr/sys_clock.h>

#ifdef __cplusplus
extern "C" {
#endif

struct k_fifo;

/**
 * Put @p buf at the end of @p list.
 *
 * Safe against other contexts that use this function and net_buf_slist_get() only.
 * Ownership: takes @p buf, for whoever gets it.   Context: any.   Blocks: never.   Cost: O(1).
 */
void net_buf_slist_put(sys_slist_t *list, struct net_buf *buf);

/**
 * Take the first buffer out of @p list, against others as net_buf_slist_put().
 * @return it, now the caller's; NULL if there is none.
 */
struct net_buf *net_buf_slist_get(sys_slist_t *list);

/**
 * Put @p buf into @p fifo. Older name of k_fifo_put(fifo, net_buf_take(&buf)).
 *
 * Ownership: takes @p buf; the receiver may have released it before this returns.
 * Context: any.   Blocks: never.   Cost: as k_fifo_put().
 */
void net_buf_put(struct k_fifo *fifo, struct net_buf *buf);

/**
 * Get the next buffer out of @p fifo. Older name of k_fifo_get().
 *
 * Context: thread; ISR with K_NO_WAIT.   Blocks: up to @p timeout.   Cost: as k_fifo_get().
 * @return the buffer, now the caller's; NULL if there was none in time.
 */
struct net_buf *__must_check net_buf_get(struct k_fifo *fifo, k_timeout_t timeout);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_NET_BUF_QUEUE_H_ */
