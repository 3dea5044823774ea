/* SPDX-License-Identifier: Apache-2.0 */

#include <zephyr/logging/log_core.h>

#include <zephyr/sys/cbprintf.h>
#include <zephyr/sys/time_units.h>

#include <port/port.h>

#include "print_buf.h"

#ifdef CONFIG_LOG

/* Bytes in a line of a dump. */
#define DUMP_WIDTH 16

static void begin_line(struct print_buf *line, const char *module, unsigned int level)
{
	static const char names[][4] = {"non", "err", "wrn", "inf", "dbg"};
	uint64_t now = k_ticks_to_us_floor64((uint64_t)port_clock_ticks());
	unsigned int seconds = (unsigned int)(now / USEC_PER_SEC);
	unsigned int micros = (unsigned int)(now % USEC_PER_SEC);

	line->len = 0;
	(void)cbprintf(print_buf_put, line, "[%02u:%02u:%02u.%03u,%03u] <%s> ", seconds / 3600,
		       seconds / 60 % 60, seconds % 60, micros / 1000, micros % 1000, names[level]);
	if (module != NULL) {
		(void)cbprintf(print_buf_put, line, "%s: ", module);
	}
}

static void end_line(struct print_buf *line)
{
	(void)print_buf_put('\n', line);
	print_buf_flush(line);
}

void z_log(const char *module, unsigned int level, const char *fmt, ...)
{
	struct print_buf line;
	va_list ap;

	begin_line(&line, module, level);
	va_start(ap, fmt);
	(void)cbvprintf(print_buf_put, &line, fmt, ap);
	va_end(ap);
	end_line(&line);
}

void z_log_raw(const char *fmt, ...)
{
	struct print_buf text;
	va_list ap;

	text.len = 0;
	va_start(ap, fmt);
	(void)cbvprintf(print_buf_put, &text, fmt, ap);
	va_end(ap);
	print_buf_flush(&text);
}

/* The bytes of one line of a dump, at most DUMP_WIDTH. */
static void dump_line(struct print_buf *line, const uint8_t *bytes, size_t length)
{
	(void)cbprintf(print_buf_put, line, "    ");
	for (size_t i = 0; i < DUMP_WIDTH; i++) {
		(void)cbprintf(print_buf_put, line, i < length ? "%02x " : "   ",
			       i < length ? bytes[i] : 0U);
	}
	(void)print_buf_put('|', line);
	for (size_t i = 0; i < length; i++) {
		bool printable = bytes[i] >= ' ' && bytes[i] <= '~';

		(void)print_buf_put(printable ? bytes[i] : '.', line);
	}
	end_line(line);
}

void z_log_hexdump(const char *module, unsigned int level, const void *data, size_t length,
		   const char *text)
{
	const uint8_t *bytes = (const uint8_t *)data;
	struct print_buf line;

	begin_line(&line, module, level);
	(void)cbprintf(print_buf_put, &line, "%s", text);
	end_line(&line);
	while (length > 0) {
		size_t part = MIN(length, (size_t)DUMP_WIDTH);

		dump_line(&line, bytes, part);
		bytes += part;
		length -= part;
	}
}

#endif
