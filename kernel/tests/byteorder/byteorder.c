/* SPDX-License-Identifier: Apache-2.0 */

#include <zephyr/ztest.h>

#include <zephyr/sys/byteorder.h>

#define VALUE UINT64_C(0x0102030405060708)

ZTEST_SUITE(byteorder, NULL, NULL, NULL, NULL, NULL);

/* 0x0102..., as many bytes as wanted; the value with its bytes in the other order. */
#define FIRST(bytes)    (VALUE >> (64 - 8 * (bytes)))
#define REVERSED(bytes) (__builtin_bswap64(FIRST(bytes)) >> (64 - 8 * (bytes)))

/* One width: at every alignment, values against bytes, with the neighbours untouched. */
#define DEFINE_TEST(width)                                                                         \
	ZTEST(byteorder, test_##width)                                                             \
	{                                                                                          \
		static const uint8_t pattern[] = {1, 2, 3, 4, 5, 6, 7, 8};                         \
		const size_t bytes = (width) / 8;                                                  \
                                                                                                   \
		for (size_t at = 1; at <= 8; at++) {                                               \
			uint8_t big[18];                                                           \
			uint8_t little[18];                                                        \
                                                                                                   \
			memset(big, 0xee, sizeof(big));                                            \
			memset(little, 0xee, sizeof(little));                                      \
			sys_put_be##width(FIRST(bytes), big + at);                                 \
			sys_put_le##width(FIRST(bytes), little + at);                              \
			zassert_mem_equal(big + at, pattern, bytes);                               \
			for (size_t i = 0; i < bytes; i++) {                                       \
				zassert_equal(little[at + i], pattern[bytes - 1 - i]);             \
			}                                                                          \
			zassert_equal(big[at - 1], 0xee);                                          \
			zassert_equal(big[at + bytes], 0xee);                                      \
			zassert_equal(little[at - 1], 0xee);                                       \
			zassert_equal(little[at + bytes], 0xee);                                   \
                                                                                                   \
			zassert_equal(sys_get_be##width(big + at), FIRST(bytes));                  \
			zassert_equal(sys_get_le##width(little + at), FIRST(bytes));               \
			zassert_equal(sys_get_le##width(big + at), REVERSED(bytes));               \
		}                                                                                  \
		zassert_equal(BSWAP_##width(FIRST(bytes)), REVERSED(bytes));                       \
		zassert_equal(sys_cpu_to_be##width(sys_be##width##_to_cpu(FIRST(bytes))),          \
			      FIRST(bytes));                                                       \
		zassert_equal(sys_cpu_to_le##width(sys_le##width##_to_cpu(FIRST(bytes))),          \
			      FIRST(bytes));                                                       \
		zassert_equal(sys_be##width##_to_cpu(FIRST(bytes)),                                \
			      BSWAP_##width(sys_le##width##_to_cpu(FIRST(bytes))));                \
	}

DEFINE_TEST(16)
DEFINE_TEST(24)
DEFINE_TEST(32)
DEFINE_TEST(40)
DEFINE_TEST(48)
DEFINE_TEST(64)

ZTEST(byteorder, test_highest_values)
{
	uint8_t bytes[8];

	memset(bytes, 0xff, sizeof(bytes));
	zassert_equal(sys_get_be16(bytes), UINT16_MAX);
	zassert_equal(sys_get_le16(bytes), UINT16_MAX);
	zassert_equal(sys_get_be24(bytes), 0xffffff);
	zassert_equal(sys_get_le24(bytes), 0xffffff);
	zassert_equal(sys_get_be32(bytes), UINT32_MAX);
	zassert_equal(sys_get_le32(bytes), UINT32_MAX);
	zassert_equal(sys_get_be40(bytes), UINT64_C(0xffffffffff));
	zassert_equal(sys_get_le40(bytes), UINT64_C(0xffffffffff));
	zassert_equal(sys_get_be48(bytes), UINT64_C(0xffffffffffff));
	zassert_equal(sys_get_le48(bytes), UINT64_C(0xffffffffffff));
	zassert_equal(sys_get_be64(bytes), UINT64_MAX);
	zassert_equal(sys_get_le64(bytes), UINT64_MAX);
}

ZTEST(byteorder, test_high_bits_are_dropped)
{
	uint8_t bytes[7] = {0};

	sys_put_be24(0xaa010203, bytes);
	zassert_equal(bytes[0], 1);
	sys_put_le24(0xaa010203, bytes);
	zassert_equal(bytes[2], 1);
	sys_put_be40(VALUE, bytes);
	zassert_equal(bytes[0], 4);
	sys_put_le48(VALUE, bytes);
	zassert_equal(bytes[5], 3);
	zassert_equal(bytes[6], 0);
}

ZTEST(byteorder, test_constants)
{
	static const uint16_t port = sys_cpu_to_be16(0x1234);
	const uint8_t *bytes = (const uint8_t *)&port;

	zassert_equal(bytes[0], 0x12);
	zassert_equal(bytes[1], 0x34);
	zassert_equal(sys_get_be16(bytes), sys_be16_to_cpu(port));
}

ZTEST(byteorder, test_swap_in_place)
{
	uint8_t bytes[] = {1, 2, 3, 4, 5};
	const uint8_t odd[] = {5, 4, 3, 2, 1};
	const uint8_t even[] = {2, 3, 4, 5, 1};

	sys_mem_swap(bytes, 5);
	zassert_mem_equal(bytes, odd, 5);
	sys_mem_swap(bytes, 4);
	zassert_mem_equal(bytes, even, 5);
	sys_mem_swap(bytes, 1);
	sys_mem_swap(bytes, 0);
	zassert_mem_equal(bytes, even, 5);
}

ZTEST(byteorder, test_swap_while_copying)
{
	const uint8_t from[] = {1, 2, 3};
	const uint8_t expected[] = {3, 2, 1, 9};
	uint8_t to[] = {9, 9, 9, 9};

	sys_memcpy_swap(to, from, 0);
	zassert_equal(to[0], 9);
	sys_memcpy_swap(to, from, 3);
	zassert_mem_equal(to, expected, 4);
}

ZTEST(byteorder, test_any_length)
{
	const uint8_t big[] = {0x11, 0x22, 0x33, 0x44};
	uint8_t little[4];
	uint32_t value;

	sys_get_be(&value, big, sizeof(value));
	zassert_equal(value, 0x11223344);
	sys_put_le(little, &value, sizeof(value));
	zassert_equal(sys_get_le32(little), 0x11223344);
	sys_get_le(&value, little, sizeof(value));
	zassert_equal(value, 0x11223344);
	sys_put_be(little, &value, sizeof(value));
	zassert_mem_equal(little, big, 4);

	sys_be_to_cpu(little, 4);
	memcpy(&value, little, 4);
	zassert_equal(value, 0x11223344);
	sys_cpu_to_le(little, 4);
	zassert_equal(sys_get_le32(little), 0x11223344);
	sys_le_to_cpu(little, 4);
	sys_cpu_to_be(little, 4);
	zassert_mem_equal(little, big, 4);
}
