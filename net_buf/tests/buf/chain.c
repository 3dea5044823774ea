/* SPDX-License-Identifier: Apache-2.0 */
/** @file Chains: linking, unlinking, releasing; reading and writing across fragments. */
#include <zephyr/ztest.h>
#include <zephyr/net_buf.h>
#include <zephyr/net_buf/watch.h>

#include <string.h>

#include "../support/misuse.h"

#define COUNT 12
#define SIZE ((size_t)10)

static unsigned int destroyed;

static void count_destroyed(struct net_buf *buf)
{
	destroyed++;
	net_buf_destroy(buf);
}

NET_BUF_POOL_FIXED_DEFINE(pool, COUNT, SIZE, 0, count_destroyed);

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	destroyed = 0;
}

static struct net_buf *get(void)
{
	struct net_buf *buf = net_buf_alloc(&pool, K_NO_WAIT);

	zassert_not_null(buf);
	return buf;
}

/* A buffer with @p len bytes that count on from *@p value. */
static struct net_buf *get_filled(size_t len, uint8_t *value)
{
	struct net_buf *buf = get();

	for (size_t i = 0; i < len; i++) {
		net_buf_add_u8(buf, (*value)++);
	}
	return buf;
}

/* A chain of fragments with these lengths, bytes counting from 0. */
static struct net_buf *make_chain(const size_t *lens, size_t count)
{
	uint8_t value = 0;
	struct net_buf *head = get_filled(lens[0], &value);

	for (size_t i = 1; i < count; i++) {
		net_buf_frag_add(head, get_filled(lens[i], &value));
	}
	return head;
}

/* Whether the bytes of @p buf count on from @p first, @p len of them. */
static void check_content(const struct net_buf *buf, uint8_t first, size_t len)
{
	zassert_equal(net_buf_frags_len(buf), len, "%zu bytes", net_buf_frags_len(buf));
	for (; buf != NULL; buf = buf->frags) {
		for (size_t i = 0; i < buf->len; i++) {
			zassert_equal(buf->data[i], first);
			first++;
		}
	}
}

/* ---- linking --------------------------------------------------------------------------------- */

ZTEST(net_buf_chain, test_net_buf_2)
{
	struct net_buf *head = get();
	struct net_buf *frag;
	int count = 0;

	while ((frag = net_buf_alloc(&pool, K_NO_WAIT)) != NULL) {
		net_buf_add_u8(frag, (uint8_t)count++);
		zassert_equal_ptr(net_buf_frag_add(head, frag), head);
		zassert_equal_ptr(net_buf_frag_last(head), frag);
	}
	zassert_equal(count, COUNT - 1);
	frag = head->frags;
	for (int i = 0; i < count; i++) {
		zassert_equal(frag->data[0], i);
		frag = frag->frags;
	}
	zassert_is_null(frag);
	net_buf_unref(head);
	zassert_equal(destroyed, COUNT);
}

ZTEST(net_buf_chain, test_net_buf_4)
{
	struct net_buf *buf = get();
	struct net_buf *frags[3];

	for (int i = 0; i < 3; i++) {
		frags[i] = get();
	}
	/* buf -> 2 -> 1 -> 0 */
	for (int i = 0; i < 3; i++) {
		net_buf_frag_insert(buf, frags[i]);
	}
	zassert_equal_ptr(buf->frags, frags[2]);
	zassert_equal_ptr(frags[2]->frags, frags[1]);
	zassert_equal_ptr(frags[1]->frags, frags[0]);

	zassert_equal_ptr(net_buf_frag_del(frags[2], frags[1]), frags[0]);
	zassert_equal(destroyed, 1);
	zassert_equal_ptr(frags[2]->frags, frags[0]);
	zassert_is_null(net_buf_frag_del(frags[2], frags[0]));
	zassert_equal(destroyed, 2);
	zassert_is_null(frags[2]->frags);
	zassert_equal_ptr(net_buf_frag_del(NULL, buf), frags[2]);
	zassert_equal(destroyed, 3);
	net_buf_unref(frags[2]);
	zassert_equal(destroyed, 4);
}

