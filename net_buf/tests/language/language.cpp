// SPDX-License-Identifier: Apache-2.0
// The headers of net_buf in C++: every macro that defines something, and a few calls.
#include <zephyr/net_buf.h>
#include <zephyr/net/buf.h>
#include <zephyr/net_buf/aligned.h>
#include <zephyr/net_buf/external.h>
#include <zephyr/net_buf/ref_many.h>
#include <zephyr/net_buf/watch.h>
#include <zephyr/ztest.h>

NET_BUF_POOL_DEFINE(plain_pool, 2, 16, 0, NULL);
NET_BUF_POOL_FIXED_DEFINE(fixed_pool, 2, 16, 4, net_buf_destroy);
NET_BUF_POOL_FIXED_ALIGN_DEFINE(aligned_pool, 2, 16, 4, NULL, 32);
NET_BUF_POOL_VAR_DEFINE(var_pool, 2, 256, 0, NULL);
NET_BUF_POOL_VAR_ALIGN_DEFINE(var_aligned_pool, 2, 512, 0, NULL, 16);
NET_BUF_POOL_HEAP_DEFINE(heap_pool, 2, 0, NULL);
NET_BUF_POOL_EXTERNAL_DEFINE(external_pool, 2, 0, NULL);
NET_BUF_SIMPLE_DEFINE_STATIC(simple, 16);

static void exercise(net_buf_pool *pool)
{
	net_buf *buf = net_buf_alloc_len(pool, 16, K_NO_WAIT);
	net_buf *same = buf;

	zassert_not_null(buf);
	net_buf_reserve(buf, 2);
	net_buf_add_be32(buf, 0x01020304);
	net_buf_push_le16(buf, 0x0506);
	zassert_equal(net_buf_pull_le16(buf), 0x0506);
	zassert_equal(net_buf_remove_be32(buf), 0x01020304U);
	zassert_true(net_buf_ref_add(buf, 1));
	net_buf_drop(&buf);
	zassert_is_null(buf);
	zassert_equal(net_buf_ref_get(same), 1);
	net_buf_frag_add(same, net_buf_alloc(pool, K_NO_WAIT));
	net_buf_unref(same);
}

ZTEST(net_buf_language, test_pools)
{
	net_buf_pool *pools[] = {&plain_pool, &fixed_pool, &aligned_pool, &var_pool,
				 &var_aligned_pool};

	for (net_buf_pool *pool : pools) {
		exercise(pool);
		zassert_equal(net_buf_pool_free_count(pool), 2U);
	}
	if (CONFIG_HEAP_MEM_POOL_SIZE > 0) {
		exercise(&heap_pool);
	}
}

ZTEST(net_buf_language, test_simple)
{
	NET_BUF_SIMPLE_DEFINE(local, 4);

	net_buf_simple_init(&simple, 0);
	net_buf_simple_add_u8(&simple, 7);
	zassert_mem_equal(net_buf_simple_add_mem(&local, simple.data, 1), simple.data, 1);
}

static void on_release(void *, size_t, void *arg)
{
	*static_cast<bool *>(arg) = true;
}

ZTEST(net_buf_language, test_external)
{
	unsigned char storage[3];
	bool released = false;

	net_buf_unref(net_buf_alloc_with_release(&external_pool, storage, sizeof(storage),
						 on_release, &released, K_NO_WAIT));
	zassert_true(released);
}

ZTEST_SUITE(net_buf_language, NULL, NULL, NULL, NULL, NULL);
