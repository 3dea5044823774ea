/* SPDX-License-Identifier: Apache-2.0 */

/* Bits, rounding, arrays, structures. */

#include <zephyr/ztest.h>

#include <zephyr/sys/util.h>

#include <errno.h>

ZTEST_SUITE(util, NULL, NULL, NULL, NULL, NULL);

ZTEST(util, test_bits)
{
	uint32_t word = 0xf0;

	zassert_equal(BIT(0), 1);
	zassert_equal(BIT(31), 0x80000000U);
	zassert_equal(BIT64(63), 0x8000000000000000U);
	zassert_equal(BIT_MASK(0), 0);
	zassert_equal(BIT_MASK(8), 0xff);
	zassert_equal(BIT64_MASK(63), 0x7fffffffffffffffU);
	zassert_equal(GENMASK(7, 4), 0xf0);
	zassert_equal(GENMASK(0, 0), 1);
	zassert_equal(GENMASK64(63, 0), UINT64_MAX);
	zassert_equal(GENMASK64(63, 63), BIT64(63));

	WRITE_BIT(word, 0, true);
	WRITE_BIT(word, 4, false);
	zassert_equal(word, 0xe1);
	zassert_true(IS_BIT_SET(word, 0));
	zassert_false(IS_BIT_SET(word, 4));

	zassert_equal(FIELD_GET(0x00ff0000U, 0x12345678U), 0x34);
	zassert_equal(FIELD_PREP(0x00ff0000U, 0x34U), 0x00340000U);
	zassert_equal(FIELD_PREP(0x000f0000U, 0x34U), 0x00040000U);
	zassert_equal(FIELD_GET(0xffffffffffffffffULL, 5ULL), 5);
}

ZTEST(util, test_powers_of_two)
{
	zassert_false(IS_POWER_OF_TWO(0));
	zassert_true(IS_POWER_OF_TWO(1));
	zassert_true(IS_POWER_OF_TWO(64));
	zassert_false(IS_POWER_OF_TWO(65));
	zassert_true(IS_POWER_OF_TWO(BIT64(63)));
	zassert_false(is_power_of_two(0));
	zassert_true(is_power_of_two(0x80000000U));
	zassert_false(is_power_of_two(0x80000001U));

	zassert_equal(LOG2(0), -1);
	zassert_equal(LOG2(1), 0);
	zassert_equal(LOG2(31), 4);
	zassert_equal(LOG2(32), 5);
	zassert_equal(LOG2(UINT32_MAX), 31);
	zassert_equal(LOG2(UINT64_MAX), 63);
	zassert_equal(ilog2(1024), 10);
	zassert_equal(LOG2CEIL(0), 0);
	zassert_equal(LOG2CEIL(1), 0);
	zassert_equal(LOG2CEIL(4), 2);
	zassert_equal(LOG2CEIL(5), 3);
	zassert_equal(NHPOT(0), 1);
	zassert_equal(NHPOT(1), 1);
	zassert_equal(NHPOT(8), 8);
	zassert_equal(NHPOT(9), 16);
	zassert_equal(NHPOT(BIT64(63)), BIT64(63));
	zassert_equal(NHPOT(BIT64(63) + 1), 0);
}

ZTEST(util, test_shift_keeps_the_sign)
{
	zassert_equal(arithmetic_shift_right(-1, 63), -1);
	zassert_equal(arithmetic_shift_right(-8, 2), -2);
	zassert_equal(arithmetic_shift_right(-9, 2), -3);
	zassert_equal(arithmetic_shift_right(INT64_MIN, 63), -1);
	zassert_equal(arithmetic_shift_right(INT64_MAX, 62), 1);
	zassert_equal(arithmetic_shift_right(9, 0), 9);
}

ZTEST(util, test_limits)
{
	unsigned int u = 5;

	zassert_equal(MIN(1, 2), 1);
	zassert_equal(MAX(1, 2), 2);
	zassert_equal(MIN(-1, 1), -1);
	zassert_equal(CLAMP(5, 1, 4), 4);
	zassert_equal(CLAMP(0, 1, 4), 1);
	zassert_equal(CLAMP(4, 1, 4), 4);
	zassert_equal(CLAMP(1, 1, 4), 1);
	zassert_equal(CLAMP(u, 0, 4), 4);
	zassert_true(IN_RANGE(1, 1, 4));
	zassert_true(IN_RANGE(4, 1, 4));
	zassert_false(IN_RANGE(0, 1, 4));
	zassert_false(IN_RANGE(5, 1, 4));
	zassert_equal(KB(2), 2048);
	zassert_equal(MB(1), 1048576);
}

