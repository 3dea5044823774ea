/* SPDX-License-Identifier: Apache-2.0 */

#include <zephyr/sys/__assert.h>

#include <zephyr/sys/cbprintf.h>

#include <port/port.h>

#include "print_buf.h"

__weak void assert_post_action(const char *file, unsigned int line)
{
	(void)file;
	(void)line;
	port_fatal();
}

void z_assert_stop(void)
{
	assert_post_action("", 0);
}

static void put_place(struct print_buf *buf, const char *test, const char *file, unsigned int line)
{
	buf->len = 0;
	(void)cbprintf(print_buf_put, buf, "ASSERTION FAIL [%s] @ %s:%u\n", test, file, line);
}

void z_assert_fail(const char *test, const char *file, unsigned int line)
{
	struct print_buf buf;

	put_place(&buf, test, file, line);
	print_buf_flush(&buf);
	assert_post_action(file, line);
}

void z_assert_fail_msg(const char *test, const char *file, unsigned int line, const char *fmt, ...)
{
	struct print_buf buf;
	va_list ap;

	put_place(&buf, test, file, line);
	(void)print_buf_put('\t', &buf);
	va_start(ap, fmt);
	(void)cbvprintf(print_buf_put, &buf, fmt, ap);
	va_end(ap);
	(void)print_buf_put('\n', &buf);
	print_buf_flush(&buf);
	assert_post_action(file, line);
}
