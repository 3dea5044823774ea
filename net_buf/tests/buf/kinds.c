/* SPDX-License-Identifier: Apache-2.0 */
/** @file The kinds of pools, and where the memory of their buffers is. */
#include <zephyr/ztest.h>
#include <zephyr/net_buf.h>
#include <zephyr/net_buf/watch.h>

#include <string.h>

#include "../support/misuse.h"

#define COUNT 4
#define SIZE 20

static unsigned int destroyed;

static void count_destroyed(struct net_buf *buf)
{
	destroyed++;
	net_buf_destroy(buf);
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	destroyed = 0;
}

/* ---- fixed ----------------------------------------------------------------------------------- */

NET_BUF_POOL_FIXED_DEFINE(fixed_pool, COUNT, SIZE, 4, count_destroyed);

ZTEST(net_buf_kinds, test_fixed_pool)
{
	struct net_buf *buf = net_buf_alloc_len(&fixed_pool, SIZE / 2, K_NO_WAIT);

	zassert_not_null(buf);
	zassert_equal(buf->size, SIZE, "always all of it");
	net_buf_unref(buf);
	buf = net_buf_alloc_len(&fixed_pool, SIZE, K_NO_WAIT);
	zassert_equal(buf->size, SIZE);
	net_buf_unref(buf);
	zassert_is_null(net_buf_alloc_len(&fixed_pool, SIZE + 1, K_NO_WAIT));
	buf = net_buf_alloc_len(&fixed_pool, 0, K_NO_WAIT);
	zassert_not_null(buf);
	zassert_equal(buf->size, 0);
	zassert_is_null(buf->__buf);
	net_buf_unref(buf);
	buf = net_buf_alloc_fixed(&fixed_pool, K_NO_WAIT);
	zassert_equal(buf->size, SIZE);
	zassert_equal((uintptr_t)buf->data % NET_BUF_DATA_ALIGN, 0);
	net_buf_unref(buf);
	zassert_equal(destroyed, 4);
}

/* The pieces of a fixed pool lie apart, each aligned, whatever the size. */
ZTEST(net_buf_kinds, test_fixed_pieces)
{
	struct net_buf *bufs[COUNT];

	for (int i = 0; i < COUNT; i++) {
		bufs[i] = net_buf_alloc(&fixed_pool, K_NO_WAIT);
		zassert_not_null(bufs[i]);
		zassert_equal((uintptr_t)bufs[i]->data % NET_BUF_DATA_ALIGN, 0);
		for (int j = 0; j < i; j++) {
			intptr_t apart = (intptr_t)bufs[i]->data - (intptr_t)bufs[j]->data;

			zassert_true(apart >= SIZE || apart <= -SIZE);
		}
	}
	for (int i = 0; i < COUNT; i++) {
		net_buf_unref(bufs[i]);
	}
}

/* ---- around the user's memory ---------------------------------------------------------------- */

ZTEST(net_buf_kinds, test_alloc_with_data)
{
	uint8_t storage[SIZE * 2] = {1, 2, 3};
	struct net_buf *buf =
		net_buf_alloc_with_data(&fixed_pool, storage, sizeof(storage), K_NO_WAIT);

	zassert_not_null(buf);
	zassert_equal(buf->flags, NET_BUF_EXTERNAL_DATA);
	zassert_equal(buf->ref, 1);
	zassert_equal_ptr(buf->data, storage);
	zassert_equal(buf->len, sizeof(storage));
	zassert_equal(buf->size, sizeof(storage));
	zassert_equal(net_buf_tailroom(buf), 0);
	zassert_equal(net_buf_pull_u8(buf), 1);
	zassert_equal(net_buf_headroom(buf), 1);
#ifdef CONFIG_ASSERT
	MISUSE(net_buf_reset(buf));
#endif
	net_buf_unref(buf);
	zassert_equal(destroyed, 1);

	/* The next one has its own memory again. */
	buf = net_buf_alloc(&fixed_pool, K_NO_WAIT);
	zassert_equal(buf->flags, 0);
	zassert_equal(buf->size, SIZE);
	zassert_true(buf->data != storage);
	net_buf_unref(buf);

	buf = net_buf_alloc_with_data(&fixed_pool, NULL, 0, K_NO_WAIT);
	zassert_not_null(buf);
	zassert_equal(buf->size, 0);
	net_buf_unref(buf);
}