ZTEST(net_buf_chain, test_insert_a_chain)
{
	struct net_buf *a = get();
	struct net_buf *b = get();
	struct net_buf *c = get();
	struct net_buf *d = get();

	net_buf_frag_add(a, d);
	net_buf_frag_add(b, c);
	net_buf_frag_insert(a, b);
	zassert_equal_ptr(a->frags, b);
	zassert_equal_ptr(b->frags, c);
	zassert_equal_ptr(c->frags, d);
	zassert_equal_ptr(net_buf_frag_last(a), d);
	zassert_equal_ptr(net_buf_frag_last(d), d);
	net_buf_unref(a);
	zassert_equal(destroyed, 4);
}

ZTEST(net_buf_chain, test_add_to_nothing_takes_a_reference)
{
	struct net_buf *frag = get();
	struct net_buf *head = net_buf_frag_add(NULL, frag);

	zassert_equal_ptr(head, frag);
	zassert_equal(frag->ref, 2, "the caller has its own, too");
	net_buf_unref(head);
	net_buf_unref(frag);
	zassert_equal(destroyed, 1);
}

ZTEST(net_buf_chain, test_misuse)
{
	struct net_buf *a = get();
	struct net_buf *b = get();
	struct net_buf *c = get();

	net_buf_frag_add(a, b);
	MISUSE(zassert_is_null(net_buf_frag_del(a, c)));
	MISUSE(zassert_is_null(net_buf_frag_del(a, NULL)));
	MISUSE(zassert_is_null(net_buf_frag_del(NULL, NULL)));
	MISUSE(zassert_is_null(net_buf_frag_last(NULL)));
	MISUSE(zassert_is_null(net_buf_frag_add(a, NULL)));
	MISUSE(zassert_is_null(net_buf_frag_add(NULL, NULL)));
	MISUSE(net_buf_frag_insert(a, NULL));
	MISUSE(net_buf_frag_insert(NULL, c));
	MISUSE(zassert_equal(net_buf_append_bytes(NULL, 1, "x", K_NO_WAIT, NULL, NULL), 0));
	zassert_equal_ptr(a->frags, b);
	zassert_is_null(b->frags);
	zassert_equal(destroyed, 0);
	net_buf_unref(a);
	net_buf_unref(c);
}

/* ---- releasing ------------------------------------------------------------------------------- */

/* The chain goes up to the first fragment that somebody else holds; the rest stays with that. */
ZTEST(net_buf_chain, test_release_stops_at_a_shared_fragment)
{
	static const size_t lens[] = {1, 2, 3, 4};
	struct net_buf *head = make_chain(lens, ARRAY_SIZE(lens));
	struct net_buf *shared = net_buf_ref(head->frags->frags);

	net_buf_unref(head);
	zassert_equal(destroyed, 2);
	zassert_equal(shared->ref, 1);
	check_content(shared, 3, 7);
	net_buf_unref(shared);
	zassert_equal(destroyed, 4);
}

ZTEST(net_buf_chain, test_shared_head_keeps_its_chain)
{
	static const size_t lens[] = {1, 2, 3};
	struct net_buf *head = make_chain(lens, ARRAY_SIZE(lens));

	zassert_not_null(net_buf_ref(head));
	net_buf_unref(head);
	zassert_equal(destroyed, 0);
	zassert_equal(head->frags->ref, 1, "fragments are not counted with the head");
	check_content(head, 0, 6);
	net_buf_unref(head);
	zassert_equal(destroyed, 3);
}

/* Two packets end in the same fragment. */
ZTEST(net_buf_chain, test_two_heads_one_tail)
{
	struct net_buf *a = get();
	struct net_buf *b = get();
	struct net_buf *tail = get();

	zassert_not_null(net_buf_ref(tail));
	net_buf_frag_add(a, tail);
	net_buf_frag_add(b, tail);
	net_buf_unref(a);
	zassert_equal(destroyed, 1);
	zassert_equal(tail->ref, 1);
	zassert_equal_ptr(b->frags, tail);
	net_buf_unref(b);
	zassert_equal(destroyed, 3);
}

