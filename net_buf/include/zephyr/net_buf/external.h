/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Buffers around storage of the user's, which hears when it is free again. Not there on Zephyr.
 *
 * A pool of buffers without memory; each gets the user's, with a callback. A clone shares the
 * storage. When the last buffer around it has gone home the callback runs, once.
 */
#ifndef ZEPHYR_NET_BUF_EXTERNAL_H_
#define ZEPHYR_NET_BUF_EXTERNAL_H_

#include <zephyr/net_buf/alloc.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The user's storage, the @p size bytes at @p data, is free again: no buffer refers to it. Runs in
 * the context of the last release, perhaps an ISR, when that buffer is home, with no lock held. It
 * may call anything, and use the storage for a new buffer at once.
 */
typedef void (*net_buf_release_cb)(void *data, size_t size, void *arg);

/** Storage in use, shared by the buffers around it. Guarded by the pool's lock but for refs. */
struct net_buf_external {
	uint32_t refs; /**< buffers around it; changed atomically */
	uint16_t size; /**< bytes, as given */
	uint8_t *data; /**< as given, like the next two */
	net_buf_release_cb release;
	void *arg;
	struct net_buf_external *next; /**< next unused one */
};

/** Those of a pool. As many as buffers: there cannot be more in use. */
struct net_buf_pool_external {
	struct net_buf_external *all;  /**< the array; constant */
	struct net_buf_external *free; /**< unused ones that were used before */
	uint16_t fresh;                /**< how many of the array were ever used */
};

extern const struct net_buf_data_cb net_buf_external_cb; /**< of external pools */

/**
 * Define a pool of @p _count buffers without memory, for net_buf_alloc_with_release(); @p _ud_size
 * and @p _destroy as in NET_BUF_POOL_FIXED_DEFINE().
 * RAM: per buffer sizeof(struct net_buf), user data, a pointer, and a struct net_buf_external.
 */
#define NET_BUF_POOL_EXTERNAL_DEFINE(_name, _count, _ud_size, _destroy)                            \
	Z_NET_BUF_ARRAY_DEFINE(_name, _count, _ud_size, sizeof(struct net_buf_external *));        \
	static struct net_buf_external net_buf_external_##_name[_count] __noinit;                  \
	static struct net_buf_pool_external net_buf_pool_external_##_name = {                      \
		.all = net_buf_external_##_name,                                                   \
		.free = NULL,                                                                      \
		.fresh = 0,                                                                        \
	};                                                                                         \
	static const struct net_buf_data_alloc net_buf_external_alloc_##_name = {                  \
		.cb = &net_buf_external_cb,                                                        \
		.alloc_data = &net_buf_pool_external_##_name,                                      \
		.max_alloc_size = 0,                                                               \
		.alignment = 0,                                                                    \
	};                                                                                         \
	static STRUCT_SECTION_ITERABLE(net_buf_pool, _name) =                                      \
		NET_BUF_POOL_INITIALIZER(_name, &net_buf_external_alloc_##_name, _net_buf_##_name, \
					 _count, _ud_size, _destroy)

/**
 * Allocate a buffer from the external @p pool whose memory are the @p size bytes at @p data, all of
 * them content already; net_buf_reset() makes it empty. @p release is called with @p arg when the
 * last buffer around that storage has gone home.
 *
 * Ownership: takes the storage on success, until @p release is called. When it returns NULL the
 * storage is still the caller's and @p release is not called.
 * Context, Blocks, Cost: as net_buf_alloc_len().
 * @return the buffer; NULL if there was none in time, or (asserts) if @p pool is not an external
 * one, @p data or @p release is NULL, or @p size is more than 65,535.
 */
struct net_buf *__must_check net_buf_alloc_with_release(struct net_buf_pool *pool, void *data,
							size_t size, net_buf_release_cb release,
							void *arg, k_timeout_t timeout);

/**
 * The second half of that: put @p buf, which net_buf_alloc_len() gave without memory (0 bytes) from
 * an external pool, around the storage. For who needs several buffers or none: until they are
 * around something they can be released without anybody being told.
 *
 * Ownership: takes the storage on success; borrows @p buf, which the caller alone holds.
 * Context: any.   Blocks: never.   Cost: O(1), one short lock.
 * @return 0; -EINVAL (asserts), nothing changed, if @p buf is NULL, not of an external pool, or has
 * memory already, or as net_buf_alloc_with_release() with the others.
 */
int net_buf_external_attach(struct net_buf *buf, void *data, size_t size,
			    net_buf_release_cb release, void *arg);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_NET_BUF_EXTERNAL_H_ */
