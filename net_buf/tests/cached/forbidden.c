/* SPDX-License-Identifier: Apache-2.0 */
/** @file Caches where Linux refuses membarrier(2): there are none, and everything works. */
#include <zephyr/ztest.h>
#include <zephyr/net_buf.h>
#include <zephyr/net_buf/watch.h>

#define COUNT 8

NET_BUF_POOL_FIXED_DEFINE(pool, COUNT, 16, 0, NULL);

static void take_all_and_give_back(void)
{
	struct net_buf *bufs[COUNT];

	for (int i = 0; i < COUNT; i++) {
		bufs[i] = net_buf_alloc(&pool, K_FOREVER);
		zassert_not_null(bufs[i]);
	}
	zassert_is_null(net_buf_alloc(&pool, K_NO_WAIT));
	zassert_is_null(net_buf_alloc(&pool, K_MSEC(1)));
	for (int i = 0; i < COUNT; i++) {
		net_buf_unref(bufs[i]);
	}
	zassert_equal(pool.home_count, COUNT, "none is in a cache");
	zassert_equal(pool.cache_limit, 0);
}

static void run(void *unused1, void *unused2, void *unused3)
{
	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	take_all_and_give_back();
}

ZTEST(net_buf_cached_forbidden, test_without_membarrier)
{
	static K_THREAD_STACK_DEFINE(stack, 65536);
	static struct k_thread thread;

	zassert_false(port_fence_all(), "it is refused");
	take_all_and_give_back();
	zassert_not_null(k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), run, NULL,
					 NULL, NULL, 5, 0, K_NO_WAIT));
	zassert_ok(k_thread_join(&thread, K_SECONDS(20)));
	take_all_and_give_back();
}

ZTEST_SUITE(net_buf_cached_forbidden, NULL, NULL, NULL, NULL, NULL);