/* A fragment out of the middle takes nothing with it. */
ZTEST(net_buf_chain, test_delete_a_shared_fragment)
{
	static const size_t lens[] = {1, 2, 3};
	struct net_buf *head = make_chain(lens, ARRAY_SIZE(lens));
	struct net_buf *middle = net_buf_ref(head->frags);

	zassert_not_null(net_buf_frag_del(head, middle));
	zassert_equal(destroyed, 0);
	zassert_is_null(middle->frags);
	zassert_equal(net_buf_frags_len(head), 4);
	net_buf_unref(middle);
	zassert_equal(destroyed, 1);
	net_buf_unref(head);
	zassert_equal(destroyed, 3);
}

/*
 * The callback brings a fragment home, gets it again at once and starts another chain with it. What
 * was behind it is released all the same, and the new chain is left alone.
 */
static struct net_buf *reborn;
static struct net_buf *companion;

static void destroy_and_use_again(struct net_buf *buf);

NET_BUF_POOL_FIXED_DEFINE(reborn_pool, 1, SIZE, 0, destroy_and_use_again);

static void destroy_and_use_again(struct net_buf *buf)
{
	net_buf_destroy(buf);
	if (companion != NULL) {
		reborn = net_buf_alloc(&reborn_pool, K_NO_WAIT);
		zassert_equal_ptr(reborn, buf);
		net_buf_frag_add(reborn, net_buf_take(&companion));
	}
}

ZTEST(net_buf_chain, test_a_fragment_is_used_again_during_the_release)
{
	struct net_buf *head = net_buf_alloc(&reborn_pool, K_NO_WAIT);
	uint8_t value = 40;

	net_buf_frag_add(head, get());
	companion = get_filled(2, &value);
	net_buf_unref(head);
	zassert_equal(destroyed, 1, "what was behind it");
	zassert_equal(reborn->ref, 1);
	check_content(reborn, 40, 2);
	net_buf_unref(reborn);
	zassert_equal(destroyed, 2);
}

/* ---- reading --------------------------------------------------------------------------------- */

static const size_t uneven[] = {4, 0, 1, 10, 0, 3};
#define UNEVEN_LEN 18

ZTEST(net_buf_chain, test_linearize)
{
	struct net_buf *head = make_chain(uneven, ARRAY_SIZE(uneven));
	uint8_t out[UNEVEN_LEN + 4];

	for (size_t offset = 0; offset <= UNEVEN_LEN + 1; offset++) {
		for (size_t len = 0; len <= UNEVEN_LEN + 1; len++) {
			size_t left = offset < UNEVEN_LEN ? UNEVEN_LEN - offset : 0;
			size_t expected = MIN(len, left);

			memset(out, 0xee, sizeof(out));
			zassert_equal(net_buf_linearize(out, sizeof(out), head, offset, len),
				      expected);
			for (size_t i = 0; i < expected; i++) {
				zassert_equal(out[i], offset + i);
			}
			zassert_equal(out[expected], 0xee);
		}
	}
	memset(out, 0xee, sizeof(out));
	zassert_equal(net_buf_linearize(out, 5, head, 2, UNEVEN_LEN), 5,
		      "as much as there is room");
	zassert_equal(out[4], 6);
	zassert_equal(out[5], 0xee);
	zassert_equal(net_buf_linearize(out, 0, head, 0, 4), 0);
	zassert_equal(net_buf_linearize(out, sizeof(out), head, SIZE_MAX, SIZE_MAX), 0);
	zassert_equal(net_buf_linearize(out, sizeof(out), NULL, 0, 4), 0);
	check_content(head, 0, UNEVEN_LEN);
	net_buf_unref(head);
}

ZTEST(net_buf_chain, test_comparison)
{
	struct net_buf *head = make_chain(uneven, ARRAY_SIZE(uneven));
	uint8_t expected[UNEVEN_LEN + 1];

	for (size_t i = 0; i < sizeof(expected); i++) {
		expected[i] = (uint8_t)i;
	}
	for (size_t offset = 0; offset < UNEVEN_LEN; offset++) {
		size_t left = UNEVEN_LEN - offset;

		zassert_equal(net_buf_data_match(head, offset, expected + offset, left), left);
		zassert_equal(net_buf_data_match(head, offset, expected + offset, left + 1), left);
		zassert_equal(net_buf_data_match(head, offset, expected + offset, 0), 0);
		zassert_equal(net_buf_data_match(head, offset, expected + offset, left - 1),
			      left - 1);
		zassert_equal(net_buf_data_match(head, offset, expected + offset + 1, left - 1), 0);
	}
	expected[7] ^= 1;
	zassert_equal(net_buf_data_match(head, 0, expected, UNEVEN_LEN), 7);
	zassert_equal(net_buf_data_match(head, UNEVEN_LEN, expected, 1), 0);
	zassert_equal(net_buf_data_match(head, SIZE_MAX, expected, 1), 0);
	zassert_equal(net_buf_data_match(NULL, 0, expected, 1), 0);
	zassert_equal(net_buf_data_match(head, 0, NULL, 1), 0);
	net_buf_unref(head);
}

