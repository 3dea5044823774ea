/* SPDX-License-Identifier: Apache-2.0 */
/** @file Copies of packets and of parts of them. */
#include <zephyr/ztest.h>

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "../support/chains.h"

ZTEST_SUITE(iob_clone, NULL, NULL, NULL, NULL, NULL);

static struct iob_s *source; /* 1, 2, 3 ... */
static struct iob_s *target;

static void begin(unsigned int count, const unsigned int *lens)
{
	source = chain_make(count, lens);
	target = iob_tryalloc(false);
}

static void end(void)
{
	iob_free_chain(source);
	iob_free_chain(target);
}

static int partial(unsigned int len, int offset1, int offset2)
{
	return iob_clone_partial(source, len, offset1, target, offset2, false, false);
}

ZTEST(iob_clone, test_whole)
{
	begin(LENS(3, 0, BUFSIZE, 5, 0));
	zassert_ok(iob_clone(source, target, false, false));
	chain_expect(target, LENS(BUFSIZE, 8));
	chain_expect_bytes(target, BUFSIZE + 8, 1);
	chain_expect_bytes(source, BUFSIZE + 8, 1);
	end();
	begin(LENS(0));
	zassert_ok(iob_clone(source, target, false, true));
	chain_expect(target, LENS(0));
	end();
}

/* Exactly full is full: no empty buffer behind it, and none needed. */
ZTEST(iob_clone, test_exactly_full)
{
	struct iob_s *rest;

	begin(LENS(BUFSIZE - 2, 2, 0));
	rest = chain_leave(0);
	zassert_ok(iob_clone(source, target, false, false));
	chain_expect(target, LENS(BUFSIZE));
	chain_expect_bytes(target, BUFSIZE, 1);
	iob_free_chain(rest);
	end();
	begin(LENS(BUFSIZE, BUFSIZE));
	zassert_ok(partial(BUFSIZE, 0, 0));
	chain_expect(target, LENS(BUFSIZE));
	end();
}

/* The length says what there is, not what was wanted. */
ZTEST(iob_clone, test_source_is_shorter)
{
	begin(LENS(6, 4));
	zassert_ok(partial(1000, 0, 0));
	chain_expect(target, LENS(10));
	zassert_ok(partial(1000, 7, 0));
	chain_expect(target, LENS(3));
	chain_expect_bytes(target, 3, 8);
	zassert_ok(partial(1000, 10, 0));
	chain_expect(target, LENS(0));
	zassert_ok(partial(1000, INT_MAX, 0));
	chain_expect(target, LENS(0));
	end();
}

ZTEST(iob_clone, test_too_few_buffers)
{
	struct iob_s *rest;

	begin(LENS(BUFSIZE, BUFSIZE, BUFSIZE));
	rest = chain_leave(1);
	zassert_equal(iob_clone(source, target, false, false), -ENOMEM);
	chain_expect(target, LENS(BUFSIZE, BUFSIZE));
	chain_expect_bytes(target, 2 * BUFSIZE, 1);
	/* Not even the beginning fits. */
	zassert_equal(partial(4, 0, 2 * BUFSIZE + 1), -ENOMEM);
	chain_expect(target, LENS(BUFSIZE, BUFSIZE));
	iob_free_chain(rest);
	end();
}

/* It does not wait for what can never come. */
ZTEST(iob_clone, test_more_than_the_pool)
{
	begin(LENS(5));
	zassert_ok(iob_update_pktlen(source, NBUFFERS / 2 * BUFSIZE, false) -
		   NBUFFERS / 2 * BUFSIZE);
	zassert_equal(iob_clone_partial(source, UINT_MAX, 0, target, BUFSIZE * 2, false, true),
		      -ENOMEM);
	zassert_equal(iob_navail(false), 0);
	zassert_equal(target->io_pktlen, (NBUFFERS - NBUFFERS / 2) * BUFSIZE);
	end();
}

