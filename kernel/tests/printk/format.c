/* SPDX-License-Identifier: Apache-2.0 */

/* The formatter, against what C says its conversions give. */

#include <zephyr/ztest.h>

#include <zephyr/sys/cbprintf.h>
#include <zephyr/sys/printk.h>

ZTEST_SUITE(format, NULL, NULL, NULL, NULL, NULL);

static char text[256];

/* Formats are checked by the compiler elsewhere; here they are wrong on purpose, or redundant. */
#pragma GCC diagnostic ignored "-Wformat"
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wformat-extra-args"
#endif

#define CHECK(expected, ...)                                                                       \
	do {                                                                                       \
		int length = snprintk(text, sizeof(text), __VA_ARGS__);                            \
                                                                                                   \
		zassert_str_equal(text, expected);                                                 \
		zassert_equal(length, (int)strlen(expected), "%s", text);                          \
	} while (false)

ZTEST(format, test_text_without_conversions)
{
	CHECK("", "%s", "");
	CHECK("plain", "plain");
	CHECK("100%", "100%%");
	CHECK("\xff\x80", "\xff\x80");
}

ZTEST(format, test_decimal)
{
	CHECK("0 -1 2147483647 -2147483648", "%d %i %d %d", 0, -1, INT32_MAX, INT32_MIN);
	CHECK("0 4294967295", "%u %u", 0U, UINT32_MAX);
	CHECK("+5 -5 +0", "%+d %+d %+d", 5, -5, 0);
	CHECK(" 5 -5", "% d % d", 5, -5);
	CHECK("+5", "%+ d", 5);
	CHECK("+5", "% +d", 5);
	CHECK("5", "%+u", 5U);
}

ZTEST(format, test_hexadecimal_and_octal)
{
	CHECK("0 ff FF 0xff 0XFF 0", "%x %x %X %#x %#X %#x", 0, 255, 255, 255, 255, 0);
	CHECK("0 10 010 0", "%o %o %#o %#o", 0, 8, 8, 0);
	CHECK("ffffffff", "%x", -1);
	CHECK("37777777777", "%o", UINT32_MAX);
}

ZTEST(format, test_lengths)
{
	CHECK("-1 255 -128 0", "%hhd %hhu %hhd %hhd", 255, 0x1ff, 128, 256);
	CHECK("65535 1", "%hu %hx", 0x1ffff, 0x10001);
	CHECK("-1 65535 -32768", "%hd %hu %hd", 65535, 65535, 32768);
	CHECK("9223372036854775807 -9223372036854775808", "%lld %lld", INT64_MAX, INT64_MIN);
	CHECK("18446744073709551615 ffffffffffffffff", "%llu %llx", UINT64_MAX, UINT64_MAX);
	CHECK("1777777777777777777777", "%llo", UINT64_MAX);
	CHECK("4294967296", "%lld", INT64_C(4294967296));
	CHECK("-7 7", "%ld %lu", -7L, 7UL);
	CHECK("12 -3 9", "%zu %td %jd", (size_t)12, (ptrdiff_t)-3, (intmax_t)9);
	/* Arguments after each other stay in step whatever their sizes. */
	CHECK("1 2 3 4 5", "%hhd %lld %d %ld %hd", 1, 2LL, 3, 4L, 5);
}

ZTEST(format, test_width)
{
	CHECK("    5|5    |00005", "%5d|%-5d|%05d", 5, 5, 5);
	CHECK("12345|123456", "%5d|%5d", 12345, 123456);
	CHECK("-0005| -5", "%05d|%3d", -5, -5);
	CHECK("+0005| 005", "%+05d|% 04d", 5, 5);
	CHECK("5    ", "%-05d", 5);
	CHECK("0x00ff|  0xff", "%#06x|%#6x", 255, 255);
	CHECK("    a|a    |", "%5c|%-5c|", 'a', 'a');
	CHECK("   ab|ab   |abcdef", "%5s|%-5s|%5s", "ab", "ab", "abcdef");
}

ZTEST(format, test_precision)
{
	CHECK("005|-005|5", "%.3d|%.3d|%.0d", 5, -5, 5);
	CHECK("||0", "%.0d|%.d|%#.0o", 0, 0, 0);
	CHECK("  005|005  ", "%5.3d|%-5.3d", 5, 5);
	CHECK("  005", "%05.3d", 5);
	CHECK("0x0ff", "%#.3x", 255);
	CHECK("007 010", "%#.3o %#.2o", 7, 8);
	CHECK("abc|ab||", "%.9s|%.2s|%.0s|%.s", "abc", "abc", "abc", "abc");
	CHECK("   ab", "%5.2s", "abc");
}