ZTEST(net_buf_chain, test_frags_len)
{
	struct net_buf *head = make_chain(uneven, ARRAY_SIZE(uneven));

	zassert_equal(net_buf_frags_len(head), UNEVEN_LEN);
	zassert_equal(net_buf_frags_len(head->frags), UNEVEN_LEN - 4);
	zassert_equal(net_buf_frags_len(NULL), 0);
	net_buf_unref(head);
}

/* ---- skipping -------------------------------------------------------------------------------- */

ZTEST(net_buf_chain, test_skip)
{
	for (size_t len = 0; len <= UNEVEN_LEN + 1; len++) {
		struct net_buf *head = make_chain(uneven, ARRAY_SIZE(uneven));
		struct net_buf *rest = net_buf_skip(head, len);

		if (len >= UNEVEN_LEN) {
			zassert_is_null(rest);
		} else {
			check_content(rest, (uint8_t)len, UNEVEN_LEN - len);
		}
		if (len == 0) {
			zassert_equal_ptr(rest, head);
		}
		if (rest != NULL) {
			net_buf_unref(rest);
		}
		zassert_equal(net_buf_pool_free_count(&pool), COUNT);
	}
	zassert_is_null(net_buf_skip(NULL, 1));
	zassert_is_null(net_buf_skip(NULL, 0));
}

ZTEST(net_buf_chain, test_skip_empty_fragments)
{
	static const size_t empty_first[] = {0, 0, 3};
	struct net_buf *head = make_chain(empty_first, ARRAY_SIZE(empty_first));

	zassert_equal_ptr(net_buf_skip(head, 0), head, "nothing to skip, nothing released");
	zassert_equal(destroyed, 0);
	head = net_buf_skip(head, 2);
	zassert_equal(destroyed, 2);
	check_content(head, 2, 1);
	zassert_is_null(net_buf_skip(head, 2), "past the end");
	zassert_equal(destroyed, 3);
}

/* ---- appending ------------------------------------------------------------------------------- */

static uint8_t numbers[COUNT * SIZE + 1];

static void fill_numbers(void)
{
	for (size_t i = 0; i < sizeof(numbers); i++) {
		numbers[i] = (uint8_t)i;
	}
}

ZTEST(net_buf_chain, test_fixed_append)
{
	struct net_buf *head = get();

	fill_numbers();
	zassert_equal(net_buf_append_bytes(head, 0, numbers, K_NO_WAIT, NULL, NULL), 0);
	zassert_equal(net_buf_append_bytes(head, SIZE - 1, numbers, K_NO_WAIT, NULL, NULL),
		      SIZE - 1);
	zassert_is_null(head->frags);
	zassert_equal(net_buf_append_bytes(head, 2, numbers + SIZE - 1, K_NO_WAIT, NULL, NULL), 2);
	zassert_not_null(head->frags);
	zassert_equal(head->len, SIZE);
	zassert_equal(head->frags->len, 1);
	zassert_equal(head->frags->size, SIZE, "a fixed buffer has all its bytes");
	check_content(head, 0, SIZE + 1);
	net_buf_unref(head);
}

ZTEST(net_buf_chain, test_append_long_chain)
{
	struct net_buf *head = get();
	size_t room = COUNT * SIZE;

	fill_numbers();
	zassert_equal(net_buf_append_bytes(head, room + 1, numbers, K_NO_WAIT, NULL, NULL), room,
		      "what fits stays");
	check_content(head, 0, room);
	zassert_equal(net_buf_append_bytes(head, 1, numbers, K_NO_WAIT, NULL, NULL), 0);
	check_content(head, 0, room);
	net_buf_unref(head);
	zassert_equal(destroyed, COUNT);
}

