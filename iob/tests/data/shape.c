/* SPDX-License-Identifier: Apache-2.0 */
/** @file What moves data within a chain, and changes its length. */
#include <zephyr/ztest.h>

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "../support/chains.h"
#include "../support/misuse.h"

ZTEST_SUITE(iob_shape, NULL, NULL, NULL, NULL, NULL);

/* ---- trimming -------------------------------------------------------------------------------- */

ZTEST(iob_shape, test_trimhead)
{
	static const unsigned int lens[] = {3, 0, 4, 5};

	zassert_is_null(iob_trimhead(NULL, 5));
	for (unsigned int trim = 0; trim <= 13; trim++) {
		struct iob_s *iob = chain_make(4, lens);
		struct iob_s *head = iob_trimhead(iob, trim);
		unsigned int left = trim < 12 ? 12 - trim : 0;

		zassert_not_null(head);
		zassert_equal(head->io_pktlen, left);
		chain_expect_bytes(head, left, (uint8_t)(1 + trim));
		/* Emptied ones are gone, the last stays; an empty one behind them is untouched. */
		zassert_equal(iob_count(head), trim < 3 ? 4 : trim == 3 ? 3 : trim < 7 ? 2 : 1);
		if (trim >= 12) {
			zassert_equal(head->io_offset, 0);
		}
		zassert_equal(iob_navail(false), NBUFFERS - iob_count(head));
		iob_free_chain(head);
	}
	zassert_equal(iob_navail(false), NBUFFERS);
}

ZTEST(iob_shape, test_trimhead_moves_the_beginning)
{
	struct iob_s *iob = chain_make_at(1, (const unsigned int[]){6}, (const unsigned int[]){2});

	zassert_equal_ptr(iob_trimhead(iob, 4), iob);
	zassert_equal(iob->io_offset, 6);
	zassert_equal(iob->io_len, 2);
	zassert_equal_ptr(iob_trimhead(iob, UINT_MAX), iob);
	zassert_equal(iob->io_offset, 0);
	zassert_equal(iob->io_pktlen, 0);
	zassert_equal_ptr(iob_trimhead(iob, 1), iob);
	zassert_is_null(iob_free(iob));
}

ZTEST(iob_shape, test_trimtail)
{
	static const unsigned int lens[] = {3, 0, 4, 5, 0};

	zassert_is_null(iob_trimtail(NULL, 5));
	for (unsigned int trim = 0; trim <= 13; trim++) {
		struct iob_s *iob = chain_make(5, lens);
		struct iob_s *head = iob_trimtail(iob, trim);

		if (trim >= 12) {
			zassert_is_null(head);
			zassert_equal(iob_navail(false), NBUFFERS);
			continue;
		}
		zassert_equal_ptr(head, iob);
		zassert_equal(head->io_pktlen, 12 - trim);
		chain_expect_bytes(head, 12 - trim, 1);
		zassert_equal(iob_count(head), trim == 0   ? 5
					       : trim < 5  ? 4
					       : trim == 5 ? 3
					       : trim < 9  ? 3
					       : trim == 9 ? 2
							   : 1);
		zassert_equal(iob_navail(false), NBUFFERS - iob_count(head));
		iob_free_chain(head);
	}
}

ZTEST(iob_shape, test_trimtail_of_nothing)
{
	struct iob_s *iob = chain_make(LENS(0, 0, 0));

	zassert_equal_ptr(iob_trimtail(iob, 0), iob);
	zassert_is_null(iob_trimtail(iob, 1));
	/* All the data, but not the empty buffers in front of them. */
	iob = chain_make(LENS(0, 0, 5, 5));
	zassert_equal_ptr(iob_trimtail(iob, 10), iob);
	chain_expect(iob, LENS(0, 0));
	zassert_is_null(iob_trimtail(iob, UINT_MAX));
}

/* ---- joining --------------------------------------------------------------------------------- */

ZTEST(iob_shape, test_concat)
{
	struct iob_s *iob = chain_make(LENS(3, 4));
	struct iob_s *more = chain_make(LENS(5, 6));

	iob_concat(iob, NULL);
	iob_concat(NULL, iob);
	chain_expect(iob, LENS(3, 4));
	iob_concat(iob, more);
	chain_expect(iob, LENS(3, 4, 5, 6));
	zassert_equal(more->io_pktlen, 0);
	/* What it has already would make it a circle. */
	MISUSE(iob_concat(iob, more));
	MISUSE(iob_concat(iob, iob));
	chain_expect(iob, LENS(3, 4, 5, 6));
	iob_free_chain(iob);
}

/* Longer than 16 bits can say. */
ZTEST(iob_shape, test_length_of_a_long_packet)
{
	struct iob_s *iob = chain_make(LENS(3, 4));

	iob->io_pktlen = 70000;
	iob = iob_trimhead(iob, 3);
	zassert_equal(iob->io_pktlen, 69997);
	iob_free_chain(iob);
}