/* ---- var ------------------------------------------------------------------------------------- */

NET_BUF_POOL_VAR_DEFINE(var_pool, COUNT, 2048, 4, count_destroyed);

ZTEST(net_buf_kinds, test_var_pool)
{
	static const size_t sizes[COUNT] = {20, 200, 1, 500};
	struct net_buf *bufs[COUNT];

	for (int i = 0; i < COUNT; i++) {
		bufs[i] = net_buf_alloc_len(&var_pool, sizes[i], K_NO_WAIT);
		zassert_not_null(bufs[i]);
		zassert_equal(bufs[i]->size, sizes[i]);
		zassert_equal((uintptr_t)bufs[i]->data % sizeof(void *), 0);
		memset(net_buf_add(bufs[i], sizes[i]), i, sizes[i]);
	}
	zassert_is_null(net_buf_alloc_len(&var_pool, 1, K_NO_WAIT));
	for (int i = 0; i < COUNT; i++) {
		for (size_t j = 0; j < sizes[i]; j++) {
			zassert_equal(bufs[i]->data[j], i);
		}
		net_buf_unref(bufs[i]);
	}
	zassert_equal(destroyed, COUNT);
	zassert_is_null(net_buf_alloc_len(&var_pool, 4096, K_NO_WAIT), "more than the heap");
	zassert_is_null(net_buf_alloc_len(&var_pool, UINT16_MAX + 1, K_NO_WAIT));
	zassert_equal(destroyed, COUNT, "what never was a buffer is not destroyed");
}

/* Without a size there is no memory. */
ZTEST(net_buf_kinds, test_var_pool_without_a_size)
{
	struct net_buf *buf = net_buf_alloc(&var_pool, K_NO_WAIT);

	zassert_not_null(buf);
	zassert_equal(buf->size, 0);
	zassert_is_null(buf->__buf);
	net_buf_unref(buf);
	zassert_equal(destroyed, 1);
}

/* Fragments without memory are as good as any, and hold nothing. */
ZTEST(net_buf_kinds, test_fragments_without_memory)
{
	struct net_buf *head = net_buf_alloc(&var_pool, K_NO_WAIT);
	struct net_buf *none = net_buf_alloc(&var_pool, K_NO_WAIT);
	uint8_t out[4];

	zassert_is_null(net_buf_tail(head));
	zassert_equal(net_buf_headroom(head), 0);
	zassert_equal(net_buf_tailroom(head), 0);
	zassert_is_null(net_buf_add(head, 0));
	zassert_is_null(net_buf_push(head, 0));
	zassert_is_null(net_buf_pull(head, 0));
	zassert_is_null(net_buf_remove_mem(head, 0));
	net_buf_reserve(head, 0);
	net_buf_reset(head);
	zassert_equal(net_buf_append_bytes(head, 4, "abcd", K_NO_WAIT, NULL, NULL), 4);
	net_buf_frag_add(head, none);
	zassert_equal(net_buf_append_bytes(head, 2, "ef", K_NO_WAIT, NULL, NULL), 2);
	zassert_equal(net_buf_frags_len(head), 6);
	zassert_equal(net_buf_linearize(out, sizeof(out), head, 2, 6), 4);
	zassert_mem_equal(out, "cdef", 4);
	zassert_equal(net_buf_data_match(head, 3, "def", 3), 3);
	head = net_buf_skip(head, 5);
	zassert_equal(net_buf_frags_len(head), 1);
	zassert_equal(head->data[0], 'f');
	net_buf_unref(head);
	zassert_equal(destroyed, 4);
}

/* A pool that is not fixed, with memory of the user's in between. */
ZTEST(net_buf_kinds, test_var_pool_with_data)
{
	uint8_t storage[8];
	struct net_buf *buf = net_buf_alloc_with_data(&var_pool, storage, 8, K_NO_WAIT);
	struct net_buf *clone;

	zassert_not_null(buf);
	storage[7] = 77;
	clone = net_buf_clone(buf, K_NO_WAIT);
	zassert_not_null(clone);
	zassert_true(clone->__buf != storage, "copied, not shared");
	zassert_equal(clone->flags, 0);
	zassert_equal(clone->data[7], 77);
	net_buf_unref(buf);
	net_buf_unref(clone);
}

