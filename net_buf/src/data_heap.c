/* SPDX-License-Identifier: Apache-2.0 */
/** @file Memory of heap pools: the kernel's heap. */
#include "data_block.h"

#include <zephyr/kernel.h>

static uint8_t *heap_alloc(struct net_buf *buf, size_t *size, k_timeout_t timeout)
{
	size_t prefix = block_prefix(pool_of(buf)->alloc);

	ARG_UNUSED(timeout); /* k_malloc() does not wait */
	return block_init(k_malloc(prefix + *size), prefix);
}

static void heap_unref(struct net_buf *buf, uint8_t *memory)
{
	void *block = net_buf_block_unref(buf, memory);

	if (block != NULL) {
		k_free(block);
	}
}

static const struct net_buf_data_cb net_buf_heap_cb = {
	.alloc = heap_alloc,
	.ref = net_buf_block_ref,
	.unref = heap_unref,
};

const struct net_buf_data_alloc net_buf_heap_alloc = {
	.cb = &net_buf_heap_cb,
};