/* ---- packing --------------------------------------------------------------------------------- */

static void check_pack(unsigned int count, const unsigned int *lens, const unsigned int *offsets)
{
	struct iob_s *iob = chain_make_at(count, lens, offsets);
	unsigned int total = iob->io_pktlen;
	struct iob_s *i;

	iob = iob_pack(iob);
	zassert_not_null(iob);
	zassert_equal(iob->io_pktlen, total);
	zassert_equal(iob_count(iob), MAX((int)DIV_ROUND_UP(total, BUFSIZE), 1));
	for (i = iob; i != NULL; i = i->io_flink) {
		zassert_equal(i->io_offset, 0);
		zassert_true(i->io_flink == NULL || i->io_len == BUFSIZE, "is not full");
	}
	chain_expect_bytes(iob, total, 1);
	zassert_equal(iob_navail(false), NBUFFERS - iob_count(iob));
	iob_free_chain(iob);
}

#define ABOUT_HALF (BUFSIZE / 2 + 1)

ZTEST(iob_shape, test_pack)
{
	static const unsigned int none[8];
	static const unsigned int some[8] = {1, 2, 3, 1, 2, 3, 1, 2};

	zassert_is_null(iob_pack(NULL));
	check_pack(LENS(0), none);
	check_pack(LENS(0, 0, 0), some);
	check_pack(LENS(BUFSIZE), none);
	check_pack(LENS(BUFSIZE, BUFSIZE, BUFSIZE), none);
	check_pack(LENS(5), some);
	check_pack(LENS(0, 0, 5), some);
	check_pack(LENS(5, 0, 0), some);
	/* More is pulled when one was taken whole. */
	check_pack(LENS(ABOUT_HALF, 2, ABOUT_HALF), none);
	check_pack(LENS(BUFSIZE / 4, BUFSIZE / 4, BUFSIZE / 4, BUFSIZE / 4), none);
	check_pack(LENS(1, 0, 1), none);
	check_pack(LENS(1, 1, 1, 1, 1, 1, 1, 1), some);
	check_pack(LENS(BUFSIZE - 3, BUFSIZE - 3, BUFSIZE - 3, BUFSIZE - 3), some);
	check_pack(LENS(1, BUFSIZE, BUFSIZE - 3, 0, 4), none);
}

/* Over every distance: the ranges overlap. */
ZTEST(iob_shape, test_pack_overlapping)
{
	for (unsigned int offset = 0; offset <= BUFSIZE; offset++) {
		unsigned int lens[2] = {BUFSIZE - offset, MIN(offset, BUFSIZE / 2)};
		unsigned int offsets[2] = {offset, MIN(offset, BUFSIZE / 2)};

		check_pack(2, lens, offsets);
	}
}

ZTEST(iob_shape, test_contig)
{
	struct iob_s *iob;

	zassert_equal(iob_contig(NULL, 0), -EINVAL);
	for (unsigned int len = 0; len <= 13; len++) {
		iob = chain_make_at(4, (const unsigned int[]){3, 0, 4, 5},
				    (const unsigned int[]){2, 1, 3, 1});
		zassert_equal(iob_contig(iob, len), len <= 12 ? 0 : -ENOSPC);
		zassert_true(len > 12 || iob->io_len >= len);
		zassert_equal(iob->io_pktlen, 12);
		chain_expect_bytes(iob, 12, 1);
		zassert_equal(iob_count(iob), len <= 3 || len > 12 ? 4
					      : len < 7            ? 3
					      : len == 7           ? 2
					      : len < 12           ? 2
								   : 1);
		zassert_equal(iob_navail(false), NBUFFERS - iob_count(iob));
		iob_free_chain(iob);
	}
}

ZTEST(iob_shape, test_contig_to_the_end_of_the_buffer)
{
	struct iob_s *iob = chain_make_at(2, (const unsigned int[]){2, BUFSIZE},
					  (const unsigned int[]){BUFSIZE - 2, 0});

	zassert_equal(iob_contig(iob, BUFSIZE + 1), -ENOSPC);
	chain_expect(iob, LENS(2, BUFSIZE));
	zassert_ok(iob_contig(iob, BUFSIZE));
	chain_expect(iob, LENS(BUFSIZE, 2));
	chain_expect_bytes(iob, BUFSIZE + 2, 1);
	iob_free_chain(iob);
	/* Every distance. */
	for (unsigned int offset = 0; offset < BUFSIZE; offset++) {
		unsigned int lens[2] = {BUFSIZE - offset, offset};
		unsigned int offsets[2] = {offset, 0};

		iob = chain_make_at(2, lens, offsets);
		zassert_ok(iob_contig(iob, BUFSIZE));
		chain_expect_bytes(iob, BUFSIZE, 1);
		zassert_equal(iob->io_len, BUFSIZE);
		iob_free_chain(iob);
	}
}