NET_BUF_POOL_VAR_ALIGN_DEFINE(aligned_pool, COUNT, 4096, 0, NULL, 64);

ZTEST(net_buf_kinds, test_var_pool_aligned)
{
	struct net_buf *a = net_buf_alloc_len(&aligned_pool, 64, K_NO_WAIT);
	struct net_buf *b = net_buf_alloc_len(&aligned_pool, 65, K_NO_WAIT);
	struct net_buf *head;

	zassert_not_null(a);
	zassert_not_null(b);
	zassert_equal((uintptr_t)a->data % 64, 0);
	zassert_equal((uintptr_t)b->data % 64, 0);
	zassert_equal(a->size, 64);
	zassert_equal(b->size, 128, "rounded up");
	zassert_is_null(net_buf_alloc_len(&aligned_pool, 63, K_NO_WAIT), "less cannot be had");
	net_buf_unref(a);
	net_buf_unref(b);

	/* Appending asks for what can be had. */
	head = net_buf_alloc(&aligned_pool, K_NO_WAIT);
	zassert_equal(net_buf_append_bytes(head, 3, "abc", K_NO_WAIT, NULL, NULL), 3);
	zassert_equal(head->frags->size, 64);
	net_buf_unref(head);
}

/* Clones share memory: it is free when the last of them has gone, in whatever order. */
static void check_shared(struct net_buf_pool *pool)
{
	struct net_buf *buf = net_buf_alloc_len(pool, 50, K_NO_WAIT);
	struct net_buf *clone;
	struct net_buf *third;

	zassert_not_null(buf);
	net_buf_reserve(buf, 7);
	net_buf_add_mem(buf, "shared", 6);
	memcpy(net_buf_user_data(buf), "abcd", 4);
	clone = net_buf_clone(buf, K_NO_WAIT);
	zassert_not_null(clone);
	zassert_equal_ptr(clone->data, buf->data);
	zassert_equal_ptr(clone->__buf, buf->__buf);
	zassert_equal(clone->len, 6);
	zassert_equal(clone->size, buf->size);
	zassert_mem_equal(net_buf_user_data(clone), "abcd", 4);
	net_buf_unref(buf);
	zassert_mem_equal(clone->data, "shared", 6);
	third = net_buf_clone(clone, K_NO_WAIT);
	zassert_not_null(third);
	net_buf_unref(clone);
	zassert_mem_equal(third->data, "shared", 6);
	net_buf_pull(third, 2);
	zassert_equal(third->len, 4);
	net_buf_unref(third);

	buf = net_buf_alloc_len(pool, 0, K_NO_WAIT);
	clone = net_buf_clone(buf, K_NO_WAIT);
	zassert_not_null(clone, "nothing to share, nothing to fail");
	zassert_equal(clone->size, 0);
	net_buf_unref(clone);
	net_buf_unref(buf);
}

ZTEST(net_buf_kinds, test_clone_ref_count)
{
	for (int i = 0; i < 100; i++) {
		check_shared(&var_pool);
	}
}

ZTEST(net_buf_kinds, test_clone_reference_counted_zero_sized_buffer)
{
	struct net_buf *buf = net_buf_alloc_len(&var_pool, 0, K_NO_WAIT);
	struct net_buf *clone = net_buf_clone(buf, K_NO_WAIT);

	zassert_not_null(clone);
	zassert_is_null(clone->__buf);
	zassert_equal(clone->len, 0);
	net_buf_unref(clone);
	net_buf_unref(buf);
}

/* ---- heap ------------------------------------------------------------------------------------ */

#if CONFIG_HEAP_MEM_POOL_SIZE > 0

NET_BUF_POOL_HEAP_DEFINE(heap_pool, COUNT, 4, count_destroyed);

ZTEST(net_buf_kinds, test_heap_pool)
{
	struct net_buf *buf = net_buf_alloc_len(&heap_pool, 1000, K_NO_WAIT);

	zassert_not_null(buf);
	zassert_equal(buf->size, 1000);
	memset(net_buf_add(buf, 1000), 0x5a, 1000);
	net_buf_unref(buf);
	buf = net_buf_alloc(&heap_pool, K_NO_WAIT);
	zassert_equal(buf->size, 0);
	net_buf_unref(buf);
	zassert_equal(destroyed, 2);
	for (int i = 0; i < 100; i++) {
		check_shared(&heap_pool);
	}
}

