/* SPDX-License-Identifier: Apache-2.0 */
/** @file Pools of a library that is loaded late: their ids, and buffers that cross its border. */
#include <zephyr/ztest.h>
#include <zephyr/net_buf/watch.h>

#include <dlfcn.h>

#include "plugin.h"

NET_BUF_POOL_FIXED_DEFINE(program_pool, 2, 16, 0, NULL);

static struct net_buf_pool *(*get_pool)(void);
static struct net_buf *(*alloc)(void);

/* Load the library. Before, its pool is unknown. */
static void *setup(void)
{
	unsigned int count = net_buf_pool_count();
	void *library = dlopen(PLUGIN_PATH, RTLD_NOW | RTLD_LOCAL);

	zassert_not_null(library, "%s", dlerror());
	get_pool = (struct net_buf_pool * (*)(void))(uintptr_t)dlsym(library, "plugin_pool_get");
	alloc = (struct net_buf * (*)(void))(uintptr_t)dlsym(library, "plugin_alloc");
	zassert_not_null(get_pool);
	zassert_not_null(alloc);
	zassert_equal(net_buf_pool_count(), count + 1);
	return NULL;
}

ZTEST(net_buf_modules, test_id_of_a_late_pool)
{
	struct net_buf_pool *pool = get_pool();

	zassert_equal_ptr(net_buf_pool_get(pool->id), pool);
	zassert_equal(pool->id, net_buf_pool_count() - 1);
	zassert_not_equal(pool->id, program_pool.id);
	zassert_equal(net_buf_pool_free_count(pool), 3);
}

ZTEST(net_buf_modules, test_buffers_cross_the_border)
{
	struct net_buf *buf = alloc();
	struct net_buf *mine = net_buf_alloc(&program_pool, K_NO_WAIT);

	zassert_not_null(buf);
	zassert_equal(net_buf_pull_le32(buf), 0x12345678);
	zassert_equal_ptr(net_buf_pool_get(buf->pool_id), get_pool());
	net_buf_frag_add(mine, buf);
	net_buf_unref(mine);
	zassert_equal(net_buf_pool_free_count(get_pool()), 3);
}

ZTEST_SUITE(net_buf_modules, NULL, setup, NULL, NULL, NULL);