ZTEST(util, test_division)
{
	zassert_equal(DIV_ROUND_UP(0, 4), 0);
	zassert_equal(DIV_ROUND_UP(1, 4), 1);
	zassert_equal(DIV_ROUND_UP(4, 4), 1);
	zassert_equal(DIV_ROUND_UP(5, 4), 2);

	zassert_equal(DIV_ROUND_CLOSEST(5, 4), 1);
	zassert_equal(DIV_ROUND_CLOSEST(6, 4), 2);
	zassert_equal(DIV_ROUND_CLOSEST(-5, 4), -1);
	zassert_equal(DIV_ROUND_CLOSEST(-6, 4), -2);
	zassert_equal(DIV_ROUND_CLOSEST(6, -4), -2);
	zassert_equal(DIV_ROUND_CLOSEST(-6, -4), 2);
	zassert_equal(DIV_ROUND_CLOSEST(7U, 2U), 4);
	zassert_equal(DIV_ROUND_CLOSEST(0, 5), 0);
}

ZTEST(util, test_alignment)
{
	char here;

	zassert_equal(ROUND_UP(0, 8), 0);
	zassert_equal(ROUND_UP(1, 8), 8);
	zassert_equal(ROUND_UP(8, 8), 8);
	zassert_equal(ROUND_UP(10, 3), 12);
	zassert_equal(ROUND_DOWN(7, 8), 0);
	zassert_equal(ROUND_DOWN(8, 8), 8);
	zassert_equal(ROUND_DOWN(11, 3), 9);
	zassert_equal(ROUND_UP(&here, 1), POINTER_TO_UINT(&here));
	zassert_equal(WB_UP(1), sizeof(void *));
	zassert_equal(WB_DN(sizeof(void *) + 1), sizeof(void *));
}

struct inner {
	int value;
};

struct outer {
	char first;
	struct inner inner;
	struct {
		short deep;
	} nested;
	int list[3];
};

ZTEST(util, test_container_of)
{
	struct outer outer = {0};
	const struct inner *constant = &outer.inner;
	struct inner *pointers[] = {&outer.inner, NULL};
	struct inner **next = pointers;
	void *untyped = &outer.nested;

	zassert_equal_ptr(CONTAINER_OF(&outer.inner, struct outer, inner), &outer);
	zassert_equal_ptr(CONTAINER_OF(constant, struct outer, inner), &outer);
	zassert_equal_ptr(CONTAINER_OF(untyped, struct outer, nested), &outer);
	zassert_equal_ptr(CONTAINER_OF(&outer.nested.deep, struct outer, nested.deep), &outer);
	zassert_equal_ptr(CONTAINER_OF(*next++, struct outer, inner), &outer);
	zassert_equal_ptr(next, &pointers[1], "evaluates its argument once");
}

ZTEST(util, test_types)
{
	int i = 0;
	const int c = 0;

	zassert_true(SAME_TYPE(i, c));
	zassert_false(SAME_TYPE(i, 1L));
	zassert_equal(sizeof_field(struct outer, inner), sizeof(struct inner));
	zassert_equal(SIZEOF_FIELD(struct outer, list), 3 * sizeof(int));
	ARG_UNUSED(i);
	ARG_UNUSED(c);
}

ZTEST(util, test_arrays)
{
	static struct outer array[4];
	char *start = (char *)array;

	BUILD_ASSERT(ARRAY_SIZE(array) == 4);
	zassert_true(PART_OF_ARRAY(array, &array[0]));
	zassert_true(PART_OF_ARRAY(array, start + sizeof(array) - 1));
	zassert_false(PART_OF_ARRAY(array, start + sizeof(array)));
	zassert_false(PART_OF_ARRAY(array, start - 1));
	zassert_false(PART_OF_ARRAY(array, NULL));
	zassert_true(IS_ARRAY_ELEMENT(array, &array[3]));
	zassert_false(IS_ARRAY_ELEMENT(array, &array[3].inner));
	zassert_false(IS_ARRAY_ELEMENT(array, &array[4]));
	zassert_equal(ARRAY_INDEX(array, &array[2]), 2);
	zassert_equal(ARRAY_INDEX_FLOOR(array, &array[2].inner), 2);
}

ZTEST(util, test_array_loops)
{
	int array[] = {1, 2, 3};
	const int constant[] = {4, 5};
	int sum = 0;

	ARRAY_FOR_EACH(array, i) {
		array[i] *= 10;
	}
	ARRAY_FOR_EACH_PTR(array, p) {
		sum += *p;
	}
	ARRAY_FOR_EACH_PTR(constant, p) {
		sum += *p;
	}
	zassert_equal(sum, 69);
}

ZTEST(util, test_pointers_and_integers)
{
	int object;
	void *pointer = &object;

	zassert_equal_ptr(UINT_TO_POINTER(POINTER_TO_UINT(pointer)), pointer);
	zassert_equal_ptr(INT_TO_POINTER(POINTER_TO_INT(pointer)), pointer);
	zassert_equal(POINTER_TO_INT(INT_TO_POINTER(-1)), -1);
}

