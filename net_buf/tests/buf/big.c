/* SPDX-License-Identifier: Apache-2.0 */
/** @file Buffers and chains of the greatest lengths there are. */
#include <zephyr/ztest.h>
#include <zephyr/net_buf.h>

#include <string.h>

#include "../support/misuse.h"

NET_BUF_POOL_FIXED_DEFINE(big_pool, 2, UINT16_MAX, UINT8_MAX, NULL);
NET_BUF_POOL_FIXED_DEFINE(one_pool, 1, 1, 1, NULL);
NET_BUF_POOL_FIXED_DEFINE(none_pool, 2, 0, 0, NULL);

ZTEST(net_buf_big, test_big_buf)
{
	struct net_buf *buf = net_buf_alloc_len(&big_pool, UINT16_MAX, K_NO_WAIT);
	struct net_buf *clone;

	zassert_not_null(buf);
	zassert_equal(buf->size, UINT16_MAX);
	zassert_equal(buf->user_data_size, UINT8_MAX);
	memset(net_buf_user_data(buf), 0x3c, UINT8_MAX);
	memset(net_buf_add(buf, UINT16_MAX), 0xa5, UINT16_MAX);
	zassert_equal(net_buf_tailroom(buf), 0);
	clone = net_buf_clone(buf, K_NO_WAIT);
	zassert_not_null(clone);
	zassert_equal(clone->len, UINT16_MAX);
	zassert_mem_equal(clone->data, buf->data, UINT16_MAX);
	zassert_mem_equal(net_buf_user_data(clone), net_buf_user_data(buf), UINT8_MAX);
	net_buf_frag_add(buf, clone);
	zassert_equal(net_buf_frags_len(buf), (size_t)2 * UINT16_MAX);
	zassert_equal(*(uint8_t *)net_buf_pull(buf, UINT16_MAX - 1), 0xa5);
	zassert_equal(net_buf_frags_len(buf), UINT16_MAX + 1);
	net_buf_unref(buf);
}

ZTEST(net_buf_big, test_beyond_what_there_is)
{
	zassert_is_null(net_buf_alloc_len(&big_pool, UINT16_MAX + 1, K_NO_WAIT));
	zassert_is_null(net_buf_alloc_len(&big_pool, SIZE_MAX, K_FOREVER), "at once");
	zassert_is_null(net_buf_alloc_len(&one_pool, 2, K_FOREVER), "at once");
	zassert_is_null(net_buf_alloc_len(&none_pool, 1, K_NO_WAIT));
	MISUSE(zassert_is_null(
		net_buf_alloc_with_data(&one_pool, big_pool.data, UINT16_MAX + 1, K_NO_WAIT)));
	MISUSE(zassert_is_null(net_buf_alloc_with_data(&one_pool, NULL, 1, K_NO_WAIT)));
}

ZTEST(net_buf_big, test_smallest)
{
	struct net_buf *buf = net_buf_alloc(&one_pool, K_NO_WAIT);

	zassert_not_null(buf);
	zassert_equal(buf->size, 1);
	net_buf_add_u8(buf, 7);
	zassert_equal(net_buf_tailroom(buf), 0);
	net_buf_unref(buf);

	buf = net_buf_alloc(&none_pool, K_NO_WAIT);
	zassert_not_null(buf);
	zassert_equal(buf->size, 0);
	zassert_is_null(buf->__buf);
	zassert_is_null(buf->data);
	zassert_equal(net_buf_headroom(buf), 0);
	zassert_equal(net_buf_tailroom(buf), 0);
	net_buf_unref(buf);
}

ZTEST_SUITE(net_buf_big, NULL, NULL, NULL, NULL, NULL);