ZTEST(format, test_precision_bounds_what_is_read)
{
	const char unterminated[2] = {'o', 'k'};

	CHECK("ok", "%.2s", unterminated);
	CHECK("", "%.0s", (const char *)unterminated + 2);
}

ZTEST(format, test_width_and_precision_from_arguments)
{
	CHECK("    5|5    |005", "%*d|%*d|%.*d", 5, 5, -5, 5, 3, 5);
	CHECK("5|abc", "%.*d|%.*s", -1, 5, -1, "abc");
	CHECK("  ab", "%*.*s", 4, 2, "abc");
}

ZTEST(format, test_pointers)
{
	/* Not known at compile time: compilers see through a constant. */
	const char *volatile no_text = NULL;

	CHECK("0x1234", "%p", (void *)0x1234);
	CHECK("  0x1234|0x1234  ", "%8p|%-8p", (void *)0x1234, (void *)0x1234);
	CHECK("(nil)", "%p", NULL);
	CHECK("(null)|(nu", "%s|%.3s", no_text, no_text);
}

ZTEST(format, test_what_is_not_supported_stays_and_keeps_step)
{
	int untouched = 5;

	CHECK("%f 1 %5.2e 2 %g 3", "%f %d %5.2e %d %g %d", 1.0, 1, 2.0, 2, 3.0, 3);
	CHECK("%Lf 1", "%Lf %d", (long double)1, 1);
	CHECK("%n 1", "%n %d", &untouched, 1);
	zassert_equal(untouched, 5);
	/* So many that both kinds of arguments are on the stack, where there are registers. */
	CHECK("%f%f%f%f%f%f%f%f%f 1234567 %f 8", "%f%f%f%f%f%f%f%f%f %d%d%d%d%d%d%d %f %d", 1.0,
	      2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 1, 2, 3, 4, 5, 6, 7, 10.0, 8);
	CHECK("%y 1", "%y %d", 1);
	CHECK("%", "%");
	CHECK("1 %5", "%d %5", 1);
	CHECK("%-08.3l", "%-08.3l");
}

ZTEST(format, test_cut_off)
{
	static const char whole[] = "12-ab";

	for (size_t size = 0; size <= sizeof(whole) + 1; size++) {
		memset(text, '#', sizeof(text));
		zassert_equal(snprintk(text, size, "%d-%s", 12, "ab"), 5);
		if (size > 0) {
			size_t kept = MIN(size, sizeof(whole)) - 1;

			zassert_mem_equal(text, whole, kept);
			zassert_equal(text[kept], '\0');
		}
		zassert_equal(text[MIN(size, sizeof(whole))], '#');
	}
	zassert_equal(snprintk(NULL, 0, "%s", "abc"), 3);
}

ZTEST(format, test_long_output)
{
	zassert_equal(snprintk(text, sizeof(text), "%100000d", 1), 100000);
	zassert_equal(strlen(text), sizeof(text) - 1);
	zassert_equal(snprintk(text, sizeof(text), "%.100000x", 1), 100000);
}

struct collector {
	char text[8];
	size_t used;
	int refuse_at; /* which character is refused, from 0 */
};

static int collect(int c, void *ctx)
{
	struct collector *collector = ctx;

	if ((int)collector->used == collector->refuse_at) {
		return -5;
	}
	collector->text[collector->used++] = (char)c;
	return c;
}

ZTEST(format, test_callback)
{
	struct collector collector = {.refuse_at = -1};

	zassert_equal(cbprintf(collect, &collector, "%03d%c", 7, 0), 4);
	zassert_equal(collector.used, 4);
	zassert_mem_equal(collector.text, "007\0", 4);
}

ZTEST(format, test_callback_gets_bytes)
{
	struct collector collector = {.refuse_at = -1};

	/* A plain char may be negative; a negative result would end the output. */
	zassert_equal(cbprintf(collect, &collector, "%s", "\xff\xfe"), 2);
	zassert_mem_equal(collector.text, "\xff\xfe", 2);
}

ZTEST(format, test_callback_ends_the_output)
{
	for (int at = 0; at < 6; at++) {
		struct collector collector = {.refuse_at = at};

		zassert_equal(cbprintf(collect, &collector, "a%3db%s", 1, "cd"), -5);
		zassert_equal(collector.used, (size_t)at);
		zassert_mem_equal(collector.text, "a  1bcd", (size_t)at);
	}
}

ZTEST(format, test_absurd_numbers_in_the_format)
{
	static const char *const formats[] = {"%99999999999999999999d", "%-99999999999999999999d|",
					      "%.99999999999999999999d", "%.99999999999999999999s",
					      "%4294967298c"};

	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		struct collector collector = {.refuse_at = 5};

		zassert_equal(cbprintf(collect, &collector, formats[i], "abcdefgh"), -5);
		zassert_equal(collector.used, 5);
	}
}
