/* SPDX-License-Identifier: Apache-2.0 */
/** @file From the first reference to the way home. */
#include <zephyr/ztest.h>
#include <zephyr/net_buf.h>
#include <zephyr/net_buf/ref_many.h>
#include <zephyr/net_buf/watch.h>

#include <string.h>

#include "../support/misuse.h"

#define COUNT 4
#define SIZE 20
#define UD_SIZE 6

/* What the destroy callback saw. */
static struct {
	unsigned int calls;
	struct net_buf *last;
	uint8_t *memory;
	uint16_t len;
	uint8_t user_data[UD_SIZE];
	bool clean; /* every time: no reference, no data, no fragments */
} seen;

static void on_destroy(struct net_buf *buf)
{
	seen.calls++;
	seen.last = buf;
	seen.memory = buf->__buf;
	seen.len = buf->len;
	memcpy(seen.user_data, buf->user_data, UD_SIZE);
	seen.clean = seen.clean && buf->ref == 0 && buf->data == NULL && buf->frags == NULL;
	net_buf_destroy(buf);
}

NET_BUF_POOL_FIXED_DEFINE(pool, COUNT, SIZE, UD_SIZE, on_destroy);
NET_BUF_POOL_DEFINE(quiet_pool, 2, SIZE, 0, NULL);

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	memset(&seen, 0, sizeof(seen));
	seen.clean = true;
}

static struct net_buf *get(void)
{
	struct net_buf *buf = net_buf_alloc(&pool, K_NO_WAIT);

	zassert_not_null(buf);
	return buf;
}

ZTEST(net_buf_lifetime, test_new_buffer)
{
	struct net_buf *buf = get();

	zassert_equal(buf->ref, 1);
	zassert_equal(buf->flags, 0);
	zassert_equal_ptr(net_buf_pool_get(buf->pool_id), &pool);
	zassert_is_null(buf->frags);
	zassert_equal(buf->len, 0);
	zassert_equal(buf->size, SIZE);
	zassert_equal_ptr(buf->data, buf->__buf);
	zassert_equal(net_buf_headroom(buf), 0);
	zassert_equal(net_buf_tailroom(buf), SIZE);
	zassert_equal_ptr(net_buf_tail(buf), buf->data);
	zassert_equal(buf->user_data_size, UD_SIZE);
	zassert_true(net_buf_is_valid(buf));
	net_buf_unref(buf);
	zassert_equal(seen.calls, 1);
}

/* Every buffer once, each of its own; then none; then all again. */
ZTEST(net_buf_lifetime, test_net_buf_1)
{
	struct net_buf *bufs[COUNT];

	for (unsigned int round = 1; round <= 3; round++) {
		unsigned int ids = 0;

		for (int i = 0; i < COUNT; i++) {
			bufs[i] = get();
			ids |= 1U << net_buf_id(bufs[i]);
			memset(net_buf_add(bufs[i], SIZE), i, SIZE);
		}
		zassert_equal(ids, (1U << COUNT) - 1);
		zassert_is_null(net_buf_alloc(&pool, K_NO_WAIT));
		for (int i = 0; i < COUNT; i++) {
			for (int j = 0; j < SIZE; j++) {
				zassert_equal(bufs[i]->data[j], i, "memory is shared");
			}
			net_buf_unref(bufs[i]);
		}
		zassert_equal(seen.calls, round * COUNT);
	}
	zassert_true(seen.clean);
}

ZTEST(net_buf_lifetime, test_destroy_sees_what_was)
{
	struct net_buf *buf = get();
	uint8_t *memory = buf->__buf;

	net_buf_reserve(buf, 2);
	net_buf_add(buf, 5);
	memcpy(net_buf_user_data(buf), "abcdef", UD_SIZE);
	net_buf_unref(buf);
	zassert_equal_ptr(seen.last, buf);
	zassert_equal_ptr(seen.memory, memory);
	zassert_equal(seen.len, 5);
	zassert_mem_equal(seen.user_data, "abcdef", UD_SIZE);
	zassert_true(seen.clean);
}

