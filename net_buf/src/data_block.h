/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Memory that clones share: a count stands before it. For the files of net_buf only.
 *
 *     block                      memory
 *       | count, then nothing      | size bytes
 *       |<-------- prefix -------->|
 */
#ifndef NET_BUF_SRC_DATA_BLOCK_H_
#define NET_BUF_SRC_DATA_BLOCK_H_

#include "pool.h"

/* How far the memory of @p alloc stands behind its count. */
static inline size_t block_prefix(const struct net_buf_data_alloc *alloc)
{
	return MAX(sizeof(void *), alloc->alignment);
}

/* @return the memory of a new block, with one user; NULL for NULL. */
static inline uint8_t *block_init(uint8_t *block, size_t prefix)
{
	if (block == NULL) {
		return NULL;
	}
	/* Relaxed: the buffer that has it is not handed to anybody yet. */
	atomic32_store_relaxed((uint32_t *)(void *)block, 1);
	return block + prefix;
}

static inline uint32_t *block_count(const struct net_buf *buf, uint8_t *memory)
{
	return (uint32_t *)(void *)(memory - block_prefix(pool_of(buf)->alloc));
}

/** One more user. The count cannot overflow: every user is a buffer. */
uint8_t *net_buf_block_ref(struct net_buf *buf, uint8_t *memory);

/** One user less. @return the block if that was the last one, to be given back; else NULL. */
void *net_buf_block_unref(struct net_buf *buf, uint8_t *memory);

#endif /* NET_BUF_SRC_DATA_BLOCK_H_ */
