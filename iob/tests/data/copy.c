/* SPDX-License-Identifier: Apache-2.0 */
/** @file Bytes into chains and out of them: every length and offset where something changes. */
#include <zephyr/ztest.h>

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "../support/chains.h"

#define ALL (NBUFFERS * BUFSIZE)

static uint8_t in[ALL + 2];
static uint8_t out[ALL + 2];

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	for (unsigned int i = 0; i < sizeof(in); i++) {
		in[i] = (uint8_t)(i + 1);
	}
	memset(out, 0, sizeof(out));
}

ZTEST_SUITE(iob_copy, NULL, NULL, before, NULL, NULL);

static void check_length(unsigned int len)
{
	struct iob_s *iob = iob_tryalloc(false);

	zassert_equal(iob_copyin(iob, in, len, 0, false), (int)len);
	zassert_equal(iob->io_pktlen, len);
	zassert_equal(iob_count(iob), len == 0 ? 1 : (int)DIV_ROUND_UP(len, BUFSIZE));
	zassert_equal(iob_copyout(out, iob, sizeof(out), 0), (int)len);
	zassert_mem_equal(in, out, len);
	zassert_equal(iob_tailroom(iob), (unsigned int)iob_count(iob) * BUFSIZE - len);
	iob_free_chain(iob);
}

ZTEST(iob_copy, test_lengths)
{
	static const unsigned int lens[] = {
		0,
		1,
		BUFSIZE - 1,
		BUFSIZE,
		BUFSIZE + 1,
		2 * BUFSIZE - 1,
		2 * BUFSIZE,
		2 * BUFSIZE + 1,
		ALL - BUFSIZE,
		ALL - 1,
		ALL,
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(lens); i++) {
		check_length(lens[i]);
	}
}

/* More than the pool: what fits stays, and says so; and it does not wait for what cannot come. */
ZTEST(iob_copy, test_more_than_the_pool)
{
	struct iob_s *iob = iob_tryalloc(false);

	zassert_equal(iob_trycopyin(iob, in, ALL + 1, 0, false), -ENOMEM);
	zassert_equal(iob->io_pktlen, ALL);
	zassert_equal(iob_navail(false), 0);
	zassert_equal(iob_copyout(out, iob, sizeof(out), 0), ALL);
	zassert_mem_equal(in, out, ALL);
	iob_free_chain(iob);

	iob = iob_tryalloc(false);
	zassert_equal(iob_copyin(iob, in, ALL + 1, 0, false), -ENOMEM);
	zassert_equal(iob->io_pktlen, ALL);
	zassert_equal(iob_copyin(iob, in, 1, ALL, false), -ENOMEM);
	zassert_equal(iob->io_pktlen, ALL);
	zassert_equal(iob_copyin(iob, in, ALL, 0, false), ALL, "none is needed");
	iob_free_chain(iob);
	iob = iob_tryalloc(true);
	zassert_equal(iob_copyin(iob, in, (NBUFFERS - THROTTLE) * BUFSIZE + 1, 0, true), -ENOMEM);
	zassert_equal(iob->io_pktlen, (NBUFFERS - THROTTLE) * BUFSIZE);
	iob_free_chain(iob);
}

ZTEST(iob_copy, test_few_buffers_left)
{
	struct iob_s *iob = iob_tryalloc(false);
	struct iob_s *rest = chain_leave(1);

	zassert_equal(iob_trycopyin(iob, in, 3 * BUFSIZE, 0, false), -ENOMEM);
	zassert_equal(iob->io_pktlen, 2 * BUFSIZE);
	zassert_equal(iob_count(iob), 2);
	chain_expect_bytes(iob, 2 * BUFSIZE, 1);
	iob_free_chain(rest);
	iob_free_chain(iob);
}

/* Over what is there; only the last buffer gets longer. */
ZTEST(iob_copy, test_in_over_data)
{
	struct iob_s *iob = chain_make(LENS(5, 5));

	zassert_equal(iob_copyin(iob, in, 3, 4, false), 3);
	chain_expect(iob, LENS(5, 5));
	zassert_equal(IOB_DATA(iob)[4], 1);
	zassert_equal(IOB_DATA(iob->io_flink)[0], 2);
	zassert_equal(IOB_DATA(iob->io_flink)[1], 3);
	zassert_equal(IOB_DATA(iob->io_flink)[2], 8);
	zassert_equal(iob_copyin(iob, in, 12, 0, false), 12);
	chain_expect(iob, LENS(5, 7));
	chain_expect_bytes(iob, 12, 1);
	zassert_equal(iob_copyin(iob, in + 12, 3, 12, false), 3);
	chain_expect(iob, LENS(5, 10));
	chain_expect_bytes(iob, 15, 1);
	zassert_equal(iob_copyin(iob, in + 15, BUFSIZE, 15, false), BUFSIZE);
	chain_expect(iob, LENS(5, BUFSIZE, 10));
	chain_expect_bytes(iob, BUFSIZE + 15, 1);
	zassert_equal(iob->io_flink->io_pktlen, 0, "only the head counts");
	iob_free_chain(iob);
}

