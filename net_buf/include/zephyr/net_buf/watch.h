/* SPDX-License-Identifier: Apache-2.0 */
/** @file Watching pools: few buffers left, all buffers at home. Not there on Zephyr. */
#ifndef ZEPHYR_NET_BUF_WATCH_H_
#define ZEPHYR_NET_BUF_WATCH_H_

#include <zephyr/net_buf/pool.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @return how many pools there are; net_buf_pool_get() knows ids below that. Context: any. Cost:
 * constant.
 */
unsigned int net_buf_pool_count(void);

/**
 * Count the buffers of @p pool that are at home. Where nobody else uses the pool, fewer than
 * pool->buf_count means that somebody has kept some.
 *
 * For tests, tools and reports at the end: it holds the pool's lock while it counts.
 * Context: any.   Cost: O(buffers at home).   @return how many there were.
 */
size_t net_buf_pool_free_count(struct net_buf_pool *pool);

#ifdef CONFIG_NET_BUF_POOL_USAGE

/**
 * Call @p cb with @p user_data when the buffers of @p pool at home fall to @p mark; once, and again
 * only after they have risen above it and fallen again. NULL for @p cb: no more calls.
 *
 * The callback runs in the allocating context, perhaps an ISR, with no lock held, before that
 * context has its buffer; it may call anything. One that is about to run when this replaces it may
 * still run.
 * Context: any.   Blocks: never.   Cost: O(1).
 * @return 0; 1 if there are no more than @p mark at home now, so that they must rise first; -EINVAL
 * if @p pool is NULL or always has as few.
 */
int net_buf_pool_low_water_set(struct net_buf_pool *pool, uint16_t mark,
			       net_buf_pool_low_water_cb cb, void *user_data);

#endif /* CONFIG_NET_BUF_POOL_USAGE */

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_NET_BUF_WATCH_H_ */
