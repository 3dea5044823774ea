/* SPDX-License-Identifier: Apache-2.0 */
/** @file Pool ids and buffer ids. */
#include <zephyr/ztest.h>
#include <zephyr/net_buf.h>
#include <zephyr/net_buf/aligned.h>
#include <zephyr/net_buf/watch.h>

#include "../support/misuse.h"

NET_BUF_POOL_FIXED_DEFINE(first_pool, 7, 3, 1, NULL);
NET_BUF_POOL_FIXED_DEFINE(second_pool, 2, 3, 1, NULL);

ZTEST(net_buf_ids, test_every_pool_has_one)
{
	int count;
	bool first = false;
	bool second = false;

#ifdef CONFIG_PORT_BARE
	/* Here they are known from their first buffer on. */
	net_buf_unref(net_buf_alloc(&first_pool, K_NO_WAIT));
	net_buf_unref(net_buf_alloc(&second_pool, K_NO_WAIT));
	count = (int)net_buf_pool_count();
	zassert_true(count >= 2);
#else
	count = (int)net_buf_pool_count();
	zassert_true(count >= 3);
#endif
	for (int id = 0; id < count; id++) {
		struct net_buf_pool *pool = net_buf_pool_get(id);

		zassert_not_null(pool);
		zassert_equal(pool->id, id);
		first = first || pool == &first_pool;
		second = second || pool == &second_pool;
	}
	zassert_true(first && second);
	zassert_is_null(net_buf_pool_get(count));
	zassert_is_null(net_buf_pool_get(-1));
	zassert_is_null(net_buf_pool_get(INT_MAX));
	zassert_is_null(net_buf_pool_get(INT_MIN));
}

ZTEST(net_buf_ids, test_buffer_ids)
{
	struct net_buf *bufs[7];
	unsigned int ids = 0;

	for (int round = 0; round < 2; round++) {
		ids = 0;
		for (int i = 0; i < 7; i++) {
			bufs[i] = net_buf_alloc(&first_pool, K_NO_WAIT);
			zassert_not_null(bufs[i]);
			zassert_equal_ptr(net_buf_pool_get(bufs[i]->pool_id), &first_pool);
			zassert_between_inclusive(net_buf_id(bufs[i]), 0, 6);
			ids |= 1U << net_buf_id(bufs[i]);
		}
		for (int i = 0; i < 7; i++) {
			net_buf_unref(bufs[i]);
		}
	}
	zassert_equal(ids, 0x7f);
}

ZTEST(net_buf_ids, test_buffers_go_home_to_their_own_pool)
{
	struct net_buf *a = net_buf_alloc(&first_pool, K_NO_WAIT);
	struct net_buf *b = net_buf_alloc(&second_pool, K_NO_WAIT);

	net_buf_frag_add(a, b);
	zassert_equal(net_buf_pool_free_count(&first_pool), 6);
	zassert_equal(net_buf_pool_free_count(&second_pool), 1);
	net_buf_unref(a);
	zassert_equal(net_buf_pool_free_count(&first_pool), 7);
	zassert_equal(net_buf_pool_free_count(&second_pool), 2);
}

#ifndef CONFIG_PORT_BARE

/* A pool that nobody has registered: it gives nothing, and breaks nothing. */
_NET_BUF_ARRAY_DEFINE(unknown_pool, 2, 0);
static struct net_buf_pool unknown_pool =
	NET_BUF_POOL_INITIALIZER(unknown_pool, NULL, _net_buf_unknown_pool, 2, 0, NULL);

ZTEST(net_buf_ids, test_pool_that_is_not_registered)
{
	uint8_t data[1];

	MISUSE(zassert_is_null(net_buf_alloc_with_data(&unknown_pool, data, 1, K_NO_WAIT)));
	MISUSE(zassert_is_null(net_buf_alloc_with_data(&unknown_pool, data, 1, K_FOREVER)));
}

#endif

/* ---- alignment ------------------------------------------------------------------------------- */

NET_BUF_POOL_FIXED_ALIGN_DEFINE(aligned_pool, 5, 100, 2, NULL, 64);
NET_BUF_POOL_FIXED_ALIGN_DEFINE(tight_pool, 5, 3, 0, NULL, 1);

ZTEST(net_buf_ids, test_aligned_pool)
{
	struct net_buf *bufs[5];

	for (int i = 0; i < 5; i++) {
		bufs[i] = net_buf_alloc(&aligned_pool, K_NO_WAIT);
		zassert_equal((uintptr_t)bufs[i]->data % 64, 0);
		zassert_equal(bufs[i]->size, 100, "what was asked for");
		zassert_equal_ptr(bufs[i]->data, bufs[0]->data + (ptrdiff_t)128 * i);
	}
	for (int i = 0; i < 5; i++) {
		net_buf_unref(bufs[i]);
	}
	for (int i = 0; i < 5; i++) {
		bufs[i] = net_buf_alloc(&tight_pool, K_NO_WAIT);
		zassert_equal_ptr(bufs[i]->data, bufs[0]->data + (ptrdiff_t)3 * i);
	}
	for (int i = 0; i < 5; i++) {
		net_buf_unref(bufs[i]);
	}
}

ZTEST(net_buf_ids, test_alignment_of_structures)
{
	struct net_buf *a = net_buf_alloc(&first_pool, K_NO_WAIT);
	struct net_buf *b = net_buf_alloc(&first_pool, K_NO_WAIT);

	zassert_equal((uintptr_t)a % NET_BUF_ALIGN, 0);
	zassert_equal((uintptr_t)b % NET_BUF_ALIGN, 0);
	zassert_equal((uintptr_t)net_buf_user_data(b) % NET_BUF_ALIGN, 0);
	zassert_equal(first_pool.stride % NET_BUF_ALIGN, 0);
	net_buf_unref(a);
	net_buf_unref(b);
}

ZTEST_SUITE(net_buf_ids, NULL, NULL, NULL, NULL, NULL);
