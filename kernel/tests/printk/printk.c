/* SPDX-License-Identifier: Apache-2.0 */

/* What reaches the port, and in how many pieces. */

#include <zephyr/ztest.h>

#include <zephyr/sys/printk.h>

#include "../support/capture.h"

ZTEST_SUITE(printk, NULL, NULL, NULL, NULL, NULL);

static char long_text[1024];

/* Print @p length characters. @return how many pieces they came in. */
static size_t print(size_t length)
{
	size_t pieces;

	for (size_t i = 0; i < length; i++) {
		long_text[i] = (char)('a' + i % 26);
	}
	long_text[length] = '\0';
	capture_start();
	printk("%s", long_text);
	pieces = capture_stop();
	zassert_str_equal(captured, long_text);
	return pieces;
}

ZTEST(printk, test_nothing)
{
	zassert_equal(print(0), 0);
}

ZTEST(printk, test_one_piece)
{
	zassert_equal(print(1), 1);
	zassert_equal(print(255), 1);
	zassert_equal(print(256), 1);
}

ZTEST(printk, test_more_pieces)
{
	zassert_equal(print(257), 2);
	zassert_equal(captured_pieces[0], 256);
	zassert_equal(captured_pieces[1], 1);
	zassert_equal(print(1000), 4);
}

ZTEST(printk, test_every_byte)
{
	size_t pieces;

	capture_start();
	printk("%c\n\r\xff", 0);
	pieces = capture_stop();
	zassert_equal(pieces, 1);
	zassert_mem_equal(captured, "\0\n\r\xff", 4);
}

static void call_vprintk(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintk(fmt, ap);
	va_end(ap);
}

ZTEST(printk, test_vprintk)
{
	capture_start();
	call_vprintk("%d %s", 5, "five");
	zassert_equal(capture_stop(), 1);
	zassert_str_equal(captured, "5 five");
}
