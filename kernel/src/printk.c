/* SPDX-License-Identifier: Apache-2.0 */

#include <zephyr/sys/printk.h>

#include <zephyr/sys/cbprintf.h>

#include "print_buf.h"

#ifdef CONFIG_PRINTK

void vprintk(const char *fmt, va_list ap)
{
	struct print_buf buf;

	buf.len = 0;
	(void)cbvprintf(print_buf_put, &buf, fmt, ap);
	print_buf_flush(&buf);
}

void printk(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintk(fmt, ap);
	va_end(ap);
}

#endif

/* What is left of the caller's memory. */
struct room {
	char *next;  /* where the next character goes */
	size_t left; /* bytes, the one for the NUL not included */
};

static int put_in_room(int c, void *ctx)
{
	struct room *room = (struct room *)ctx;

	if (room->left > 0) {
		*room->next++ = (char)c;
		room->left--;
	}
	return c;
}

int vsnprintk(char *str, size_t size, const char *fmt, va_list ap)
{
	struct room room = {str, size > 0 ? size - 1 : 0};
	int length = cbvprintf(put_in_room, &room, fmt, ap);

	if (size > 0) {
		*room.next = '\0';
	}
	return length;
}

int snprintk(char *str, size_t size, const char *fmt, ...)
{
	va_list ap;
	int length;

	va_start(ap, fmt);
	length = vsnprintk(str, size, fmt, ap);
	va_end(ap);
	return length;
}
