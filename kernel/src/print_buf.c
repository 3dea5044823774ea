/* SPDX-License-Identifier: Apache-2.0 */

#include "print_buf.h"

#include <port/port.h>

void print_buf_flush(struct print_buf *buf)
{
	if (buf->len > 0) {
		port_print(buf->text, buf->len);
		buf->len = 0;
	}
}

int print_buf_put(int c, void *buf)
{
	struct print_buf *out = (struct print_buf *)buf;

	if (out->len == PRINT_BUF_SIZE) {
		print_buf_flush(out);
	}
	out->text[out->len++] = (char)c;
	return c;
}
