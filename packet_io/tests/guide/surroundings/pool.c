/* SPDX-License-Identifier: Apache-2.0 */
#include <zephyr/ztest.h>
#include <zephyr/net_buf.h>

static uint8_t memory[8];

static uint8_t *my_data(struct net_buf *buf, size_t *size, k_timeout_t timeout)
{
	ARG_UNUSED(timeout);
	*size = 1;
	return &memory[net_buf_id(buf)];
}

static const struct net_buf_data_cb my_cb = {.alloc = my_data};
static const struct net_buf_data_alloc my_alloc = {.cb = &my_cb, .max_alloc_size = 1};

#include "definitions.inc"

ZTEST(documents, test_pool_of_ones_own_kind)
{
	struct net_buf *buf = net_buf_alloc_len(&my_pool, 1, K_NO_WAIT);

	zassert_not_null(buf);
	zassert_equal_ptr(buf->data, &memory[net_buf_id(buf)]);
	net_buf_unref(buf);
}