ZTEST(net_buf_lifetime, test_user_data_is_zero_again)
{
	static const uint8_t zeros[UD_SIZE];
	struct net_buf *buf = get();

	zassert_mem_equal(net_buf_user_data(buf), zeros, UD_SIZE);
	zassert_equal((uintptr_t)net_buf_user_data(buf) % NET_BUF_ALIGN, 0);
	memset(net_buf_user_data(buf), 0xff, UD_SIZE);
	net_buf_unref(buf);
	buf = get();
	zassert_mem_equal(net_buf_user_data(buf), zeros, UD_SIZE);
	net_buf_unref(buf);
}

ZTEST(net_buf_lifetime, test_user_data_copy)
{
	struct net_buf *from = get();
	struct net_buf *to = get();
	struct net_buf *small = net_buf_alloc(&quiet_pool, K_NO_WAIT);

	memcpy(net_buf_user_data(from), "abcdef", UD_SIZE);
	zassert_ok(net_buf_user_data_copy(to, from));
	zassert_mem_equal(net_buf_user_data(to), "abcdef", UD_SIZE);
	zassert_ok(net_buf_user_data_copy(from, from));
	zassert_mem_equal(net_buf_user_data(from), "abcdef", UD_SIZE);
	zassert_equal(net_buf_user_data_copy(small, from), -EINVAL);
	zassert_ok(net_buf_user_data_copy(to, small), "there is room for more");
	zassert_mem_equal(net_buf_user_data(to), "abcdef", UD_SIZE);
	zassert_equal(net_buf_user_data_copy(NULL, from), -EINVAL);
	zassert_equal(net_buf_user_data_copy(to, NULL), -EINVAL);
	net_buf_unref(from);
	net_buf_unref(to);
	net_buf_unref(small);
}

ZTEST(net_buf_lifetime, test_reset)
{
	struct net_buf *buf = get();

	net_buf_reserve(buf, 4);
	net_buf_add(buf, 4);
	net_buf_reset(buf);
	zassert_equal(buf->len, 0);
	zassert_equal(net_buf_headroom(buf), 0);
	zassert_equal(net_buf_tailroom(buf), SIZE);
#ifdef CONFIG_ASSERT
	buf->flags = 2;
	MISUSE(net_buf_reset(buf));
	buf->flags = 0;
	buf->frags = get();
	MISUSE(net_buf_reset(buf));
#endif
	net_buf_unref(buf);
}

ZTEST(net_buf_lifetime, test_max_len)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
	struct net_buf *buf = get();

	net_buf_reserve(buf, 4);
	net_buf_add(buf, 4);
	zassert_equal(net_buf_max_len(buf), SIZE - 4);
	net_buf_unref(buf);
#pragma GCC diagnostic pop
}

/* ---- references ------------------------------------------------------------------------------ */

ZTEST(net_buf_lifetime, test_ref_and_unref)
{
	struct net_buf *buf = get();

	zassert_equal_ptr(net_buf_ref(buf), buf);
	zassert_equal_ptr(net_buf_ref(buf), buf);
	zassert_equal(buf->ref, 3);
	zassert_equal(net_buf_ref_get(buf), 3);
	net_buf_unref(buf);
	net_buf_unref(buf);
	zassert_equal(seen.calls, 0);
	zassert_equal(net_buf_ref_get(buf), 1);
	net_buf_unref(buf);
	zassert_equal(seen.calls, 1);
}

