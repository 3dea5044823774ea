/* SPDX-License-Identifier: Apache-2.0 */
/** @file Numbers of every width in both byte orders, compared byte by byte. */
#include <zephyr/ztest.h>
#include <zephyr/net_buf.h>

#include <string.h>

#define VALUE  0x8192a3b4c5d6e7f8ULL
#define GUARD  0xee
#define OFFSET 5 /* odd: no number is aligned */
#define ROOM   24

/* The eight functions of one kind, with their values widened to 64 bits. */
struct kind {
	unsigned int bits;
	bool big_endian;
	void (*simple_add)(struct net_buf_simple *buf, uint64_t val);
	void (*simple_push)(struct net_buf_simple *buf, uint64_t val);
	uint64_t (*simple_remove)(struct net_buf_simple *buf);
	uint64_t (*simple_pull)(struct net_buf_simple *buf);
	void (*add)(struct net_buf *buf, uint64_t val);
	void (*push)(struct net_buf *buf, uint64_t val);
	uint64_t (*remove)(struct net_buf *buf);
	uint64_t (*pull)(struct net_buf *buf);
};

#define WRAP(order, type)                                                                          \
	static void s_add_##order(struct net_buf_simple *buf, uint64_t val)                        \
	{                                                                                          \
		net_buf_simple_add_##order(buf, (type)val);                                        \
	}                                                                                          \
	static void s_push_##order(struct net_buf_simple *buf, uint64_t val)                       \
	{                                                                                          \
		net_buf_simple_push_##order(buf, (type)val);                                       \
	}                                                                                          \
	static uint64_t s_remove_##order(struct net_buf_simple *buf)                               \
	{                                                                                          \
		BUILD_ASSERT(SAME_TYPE(net_buf_simple_remove_##order(buf), (type)0));              \
		return net_buf_simple_remove_##order(buf);                                         \
	}                                                                                          \
	static uint64_t s_pull_##order(struct net_buf_simple *buf)                                 \
	{                                                                                          \
		BUILD_ASSERT(SAME_TYPE(net_buf_simple_pull_##order(buf), (type)0));                \
		return net_buf_simple_pull_##order(buf);                                           \
	}                                                                                          \
	static void b_add_##order(struct net_buf *buf, uint64_t val)                               \
	{                                                                                          \
		net_buf_add_##order(buf, (type)val);                                               \
	}                                                                                          \
	static void b_push_##order(struct net_buf *buf, uint64_t val)                              \
	{                                                                                          \
		net_buf_push_##order(buf, (type)val);                                              \
	}                                                                                          \
	static uint64_t b_remove_##order(struct net_buf *buf)                                      \
	{                                                                                          \
		BUILD_ASSERT(SAME_TYPE(net_buf_remove_##order(buf), (type)0));                     \
		return net_buf_remove_##order(buf);                                                \
	}                                                                                          \
	static uint64_t b_pull_##order(struct net_buf *buf)                                        \
	{                                                                                          \
		BUILD_ASSERT(SAME_TYPE(net_buf_pull_##order(buf), (type)0));                       \
		return net_buf_pull_##order(buf);                                                  \
	}

#define KIND(bits, order, big)                                                                     \
	{                                                                                          \
		bits, big, s_add_##order, s_push_##order, s_remove_##order, s_pull_##order,        \
			b_add_##order, b_push_##order, b_remove_##order, b_pull_##order            \
	}

WRAP(le16, uint16_t)
WRAP(le24, uint32_t)
WRAP(le32, uint32_t)
WRAP(le40, uint64_t)
WRAP(le48, uint64_t)
WRAP(le64, uint64_t)
WRAP(be16, uint16_t)
WRAP(be24, uint32_t)
WRAP(be32, uint32_t)
WRAP(be40, uint64_t)
WRAP(be48, uint64_t)
WRAP(be64, uint64_t)

static const struct kind kinds[] = {
	KIND(16, le16, false), KIND(24, le24, false), KIND(32, le32, false), KIND(40, le40, false),
	KIND(48, le48, false), KIND(64, le64, false), KIND(16, be16, true),  KIND(24, be24, true),
	KIND(32, be32, true),  KIND(40, be40, true),  KIND(48, be48, true),  KIND(64, be64, true),
};

NET_BUF_POOL_FIXED_DEFINE(pool, 1, ROOM, 0, NULL);

/* What the number is with the bits that the kind has. */
static uint64_t cut(const struct kind *kind)
{
	return kind->bits == 64 ? VALUE : VALUE & ((1ULL << kind->bits) - 1);
}

/* Its bytes, made without any help. */
static void bytes_of(const struct kind *kind, uint8_t *bytes)
{
	unsigned int count = kind->bits / 8;

	for (unsigned int i = 0; i < count; i++) {
		unsigned int significance = kind->big_endian ? count - 1 - i : i;

		bytes[i] = (uint8_t)(VALUE >> (8 * significance));
	}
}

/* Memory with the bytes of the number at @p at and guards everywhere else. */
static void expect_memory(const struct kind *kind, const uint8_t *memory, unsigned int at)
{
	uint8_t expected[ROOM];

	memset(expected, GUARD, sizeof(expected));
	bytes_of(kind, expected + at);
	zassert_mem_equal(memory, expected, ROOM, "%u bits, %s-endian", kind->bits,
			  kind->big_endian ? "big" : "little");
}

static void prepare(struct net_buf_simple *buf, unsigned int headroom)
{
	net_buf_simple_reset(buf);
	memset(buf->__buf, GUARD, ROOM);
	net_buf_simple_reserve(buf, headroom);
}

ZTEST(net_buf_values, test_simple)
{
	NET_BUF_SIMPLE_DEFINE(buf, ROOM);

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		const struct kind *kind = &kinds[i];
		unsigned int count = kind->bits / 8;

		prepare(&buf, OFFSET);
		kind->simple_add(&buf, VALUE);
		zassert_equal(buf.len, count);
		zassert_equal(net_buf_simple_headroom(&buf), OFFSET);
		expect_memory(kind, buf.__buf, OFFSET);
		zassert_equal(kind->simple_pull(&buf), cut(kind));
		zassert_equal(buf.len, 0);
		zassert_equal(net_buf_simple_headroom(&buf), OFFSET + count);

		prepare(&buf, OFFSET + count);
		kind->simple_push(&buf, VALUE);
		zassert_equal(buf.len, count);
		zassert_equal(net_buf_simple_headroom(&buf), OFFSET);
		expect_memory(kind, buf.__buf, OFFSET);
		zassert_equal(kind->simple_remove(&buf), cut(kind));
		zassert_equal(buf.len, 0);
		zassert_equal(net_buf_simple_headroom(&buf), OFFSET);
		expect_memory(kind, buf.__buf, OFFSET);
	}
}

ZTEST(net_buf_values, test_buffers)
{
	struct net_buf *buf = net_buf_alloc(&pool, K_NO_WAIT);

	zassert_not_null(buf);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		const struct kind *kind = &kinds[i];
		unsigned int count = kind->bits / 8;

		prepare(&buf->b, OFFSET);
		kind->add(buf, VALUE);
		zassert_equal(buf->len, count);
		expect_memory(kind, buf->__buf, OFFSET);
		zassert_equal(kind->pull(buf), cut(kind));
		zassert_equal(net_buf_headroom(buf), OFFSET + count);

		prepare(&buf->b, OFFSET + count);
		kind->push(buf, VALUE);
		zassert_equal(net_buf_headroom(buf), OFFSET);
		expect_memory(kind, buf->__buf, OFFSET);
		zassert_equal(kind->remove(buf), cut(kind));
		zassert_equal(buf->len, 0);
	}
	net_buf_unref(buf);
}

/* Each next to the other: nothing of a number is written or read beyond it. */
ZTEST(net_buf_values, test_side_by_side)
{
	NET_BUF_SIMPLE_DEFINE(buf, 80);

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		kinds[i].simple_add(&buf, VALUE + i);
	}
	zassert_equal(buf.len, 2 * (2 + 3 + 4 + 5 + 6 + 8));
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		uint64_t mask = kinds[i].bits == 64 ? UINT64_MAX : (1ULL << kinds[i].bits) - 1;

		zassert_equal(kinds[i].simple_pull(&buf), (VALUE + i) & mask);
	}
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		kinds[i].simple_push(&buf, VALUE - i);
	}
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		uint64_t mask = kinds[i].bits == 64 ? UINT64_MAX : (1ULL << kinds[i].bits) - 1;

		zassert_equal(kinds[i].simple_remove(&buf), (VALUE - i) & mask);
	}
	zassert_equal(buf.len, 0);
}

/* What the bytes mean, once spelled out. */
ZTEST(net_buf_values, test_byte_order)
{
	static const uint8_t be[] = {0x00, 0x01, 0x00, 0x01, 0x02, 0x00, 0x01, 0x02, 0x03};
	static const uint8_t le[] = {0x01, 0x00, 0x02, 0x01, 0x00, 0x03, 0x02, 0x01, 0x00};
	struct net_buf *buf = net_buf_alloc(&pool, K_NO_WAIT);

	zassert_not_null(buf);
	net_buf_add_mem(buf, be, sizeof(be));
	zassert_equal(net_buf_pull_be16(buf), 0x0001);
	zassert_equal(net_buf_pull_be24(buf), 0x000102);
	zassert_equal(net_buf_pull_be32(buf), 0x00010203);
	net_buf_reset(buf);
	net_buf_add_mem(buf, le, sizeof(le));
	zassert_equal(net_buf_pull_le16(buf), 0x0001);
	zassert_equal(net_buf_pull_le24(buf), 0x000102);
	zassert_equal(net_buf_pull_le32(buf), 0x00010203);
	net_buf_reset(buf);
	net_buf_reserve(buf, 16);
	net_buf_add_le16(buf, 0x0001);
	net_buf_push_u8(buf, 0x7f);
	zassert_equal(net_buf_pull_u8(buf), 0x7f);
	zassert_mem_equal(buf->data, le, 2);
	zassert_equal(net_buf_remove_u8(buf), 0x00);
	zassert_equal(*net_buf_add_u8(buf, 0x33), 0x33);
	net_buf_unref(buf);
}

ZTEST_SUITE(net_buf_values, NULL, NULL, NULL, NULL, NULL);
