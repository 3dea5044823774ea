/* SPDX-License-Identifier: Apache-2.0 */
/** @file What pools count, and the callback when few buffers are left. */
#include <zephyr/ztest.h>
#include <zephyr/net_buf.h>
#include <zephyr/net_buf/watch.h>

#include "../support/misuse.h"

#define COUNT 6
#define SIZE 16

NET_BUF_POOL_FIXED_DEFINE(pool, COUNT, SIZE, 0, NULL);

/* ---- without any option ---------------------------------------------------------------------- */

ZTEST(net_buf_usage, test_free_count)
{
	struct net_buf *bufs[COUNT];

	for (size_t i = 0; i < COUNT; i++) {
		zassert_equal(net_buf_pool_free_count(&pool), COUNT - i);
		bufs[i] = net_buf_alloc(&pool, K_NO_WAIT);
	}
	zassert_equal(net_buf_pool_free_count(&pool), 0);
	for (size_t i = 0; i < COUNT; i++) {
		net_buf_unref(bufs[i]);
		zassert_equal(net_buf_pool_free_count(&pool), i + 1);
	}
}

#ifdef CONFIG_NET_BUF_POOL_USAGE

/* ---- counting -------------------------------------------------------------------------------- */

NET_BUF_POOL_FIXED_DEFINE(counted_pool, COUNT, SIZE, 0, NULL);
NET_BUF_POOL_VAR_DEFINE(var_pool, COUNT, 256, 0, NULL);

static void expect_usage(struct net_buf_pool *p, size_t available, size_t max_used)
{
	zassert_equal(net_buf_get_available(p), available, "available %zu",
		      net_buf_get_available(p));
	zassert_equal(atomic_get(&p->avail_count), (atomic_val_t)available);
	zassert_equal(net_buf_get_max_used(p), max_used, "max used %zu", net_buf_get_max_used(p));
}

ZTEST(net_buf_usage, test_counts)
{
	struct net_buf *bufs[COUNT];

	zassert_equal(counted_pool.pool_size, COUNT * SIZE);
	zassert_equal(counted_pool.buf_count, COUNT);
	zassert_str_equal(counted_pool.name, "counted_pool");
	expect_usage(&counted_pool, COUNT, 0);
	for (size_t i = 0; i < COUNT; i++) {
		bufs[i] = net_buf_alloc(&counted_pool, K_NO_WAIT);
		expect_usage(&counted_pool, COUNT - 1 - i, i + 1);
		net_buf_unref(bufs[i]);
		expect_usage(&counted_pool, COUNT - i, i + 1);
		bufs[i] = net_buf_alloc(&counted_pool, K_NO_WAIT);
	}
	zassert_is_null(net_buf_alloc(&counted_pool, K_NO_WAIT));
	zassert_is_null(net_buf_clone(bufs[0], K_NO_WAIT));
	expect_usage(&counted_pool, 0, COUNT);
	net_buf_frag_add(bufs[0], bufs[1]);
	net_buf_unref(bufs[0]);
	expect_usage(&counted_pool, 2, COUNT);
	for (size_t i = 2; i < COUNT; i++) {
		net_buf_unref(bufs[i]);
	}
	expect_usage(&counted_pool, COUNT, COUNT);
}

/* What fails half-way is counted as if it had not been. */
ZTEST(net_buf_usage, test_counts_after_failures)
{
	struct net_buf *buf;
	uint8_t storage[300];

	zassert_is_null(net_buf_alloc_len(&var_pool, 4096, K_NO_WAIT));
	expect_usage(&var_pool, COUNT, 1);
	zassert_is_null(net_buf_alloc_len(&counted_pool, SIZE + 1, K_NO_WAIT));

	/* A clone for which there is a buffer, but no memory. */
	buf = net_buf_alloc_with_data(&var_pool, storage, sizeof(storage), K_NO_WAIT);
	zassert_not_null(buf);
	for (int i = 0; i < 2 * COUNT; i++) {
		zassert_is_null(net_buf_clone(buf, K_NO_WAIT));
		expect_usage(&var_pool, COUNT - 1, 2);
	}
	net_buf_unref(buf);
	expect_usage(&var_pool, COUNT, 2);
}

/* ---- the low-water mark ---------------------------------------------------------------------- */

static struct {
	unsigned int calls;
	size_t available;
	struct net_buf *allocated; /* by the callback */
	bool allocate;
} low;