#endif

/* ---- memory of a kind of the user's own ------------------------------------------------------ */

static struct {
	uint8_t memory[COUNT][40];
	size_t give;      /* what the next alloc makes of the size; 0: nothing at all */
	unsigned int out; /* pieces that are with buffers */
	unsigned int refs;
} own;

static uint8_t *own_alloc(struct net_buf *buf, size_t *size, k_timeout_t timeout)
{
	zassert_true(K_TIMEOUT_EQ(timeout, K_NO_WAIT));
	if (own.give == 0) {
		return NULL;
	}
	*size = own.give;
	own.out++;
	return own.memory[net_buf_id(buf)];
}

static uint8_t *own_ref(struct net_buf *buf, uint8_t *data)
{
	zassert_equal_ptr(buf->__buf, data);
	own.refs++;
	own.out++;
	return own.give == 0 ? NULL : data;
}

static void own_unref(struct net_buf *buf, uint8_t *data)
{
	ARG_UNUSED(buf);
	zassert_between_inclusive(data, own.memory[0], own.memory[COUNT - 1]);
	own.out--;
}

static const struct net_buf_data_cb own_cb = {
	.alloc = own_alloc,
	.ref = own_ref,
	.unref = own_unref,
};
static const struct net_buf_data_alloc own_alloc_info = {.cb = &own_cb, .max_alloc_size = 30};

_NET_BUF_ARRAY_DEFINE(own_pool, COUNT, 3);
static STRUCT_SECTION_ITERABLE(net_buf_pool,
			       own_pool) = NET_BUF_POOL_INITIALIZER(own_pool, &own_alloc_info,
								    _net_buf_own_pool, COUNT, 3,
								    count_destroyed);

ZTEST(net_buf_kinds, test_own_kind)
{
	struct net_buf *buf;
	struct net_buf *clone;

	own.give = 40;
	own.out = 0;
	buf = net_buf_alloc_fixed(&own_pool, K_NO_WAIT);
	zassert_not_null(buf);
	zassert_equal(buf->size, 40, "it may give more than is asked for");
	clone = net_buf_clone(buf, K_NO_WAIT);
	zassert_equal_ptr(clone->__buf, buf->__buf);
	zassert_equal(own.refs, 1);
	net_buf_unref(buf);
	net_buf_unref(clone);
	zassert_equal(own.out, 0);
	zassert_is_null(net_buf_alloc_len(&own_pool, 31, K_NO_WAIT), "more than its largest");

	own.give = 100000;
	buf = net_buf_alloc_len(&own_pool, 30, K_NO_WAIT);
	zassert_equal(buf->size, UINT16_MAX, "as much as a buffer can say");
	net_buf_unref(buf);

	/* It fails, or breaks its promise: no buffer, and no callback for one. */
	destroyed = 0;
	own.give = 0;
	zassert_is_null(net_buf_alloc_len(&own_pool, 1, K_NO_WAIT));
	own.give = 9;
	MISUSE(zassert_is_null(net_buf_alloc_len(&own_pool, 10, K_NO_WAIT)));
	zassert_equal(own.out, 0);
	zassert_equal(destroyed, 0);
	zassert_equal(net_buf_pool_free_count(&own_pool), COUNT);

	/* Memory that is not its own is not given back to it. */
	own.give = 20;
	buf = net_buf_alloc_with_data(&own_pool, &destroyed, sizeof(destroyed), K_NO_WAIT);
	own.refs = 0;
	clone = net_buf_clone(buf, K_NO_WAIT);
	zassert_not_null(clone);
	zassert_equal(own.refs, 0, "copied");
	zassert_equal(own.out, 1);
	net_buf_unref(buf);
	zassert_equal(own.out, 1);
	net_buf_unref(clone);
	zassert_equal(own.out, 0);

	/* Memory that cannot be shared any more. */
	own.give = 9;
	buf = net_buf_alloc_len(&own_pool, 9, K_NO_WAIT);
	own.give = 0;
	zassert_is_null(net_buf_clone(buf, K_NO_WAIT));
	own.out--;
	zassert_equal(net_buf_pool_free_count(&own_pool), COUNT - 1);
	net_buf_unref(buf);
	zassert_equal(own.out, 0);
}

