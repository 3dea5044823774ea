/* SPDX-License-Identifier: Apache-2.0 */
/** @file Memory of var pools: a heap of the pool's own. */
#include "data_block.h"

#include <zephyr/kernel.h>

static uint8_t *var_alloc(struct net_buf *buf, size_t *size, k_timeout_t timeout)
{
	const struct net_buf_data_alloc *alloc = pool_of(buf)->alloc;
	size_t prefix = block_prefix(alloc);
	void *block;

	if (alloc->alignment == 0) {
		block = k_heap_alloc(alloc->alloc_data, prefix + *size, timeout);
	} else if (*size < alloc->alignment) {
		return NULL;
	} else {
		*size = ROUND_UP(*size, alloc->alignment);
		block = k_heap_aligned_alloc(alloc->alloc_data, prefix, prefix + *size, timeout);
	}
	return block_init(block, prefix);
}

static void var_unref(struct net_buf *buf, uint8_t *memory)
{
	void *block = net_buf_block_unref(buf, memory);

	if (block != NULL) {
		k_heap_free(pool_of(buf)->alloc->alloc_data, block);
	}
}

const struct net_buf_data_cb net_buf_var_cb = {
	.alloc = var_alloc,
	.ref = net_buf_block_ref,
	.unref = var_unref,
};
