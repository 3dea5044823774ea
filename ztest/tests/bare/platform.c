/* SPDX-License-Identifier: Apache-2.0 */

/** @file The pretended platform, on the host that runs the test. */

#include "platform.h"

#include <zephyr/kernel.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <port/port.h>

static bool masked;
static bool in_isr;

port_key_t port_irq_lock(void)
{
	port_key_t key = masked ? 1U : 0U;

	masked = true;
	return key;
}

void port_irq_unlock(port_key_t key)
{
	masked = key != 0U;
}

bool bare_masked(void)
{
	return masked;
}

void bare_interrupt(void (*routine)(void))
{
	in_isr = true;
	routine();
	in_isr = false;
}

bool k_is_in_isr(void)
{
	return in_isr;
}

k_tid_t k_current_get(void)
{
	static char main_thread;

	return (k_tid_t)(void *)&main_thread;
}

uint32_t k_uptime_get_32(void)
{
	static uint32_t now;

	return now += 7;
}

void port_print(const char *text, size_t len)
{
	if (write(STDOUT_FILENO, text, len) < 0) {
		abort();
	}
}

void port_fatal(void)
{
	abort();
}

void vprintk(const char *fmt, va_list ap)
{
	char text[256];

	(void)vsnprintf(text, sizeof(text), fmt, ap);
	port_print(text, strlen(text));
}

void printk(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintk(fmt, ap);
	va_end(ap);
}

void z_assert_fail(const char *test, const char *file, unsigned int line)
{
	printk("ASSERTION FAIL [%s] @ %s:%u\n", test, file, line);
	assert_post_action(file, line);
}

void z_assert_fail_msg(const char *test, const char *file, unsigned int line, const char *fmt, ...)
{
	(void)fmt;
	z_assert_fail(test, file, line);
}

void z_assert_stop(void)
{
	assert_post_action("", 0);
}
