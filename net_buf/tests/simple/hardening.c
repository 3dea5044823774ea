/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Calls beyond the ends, and on structures with a damaged length: with CONFIG_NET_BUF_HARDENING, or
 * behind an assertion, they change nothing and return NULL or 0. Without both nothing of this is
 * promised, and nothing is here.
 */
#include <zephyr/ztest.h>
#include <zephyr/net_buf.h>

#include <string.h>

#include "../support/misuse.h"

#if defined(CONFIG_ASSERT) || defined(CONFIG_NET_BUF_HARDENING)

#define SIZE 16

static uint8_t memory[3 * SIZE];
static struct net_buf_simple buf;

/* Run a call that must be refused: structure and memory stay as they are. */
#define REFUSED(...)                                                                               \
	do {                                                                                       \
		struct net_buf_simple kept = buf;                                                  \
		uint8_t kept_memory[sizeof(memory)];                                               \
                                                                                                   \
		memcpy(kept_memory, memory, sizeof(memory));                                       \
		MISUSE(__VA_ARGS__);                                                               \
		zassert_mem_equal(&buf, &kept, sizeof(buf));                                       \
		zassert_mem_equal(memory, kept_memory, sizeof(memory));                            \
	} while (false)

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	memset(memory, 0x11, sizeof(memory));
	memset(&buf, 0, sizeof(buf));
	buf.__buf = memory + SIZE;
	buf.size = SIZE;
	net_buf_simple_init(&buf, 4);
	net_buf_simple_add(&buf, 6);
}

/* Damage: more content than there is memory. */
static void corrupt_len(void)
{
	buf.len = SIZE - 4 + 1;
}

ZTEST(net_buf_hardening, test_hardening_add_overflow)
{
	REFUSED(zassert_is_null(net_buf_simple_add(&buf, 7)));
	REFUSED(zassert_is_null(net_buf_simple_add(&buf, SIZE_MAX)));
	REFUSED(zassert_is_null(net_buf_simple_add(&buf, 65536)));
	REFUSED(zassert_is_null(net_buf_simple_add_mem(&buf, memory, 7)));
	zassert_not_null(net_buf_simple_add(&buf, 6));
	REFUSED(zassert_is_null(net_buf_simple_add(&buf, 1)));
	REFUSED(zassert_is_null(net_buf_simple_add_u8(&buf, 1)));
	zassert_not_null(net_buf_simple_add(&buf, 0));
}

ZTEST(net_buf_hardening, test_hardening_push_overflow)
{
	REFUSED(zassert_is_null(net_buf_simple_push(&buf, 5)));
	REFUSED(zassert_is_null(net_buf_simple_push(&buf, SIZE_MAX)));
	REFUSED(zassert_is_null(net_buf_simple_push_mem(&buf, memory, 5)));
	zassert_not_null(net_buf_simple_push(&buf, 4));
	REFUSED(zassert_is_null(net_buf_simple_push(&buf, 1)));
	REFUSED(net_buf_simple_push_u8(&buf, 1));
}

ZTEST(net_buf_hardening, test_hardening_pull_underflow)
{
	REFUSED(zassert_is_null(net_buf_simple_pull(&buf, 7)));
	REFUSED(zassert_is_null(net_buf_simple_pull_mem(&buf, 7)));
	REFUSED(zassert_is_null(net_buf_simple_remove_mem(&buf, 7)));
	REFUSED(zassert_is_null(net_buf_simple_pull(&buf, SIZE_MAX)));
	zassert_not_null(net_buf_simple_pull(&buf, 6));
	REFUSED(zassert_equal(net_buf_simple_pull_u8(&buf), 0));
	REFUSED(zassert_equal(net_buf_simple_remove_u8(&buf), 0));
}

ZTEST(net_buf_hardening, test_hardening_add_corrupt_len)
{
	corrupt_len();
	REFUSED(zassert_is_null(net_buf_simple_add(&buf, 1)));
	buf.len = UINT16_MAX;
	REFUSED(zassert_is_null(net_buf_simple_add(&buf, 1)));
}

ZTEST(net_buf_hardening, test_hardening_add_mem_corrupt_len)
{
	corrupt_len();
	REFUSED(zassert_is_null(net_buf_simple_add_mem(&buf, memory, 1)));
}

ZTEST(net_buf_hardening, test_hardening_add_u8_corrupt_len)
{
	corrupt_len();
	REFUSED(zassert_is_null(net_buf_simple_add_u8(&buf, 1)));
}

ZTEST(net_buf_hardening, test_hardening_pull_corrupt_len)
{
	corrupt_len();
	REFUSED(zassert_is_null(net_buf_simple_pull(&buf, 1)));
	REFUSED(zassert_is_null(net_buf_simple_pull_mem(&buf, 1)));
	REFUSED(zassert_equal(net_buf_simple_pull_u8(&buf), 0));
	REFUSED(zassert_is_null(net_buf_simple_push(&buf, 1)));
}

/* A number that does not fit is neither written nor read. */
#define REFUSED_VALUE(order)                                                                       \
	REFUSED(net_buf_simple_add_##order(&buf, 0x5a));                                           \
	REFUSED(zassert_equal(net_buf_simple_pull_##order(&buf), 0));                              \
	REFUSED(zassert_equal(net_buf_simple_remove_##order(&buf), 0));                            \
	REFUSED(net_buf_simple_push_##order(&buf, 0x5a))

#define REFUSED_VALUES()                                                                           \
	REFUSED_VALUE(le16);                                                                       \
	REFUSED_VALUE(be16);                                                                       \
	REFUSED_VALUE(le24);                                                                       \
	REFUSED_VALUE(be24);                                                                       \
	REFUSED_VALUE(le32);                                                                       \
	REFUSED_VALUE(be32);                                                                       \
	REFUSED_VALUE(le40);                                                                       \
	REFUSED_VALUE(be40);                                                                       \
	REFUSED_VALUE(le48);                                                                       \
	REFUSED_VALUE(be48);                                                                       \
	REFUSED_VALUE(le64);                                                                       \
	REFUSED_VALUE(be64)

ZTEST(net_buf_hardening, test_hardening_scalar_corrupt_len)
{
	corrupt_len();
	REFUSED_VALUES();
}

ZTEST(net_buf_hardening, test_hardening_scalar_without_room)
{
	/* One byte on each side and one of content. */
	net_buf_simple_reset(&buf);
	net_buf_simple_reserve(&buf, 1);
	net_buf_simple_add(&buf, 1);
	buf.size = 3;
	REFUSED_VALUES();
}

ZTEST(net_buf_hardening, test_hardening_bad_data_ptr)
{
	buf.data = buf.__buf - 1;
	REFUSED(zassert_is_null(net_buf_simple_add(&buf, 1)));
	REFUSED(zassert_is_null(net_buf_simple_pull(&buf, 1)));
	REFUSED(zassert_is_null(net_buf_simple_push(&buf, 1)));
	buf.data = buf.__buf + SIZE + 1;
	REFUSED(zassert_is_null(net_buf_simple_add(&buf, 1)));
}

ZTEST_SUITE(net_buf_hardening, NULL, NULL, before, NULL, NULL);

#endif