/* Up to the last reference that is counted, and what stands next to the count stays as it is. */
ZTEST(net_buf_lifetime, test_reference_limit)
{
	struct net_buf *buf = get();
	uint8_t pool_id = buf->pool_id;

	buf->flags = 0x5a;
	buf->ref = 65533;
	zassert_equal_ptr(net_buf_ref(buf), buf);
	zassert_equal(buf->ref, 65534);
	zassert_equal_ptr(net_buf_ref(buf), buf);
	zassert_equal(buf->ref, 65535);
	zassert_is_null(net_buf_ref(buf));
	zassert_is_null(net_buf_ref(buf));
	zassert_equal(buf->ref, 65535);
	zassert_equal(buf->flags, 0x5a);
	zassert_equal(buf->pool_id, pool_id);
	zassert_equal(buf->user_data_size, UD_SIZE);

	net_buf_unref(buf);
	zassert_equal(buf->ref, 65534);
	zassert_equal_ptr(net_buf_ref(buf), buf);
	zassert_is_null(net_buf_ref(buf));

	buf->flags = 0;
	for (int i = 0; i < 65534; i++) {
		net_buf_unref(buf);
	}
	zassert_equal(seen.calls, 0);
	zassert_equal(buf->ref, 1);
	net_buf_unref(buf);
	zassert_equal(seen.calls, 1);
}

ZTEST(net_buf_lifetime, test_many_references_at_once)
{
	struct net_buf *buf = get();

	zassert_true(net_buf_ref_add(buf, 0));
	zassert_equal(buf->ref, 1);
	zassert_true(net_buf_ref_add(buf, 16));
	zassert_equal(buf->ref, 17);
	zassert_false(net_buf_ref_add(buf, 65535 - 16), "one more than fits");
	zassert_equal(buf->ref, 17);
	zassert_true(net_buf_ref_add(buf, 65535 - 17));
	zassert_equal(buf->ref, 65535);
	zassert_false(net_buf_ref_add(buf, 1));
	zassert_true(net_buf_ref_add(buf, 0));

	net_buf_ref_drop(buf, 0);
	zassert_equal(buf->ref, 65535);
	net_buf_ref_drop(buf, 65530);
	zassert_equal(buf->ref, 5);
	MISUSE(net_buf_ref_drop(buf, 6));
	zassert_equal(buf->ref, 5, "more than there are: nothing changes");
	net_buf_ref_drop(buf, 4);
	zassert_equal(seen.calls, 0);
	net_buf_ref_drop(buf, 1);
	zassert_equal(seen.calls, 1);

	buf = get();
	zassert_true(net_buf_ref_add(buf, 65534));
	net_buf_ref_drop(buf, 65535);
	zassert_equal(seen.calls, 2, "all of them at once");
}

/* A fragment behind it loses one reference only. */
ZTEST(net_buf_lifetime, test_many_references_and_a_chain)
{
	struct net_buf *buf = get();
	struct net_buf *frag = get();

	zassert_not_null(net_buf_ref(frag));
	net_buf_frag_add(buf, frag);
	zassert_true(net_buf_ref_add(buf, 9));
	net_buf_ref_drop(buf, 10);
	zassert_equal(seen.calls, 1);
	zassert_equal(frag->ref, 1);
	net_buf_unref(frag);
	zassert_equal(seen.calls, 2);
}

/* Releases while there is something to release, and says when there is not. */
ZTEST(net_buf_lifetime, test_ref_end)
{
	struct net_buf *buf = net_buf_alloc(&pool, K_NO_WAIT);

	zassert_equal_ptr(net_buf_ref(buf), buf);
	zassert_true(net_buf_ref_end(buf));
	zassert_equal(buf->ref, 1);
	zassert_true(net_buf_ref_end(buf));
	zassert_equal(net_buf_pool_free_count(&pool), COUNT);
	zassert_false(net_buf_ref_end(buf));
	zassert_equal(net_buf_pool_free_count(&pool), COUNT);
}

