/* SPDX-License-Identifier: Apache-2.0 */
/** @file Buffers around storage of the user's: when it is free again. */
#include <zephyr/ztest.h>
#include <zephyr/net_buf.h>
#include <zephyr/net_buf/external.h>
#include <zephyr/net_buf/ref_many.h>
#include <zephyr/net_buf/watch.h>

#include <errno.h>
#include <string.h>

#include "../support/misuse.h"

#define COUNT 4

NET_BUF_POOL_EXTERNAL_DEFINE(pool, COUNT, 3, NULL);
NET_BUF_POOL_FIXED_DEFINE(fixed_pool, 1, 8, 0, NULL);

static uint8_t storage[COUNT][32];
static unsigned int released[COUNT]; /* how often, for each storage */
static size_t home_at_release;

static void on_release(void *data, size_t size, void *arg)
{
	unsigned int *count = arg;

	zassert_equal_ptr(data, storage[count - released]);
	zassert_equal(size, sizeof(storage[0]));
	home_at_release = net_buf_pool_free_count(&pool);
	(*count)++;
}

static struct net_buf *wrap(int i)
{
	return net_buf_alloc_with_release(&pool, storage[i], sizeof(storage[i]), on_release,
					  &released[i], K_NO_WAIT);
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	memset(released, 0, sizeof(released));
}

ZTEST(net_buf_external, test_released_with_the_last_reference)
{
	struct net_buf *buf = wrap(0);

	zassert_not_null(buf);
	zassert_equal_ptr(buf->data, storage[0]);
	zassert_equal(buf->len, sizeof(storage[0]));
	zassert_equal(buf->size, sizeof(storage[0]));
	zassert_equal(buf->flags, 0);
	zassert_true(net_buf_is_valid(buf));
	zassert_true(net_buf_ref_add(buf, 2));
	net_buf_unref(buf);
	net_buf_unref(buf);
	zassert_equal(released[0], 0);
	net_buf_unref(buf);
	zassert_equal(released[0], 1);
	zassert_equal(home_at_release, COUNT, "the buffer is home first");
}

