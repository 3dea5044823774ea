/* SPDX-License-Identifier: Apache-2.0 */
/** @file A net_buf_simple: where its content is after every call, up to the limits. */
#include <zephyr/ztest.h>
#include <zephyr/net_buf/simple.h>

#include <string.h>

#include "../support/misuse.h"

#define SIZE 32

NET_BUF_SIMPLE_DEFINE_STATIC(buf, SIZE);
#ifdef CONFIG_PORT_BARE
/* There may not be that much. Only positions are tested with it, so nobody looks at its memory. */
static uint8_t little[4];
static struct net_buf_simple big = {little, 0, UINT16_MAX, little};
#else
NET_BUF_SIMPLE_DEFINE_STATIC(big, UINT16_MAX);
#endif

/* Headroom, content and tailroom of @p b, which must add up. */
static void check_place(const struct net_buf_simple *b, size_t headroom, size_t len)
{
	zassert_equal(net_buf_simple_headroom(b), headroom, "headroom %zu",
		      net_buf_simple_headroom(b));
	zassert_equal(b->len, len, "len %u", b->len);
	zassert_equal(net_buf_simple_tailroom(b), b->size - headroom - len, "tailroom %zu",
		      net_buf_simple_tailroom(b));
	zassert_equal_ptr(b->data, b->__buf + headroom);
	zassert_equal_ptr(net_buf_simple_tail(b), b->__buf + headroom + len);
	zassert_true(net_buf_simple_is_valid(b));
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	memset(buf.__buf, 0xee, SIZE);
	net_buf_simple_init(&buf, 0);
	net_buf_simple_init(&big, 0);
}

ZTEST(net_buf_simple_test_suite, test_defined_on_the_stack)
{
	NET_BUF_SIMPLE_DEFINE(local, 7);

	check_place(&local, 0, 0);
	zassert_equal(local.size, 7);
	zassert_equal_ptr(net_buf_simple_add(&local, 7), local.__buf);
	check_place(&local, 0, 7);
}

ZTEST(net_buf_simple_test_suite, test_unnamed_is_followed_by_its_memory)
{
	struct net_buf_simple *local = NET_BUF_SIMPLE(9);

	zassert_is_null(local->__buf);
	zassert_false(net_buf_simple_is_valid(local));
	net_buf_simple_init(local, 4);
	zassert_equal_ptr(local->__buf, (uint8_t *)local + sizeof(*local));
	zassert_equal(local->size, 9);
	check_place(local, 4, 0);
	zassert_not_null(net_buf_simple_add(local, 5));
	check_place(local, 4, 5);
}

ZTEST(net_buf_simple_test_suite, test_init_and_reset)
{
	net_buf_simple_init(&buf, 5);
	check_place(&buf, 5, 0);
	net_buf_simple_add(&buf, 3);
	net_buf_simple_reset(&buf);
	check_place(&buf, 0, 0);
	net_buf_simple_init(&buf, SIZE);
	check_place(&buf, SIZE, 0);
}

ZTEST(net_buf_simple_test_suite, test_init_with_data)
{
	struct net_buf_simple around;
	uint8_t data[3] = {1, 2, 3};

	net_buf_simple_init_with_data(&around, data, sizeof(data));
	check_place(&around, 0, 3);
	zassert_equal_ptr(around.data, data);
	zassert_equal(around.size, 3);
	zassert_equal(net_buf_simple_pull_u8(&around), 1);
	zassert_equal(net_buf_simple_remove_u8(&around), 3);
	zassert_equal(net_buf_simple_pull_u8(&around), 2);

	net_buf_simple_init_with_data(&around, big.__buf, UINT16_MAX);
	check_place(&around, 0, UINT16_MAX);
	net_buf_simple_init_with_data(&around, NULL, 0);
	zassert_equal(around.size, 0);
	zassert_false(net_buf_simple_is_valid(&around));
	MISUSE(net_buf_simple_init_with_data(&around, big.__buf, (size_t)UINT16_MAX + 1));
	zassert_is_null(around.data);
	zassert_equal(around.size, 0);
}