ZTEST(util, test_unaligned)
{
	uint8_t bytes[9] = {0};
	uint32_t *odd = (uint32_t *)(void *)(bytes + 1);

	UNALIGNED_PUT(0x11111111U, odd);
	zassert_equal(bytes[0], 0);
	zassert_equal(bytes[1], 0x11);
	zassert_equal(bytes[4], 0x11);
	zassert_equal(bytes[5], 0);
	zassert_equal(UNALIGNED_GET((const uint32_t *)odd), 0x11111111U);
	zassert_equal(UNALIGNED_GET((uint64_t *)(void *)(bytes + 1)) & UINT64_C(0xffff), 0x1111);
}

ZTEST(util, test_bytes)
{
	uint8_t a[4] = {1, 2, 3, 4};
	uint8_t b[4] = {5, 6, 7, 8};
	const uint8_t swapped[4] = {5, 6, 7, 4};

	byteswp(a, b, 3);
	zassert_mem_equal(a, swapped, 4);
	zassert_equal(b[2], 3);
	zassert_equal(b[3], 8);
	bytecpy(b, a, 0);
	zassert_equal(b[0], 1);
	bytecpy(b, a, 4);
	zassert_mem_equal(b, swapped, 4);
}

ZTEST(util, test_hex_digits)
{
	int digits = 0;

	for (int c = -128; c < 128; c++) {
		uint8_t value = 0xaa;

		if (char2hex((char)c, &value) == 0) {
			char back;

			digits++;
			zassert_ok(hex2char(value, &back));
			zassert_true(back == c || back == c + ('a' - 'A'), "%d", c);
		} else {
			zassert_equal(char2hex((char)c, &value), -EINVAL);
			zassert_equal(value, 0xaa, "an error writes nothing");
		}
	}
	zassert_equal(digits, 22);
}

ZTEST(util, test_hex2char_refuses)
{
	char c = '?';

	zassert_equal(hex2char(16, &c), -EINVAL);
	zassert_equal(hex2char(255, &c), -EINVAL);
	zassert_equal(c, '?');
}

ZTEST(util, test_bin2hex)
{
	const uint8_t bytes[] = {0x00, 0x1f, 0xff};
	char text[8] = "xxxxxxx";

	zassert_equal(bin2hex(bytes, 3, text, 7), 6);
	zassert_str_equal(text, "001fff");
	zassert_equal(bin2hex(bytes, 0, text, 1), 0);
	zassert_str_equal(text, "");

	text[0] = 'x';
	zassert_equal(bin2hex(bytes, 3, text, 6), 0, "no room for the NUL");
	zassert_equal(bin2hex(bytes, 3, text, 0), 0);
	zassert_equal(bin2hex(bytes, SIZE_MAX, text, 7), 0);
	zassert_equal(text[0], 'x');
}

ZTEST(util, test_hex2bin)
{
	const uint8_t even[] = {0x12, 0xab};
	const uint8_t odd[] = {0x01, 0x2a};
	uint8_t bytes[3] = {0, 0, 0x77};

	zassert_equal(hex2bin("12aB", 4, bytes, 2), 2);
	zassert_mem_equal(bytes, even, 2);
	zassert_equal(hex2bin("12a", 3, bytes, 3), 2);
	zassert_mem_equal(bytes, odd, 2);
	zassert_equal(bytes[2], 0x77);
	zassert_equal(hex2bin("", 0, bytes, 0), 0);
	zassert_equal(hex2bin("123", 3, bytes, 1), 0, "no room");
	zassert_equal(hex2bin("1g", 2, bytes, 3), 0, "no digit");
	zassert_equal(hex2bin("1 ", 2, bytes, 3), 0);
}

ZTEST(util, test_u8_to_dec)
{
	char text[5];

	for (int value = 0; value < 256; value++) {
		int back = 0;
		uint8_t length = u8_to_dec(text, sizeof(text), (uint8_t)value);

		zassert_equal(length, value > 99 ? 3 : value > 9 ? 2 : 1);
		zassert_equal(text[length], '\0');
		for (uint8_t i = 0; i < length; i++) {
			back = back * 10 + (text[i] - '0');
		}
		zassert_equal(back, value);
	}
}

ZTEST(util, test_u8_to_dec_without_room)
{
	char text[] = "????";

	zassert_equal(u8_to_dec(text, 0, 123), 0);
	zassert_str_equal(text, "????");
	zassert_equal(u8_to_dec(text, 2, 123), 2);
	zassert_str_equal(text, "12??");
	zassert_equal(u8_to_dec(text, 3, 255), 3);
	zassert_str_equal(text, "255?");
	zassert_equal(u8_to_dec(text, 1, 0), 1);
	zassert_str_equal(text, "055?");
}