ZTEST(net_buf_lifetime, test_release_at_home)
{
	struct net_buf *buf = get();
	struct net_buf kept;

	net_buf_unref(buf);
	kept = *buf;
	MISUSE(net_buf_unref(buf));
	MISUSE(net_buf_unref(buf));
	MISUSE(net_buf_ref_drop(buf, 1));
	MISUSE(net_buf_ref_drop(buf, 65535));
	MISUSE(zassert_is_null(net_buf_ref(buf)));
	MISUSE(zassert_false(net_buf_ref_add(buf, 2)));
	MISUSE(zassert_is_null(net_buf_clone(buf, K_NO_WAIT)));
	zassert_mem_equal(buf, &kept, sizeof(kept), "nothing of it may change");
	zassert_equal(seen.calls, 1);
	zassert_equal(net_buf_pool_free_count(&pool), COUNT);

	/* It is as good as ever. */
	for (int i = 0; i < COUNT; i++) {
		zassert_not_null(net_buf_alloc(&pool, K_NO_WAIT));
	}
	zassert_is_null(net_buf_alloc(&pool, K_NO_WAIT));
	for (int i = 0; i < COUNT; i++) {
		net_buf_unref(
			(struct net_buf *)(void *)((char *)pool.__bufs + (size_t)i * pool.stride));
	}
	zassert_true(seen.clean);
}

ZTEST(net_buf_lifetime, test_null)
{
	MISUSE(zassert_is_null(net_buf_ref(NULL)));
	MISUSE(zassert_false(net_buf_ref_add(NULL, 1)));
	MISUSE(net_buf_unref(NULL));
	MISUSE(net_buf_ref_drop(NULL, 1));
	MISUSE(net_buf_destroy(NULL));
	MISUSE(zassert_is_null(net_buf_clone(NULL, K_NO_WAIT)));
	MISUSE(zassert_is_null(net_buf_alloc_fixed(NULL, K_NO_WAIT)));
	MISUSE(zassert_is_null(net_buf_alloc_len(NULL, 1, K_NO_WAIT)));
	MISUSE(zassert_is_null(net_buf_alloc_with_data(NULL, &seen, 1, K_NO_WAIT)));
	zassert_false(net_buf_is_valid(NULL));
}

ZTEST(net_buf_lifetime, test_destroy_of_a_buffer_in_use)
{
	struct net_buf *buf = get();

	MISUSE(net_buf_destroy(buf));
	zassert_equal(buf->ref, 1);
	zassert_equal(net_buf_pool_free_count(&pool), COUNT - 1);
	net_buf_unref(buf);
#ifdef CONFIG_NET_BUF_HARDENING
	MISUSE(net_buf_destroy(buf));
	zassert_equal(net_buf_pool_free_count(&pool), COUNT);
#endif
}

#ifdef CONFIG_NET_BUF_HARDENING
ZTEST(net_buf_lifetime, test_not_a_buffer_of_its_pool)
{
	struct net_buf *buf = get();
	struct net_buf copy = *buf;

	/* The same count, id and index somewhere else. */
	MISUSE(net_buf_unref(&copy));
	MISUSE(zassert_is_null(net_buf_ref(&copy)));
	zassert_equal(copy.ref, 1);
	copy.ref = 0;
	MISUSE(net_buf_destroy(&copy));
	copy.ref = 1;
	copy.pool_id = 0xff;
	MISUSE(net_buf_unref(&copy));
	copy.pool_id = buf->pool_id;
	copy.index = COUNT;
	MISUSE(net_buf_unref(&copy));
	zassert_equal(seen.calls, 0);
	net_buf_unref(buf);
	zassert_equal(seen.calls, 1);
}
#endif

/* ---- take, drop, valid ----------------------------------------------------------------------- */

ZTEST(net_buf_lifetime, test_take)
{
	struct net_buf *buf = get();
	struct net_buf *orig = buf;

	zassert_equal_ptr(net_buf_take(&orig), buf);
	zassert_is_null(orig);
	zassert_equal(buf->ref, 1, "the reference only moves");
	zassert_is_null(net_buf_take(&orig));
	net_buf_unref(buf);
}

