/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A pool of net_bufs whose memory RTIO reads into: what a read has brought is a net_buf, and no byte
 * was copied. Not there on Zephyr.
 *
 * @code
 * RTIO_NET_BUF_POOL_DEFINE(rx_bufs, 16, 16, 256, 4, 0, NULL);
 * RTIO_DEFINE_WITH_NET_BUF_POOL(rx, rx_bufs, 4, 16);
 *
 * rtio_sqe_prep_read_with_pool(rtio_sqe_acquire(&rx), &uart.iodev, RTIO_PRIO_NORM, NULL);
 * rtio_submit(&rx, 1);
 * cqe = rtio_cqe_consume(&rx);
 * res = rtio_cqe_get_net_buf(&rx_bufs, cqe, K_NO_WAIT, &buf);
 * @endcode
 *
 * One pool, two doors: reads of any context defined over it get blocks from it, and net_buf_alloc()
 * gets one block with its net_buf. A block is home again when the last net_buf around it is: clones
 * share it. What is said about pools elsewhere (net_buf.h) holds, with this:
 *   - net_buf_alloc_len() gives up to one block, whatever was asked for, and waits for a net_buf only,
 *     never for a block: reads under way may have them all.
 *   - A pool may have more net_bufs than blocks, for clones; with fewer, completions wait for them.
 *
 * Unless something else is said. Context: any. Blocks: never. Cost: constant. What the macros
 * define is RAM.
 */
#ifndef BRIDGE_NET_BUF_RTIO_H_
#define BRIDGE_NET_BUF_RTIO_H_

#include <zephyr/net_buf.h>
#include <zephyr/rtio/mempool.h>
#include <zephyr/rtio/rtio.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Somebody who wants to know when blocks come home. The fields are the library's but for `home`. */
struct rtio_net_buf_waiter {
	struct rtio_net_buf_waiter *next;
	bool waits; /**< guarded by the pool's lock, like next */
	/** What is called, once for each time that it waits; with no lock held. Constant. */
	void (*home)(struct rtio_net_buf_waiter *waiter);
};

/** What such a pool has beside its net_bufs. Made by the macro below. */
struct rtio_net_buf_pool {
	struct rtio_mempool blocks; /**< the memory; what contexts have as their pool */
	uint32_t *shares; /**< net_bufs around the memory that begins with each block; atomic */
	struct k_spinlock lock;              /**< guards the list */
	struct rtio_net_buf_waiter *waiters; /**< in the order in which they came */
};

extern const struct net_buf_data_cb rtio_net_buf_cb; /**< of these pools */

/* What mempools of these pools call. */
void z_rtio_net_buf_home(struct rtio_mempool *blocks);

/**
 * Define pool @p _name of @p _count net_bufs over @p _blocks blocks of @p _size bytes, at most 65,532,
 * rounded up to words and to @p _align, their alignment; @p _ud_size and @p _destroy as in
 * NET_BUF_POOL_FIXED_DEFINE().
 * RAM: per net_buf sizeof(struct net_buf) and user data; per block its bytes, a word and a bit.
 */
#define RTIO_NET_BUF_POOL_DEFINE(_name, _count, _blocks, _size, _align, _ud_size, _destroy)        \
	BUILD_ASSERT(ROUND_UP(WB_UP(_size), _align) <= UINT16_MAX,                                 \
		     "a buffer has at most 65,535 bytes");                                         \
	Z_RTIO_MEMPOOL_MEMORY(_name, _blocks, _size, _align);                                      \
	Z_NET_BUF_ARRAY_DEFINE(_name, _count, _ud_size, 0);                                        \
	static uint32_t rtio_net_buf_shares_##_name[_blocks];                                      \
	static struct rtio_net_buf_pool rtio_net_buf_pool_##_name = {                              \
		Z_RTIO_MEMPOOL_INITIALIZER(_name, _blocks, _size, _align, false,                   \
					   z_rtio_net_buf_home),                                   \
		rtio_net_buf_shares_##_name,                                                       \
		{},                                                                                \
		NULL};                                                                             \
	static const struct net_buf_data_alloc rtio_net_buf_alloc_##_name = {                      \
		.cb = &rtio_net_buf_cb,                                                            \
		.alloc_data = &rtio_net_buf_pool_##_name,                                          \
		.max_alloc_size = ROUND_UP(WB_UP(_size), _align),                                  \
		.alignment = (_align),                                                             \
	};                                                                                         \
	static STRUCT_SECTION_ITERABLE(net_buf_pool, _name) =                                      \
		NET_BUF_POOL_INITIALIZER(_name, &rtio_net_buf_alloc_##_name, _net_buf_##_name,     \
					 _count, _ud_size, _destroy)

/**
 * Define a context of @p _sq_sz requests and @p _cq_sz completions whose reads get memory of the pool
 * named @p _pool, of this file. Any number of contexts may share one.
 */
#define RTIO_DEFINE_WITH_NET_BUF_POOL(_name, _pool, _sq_sz, _cq_sz)                                \
	Z_RTIO_MEMORY(_name, _sq_sz, _cq_sz);                                                      \
	struct rtio _name =                                                                        \
		Z_RTIO_CONTEXT(NULL, &rtio_net_buf_pool_##_pool.blocks, UTIL_CAT(_name, _sqe_pool), \
			       _sq_sz, UTIL_CAT(_name, _cqe_pool), _cq_sz)

/**
 * Make the memory that came with @p cqe, of a context over @p pool, a net_buf: its content are the
 * `result` bytes that were read, the rest of the memory is tailroom. An empty datagram may have come
 * without memory; then the net_buf has none.
 *
 * Ownership: on 0 the caller has a reference to *@p buf, which has the memory; @p cqe has none any
 * more, and is the caller's to release as before. Else nothing has changed.
 * Context: thread; ISR with K_NO_WAIT.   Blocks: up to @p timeout, for a net_buf.
 * Cost: O(1), one short lock; the last release of the net_buf as net_buf_unref() and two more.
 * @return 0; -ENOBUFS if there was no net_buf in time; -EINVAL if no memory came with @p cqe: it failed,
 * was no read from a pool, or its memory was taken before; -EMSGSIZE if there are more than 65,535 bytes
 * of it; -ENOTSUP (asserts) if @p pool is not one of these.
 */
int rtio_cqe_get_net_buf(struct net_buf_pool *pool, struct rtio_cqe *cqe, k_timeout_t timeout,
			 struct net_buf **buf);

/**
 * Have @p waiter->home() called once when a block of @p pool comes home. It runs in the context of
 * whoever gave the block back, perhaps an ISR; others may have taken that block meanwhile. All who wait
 * are called, in the order in which they came. One that waits already goes on waiting.
 *
 * Ownership: @p waiter is the pool's until it is called, or rtio_net_buf_forget().
 * Context: any.   Blocks: no.   Cost: O(waiters), under a lock.
 * @return 0; 1 if a block is home already, and perhaps nobody will come: who needs no more than that
 * forgets it again; -ENOTSUP (asserts) if @p pool is not one of these.
 */
int rtio_net_buf_await(struct net_buf_pool *pool, struct rtio_net_buf_waiter *waiter);

/** Wait no longer. Context: any. @return whether it did, and will not be called. Cost: O(waiters). */
bool rtio_net_buf_forget(struct net_buf_pool *pool, struct rtio_net_buf_waiter *waiter);

/** @return how many blocks of @p pool are home, at some moment of the call; 0 of another pool. */
uint32_t rtio_net_buf_blocks_free(struct net_buf_pool *pool);

#ifdef __cplusplus
}
#endif

#endif /* BRIDGE_NET_BUF_RTIO_H_ */