static void on_low(struct net_buf_pool *p, size_t available, void *user_data)
{
	zassert_equal_ptr(p, &pool);
	zassert_equal_ptr(user_data, &low);
	low.calls++;
	low.available = available;
	if (low.allocate) {
		low.allocated = net_buf_alloc(p, K_NO_WAIT);
	}
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	low.calls = 0;
	low.allocate = false;
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	(void)net_buf_pool_low_water_set(&pool, 0, NULL, NULL);
}

ZTEST(net_buf_usage, test_low_water)
{
	struct net_buf *bufs[COUNT];

	zassert_equal(net_buf_pool_low_water_set(&pool, 2, on_low, &low), 0);
	for (int i = 0; i < 3; i++) {
		bufs[i] = net_buf_alloc(&pool, K_NO_WAIT);
	}
	zassert_equal(low.calls, 0, "one above the mark");
	bufs[3] = net_buf_alloc(&pool, K_NO_WAIT);
	zassert_equal(low.calls, 1);
	zassert_equal(low.available, 2);
	bufs[4] = net_buf_alloc(&pool, K_NO_WAIT);
	net_buf_unref(bufs[4]);
	bufs[4] = net_buf_alloc(&pool, K_NO_WAIT);
	zassert_equal(low.calls, 1, "not again below it");
	net_buf_unref(bufs[4]);
	net_buf_unref(bufs[3]);
	bufs[3] = net_buf_alloc(&pool, K_NO_WAIT);
	zassert_equal(low.calls, 2, "again after it was above");
	for (int i = 0; i < 4; i++) {
		net_buf_unref(bufs[i]);
	}

	/* Taken back. */
	zassert_equal(net_buf_pool_low_water_set(&pool, 2, NULL, NULL), 0);
	for (int i = 0; i < COUNT; i++) {
		bufs[i] = net_buf_alloc(&pool, K_NO_WAIT);
	}
	for (int i = 0; i < COUNT; i++) {
		net_buf_unref(bufs[i]);
	}
	zassert_equal(low.calls, 2);
}

ZTEST(net_buf_usage, test_low_water_limits)
{
	struct net_buf *bufs[COUNT];

	zassert_equal(net_buf_pool_low_water_set(NULL, 1, on_low, &low), -EINVAL);
	zassert_equal(net_buf_pool_low_water_set(&pool, COUNT, on_low, &low), -EINVAL);
	zassert_equal(net_buf_pool_low_water_set(&pool, COUNT - 1, on_low, &low), 0);
	bufs[0] = net_buf_alloc(&pool, K_NO_WAIT);
	zassert_equal(low.calls, 1, "the first one is already too many");
	zassert_equal(net_buf_pool_low_water_set(&pool, COUNT - 1, on_low, &low), 1);
	net_buf_unref(bufs[0]);
	zassert_equal(net_buf_pool_low_water_set(&pool, 0, on_low, &low), 0);
	for (int i = 0; i < COUNT; i++) {
		zassert_equal(low.calls, 1);
		bufs[i] = net_buf_alloc(&pool, K_NO_WAIT);
	}
	zassert_equal(low.calls, 2);
	zassert_equal(low.available, 0);
	zassert_is_null(net_buf_alloc(&pool, K_NO_WAIT));
	zassert_equal(low.calls, 2);

	/* Set while there are few: they must rise first. */
	zassert_equal(net_buf_pool_low_water_set(&pool, 1, on_low, &low), 1);
	net_buf_unref(bufs[0]);
	bufs[0] = net_buf_alloc(&pool, K_NO_WAIT);
	zassert_equal(low.calls, 2);
	net_buf_unref(bufs[0]);
	net_buf_unref(bufs[1]);
	bufs[1] = net_buf_alloc(&pool, K_NO_WAIT);
	zassert_equal(low.calls, 3);
	for (int i = 1; i < COUNT; i++) {
		net_buf_unref(bufs[i]);
	}
}

/* No lock is held, and it is called once although it allocates itself. */
ZTEST(net_buf_usage, test_low_water_callback_allocates)
{
	struct net_buf *buf;

	low.allocate = true;
	zassert_equal(net_buf_pool_low_water_set(&pool, COUNT - 1, on_low, &low), 0);
	buf = net_buf_alloc(&pool, K_NO_WAIT);
	zassert_equal(low.calls, 1);
	zassert_not_null(low.allocated);
	zassert_true(low.allocated != buf);
	net_buf_unref(low.allocated);
	net_buf_unref(buf);
}

ZTEST_SUITE(net_buf_usage, NULL, NULL, before, after, NULL);

#else

ZTEST_SUITE(net_buf_usage, NULL, NULL, NULL, NULL, NULL);

#endif
