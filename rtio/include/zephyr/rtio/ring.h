/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Memory for a device whose DMA goes round in a ring of segments: blocks are handed out one after the
 * other, in their order only. They may be released in any order; but while the next one is in use, a
 * read gets -ENOMEM, which is an overrun and counted. Not on Zephyr.
 *
 * Unless something else is said. Context: any. Blocks: never. Cost: constant.
 */
#ifndef ZEPHYR_RTIO_RING_H_
#define ZEPHYR_RTIO_RING_H_

#include <zephyr/rtio/rtio.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifdef CONFIG_RTIO_SYS_MEM_BLOCKS

/**
 * RTIO_DEFINE_WITH_MEMPOOL() with a ring of @p num_blks segments of @p blk_size bytes. A read that asks
 * for more than one segment gets several in a row, none across the end of the ring.
 */
#define RTIO_DEFINE_WITH_RING(name, sq_sz, cq_sz, num_blks, blk_size, balign)                      \
	Z_RTIO_MEMPOOL(name, num_blks, blk_size, balign, true);                                    \
	Z_RTIO_MEMORY(name, sq_sz, cq_sz);                                                         \
	struct rtio name =                                                                         \
		Z_RTIO_CONTEXT(NULL, &UTIL_CAT(name, _block_pool), UTIL_CAT(name, _sqe_pool),      \
			       sq_sz, UTIL_CAT(name, _cqe_pool), cq_sz)

/** @return how often the next segment was still in use; wraps. Context: any. */
static inline uint32_t rtio_ring_overruns(const struct rtio *r)
{
	return atomic32_load_relaxed(&r->block_pool->overruns);
}

#endif

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_RING_H_ */
