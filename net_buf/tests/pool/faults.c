/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Every step that can fail, failing once: a scenario is run again and again, and each time the next
 * one of its fallible steps fails. Whatever it got before goes home, and nothing more.
 *
 * Steps fail in two ways: there is no memory (the pool's own data functions refuse), or there is no
 * buffer (the scenario runs with fewer and fewer).
 */
#include <zephyr/ztest.h>
#include <zephyr/net_buf.h>
#include <zephyr/net_buf/external.h>
#include <zephyr/net_buf/watch.h>

#include <string.h>

#define COUNT 12
#define SIZE 24

/* ---- memory that refuses --------------------------------------------------------------------- */

static uint8_t pieces[COUNT][SIZE];
static uint32_t users[COUNT];     /* buffers with each piece */
static unsigned int steps;        /* asked for so far */
static unsigned int failing_step; /* counted from 1; 0: none */

static bool refuse(void)
{
	return ++steps == failing_step;
}

static uint8_t *piece_alloc(struct net_buf *buf, size_t *size, k_timeout_t timeout)
{
	ARG_UNUSED(buf);
	ARG_UNUSED(timeout);
	zassert_true(*size <= SIZE);
	if (refuse()) {
		return NULL;
	}
	for (int i = 0; i < COUNT; i++) {
		if (users[i] == 0) {
			users[i] = 1;
			*size = SIZE;
			return pieces[i];
		}
	}
	zassert_unreachable("there are as many pieces as buffers");
	return NULL;
}

static uint32_t *users_of(const uint8_t *data)
{
	return &users[(size_t)(data - pieces[0]) / SIZE];
}

static uint8_t *piece_ref(struct net_buf *buf, uint8_t *data)
{
	ARG_UNUSED(buf);
	if (refuse()) {
		return NULL;
	}
	(*users_of(data))++;
	return data;
}

static void piece_unref(struct net_buf *buf, uint8_t *data)
{
	ARG_UNUSED(buf);
	zassert_true(*users_of(data) > 0, "given back twice");
	(*users_of(data))--;
}

static const struct net_buf_data_cb sharing_cb = {
	.alloc = piece_alloc,
	.ref = piece_ref,
	.unref = piece_unref,
};
static const struct net_buf_data_cb copying_cb = {
	.alloc = piece_alloc,
	.unref = piece_unref,
};
static const struct net_buf_data_alloc sharing_alloc = {.cb = &sharing_cb, .max_alloc_size = SIZE};
static const struct net_buf_data_alloc copying_alloc = {.cb = &copying_cb, .max_alloc_size = SIZE};

static unsigned int destroyed;

static void count_destroyed(struct net_buf *buf)
{
	destroyed++;
	net_buf_destroy(buf);
}

_NET_BUF_ARRAY_DEFINE(sharing_pool, COUNT, 4);
static STRUCT_SECTION_ITERABLE(net_buf_pool, sharing_pool) = NET_BUF_POOL_INITIALIZER(
	sharing_pool, &sharing_alloc, _net_buf_sharing_pool, COUNT, 4, count_destroyed);
_NET_BUF_ARRAY_DEFINE(copying_pool, COUNT, 4);
static STRUCT_SECTION_ITERABLE(net_buf_pool, copying_pool) = NET_BUF_POOL_INITIALIZER(
	copying_pool, &copying_alloc, _net_buf_copying_pool, COUNT, 4, count_destroyed);
NET_BUF_POOL_FIXED_DEFINE(fixed_pool, COUNT, SIZE, 4, count_destroyed);
NET_BUF_POOL_EXTERNAL_DEFINE(external_pool, COUNT, 4, count_destroyed);

/* ---- the scenario ---------------------------------------------------------------------------- */

static unsigned int made; /* buffers that a scenario got */

/* Count @p buf if there is one. */
static struct net_buf *got(struct net_buf *buf)
{
	if (buf != NULL) {
		made++;
	}
	return buf;
}

/* A clone of a whole chain, fragment by fragment; NULL, nothing kept, if one step fails. */
static struct net_buf *clone_chain(struct net_buf *chain)
{
	struct net_buf *head = NULL;

	for (; chain != NULL; chain = chain->frags) {
		struct net_buf *clone = got(net_buf_clone(chain, K_NO_WAIT));

		if (clone == NULL) {
			net_buf_drop(&head);
			return NULL;
		}
		if (head == NULL) {
			head = clone;
		} else {
			net_buf_frag_add(head, clone);
		}
	}
	return head;
}

/* Make a packet of three fragments, clone it, lengthen the clone. @return whether all worked. */
static bool build_clone_append(struct net_buf_pool *pool)
{
	uint8_t bytes[3 * SIZE];
	struct net_buf *packet = got(net_buf_alloc_len(pool, SIZE, K_NO_WAIT));
	struct net_buf *copy;
	size_t appended;
	bool done;

	if (packet == NULL) {
		return false;
	}
	memset(bytes, 0x5a, sizeof(bytes));
	appended = net_buf_append_bytes(packet, sizeof(bytes), bytes, K_NO_WAIT, NULL, NULL);
	zassert_equal(net_buf_frags_len(packet), appended, "what was appended is there");
	for (struct net_buf *frag = packet->frags; frag != NULL; frag = frag->frags) {
		(void)got(frag);
	}
	copy = clone_chain(packet);
	if (copy != NULL) {
		zassert_equal(net_buf_frags_len(copy), appended);
	}
	done = appended == sizeof(bytes) && copy != NULL;
	net_buf_unref(packet);
	net_buf_drop(&copy);
	return done;
}

static void expect_all_home(struct net_buf_pool *pool)
{
	zassert_equal(net_buf_pool_free_count(pool), COUNT);
	for (int i = 0; i < COUNT; i++) {
		zassert_equal(users[i], 0, "memory is kept");
	}
	zassert_equal(destroyed, made, "every buffer that there was, and no other");
}

/* Fail each step for memory in turn. @return how many there are. */
static unsigned int fail_memory(struct net_buf_pool *pool)
{
	unsigned int failures = 0;
	bool done = false;

	while (!done) {
		made = 0;
		destroyed = 0;
		steps = 0;
		failing_step = failures + 1;
		done = build_clone_append(pool);
		failures += done ? 0 : 1;
		expect_all_home(pool);
	}
	failing_step = 0;
	zassert_equal(steps, failures, "each of them failed once");
	return failures;
}

/* Run with 0, 1, 2 ... buffers. @return how many are enough. */
static unsigned int fail_buffers(struct net_buf_pool *pool)
{
	struct net_buf *taken[COUNT];
	bool done = false;
	unsigned int enough = 0;

	for (unsigned int left = 0; left <= COUNT; left++) {
		for (unsigned int i = left; i < COUNT; i++) {
			taken[i] = net_buf_alloc_len(pool, 0, K_NO_WAIT);
			zassert_not_null(taken[i]);
		}
		made = 0;
		destroyed = 0;
		done = build_clone_append(pool);
		zassert_equal(net_buf_pool_free_count(pool), left);
		zassert_equal(destroyed, made);
		enough += done ? 0 : 1;
		for (unsigned int i = left; i < COUNT; i++) {
			net_buf_unref(taken[i]);
		}
	}
	return enough;
}

ZTEST(net_buf_faults, test_memory_fails_when_it_is_shared)
{
	/* Three fragments, and their memory shared three times. */
	zassert_equal(fail_memory(&sharing_pool), 6);
}

ZTEST(net_buf_faults, test_memory_fails_when_it_is_copied)
{
	zassert_equal(fail_memory(&copying_pool), 6);
}

ZTEST(net_buf_faults, test_buffers_run_out)
{
	zassert_equal(fail_buffers(&sharing_pool), 6);
	zassert_equal(fail_buffers(&copying_pool), 6);
	zassert_equal(fail_buffers(&fixed_pool), 6);
}

/* ---- the user's storage ---------------------------------------------------------------------- */

static unsigned int released;

static void on_release(void *data, size_t size, void *arg)
{
	zassert_equal_ptr(data, pieces);
	zassert_equal(size, SIZE);
	zassert_equal_ptr(arg, &released);
	released++;
}

/* Storage with two clones: whatever fails, it comes back once, or is not taken at all. */
static bool wrap_and_clone(void)
{
	struct net_buf *buf = got(net_buf_alloc_with_release(&external_pool, pieces, SIZE,
							     on_release, &released, K_NO_WAIT));
	struct net_buf *a;
	struct net_buf *b;
	bool done;

	if (buf == NULL) {
		return false;
	}
	a = got(net_buf_clone(buf, K_NO_WAIT));
	b = got(net_buf_clone(buf, K_NO_WAIT));
	done = a != NULL && b != NULL;
	zassert_equal(released, 0);
	net_buf_unref(buf);
	net_buf_drop(&a);
	net_buf_drop(&b);
	return done;
}

ZTEST(net_buf_faults, test_storage_comes_back_once)
{
	struct net_buf *taken[COUNT];

	for (unsigned int left = 0; left <= 4; left++) {
		for (unsigned int i = left; i < COUNT; i++) {
			taken[i] = net_buf_alloc(&external_pool, K_NO_WAIT);
		}
		released = 0;
		made = 0;
		destroyed = 0;
		zassert_equal(wrap_and_clone(), left >= 3);
		zassert_equal(released, left == 0 ? 0 : 1);
		zassert_equal(destroyed, made);
		for (unsigned int i = left; i < COUNT; i++) {
			net_buf_unref(taken[i]);
		}
	}
}

ZTEST_SUITE(net_buf_faults, NULL, NULL, NULL, NULL, NULL);