ZTEST(net_buf_lifetime, test_drop)
{
	struct net_buf *buf = get();
	struct net_buf *orig = buf;

	zassert_not_null(net_buf_ref(buf));
	net_buf_drop(&orig);
	zassert_is_null(orig);
	zassert_equal(buf->ref, 1);
	net_buf_drop(&orig);
	zassert_equal(buf->ref, 1);
	orig = buf;
	net_buf_drop(&orig);
	zassert_equal(seen.calls, 1);
}

ZTEST(net_buf_lifetime, test_is_valid)
{
	struct net_buf *buf = get();

	zassert_true(net_buf_is_valid(buf));
	net_buf_add(buf, SIZE);
	zassert_true(net_buf_is_valid(buf));
	buf->len++;
	zassert_false(net_buf_is_valid(buf));
	buf->len--;
	buf->data = buf->__buf - 1;
	zassert_false(net_buf_is_valid(buf));
	buf->data = buf->__buf;
	buf->ref = 0;
	zassert_false(net_buf_is_valid(buf));
	buf->ref = 1;
	net_buf_unref(buf);
	zassert_false(net_buf_is_valid(buf), "at home");
}

/* ---- the callback may keep it a while -------------------------------------------------------- */

static struct net_buf *kept_by_callback;

static void keep(struct net_buf *buf)
{
	kept_by_callback = buf;
}

NET_BUF_POOL_FIXED_DEFINE(keeping_pool, 1, SIZE, 0, keep);

ZTEST(net_buf_lifetime, test_callback_destroys_later)
{
	struct net_buf *buf = net_buf_alloc(&keeping_pool, K_NO_WAIT);

	zassert_not_null(buf);
	net_buf_unref(buf);
	zassert_equal_ptr(kept_by_callback, buf);
	zassert_is_null(net_buf_alloc(&keeping_pool, K_NO_WAIT), "it is not home yet");
	zassert_equal(net_buf_pool_free_count(&keeping_pool), 0);
	MISUSE(net_buf_unref(buf));
	net_buf_destroy(buf);
	buf = net_buf_alloc(&keeping_pool, K_NO_WAIT);
	zassert_not_null(buf);
	net_buf_unref(buf);
	net_buf_destroy(kept_by_callback);
}

/* The callback may use the library: no lock is held. */
static unsigned int nested_calls;

static void use_the_library(struct net_buf *buf);

NET_BUF_POOL_FIXED_DEFINE(nested_pool, 2, SIZE, 0, use_the_library);

static void use_the_library(struct net_buf *buf)
{
	struct net_buf *other;

	if (nested_calls++ == 0) {
		other = net_buf_alloc(&nested_pool, K_NO_WAIT);
		zassert_not_null(other);
		net_buf_unref(other);
	}
	net_buf_destroy(buf);
}

ZTEST(net_buf_lifetime, test_callback_allocates_and_releases)
{
	nested_calls = 0;
	net_buf_unref(net_buf_alloc(&nested_pool, K_NO_WAIT));
	zassert_equal(nested_calls, 2);
}

/* Last home, first out: its memory is still in the cache. */
ZTEST(net_buf_lifetime, test_last_in_first_out)
{
	struct net_buf *a = net_buf_alloc(&quiet_pool, K_NO_WAIT);
	struct net_buf *b = net_buf_alloc(&quiet_pool, K_NO_WAIT);

	net_buf_unref(a);
	net_buf_unref(b);
	zassert_equal_ptr(net_buf_alloc(&quiet_pool, K_NO_WAIT), b);
	zassert_equal_ptr(net_buf_alloc(&quiet_pool, K_NO_WAIT), a);
	net_buf_unref(b);
	net_buf_unref(a);
}

ZTEST_SUITE(net_buf_lifetime, NULL, NULL, before, NULL, NULL);
