/* SPDX-License-Identifier: Apache-2.0 */
#include "surroundings.h"

static char printed[128];
static size_t printed_len;

__printf_like(1, 2) static void print_text(const char *fmt, ...)
{
	size_t room = sizeof(printed) - printed_len;
	va_list args;

	va_start(args, fmt);
	printed_len += (size_t)vsnprintk(printed + printed_len, room, fmt, args);
	va_end(args);
}

/* A program of its own, and no less a test. */
#define printk(...) print_text(__VA_ARGS__)
#define main        sixty_seconds

#include "definitions.inc"

ZTEST(guide, test_sixty_seconds)
{
	zassert_ok(sixty_seconds());
	zassert_str_equal(printed, "display: 4 bytes\nupload: 4 bytes\n");
	check_all_home(&pool);
}
