/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Memory of the pools of contexts, for those who have no request at hand. Not on Zephyr.
 *
 * Unless something else is said. Context: any. Blocks: never. Cost: constant.
 */
#ifndef ZEPHYR_RTIO_MEMPOOL_H_
#define ZEPHYR_RTIO_MEMPOOL_H_

#include <zephyr/rtio/context.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifdef CONFIG_RTIO_SYS_MEM_BLOCKS

/**
 * Get the largest piece of @p pool of at most @p max_len and at least @p min_len bytes, in whole blocks.
 * Context: any.   Blocks: no.   Cost: O(blocks of the pool), locked.
 * @return 0; -ENOMEM if there is no such piece; -EINVAL if @p max_len is 0 or less than @p min_len.
 */
int rtio_mempool_alloc(struct rtio_mempool *pool, uint32_t min_len, uint32_t max_len, uint8_t **buf,
		       uint32_t *buf_len);

/** Give a piece back, as rtio_release_buffer(). Context: any. */
void rtio_mempool_free(struct rtio_mempool *pool, void *buf, uint32_t buf_len);

/** @return how many blocks are home, at some moment of the call. Context: any. */
uint32_t rtio_mempool_num_free(struct rtio_mempool *pool);

#endif

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_MEMPOOL_H_ */