/* A longer chain is used again, and what is too much of it is freed. */
ZTEST(iob_clone, test_into_a_longer_chain)
{
	begin(LENS(4, 4, 2));
	iob_free_chain(target);
	target = chain_make_at(3, (const unsigned int[]){3, 2, 1}, (const unsigned int[]){2, 3, 4});
	target->io_flink->io_pktlen = 55;
	zassert_ok(partial(10, 0, 0));
	chain_expect(target, LENS(10));
	zassert_equal(target->io_offset, 2, "the headroom stays");
	chain_expect_bytes(target, 10, 1);
	end();

	begin(LENS(BUFSIZE, BUFSIZE));
	iob_free_chain(target);
	target = chain_make_at(2, (const unsigned int[]){3, 2}, (const unsigned int[]){2, 3});
	zassert_ok(partial(BUFSIZE + 1, 1, 0));
	chain_expect(target, LENS(BUFSIZE - 2, 3));
	zassert_equal(target->io_flink->io_offset, 0);
	chain_expect_bytes(target, BUFSIZE + 1, 2);
	end();
}

/* What is in front of the offset counts, and is not touched. */
ZTEST(iob_clone, test_behind_an_offset)
{
	begin(LENS(6, 4));
	memset(target->io_data, 0xee, BUFSIZE);
	zassert_ok(partial(10, 0, 3));
	chain_expect(target, LENS(13));
	zassert_equal(target->io_data[0], 0xee);
	zassert_equal(target->io_data[2], 0xee);
	zassert_equal(target->io_data[3], 1);
	zassert_equal(target->io_data[12], 10);
	zassert_ok(partial(4, 2, BUFSIZE - 2));
	chain_expect(target, LENS(BUFSIZE, 2));
	zassert_equal(target->io_data[BUFSIZE - 2], 3);
	zassert_equal(target->io_flink->io_data[1], 6);
	zassert_ok(partial(1, 0, BUFSIZE));
	chain_expect(target, LENS(BUFSIZE, 1));
	zassert_equal(target->io_flink->io_data[0], 1);
	end();
}

/* Before the beginning of the data, on either side; the end may be before it, too. */
ZTEST(iob_clone, test_negative_offsets)
{
	begin(LENS(6, 4));
	iob_reserve(target, 9);
	zassert_ok(partial(4, 0, -9));
	chain_expect(target, LENS(0));
	zassert_equal(target->io_offset, 9);
	zassert_equal(target->io_data[0], 1);
	zassert_equal(target->io_data[3], 4);
	zassert_ok(partial(9, 0, -9));
	chain_expect(target, LENS(0));
	zassert_ok(partial(10, 0, -9));
	chain_expect(target, LENS(1));
	zassert_equal(target->io_data[8], 9);
	zassert_equal(target->io_data[9], 10);
	zassert_ok(partial(0, 0, -9));
	chain_expect(target, LENS(0));
	zassert_equal(partial(4, 0, -10), -ESPIPE);
	zassert_equal(partial(4, 0, INT_MIN), -ESPIPE);
	zassert_equal(partial(4, -1, 0), -ESPIPE);
	chain_expect(target, LENS(0));
	end();

	begin(LENS(6, 4));
	source = iob_trimhead(source, 2);
	zassert_ok(partial(20, -2, 0));
	chain_expect(target, LENS(10));
	chain_expect_bytes(target, 10, 1);
	zassert_ok(partial(1, -2, 0));
	chain_expect_bytes(target, 1, 1);
	end();
}

ZTEST(iob_clone, test_refused)
{
	begin(LENS(6));
	zassert_equal(iob_clone(NULL, target, false, false), -EINVAL);
	zassert_equal(iob_clone(source, NULL, false, false), -EINVAL);
	zassert_equal(iob_clone(source, source, false, false), -EINVAL);
	zassert_equal(iob_clone(target, source, false, false), -EINVAL, "is not empty");
	zassert_equal(iob_clone(target, target, false, false), -EINVAL);
	zassert_equal(iob_clone_partial(NULL, 1, 0, target, 0, false, false), -EINVAL);
	zassert_equal(iob_clone_partial(source, 1, 0, NULL, 0, false, false), -EINVAL);
	zassert_equal(iob_clone_partial(source, 1, 0, source, 0, false, false), -EINVAL);
	iob_reserve(target, 1);
	zassert_equal(iob_clone(source, target, false, false), -EINVAL, "does not begin at 0");
	chain_expect(source, LENS(6));
	chain_expect(target, LENS(0));
	end();
}
