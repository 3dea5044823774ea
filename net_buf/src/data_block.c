/* SPDX-License-Identifier: Apache-2.0 */
/** @file Memory that clones share. */
#include "data_block.h"

uint8_t *net_buf_block_ref(struct net_buf *buf, uint8_t *memory)
{
	/* Relaxed: the caller has a buffer with it. */
	(void)atomic32_add_relaxed(block_count(buf, memory), 1);
	return memory;
}

void *net_buf_block_unref(struct net_buf *buf, uint8_t *memory)
{
	uint32_t *count = block_count(buf, memory);

	/*
	 * Acquire: pairs with the release below, by the users that were. Who finds 1 has the only
	 * buffer with it, and nobody else can make another.
	 */
	if (atomic32_load_acquire(count) == 1 || atomic32_sub_acq_rel(count, 1) == 1) {
		return count;
	}
	return NULL;
}