/* Allocators of the test. */
static int allocations_left;

static struct net_buf *allocate_some(k_timeout_t timeout, void *user_data)
{
	zassert_equal_ptr(user_data, &allocations_left);
	zassert_true(K_TIMEOUT_EQ(timeout, K_NO_WAIT));
	return allocations_left-- > 0 ? net_buf_alloc(&pool, timeout) : NULL;
}

static struct net_buf *allocate_two(k_timeout_t timeout, void *user_data)
{
	struct net_buf *first = allocate_some(timeout, user_data);
	struct net_buf *second = allocate_some(timeout, user_data);

	if (first == NULL || second == NULL) {
		net_buf_drop(&first);
		net_buf_drop(&second);
		return NULL;
	}
	net_buf_reserve(first, 4); /* headroom is kept */
	return net_buf_frag_add(first, second);
}

static struct net_buf *allocate_full(k_timeout_t timeout, void *user_data)
{
	struct net_buf *buf = allocate_some(timeout, user_data);

	if (buf != NULL) {
		net_buf_reserve(buf, SIZE);
	}
	return buf;
}

ZTEST(net_buf_chain, test_append_with_an_allocator)
{
	struct net_buf *head = get();

	fill_numbers();
	allocations_left = 2;
	zassert_equal(net_buf_append_bytes(head, 5 * SIZE, numbers, K_NO_WAIT, allocate_some,
					   &allocations_left),
		      3 * SIZE);
	check_content(head, 0, 3 * SIZE);
	net_buf_unref(head);
}

ZTEST(net_buf_chain, test_append_with_an_allocator_of_chains)
{
	struct net_buf *head = get();
	size_t room = SIZE + 2 * (2 * SIZE - 4);

	fill_numbers();
	allocations_left = 5;
	zassert_equal(net_buf_append_bytes(head, 5 * SIZE, numbers, K_NO_WAIT, allocate_two,
					   &allocations_left),
		      room);
	check_content(head, 0, room);
	net_buf_unref(head);
	zassert_equal(destroyed, 6, "head, two chains, and the one that was alone");

	/* Half of the second fragment is used: the next append goes on there. */
	head = get();
	allocations_left = 2;
	zassert_equal(net_buf_append_bytes(head, SIZE + 8, numbers, K_NO_WAIT, allocate_two,
					   &allocations_left),
		      SIZE + 8);
	zassert_equal(net_buf_append_bytes(head, 5, numbers + SIZE + 8, K_NO_WAIT, NULL, NULL), 5);
	check_content(head, 0, SIZE + 13);
	net_buf_unref(head);
}

ZTEST(net_buf_chain, test_append_with_an_allocator_without_room)
{
	struct net_buf *head = get();

	fill_numbers();
	allocations_left = 3;
	zassert_equal(net_buf_append_bytes(head, 2 * SIZE, numbers, K_NO_WAIT, allocate_full,
					   &allocations_left),
		      SIZE, "it ends");
	zassert_equal(allocations_left, 2);
	zassert_is_null(head->frags);
	zassert_equal(destroyed, 1, "what had no room is released");
	net_buf_unref(head);
}

/* ---- a whole packet -------------------------------------------------------------------------- */

ZTEST(net_buf_chain, test_multi_frags)
{
	struct net_buf *packet = get();
	uint8_t out[40];

	/* Headers grow to the front, payload to the back, and nothing is copied between. */
	net_buf_reserve(packet, 8);
	fill_numbers();
	zassert_equal(net_buf_append_bytes(packet, 30, numbers + 8, K_NO_WAIT, NULL, NULL), 30);
	for (uint8_t i = 8; i > 0; i--) {
		net_buf_push_u8(packet, i - 1);
	}
	check_content(packet, 0, 38);
	zassert_equal(net_buf_linearize(out, sizeof(out), packet, 0, sizeof(out)), 38);
	zassert_mem_equal(out, numbers, 38);
	/* The headers come off again. */
	zassert_equal(net_buf_pull_be64(packet), 0x0001020304050607ULL);
	check_content(packet, 8, 30);
	packet = net_buf_skip(packet, 4);
	check_content(packet, 12, 26);
	net_buf_unref(packet);
}

ZTEST_SUITE(net_buf_chain, NULL, NULL, before, NULL, NULL);
