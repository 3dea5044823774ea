/* SPDX-License-Identifier: Apache-2.0 */
#include "surroundings.h"

#include "definitions.inc"

static void check_pool(struct net_buf_pool *pool, uint16_t count, size_t size)
{
	struct net_buf *buf = net_buf_alloc(pool, K_NO_WAIT);

	zassert_not_null(buf);
	zassert_equal(net_buf_tailroom(buf), size);
	zassert_equal(pool->buf_count, count);
	net_buf_unref(buf);
	check_all_home(pool);
}

ZTEST(guide, test_pools)
{
	check_pool(&small_pool, 128, 64);
	check_pool(&medium_pool, 64, 512);
	check_pool(&large_pool, 16, 1500);
	check_pool(&jumbo_pool, 4, 4096);
}