/* One that hands memory out and does not want it back. */
static const struct net_buf_data_cb giving_cb = {.alloc = own_alloc};
static const struct net_buf_data_alloc giving_alloc = {.cb = &giving_cb};

_NET_BUF_ARRAY_DEFINE(giving_pool, 1, 0);
static STRUCT_SECTION_ITERABLE(net_buf_pool, giving_pool) =
	NET_BUF_POOL_INITIALIZER(giving_pool, &giving_alloc, _net_buf_giving_pool, 1, 0, NULL);

ZTEST(net_buf_kinds, test_own_kind_that_only_gives)
{
	struct net_buf *buf;

	own.give = 9;
	buf = net_buf_alloc_len(&giving_pool, 9, K_NO_WAIT);
	zassert_not_null(buf);
	net_buf_unref(buf);
	MISUSE(zassert_is_null(net_buf_alloc_len(&giving_pool, 10, K_NO_WAIT)));
	zassert_equal(net_buf_pool_free_count(&giving_pool), 1);
}

/* A fixed pool put together by hand, as the macros of others do it. */
static uint8_t hand_memory[2][24];
static const struct net_buf_pool_fixed hand_fixed = {.data_pool = (uint8_t *)hand_memory};
static const struct net_buf_data_alloc hand_alloc = {
	.cb = &net_buf_fixed_cb,
	.alloc_data = (void *)&hand_fixed,
	.max_alloc_size = 24,
};

_NET_BUF_ARRAY_DEFINE(hand_pool, 2, 0);
static STRUCT_SECTION_ITERABLE(net_buf_pool, hand_pool) =
	NET_BUF_POOL_INITIALIZER(hand_pool, &hand_alloc, _net_buf_hand_pool, 2, 0, NULL);

ZTEST(net_buf_kinds, test_fixed_pool_made_by_hand)
{
	struct net_buf *a = net_buf_alloc(&hand_pool, K_NO_WAIT);
	struct net_buf *b = net_buf_alloc_len(&hand_pool, 3, K_NO_WAIT);

	zassert_equal_ptr(a->data, hand_memory[0]);
	zassert_equal_ptr(b->data, hand_memory[1]);
	zassert_equal(a->size, 24);
	zassert_equal(b->size, 24);
	zassert_is_null(net_buf_alloc_len(&hand_pool, 25, K_NO_WAIT));
	net_buf_unref(b);
	b = net_buf_clone(a, K_NO_WAIT);
	zassert_not_null(b);
	zassert_equal_ptr(b->data, hand_memory[1]);
	net_buf_unref(a);
	net_buf_unref(b);
}

/* The same with pieces that lie further apart than they are long. */
static const struct net_buf_pool_fixed apart_fixed = {
	.data_pool = (uint8_t *)hand_memory,
	.stride = 24,
};
static const struct net_buf_data_alloc apart_alloc = {
	.cb = &net_buf_fixed_cb,
	.alloc_data = (void *)&apart_fixed,
	.max_alloc_size = 20,
};

_NET_BUF_ARRAY_DEFINE(apart_pool, 2, 0);
static STRUCT_SECTION_ITERABLE(net_buf_pool, apart_pool) =
	NET_BUF_POOL_INITIALIZER(apart_pool, &apart_alloc, _net_buf_apart_pool, 2, 0, NULL);

ZTEST(net_buf_kinds, test_fixed_pool_with_pieces_apart)
{
	struct net_buf *a = net_buf_alloc(&apart_pool, K_NO_WAIT);
	struct net_buf *b = net_buf_alloc(&apart_pool, K_NO_WAIT);

	zassert_equal_ptr(a->data, hand_memory[0]);
	zassert_equal_ptr(b->data, hand_memory[1]);
	zassert_equal(a->size, 20);
	net_buf_unref(a);
	net_buf_unref(b);
}

ZTEST_SUITE(net_buf_kinds, NULL, NULL, before, NULL, NULL);