ZTEST(iob_copy, test_in_behind_headroom)
{
	struct iob_s *iob = iob_tryalloc(false);

	iob_reserve(iob, 4);
	zassert_equal(iob_copyin(iob, in, BUFSIZE, 0, false), BUFSIZE);
	chain_expect(iob, LENS(BUFSIZE - 4, 4));
	zassert_equal(iob->io_offset, 4);
	zassert_equal(iob->io_flink->io_offset, 0);
	chain_expect_bytes(iob, BUFSIZE, 1);
	iob_free_chain(iob);
}

/* An empty buffer at the end is used; one in the middle is passed over. */
ZTEST(iob_copy, test_in_with_empty_buffers)
{
	struct iob_s *iob = chain_make(LENS(0, 3, 0, 2, 0));

	zassert_equal(iob_copyin(iob, in, 7, 0, false), 7);
	chain_expect(iob, LENS(0, 3, 0, 2, 2));
	chain_expect_bytes(iob, 7, 1);
	zassert_equal(iob_copyout(out, iob, 4, 2), 4);
	zassert_mem_equal(out, in + 2, 4);
	iob_free_chain(iob);
}

ZTEST(iob_copy, test_offsets_in)
{
	struct iob_s *iob =
		chain_make_at(2, (const unsigned int[]){6, 4}, (const unsigned int[]){3, 0});

	zassert_equal(iob_copyin(iob, in, 1, 11, false), -ESPIPE);
	zassert_equal(iob_copyin(iob, in, 0, 11, false), -ESPIPE);
	zassert_equal(iob_copyin(iob, in, 1, INT_MAX, false), -ESPIPE);
	zassert_equal(iob_copyin(iob, in, 1, -4, false), -ESPIPE);
	zassert_equal(iob_copyin(iob, in, 1, INT_MIN, false), -ESPIPE);
	zassert_equal(iob_copyin(iob, in, 0, 10, false), 0);
	zassert_equal(iob_copyin(iob, NULL, 0, 0, false), 0);
	chain_expect(iob, LENS(6, 4));
	chain_expect_bytes(iob, 10, 1);
	/* In front of the data: neither their beginning nor their length changes. */
	zassert_equal(iob_copyin(iob, in + 9, 3, -3, false), 3);
	zassert_equal(iob->io_offset, 3);
	chain_expect(iob, LENS(6, 4));
	chain_expect_bytes(iob, 10, 1);
	zassert_equal(iob->io_data[0], 10);
	zassert_equal(iob->io_data[2], 12);
	/* Into them, over the end of the buffer, over the end of the packet. */
	zassert_equal(iob_copyin(iob, in, 14, -2, false), 14);
	chain_expect(iob, LENS(6, 6));
	chain_expect_bytes(iob, 12, 3);
	zassert_equal(iob->io_data[1], 1);
	zassert_equal(iob->io_data[2], 2);
	iob_free_chain(iob);
}

ZTEST(iob_copy, test_offsets_out)
{
	struct iob_s *iob =
		chain_make_at(3, (const unsigned int[]){6, 4, 2}, (const unsigned int[]){3, 1, 2});

	for (int offset = 0; offset <= 13; offset++) {
		for (unsigned int len = 0; len <= 13; len++) {
			int there = MAX(12 - offset, 0);

			memset(out, 0, sizeof(out));
			zassert_equal(iob_copyout(out, iob, len, offset), MIN(there, (int)len));
			zassert_mem_equal(out, in + offset, MIN(there, (int)len));
			zassert_equal(out[MIN(there, (int)len)], 0, "a byte too many");
		}
	}
	iob->io_data[0] = 0xf0;
	iob->io_data[1] = 0xf1;
	iob->io_data[2] = 0xf2;
	zassert_equal(iob_copyout(out, iob, 5, -3), 5);
	zassert_mem_equal(out, ((uint8_t[]){0xf0, 0xf1, 0xf2, 1, 2}), 5);
	zassert_equal(iob_copyout(out, iob, 20, -1), 13);
	zassert_equal(out[0], 0xf2);
	zassert_mem_equal(out + 1, in, 12);
	zassert_equal(iob_copyout(out, iob, 1, -4), -ESPIPE);
	zassert_equal(iob_copyout(out, iob, 1, INT_MIN), -ESPIPE);
	zassert_equal(iob_copyout(out, iob, 1, INT_MAX), 0);
	iob_free_chain(iob);
}

ZTEST(iob_copy, test_nothing)
{
	struct iob_s *iob = iob_tryalloc(false);

	zassert_equal(iob_copyin(NULL, in, 1, 0, false), -EINVAL);
	zassert_equal(iob_trycopyin(NULL, in, 1, 0, false), -EINVAL);
	zassert_equal(iob_copyin(iob, NULL, 1, 0, false), -EINVAL);
	zassert_equal(iob_copyin(iob, in, (unsigned int)INT_MAX + 1, 0, false), -EINVAL);
	zassert_equal(iob_copyout(NULL, iob, 1, 0), -EINVAL);
	zassert_equal(iob_copyout(out, NULL, 1, 0), -EINVAL);
	zassert_equal(iob_copyout(out, iob, UINT_MAX, 0), -EINVAL);
	zassert_equal(iob_copyout(NULL, iob, 0, 0), 0);
	zassert_equal(iob->io_pktlen, 0);
	zassert_is_null(iob_free(iob));
}