/* ---- lengths --------------------------------------------------------------------------------- */

ZTEST(iob_shape, test_reserve)
{
	struct iob_s *iob = chain_make(LENS(7, 3));

	iob_reserve(NULL, 5);
	iob_reserve(iob, 0);
	chain_expect(iob, LENS(7, 3));
	iob_reserve(iob, 4);
	zassert_equal(iob->io_offset, 4);
	chain_expect(iob, LENS(3, 3));
	zassert_equal(IOB_DATA(iob)[0], 5);
	/* Data that began later begins earlier. */
	iob_reserve(iob, 1);
	zassert_equal(iob->io_offset, 1);
	chain_expect(iob, LENS(6, 3));
	zassert_equal(IOB_DATA(iob)[0], 2);
	iob_reserve(iob, 0);
	zassert_equal(iob->io_offset, 1);
	/* All of one buffer, and some of the next. */
	iob_reserve(iob, BUFSIZE + 1);
	zassert_equal(iob->io_offset, BUFSIZE);
	zassert_equal(iob->io_flink->io_offset, 1);
	chain_expect(iob, LENS(0, 2));
	iob_free_chain(iob);

	iob = iob_tryalloc(false);
	iob_reserve(iob, UINT_MAX);
	zassert_equal(iob->io_offset, BUFSIZE);
	chain_expect(iob, LENS(0));
	iob_free_chain(iob);
}

/* An empty buffer has nothing to begin earlier. */
ZTEST(iob_shape, test_reserve_of_an_empty_buffer)
{
	struct iob_s *iob = iob_tryalloc(false);

	iob_reserve(iob, 14);
	zassert_equal(iob->io_offset, 14);
	iob_reserve(iob, 10);
	zassert_equal(iob->io_offset, 10);
	chain_expect(iob, LENS(0));
	zassert_is_null(iob_free(iob));
}

ZTEST(iob_shape, test_update_pktlen)
{
	struct iob_s *iob = chain_make(LENS(BUFSIZE, 7));

	zassert_equal(iob_update_pktlen(NULL, 1, false), -EINVAL);
	zassert_equal(iob_update_pktlen(iob, BUFSIZE + 7, false), BUFSIZE + 7);
	chain_expect(iob, LENS(BUFSIZE, 7));
	zassert_equal(iob_update_pktlen(iob, BUFSIZE + 1, false), BUFSIZE + 1);
	chain_expect(iob, LENS(BUFSIZE, 1));
	zassert_equal(iob_update_pktlen(iob, 2 * BUFSIZE + 1, false), 2 * BUFSIZE + 1);
	chain_expect(iob, LENS(BUFSIZE, BUFSIZE, 1));
	zassert_equal(iob_update_pktlen(iob, BUFSIZE, false), BUFSIZE);
	chain_expect(iob, LENS(BUFSIZE));
	zassert_equal(iob_update_pktlen(iob, 0, false), 0);
	chain_expect(iob, LENS(0));
	zassert_equal(iob_update_pktlen(iob, NBUFFERS * BUFSIZE + 5, false), NBUFFERS * BUFSIZE);
	zassert_equal(iob_navail(false), 0);
	zassert_equal(iob->io_pktlen, NBUFFERS * BUFSIZE);
	zassert_equal(iob_update_pktlen(iob, 3, false), 3);
	chain_expect(iob, LENS(3));
	iob_free_chain(iob);
}

/* Each buffer is used from its own beginning, whatever it held. */
ZTEST(iob_shape, test_update_pktlen_fills_buffers)
{
	struct iob_s *iob =
		chain_make_at(3, (const unsigned int[]){5, 5, 5}, (const unsigned int[]){2, 3, 0});

	zassert_equal(iob_update_pktlen(iob, BUFSIZE + 1, false), BUFSIZE + 1);
	chain_expect(iob, LENS(BUFSIZE - 2, 3));
	zassert_equal(iob->io_flink->io_offset, 3);
	zassert_equal(iob_update_pktlen(iob, 14, false), 14);
	chain_expect(iob, LENS(14));
	iob_free_chain(iob);
}

ZTEST(iob_shape, test_tailroom)
{
	struct iob_s *iob =
		chain_make_at(2, (const unsigned int[]){5, 4}, (const unsigned int[]){2, 3});

	zassert_equal(iob_tailroom(NULL), 0);
	zassert_equal(iob_tailroom(iob), BUFSIZE - 7);
	zassert_equal(IOB_FREESPACE(iob), BUFSIZE - 7);
	zassert_equal(iob_tailroom(iob->io_flink), BUFSIZE - 7);
	zassert_equal(iob_update_pktlen(iob, 2 * BUFSIZE - 5, false), 2 * BUFSIZE - 5);
	zassert_equal(iob_tailroom(iob), 0);
	iob_free_chain(iob);
}
