/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Getting buffers.
 *
 * A new buffer has one reference, no fragments, no flags, zeros for user data and no content.
 *
 * Ownership: what is returned is the caller's.
 * Context: thread; ISR with K_NO_WAIT.
 * Blocks: up to @p timeout in all, for a buffer and then for memory. Threads that wait are served
 * by priority, those of the same one in the order in which they came.
 * Cost: O(1), one short lock, where nobody waits and the pool is a fixed one.
 * @return NULL if there was no buffer, or no memory, in time; nothing is kept then.
 */
#ifndef ZEPHYR_NET_BUF_ALLOC_H_
#define ZEPHYR_NET_BUF_ALLOC_H_

#include <zephyr/net_buf/pool.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Allocate a buffer with all the bytes that buffers of the fixed @p pool have. From a pool of
 * another kind: a buffer without memory, unless its memory has a largest size.
 */
struct net_buf *__must_check net_buf_alloc_fixed(struct net_buf_pool *pool, k_timeout_t timeout);

/**
 * Allocate a buffer with at least @p size bytes of memory; 0: without memory.
 * @return NULL also if @p size is more than the pool can ever give, or than 65,535.
 */
struct net_buf *__must_check net_buf_alloc_len(struct net_buf_pool *pool, size_t size,
					       k_timeout_t timeout);

/**
 * Allocate a buffer whose memory are the @p size bytes at @p data, all of them content already. It
 * has the flag NET_BUF_EXTERNAL_DATA; the library never frees that memory, and clones copy it.
 *
 * Ownership: borrows @p data until the buffer is home again; nothing tells when that is. With
 * net_buf_alloc_with_release() something does.
 * @return NULL also if @p size is more than 65,535.
 */
struct net_buf *__must_check net_buf_alloc_with_data(struct net_buf_pool *pool, void *data,
						     size_t size, k_timeout_t timeout);

/**
 * Allocate a buffer from the pool of @p buf with the same content, headroom and user data, without
 * its fragments. Where the pool can share memory (var, heap and external pools), both have the same
 * memory and see what the other writes; otherwise the content is copied.
 *
 * Ownership: borrows @p buf.   @return NULL also (asserts) if @p buf is NULL or has no reference.
 */
struct net_buf *__must_check net_buf_clone(struct net_buf *buf, k_timeout_t timeout);

#ifdef CONFIG_NET_BUF_LOG

/**
 * As net_buf_alloc_fixed() and net_buf_alloc_len(), with the place of the call, for the log. With
 * K_FOREVER they warn when the wait begins and each time CONFIG_NET_BUF_WARN_ALLOC_INTERVAL
 * seconds have passed without a buffer (0: not again); after a warning a thread waits behind those
 * of its priority.
 */
struct net_buf *__must_check net_buf_alloc_fixed_debug(struct net_buf_pool *pool,
						       k_timeout_t timeout, const char *func,
						       int line);
struct net_buf *__must_check net_buf_alloc_len_debug(struct net_buf_pool *pool, size_t size,
						     k_timeout_t timeout, const char *func,
						     int line);
struct net_buf *__must_check net_buf_alloc_with_data_debug(struct net_buf_pool *pool, void *data,
							   size_t size, k_timeout_t timeout,
							   const char *func, int line);

#define net_buf_alloc_fixed(_pool, _timeout)                                                       \
	net_buf_alloc_fixed_debug(_pool, _timeout, __func__, __LINE__)
#define net_buf_alloc_len(_pool, _size, _timeout)                                                  \
	net_buf_alloc_len_debug(_pool, _size, _timeout, __func__, __LINE__)
#define net_buf_alloc_with_data(_pool, _data, _size, _timeout)                                     \
	net_buf_alloc_with_data_debug(_pool, _data, _size, _timeout, __func__, __LINE__)
#define net_buf_alloc(_pool, _timeout) net_buf_alloc_fixed(_pool, _timeout)

#else

/** The same as net_buf_alloc_fixed(). */
static inline struct net_buf *__must_check net_buf_alloc(struct net_buf_pool *pool,
							 k_timeout_t timeout)
{
	return net_buf_alloc_fixed(pool, timeout);
}

#endif /* CONFIG_NET_BUF_LOG */

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_NET_BUF_ALLOC_H_ */
