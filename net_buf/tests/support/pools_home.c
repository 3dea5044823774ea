/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * After every test of the program: all buffers of all pools are home. A program has this by being
 * linked with this file; tests that leave a buffer with another thread must first wait for it.
 */
#include <zephyr/ztest.h>
#include <zephyr/net_buf.h>
#include <zephyr/net_buf/watch.h>

static void check_home(const struct ztest_unit_test *test, void *fixture)
{
	struct net_buf_pool *pool;

	ARG_UNUSED(fixture);
	for (int id = 0; (pool = net_buf_pool_get(id)) != NULL; id++) {
		size_t home = net_buf_pool_free_count(pool);

		zexpect_equal(home, pool->buf_count, "%s: pool %d has %zu of its %u buffers",
			      test->name, id, home, pool->buf_count);
#ifdef CONFIG_NET_BUF_POOL_USAGE
		zexpect_equal(net_buf_get_available(pool), home, "%s: pool %s counts %zu of %zu",
			      test->name, pool->name, net_buf_get_available(pool), home);
#endif
	}
}

ZTEST_RULE(pools_home, NULL, check_home);
