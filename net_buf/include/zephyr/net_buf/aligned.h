/* SPDX-License-Identifier: Apache-2.0 */
/** @file Fixed pools with an alignment of their own. Not there on Zephyr. */
#ifndef ZEPHYR_NET_BUF_ALIGNED_H_
#define ZEPHYR_NET_BUF_ALIGNED_H_

#include <zephyr/net_buf/pool.h>

/**
 * As NET_BUF_POOL_FIXED_DEFINE(), with the bytes of every single buffer beginning at a multiple of
 * @p _align, a power of two, and nothing else in the memory up to the next: for DMA, and for caches
 * that are flushed by line. CONFIG_NET_BUF_DATA_ALIGNMENT does this for all pools.
 *
 * RAM: @p _data_size rounded up to @p _align per buffer.
 */
#define NET_BUF_POOL_FIXED_ALIGN_DEFINE(_name, _count, _data_size, _ud_size, _destroy, _align)     \
	Z_NET_BUF_POOL_FIXED_DEFINE(_name, _count, _data_size, _ud_size, _destroy, _align)

#endif /* ZEPHYR_NET_BUF_ALIGNED_H_ */