ZTEST(net_buf_external, test_clones_share_it)
{
	/* Every order in which a buffer, its clone and the clone's clone can go. */
	static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
					 {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

	for (int i = 0; i < 6; i++) {
		struct net_buf *bufs[3];

		released[0] = 0;
		bufs[0] = wrap(0);
		memcpy(net_buf_user_data(bufs[0]), "xyz", 3);
		net_buf_pull(bufs[0], 4);
		bufs[1] = net_buf_clone(bufs[0], K_NO_WAIT);
		bufs[2] = net_buf_clone(bufs[1], K_NO_WAIT);
		zassert_equal_ptr(bufs[2]->data, storage[0] + 4);
		zassert_equal(bufs[2]->len, sizeof(storage[0]) - 4);
		zassert_mem_equal(net_buf_user_data(bufs[2]), "xyz", 3);
		for (int j = 0; j < 3; j++) {
			zassert_equal(released[0], 0);
			net_buf_unref(bufs[orders[i][j]]);
		}
		zassert_equal(released[0], 1);
	}
}

/* The first buffer goes home, is used for other storage, and a clone still has the first. */
ZTEST(net_buf_external, test_a_clone_outlives_its_buffer)
{
	struct net_buf *first = wrap(0);
	struct net_buf *clone = net_buf_clone(first, K_NO_WAIT);
	struct net_buf *second;

	net_buf_unref(first);
	second = wrap(1);
	zassert_equal_ptr(second, first, "the same buffer");
	net_buf_unref(clone);
	zassert_equal(released[0], 1);
	zassert_equal(released[1], 0);
	net_buf_unref(second);
	zassert_equal(released[1], 1);
}

ZTEST(net_buf_external, test_as_many_storages_as_buffers)
{
	struct net_buf *bufs[COUNT];

	for (unsigned int round = 1; round <= 3; round++) {
		for (int i = 0; i < COUNT; i++) {
			bufs[i] = wrap(i);
			zassert_not_null(bufs[i]);
		}
		for (int i = COUNT - 1; i >= 0; i--) {
			net_buf_unref(bufs[i]);
			zassert_equal(released[i], round);
		}
	}
}

ZTEST(net_buf_external, test_in_chains)
{
	struct net_buf *head = wrap(0);

	net_buf_frag_add(head, wrap(1));
	net_buf_frag_add(head, wrap(2));
	zassert_equal(net_buf_frags_len(head), 3 * sizeof(storage[0]));
	head = net_buf_skip(head, sizeof(storage[0]) + 1);
	zassert_equal(released[0], 1);
	net_buf_unref(head);
	zassert_equal(released[1], 1);
	zassert_equal(released[2], 1);
}

ZTEST(net_buf_external, test_reset_makes_it_empty)
{
	struct net_buf *buf = wrap(0);

	net_buf_reset(buf);
	zassert_equal(buf->len, 0);
	zassert_equal(net_buf_tailroom(buf), sizeof(storage[0]));
	net_buf_add_be16(buf, 0x0102);
	zassert_equal(storage[0][0], 1);
	net_buf_unref(buf);
	zassert_equal(released[0], 1);
}

/* The callback may make the next buffer around it at once. */
static struct net_buf *again;

static void use_again(void *data, size_t size, void *arg)
{
	zassert_equal_ptr(arg, &again);
	again = net_buf_alloc_with_release(&pool, data, size, on_release, &released[0], K_NO_WAIT);
}

ZTEST(net_buf_external, test_used_again_in_the_callback)
{
	struct net_buf *others[COUNT - 1];
	struct net_buf *buf;

	/* Even when it was the last buffer of the pool. */
	for (int i = 0; i < COUNT - 1; i++) {
		others[i] = wrap(i + 1);
	}
	buf = net_buf_alloc_with_release(&pool, storage[0], sizeof(storage[0]), use_again, &again,
					 K_NO_WAIT);
	zassert_is_null(wrap(0));
	net_buf_unref(buf);
	zassert_not_null(again);
	zassert_equal(released[0], 0);
	net_buf_unref(again);
	zassert_equal(released[0], 1);
	for (int i = 0; i < COUNT - 1; i++) {
		net_buf_unref(others[i]);
	}
}

/* Who gets NULL still has the storage, and hears nothing. */
ZTEST(net_buf_external, test_failure_leaves_the_storage)
{
	struct net_buf *bufs[COUNT];

	for (int i = 0; i < COUNT; i++) {
		bufs[i] = net_buf_alloc_with_release(&pool, storage[0], sizeof(storage[0]),
						     on_release, &released[0], K_NO_WAIT);
		zassert_not_null(bufs[i], "the same storage several times is the user's affair");
	}
	zassert_is_null(wrap(1));
	zassert_equal(released[1], 0);
	zassert_is_null(net_buf_clone(bufs[0], K_NO_WAIT));
	zassert_equal(released[0], 0);
	for (int i = 0; i < COUNT; i++) {
		net_buf_unref(bufs[i]);
	}
	zassert_equal(released[0], COUNT);
}

ZTEST(net_buf_external, test_misuse)
{
	MISUSE(zassert_is_null(
		net_buf_alloc_with_release(NULL, storage, 1, on_release, NULL, K_NO_WAIT)));
	MISUSE(zassert_is_null(
		net_buf_alloc_with_release(&fixed_pool, storage, 1, on_release, NULL, K_NO_WAIT)));
	MISUSE(zassert_is_null(
		net_buf_alloc_with_release(&pool, NULL, 0, on_release, NULL, K_NO_WAIT)));
	MISUSE(zassert_is_null(
		net_buf_alloc_with_release(&pool, storage, 1, NULL, NULL, K_NO_WAIT)));
	MISUSE(zassert_is_null(net_buf_alloc_with_release(&pool, storage, UINT16_MAX + 1,
							  on_release, NULL, K_NO_WAIT)));
}

/* A buffer first, storage later; until then it goes home without a word. */
ZTEST(net_buf_external, test_attached_later)
{
	struct net_buf *buf = net_buf_alloc_len(&pool, 0, K_NO_WAIT);
	struct net_buf *with_memory = net_buf_alloc(&fixed_pool, K_NO_WAIT);

	net_buf_unref(buf);
	buf = net_buf_alloc_len(&pool, 0, K_NO_WAIT);
	MISUSE(zassert_equal(net_buf_external_attach(buf, NULL, 1, on_release, NULL), -EINVAL));
	MISUSE(zassert_equal(net_buf_external_attach(buf, storage, 1, NULL, NULL), -EINVAL));
	MISUSE(zassert_equal(
		net_buf_external_attach(buf, storage, UINT16_MAX + 1, on_release, NULL), -EINVAL));
	zassert_ok(net_buf_external_attach(buf, storage[0], sizeof(storage[0]), on_release,
					   &released[0]));
	zassert_equal_ptr(buf->data, storage[0]);
	zassert_equal(buf->len, sizeof(storage[0]));
	MISUSE(zassert_equal(net_buf_external_attach(buf, storage, 1, on_release, NULL), -EINVAL));
	MISUSE(zassert_equal(net_buf_external_attach(NULL, storage, 1, on_release, NULL), -EINVAL));
	MISUSE(zassert_equal(net_buf_external_attach(with_memory, storage, 1, on_release, NULL),
			     -EINVAL));
	net_buf_unref(with_memory);
	zassert_equal(released[0], 0);
	net_buf_unref(buf);
	zassert_equal(released[0], 1);
}

/* The other ways to a buffer of such a pool. */
ZTEST(net_buf_external, test_without_a_callback)
{
	struct net_buf *buf = net_buf_alloc(&pool, K_NO_WAIT);

	zassert_not_null(buf);
	zassert_equal(buf->size, 0);
	net_buf_unref(buf);
	zassert_is_null(net_buf_alloc_len(&pool, 1, K_NO_WAIT), "there is no memory");
	buf = net_buf_alloc_with_data(&pool, storage[0], sizeof(storage[0]), K_NO_WAIT);
	zassert_not_null(buf);
	zassert_is_null(net_buf_clone(buf, K_NO_WAIT), "nothing to copy it to");
	net_buf_unref(buf);
	zassert_equal(released[0], 0);
}

/* Storage of no bytes goes back like any other. */
static unsigned int empty_released;

static void on_empty_release(void *data, size_t size, void *arg)
{
	zassert_equal_ptr(data, storage);
	zassert_equal(size, 0);
	zassert_is_null(arg);
	empty_released++;
}

ZTEST(net_buf_external, test_empty_storage)
{
	struct net_buf *buf =
		net_buf_alloc_with_release(&pool, storage, 0, on_empty_release, NULL, K_NO_WAIT);

	zassert_not_null(buf);
	net_buf_unref(net_buf_clone(buf, K_NO_WAIT));
	zassert_equal(empty_released, 0);
	net_buf_unref(buf);
	zassert_equal(empty_released, 1);
}

/* With a destroy callback of the user's on top. */
static unsigned int destroyed;

static void count_destroyed(struct net_buf *buf)
{
	destroyed++;
	net_buf_destroy(buf);
}

NET_BUF_POOL_EXTERNAL_DEFINE(counted_pool, 1, 0, count_destroyed);

static void on_counted_release(void *data, size_t size, void *arg)
{
	ARG_UNUSED(data);
	ARG_UNUSED(size);
	*(unsigned int *)arg = destroyed;
}

ZTEST(net_buf_external, test_after_the_destroy_callback)
{
	unsigned int destroyed_before = 0;
	struct net_buf *buf = net_buf_alloc_with_release(
		&counted_pool, storage, 5, on_counted_release, &destroyed_before, K_NO_WAIT);

	destroyed = 0;
	net_buf_unref(buf);
	zassert_equal(destroyed, 1);
	zassert_equal(destroyed_before, 1);
}

ZTEST_SUITE(net_buf_external, NULL, NULL, before, NULL, NULL);