ZTEST(net_buf_simple_test_suite, test_reserve)
{
	net_buf_simple_reserve(&buf, 0);
	check_place(&buf, 0, 0);
	net_buf_simple_reserve(&buf, SIZE);
	check_place(&buf, SIZE, 0);
#ifdef CONFIG_ASSERT
	MISUSE(net_buf_simple_reserve(&buf, SIZE + 1));
	net_buf_simple_reset(&buf);
	net_buf_simple_add(&buf, 1);
	MISUSE(net_buf_simple_reserve(&buf, 4));
#endif
#ifdef CONFIG_NET_BUF_HARDENING
	net_buf_simple_reset(&buf);
	MISUSE(net_buf_simple_reserve(&buf, SIZE + 1));
	check_place(&buf, 0, 0);
	net_buf_simple_add(&buf, 1);
	MISUSE(net_buf_simple_reserve(&buf, 4));
	check_place(&buf, 0, 1);
#endif
}

ZTEST(net_buf_simple_test_suite, test_add_returns_the_old_tail)
{
	static const uint8_t text[4] = {'a', 'b', 'c', 'd'};

	net_buf_simple_reserve(&buf, 3);
	zassert_equal_ptr(net_buf_simple_add(&buf, 2), buf.__buf + 3);
	zassert_equal_ptr(net_buf_simple_add_mem(&buf, text, 4), buf.__buf + 5);
	zassert_equal_ptr(net_buf_simple_add_u8(&buf, 0x5a), buf.__buf + 9);
	check_place(&buf, 3, 7);
	zassert_mem_equal(buf.__buf + 5, text, 4);
	zassert_equal(buf.__buf[9], 0x5a);
	zassert_equal(buf.__buf[2], 0xee);
	zassert_equal(buf.__buf[10], 0xee);
	zassert_equal_ptr(net_buf_simple_add(&buf, 0), net_buf_simple_tail(&buf));
	zassert_equal_ptr(net_buf_simple_add_mem(&buf, NULL, 0), net_buf_simple_tail(&buf));
	check_place(&buf, 3, 7);
}

ZTEST(net_buf_simple_test_suite, test_push_returns_the_new_start)
{
	static const uint8_t text[4] = {'a', 'b', 'c', 'd'};

	net_buf_simple_reserve(&buf, 10);
	zassert_equal_ptr(net_buf_simple_push(&buf, 2), buf.__buf + 8);
	zassert_equal_ptr(net_buf_simple_push_mem(&buf, text, 4), buf.__buf + 4);
	net_buf_simple_push_u8(&buf, 0x5a);
	check_place(&buf, 3, 7);
	zassert_mem_equal(buf.data + 1, text, 4);
	zassert_equal(buf.data[0], 0x5a);
	zassert_equal(buf.__buf[2], 0xee);
	zassert_equal_ptr(net_buf_simple_push(&buf, 0), buf.data);
	zassert_equal_ptr(net_buf_simple_push_mem(&buf, NULL, 0), buf.data);
	check_place(&buf, 3, 7);
}

ZTEST(net_buf_simple_test_suite, test_pull_and_remove)
{
	for (uint8_t i = 0; i < 10; i++) {
		net_buf_simple_add_u8(&buf, i);
	}
	zassert_equal_ptr(net_buf_simple_pull(&buf, 2), buf.__buf + 2);
	zassert_equal_ptr(net_buf_simple_pull_mem(&buf, 3), buf.__buf + 2);
	zassert_equal(net_buf_simple_pull_u8(&buf), 5);
	check_place(&buf, 6, 4);
	zassert_equal_ptr(net_buf_simple_remove_mem(&buf, 2), buf.__buf + 8);
	zassert_equal(net_buf_simple_remove_u8(&buf), 7);
	check_place(&buf, 6, 1);
	zassert_equal_ptr(net_buf_simple_pull(&buf, 0), buf.data);
	zassert_equal_ptr(net_buf_simple_pull_mem(&buf, 0), buf.data);
	zassert_equal_ptr(net_buf_simple_remove_mem(&buf, 0), net_buf_simple_tail(&buf));
	zassert_equal(net_buf_simple_remove_u8(&buf), 6);
	check_place(&buf, 6, 0);
}

