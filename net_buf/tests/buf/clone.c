/* SPDX-License-Identifier: Apache-2.0 */
/** @file Clones: of pools that share memory and of those that copy. */
#include <zephyr/ztest.h>
#include <zephyr/net_buf.h>
#include <zephyr/net_buf/watch.h>

#include <string.h>

#define COUNT 3
#define SIZE 32
#define UD_SIZE 5

NET_BUF_POOL_FIXED_DEFINE(fixed_pool, COUNT, SIZE, UD_SIZE, NULL);

static struct net_buf *get(struct net_buf_pool *pool)
{
	struct net_buf *buf = net_buf_alloc_len(pool, SIZE, K_NO_WAIT);

	zassert_not_null(buf);
	net_buf_reserve(buf, 3);
	net_buf_add_mem(buf, "payload", 7);
	memcpy(net_buf_user_data(buf), "12345", UD_SIZE);
	return buf;
}

/* What every clone has in common with what it was made from, and what not. */
static void check_clone(const struct net_buf *clone, const struct net_buf *buf)
{
	zassert_not_null(clone);
	zassert_true(clone != buf);
	zassert_equal(clone->ref, 1);
	zassert_equal(clone->flags, 0);
	zassert_equal(clone->pool_id, buf->pool_id);
	zassert_equal(clone->len, buf->len);
	zassert_equal(net_buf_headroom(clone), net_buf_headroom(buf));
	zassert_mem_equal(clone->data, buf->data, buf->len);
	zassert_mem_equal(net_buf_user_data(clone), net_buf_user_data(buf), UD_SIZE);
	zassert_is_null(clone->frags);
	zassert_true(net_buf_is_valid(clone));
}

ZTEST(net_buf_clones, test_clone_no_ref_count)
{
	struct net_buf *buf = get(&fixed_pool);
	struct net_buf *clone = net_buf_clone(buf, K_NO_WAIT);

	check_clone(clone, buf);
	zassert_true(clone->__buf != buf->__buf, "memory of its own");
	zassert_equal(clone->size, SIZE);
	clone->data[0] = 'x';
	zassert_equal(buf->data[0], 'p');
	net_buf_unref(buf);
	zassert_equal(clone->data[1], 'a');
	net_buf_unref(clone);
}

ZTEST(net_buf_clones, test_fragments_are_not_cloned)
{
	struct net_buf *buf = get(&fixed_pool);
	struct net_buf *clone;

	net_buf_frag_add(buf, get(&fixed_pool));
	clone = net_buf_clone(buf, K_NO_WAIT);
	check_clone(clone, buf);
	net_buf_unref(buf);
	net_buf_unref(clone);
}

ZTEST(net_buf_clones, test_clone_of_a_shared_buffer)
{
	struct net_buf *buf = get(&fixed_pool);
	struct net_buf *clone;

	zassert_not_null(net_buf_ref(buf));
	clone = net_buf_clone(buf, K_NO_WAIT);
	check_clone(clone, buf);
	zassert_equal(buf->ref, 2);
	net_buf_unref(buf);
	net_buf_unref(buf);
	net_buf_unref(clone);
}

ZTEST(net_buf_clones, test_clone_of_an_empty_buffer)
{
	struct net_buf *buf = net_buf_alloc_len(&fixed_pool, 0, K_NO_WAIT);
	struct net_buf *clone;

	zassert_not_null(buf);
	clone = net_buf_clone(buf, K_NO_WAIT);
	zassert_not_null(clone);
	zassert_equal(clone->size, 0);
	zassert_equal(clone->len, 0);
	zassert_is_null(clone->__buf);
	net_buf_unref(buf);
	net_buf_unref(clone);
}

ZTEST(net_buf_clones, test_no_buffer_left)
{
	struct net_buf *bufs[COUNT];

	for (int i = 0; i < COUNT; i++) {
		bufs[i] = get(&fixed_pool);
	}
	zassert_is_null(net_buf_clone(bufs[0], K_NO_WAIT));
	zassert_equal(bufs[0]->ref, 1);
	for (int i = 0; i < COUNT; i++) {
		net_buf_unref(bufs[i]);
	}
}

/* Memory that the library does not own is copied. */
ZTEST(net_buf_clones, test_external_data_is_copied)
{
	uint8_t storage[SIZE];
	struct net_buf *buf = net_buf_alloc_with_data(&fixed_pool, storage, SIZE, K_NO_WAIT);
	struct net_buf *clone;

	zassert_not_null(buf);
	memset(storage, 0x42, SIZE);
	net_buf_pull(buf, 5);
	clone = net_buf_clone(buf, K_NO_WAIT);
	check_clone(clone, buf);
	zassert_true(clone->__buf != storage);
	memset(storage, 0, SIZE);
	zassert_equal(clone->data[0], 0x42);
	net_buf_unref(buf);
	zassert_equal(clone->data[0], 0x42);
	net_buf_unref(clone);
}

/* No bytes at an address are no bytes. */
ZTEST(net_buf_clones, test_external_data_of_no_bytes)
{
	uint8_t storage[1];
	struct net_buf *buf = net_buf_alloc_with_data(&fixed_pool, storage, 0, K_NO_WAIT);
	struct net_buf *clone = net_buf_clone(buf, K_NO_WAIT);

	zassert_not_null(clone);
	zassert_equal(clone->len, 0);
	zassert_equal(clone->size, 0);
	net_buf_unref(buf);
	net_buf_unref(clone);
}

ZTEST(net_buf_clones, test_external_data_beyond_the_pool)
{
	uint8_t storage[SIZE + 1];
	struct net_buf *buf = net_buf_alloc_with_data(&fixed_pool, storage, SIZE + 1, K_NO_WAIT);

	zassert_not_null(buf);
	zassert_is_null(net_buf_clone(buf, K_NO_WAIT));
	zassert_equal(net_buf_pool_free_count(&fixed_pool), COUNT - 1);
	net_buf_unref(buf);
}

ZTEST_SUITE(net_buf_clones, NULL, NULL, NULL, NULL, NULL);
