/* SPDX-License-Identifier: Apache-2.0 */
/** @file Memory of fixed pools, for those that do not go the short way through pool->data. */
#include "pool.h"

static uint8_t *fixed_alloc(struct net_buf *buf, size_t *size, k_timeout_t timeout)
{
	const struct net_buf_data_alloc *alloc = pool_of(buf)->alloc;
	const struct net_buf_pool_fixed *fixed = alloc->alloc_data;
	size_t stride = fixed->stride != 0 ? fixed->stride : alloc->max_alloc_size;

	ARG_UNUSED(timeout);
	if (*size > alloc->max_alloc_size) {
		return NULL;
	}
	*size = alloc->max_alloc_size;
	return fixed->data_pool + stride * buf->index;
}

const struct net_buf_data_cb net_buf_fixed_cb = {
	.alloc = fixed_alloc,
};