ZTEST(net_buf_simple_test_suite, test_all_of_it)
{
	zassert_not_null(net_buf_simple_add(&buf, SIZE));
	check_place(&buf, 0, SIZE);
	zassert_not_null(net_buf_simple_pull(&buf, SIZE));
	check_place(&buf, SIZE, 0);
	zassert_equal_ptr(net_buf_simple_push(&buf, SIZE), buf.__buf);
	check_place(&buf, 0, SIZE);
	zassert_equal_ptr(net_buf_simple_remove_mem(&buf, SIZE), buf.__buf);
	check_place(&buf, 0, 0);

	zassert_not_null(net_buf_simple_add(&big, UINT16_MAX));
	check_place(&big, 0, UINT16_MAX);
	zassert_not_null(net_buf_simple_pull_mem(&big, UINT16_MAX));
	check_place(&big, UINT16_MAX, 0);
	zassert_not_null(net_buf_simple_push(&big, UINT16_MAX));
	check_place(&big, 0, UINT16_MAX);
	zassert_not_null(net_buf_simple_remove_mem(&big, UINT16_MAX));
	check_place(&big, 0, 0);
}

ZTEST(net_buf_simple_test_suite, test_save_and_restore)
{
	struct net_buf_simple_state state;

	net_buf_simple_reserve(&buf, 4);
	net_buf_simple_add(&buf, 6);
	net_buf_simple_save(&buf, &state);
	net_buf_simple_pull(&buf, 3);
	net_buf_simple_add_u8(&buf, 0x77);
	net_buf_simple_restore(&buf, &state);
	check_place(&buf, 4, 6);
	zassert_equal(buf.__buf[10], 0x77, "the content stays as it is");
}

ZTEST(net_buf_simple_test_suite, test_clone_has_a_position_of_its_own)
{
	struct net_buf_simple clone;

	net_buf_simple_add_u8(&buf, 1);
	net_buf_simple_add_u8(&buf, 2);
	net_buf_simple_clone(&buf, &clone);
	zassert_equal(net_buf_simple_pull_u8(&clone), 1);
	check_place(&clone, 1, 1);
	check_place(&buf, 0, 2);
	clone.data[0] = 9;
	zassert_equal(buf.data[1], 9, "one memory");
}

ZTEST(net_buf_simple_test_suite, test_max_len)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
	net_buf_simple_reserve(&buf, 5);
	net_buf_simple_add(&buf, 3);
	zassert_equal(net_buf_simple_max_len(&buf), SIZE - 5);
#pragma GCC diagnostic pop
}

/* ---- valid or not ---------------------------------------------------------------------------- */

ZTEST(net_buf_simple_test_suite, test_is_valid_fresh)
{
	zassert_true(net_buf_simple_is_valid(&buf));
	zassert_false(net_buf_simple_is_valid(NULL));
}

ZTEST(net_buf_simple_test_suite, test_is_valid_len_boundary)
{
	net_buf_simple_reserve(&buf, 8);
	buf.len = SIZE - 8;
	zassert_true(net_buf_simple_is_valid(&buf));
	buf.len = SIZE - 7;
	zassert_false(net_buf_simple_is_valid(&buf));
}

ZTEST(net_buf_simple_test_suite, test_is_valid_corrupt_len)
{
	buf.len = UINT16_MAX;
	zassert_false(net_buf_simple_is_valid(&buf));
}

ZTEST(net_buf_simple_test_suite, test_is_valid_bad_data_ptr)
{
	buf.data = buf.__buf - 1;
	zassert_false(net_buf_simple_is_valid(&buf));
	buf.data = buf.__buf + SIZE;
	zassert_true(net_buf_simple_is_valid(&buf));
	buf.data = buf.__buf + SIZE + 1;
	zassert_false(net_buf_simple_is_valid(&buf));
}

ZTEST_SUITE(net_buf_simple_test_suite, NULL, NULL, before, NULL, NULL);
