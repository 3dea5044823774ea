/* SPDX-License-Identifier: Apache-2.0 */
/** @file Chains as text. */
#include "pool.h"

#include <iob/print.h>
#include <zephyr/sys/printk.h>

#include <string.h>

#define BYTES_PER_LINE 32U

struct printer {
	iob_print_t print;
	void *arg;
	char line[144];
	size_t used;
};

static __printf_like(2, 3) void add(struct printer *p, const char *format, ...)
{
	/* One character stays for the newline. */
	size_t room = sizeof(p->line) - 1 - p->used;
	va_list ap;
	int len;

	va_start(ap, format);
	len = vsnprintk(p->line + p->used, room, format, ap);
	va_end(ap);
	if (len > 0) {
		p->used += MIN((size_t)len, room - 1);
	}
}

static void end_printed_line(struct printer *p)
{
	p->line[p->used++] = '\n';
	p->print(p->arg, p->line, p->used);
	p->used = 0;
}

static void print_headers(struct printer *p, const struct iob_s *iob)
{
	for (unsigned int i = 0; iob != NULL; iob = iob->io_flink, i++) {
		add(p, "%u: iob=%p len=%u offset=%u size=%u pktlen=%u next=%p", i,
		    (const void *)iob, (unsigned int)iob->io_len, (unsigned int)iob->io_offset,
		    (unsigned int)IOB_BUFSIZE(iob), iob->io_pktlen, (const void *)iob->io_flink);
		end_printed_line(p);
	}
}

static void print_bytes(struct printer *p, const uint8_t *bytes, unsigned int len,
			unsigned int offset)
{
	add(p, "%04x:", offset);
	for (unsigned int i = 0; i < BYTES_PER_LINE; i++) {
		const char *gap = i % 8 == 0 ? " " : "";

		if (i < len) {
			add(p, "%s%02x", gap, bytes[i]);
		} else {
			add(p, "%s  ", gap);
		}
	}
	add(p, " ");
	for (unsigned int i = 0; i < len; i++) {
		add(p, "%c", bytes[i] >= 0x20 && bytes[i] < 0x7f ? bytes[i] : '.');
	}
	end_printed_line(p);
}

void iob_print_chain(iob_print_t print, void *arg, const char *msg, const struct iob_s *iob,
		     unsigned int len, unsigned int offset)
{
	struct printer p = {.print = print, .arg = arg};
	uint8_t bytes[BYTES_PER_LINE];
	int got;

	if (print == NULL) {
		return;
	}
	add(&p, "%s: %u bytes from %u of %p", msg != NULL ? msg : "iob", len, offset,
	    (const void *)iob);
	end_printed_line(&p);
	print_headers(&p, iob);
	for (; len > 0 && offset <= INT32_MAX; len -= (unsigned int)got) {
		got = iob_copyout(bytes, iob, MIN(len, BYTES_PER_LINE), (int)offset);
		if (got <= 0) {
			return;
		}
		print_bytes(&p, bytes, (unsigned int)got, offset);
		offset += (unsigned int)got;
	}
}

static void to_console(void *arg, const char *text, size_t len)
{
	ARG_UNUSED(arg);
	printk("%.*s", (int)len, text);
}

void iob_dump(const char *msg, struct iob_s *iob, unsigned int len, unsigned int offset)
{
	iob_print_chain(to_console, NULL, msg, iob, len, offset);
}

#ifdef CONFIG_IOB_DEBUG
void iob_report(const char *what, const void *iob)
{
	printk("iob: %p: %s\n", iob, what);
}
#endif
