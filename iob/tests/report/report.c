/* SPDX-License-Identifier: Apache-2.0 */
/** @file Chains and statistics as text. */
#include <zephyr/sys/printk.h>
#include <zephyr/ztest.h>

#include <iob/print.h>

#include <string.h>

#include "../support/chains.h"
#include "../support/misuse.h"

static char text[4096];
static unsigned int lines;

/* One line at a time. */
static void keep(void *arg, const char *line, size_t len)
{
	size_t used = strlen(text);

	zassert_equal_ptr(arg, text);
	zassert_equal_ptr(memchr(line, '\n', len), line + len - 1, "exactly one line");
	zassert_true(used + len < sizeof(text));
	memcpy(text + used, line, len);
	text[used + len] = '\0';
	lines++;
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	text[0] = '\0';
	lines = 0;
}

ZTEST_SUITE(iob_report, NULL, NULL, before, NULL, NULL);

static void expect_line(const char *line)
{
	zassert_not_null(strstr(text, line), "there is no \"%s\" in\n%s", line, text);
}

ZTEST(iob_report, test_chain)
{
	struct iob_s *iob =
		chain_make_at(2, (const unsigned int[]){10, 6}, (const unsigned int[]){2, 0});
	char expected[64];

	iob_print_chain(keep, text, "packet", iob, 100, 2);
	zassert_equal(lines, 4);
	(void)snprintk(expected, sizeof(expected), "packet: 100 bytes from 2 of %p\n", (void *)iob);
	expect_line(expected);
	(void)snprintk(expected, sizeof(expected), "0: iob=%p len=10 offset=2 ", (void *)iob);
	expect_line(expected);
	(void)snprintk(expected, sizeof(expected), "1: iob=%p len=6 offset=0 ",
		       (void *)iob->io_flink);
	expect_line(expected);
	expect_line(" pktlen=16 ");
	expect_line("0002: 030405060708090a 0b0c0d0e0f10 ");
	iob_free_chain(iob);
}

ZTEST(iob_report, test_bytes)
{
	struct iob_s *iob = iob_tryalloc(false);
	uint8_t bytes[40];

	for (unsigned int i = 0; i < sizeof(bytes); i++) {
		bytes[i] = (uint8_t)(0x5e + i);
	}
	zassert_equal(iob_copyin(iob, bytes, sizeof(bytes), 0, false), 40);
	iob_print_chain(keep, text, NULL, iob, sizeof(bytes), 0);
	expect_line("0000: 5e5f606162636465 666768696a6b6c6d 6e6f707172737475 767778797a7b7c7d "
		    "^_`abcdefghijklmnopqrstuvwxyz{|}\n");
	expect_line("0020: 7e7f808182838485");
	expect_line(" ~.......\n");
	before(NULL);
	iob_print_chain(keep, text, NULL, iob, 1, 40);
	zassert_equal(lines, 1 + (unsigned int)iob_count(iob), "there is nothing there");
	before(NULL);
	iob_print_chain(keep, text, NULL, NULL, 1, 0);
	zassert_equal(lines, 1);
	iob_print_chain(NULL, NULL, "nobody listens", iob, 1, 0);
	iob_dump("to the console", iob, 3, 1);
	iob_free_chain(iob);
}

#ifdef CONFIG_IOB_STATS
ZTEST(iob_report, test_statistics)
{
	struct iob_s *chain = chain_leave(THROTTLE + 2);
	char expected[64];

	iob_print_stats(keep, text);
	expect_line("    ntotal     nfree     nwait nthrottle\n");
	(void)snprintk(expected, sizeof(expected), "%10d%10d%10d%10d\n", NBUFFERS, THROTTLE + 2, 0,
		       THROTTLE > 0 ? 2 : 0);
	expect_line(expected);
	iob_print_stats(NULL, NULL);
	iob_free_chain(chain);
}
#endif
