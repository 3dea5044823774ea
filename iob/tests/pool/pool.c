/* SPDX-License-Identifier: Apache-2.0 */
/** @file Taking buffers and giving them back, where nobody waits; and what must not be given back. */
#include <zephyr/irq_offload.h>
#include <zephyr/ztest.h>

#include <iob/chain.h>
#include <iob/inspect.h>

#include <limits.h>
#include <string.h>

#include "../support/chains.h"
#include "../support/misuse.h"

ZTEST_SUITE(iob_pool, NULL, NULL, NULL, NULL, NULL);

static void expect_new(const struct iob_s *iob)
{
	zassert_not_null(iob);
	zassert_true(iob_in_pool(iob));
	zassert_is_null(iob->io_flink);
	zassert_equal(iob->io_len, 0);
	zassert_equal(iob->io_offset, 0);
	zassert_equal(iob->io_pktlen, 0);
	zassert_equal(IOB_BUFSIZE(iob), BUFSIZE);
	zassert_equal(IOB_FREESPACE(iob), BUFSIZE);
}

/* Use every field as widely as can be. */
static void use(struct iob_s *iob, uint8_t mark)
{
	iob->io_len = BUFSIZE;
	iob->io_offset = 1;
	iob->io_pktlen = UINT_MAX;
	memset(iob->io_data, mark, BUFSIZE);
}

ZTEST(iob_pool, test_all_are_distinct_and_new)
{
	struct iob_s *all[NBUFFERS];

	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < NBUFFERS; i++) {
			zassert_equal(iob_navail(false), NBUFFERS - i);
			all[i] = iob_alloc(false);
			expect_new(all[i]);
			use(all[i], (uint8_t)i);
		}
		zassert_equal(iob_navail(false), 0);
		zassert_is_null(iob_tryalloc(false));
		zassert_is_null(iob_timedalloc(false, 0));
		for (int i = 0; i < NBUFFERS; i++) {
			for (int j = 0; j < BUFSIZE; j++) {
				zassert_equal(all[i]->io_data[j], (uint8_t)i, "two overlap");
			}
			all[i]->io_pktlen = 0;
			zassert_is_null(iob_free(all[i]));
		}
	}
}

ZTEST(iob_pool, test_last_in_first_out)
{
	struct iob_s *a = iob_tryalloc(false);
	struct iob_s *b = iob_tryalloc(false);

	zassert_is_null(iob_free(a));
	zassert_is_null(iob_free(b));
	zassert_equal_ptr(iob_tryalloc(false), b);
	zassert_equal_ptr(iob_tryalloc(false), a);
	zassert_is_null(iob_free(a));
	zassert_is_null(iob_free(b));
}

ZTEST(iob_pool, test_alignment)
{
	struct iob_s *chain = chain_take_all();

	zassert_true(IOB_ALIGNMENT >= CONFIG_IOB_ALIGNMENT);
	zassert_true(IOB_ALIGNMENT >= sizeof(void *));
	for (struct iob_s *iob = chain; iob != NULL; iob = iob->io_flink) {
		zassert_equal((uintptr_t)&iob->io_data[0] % IOB_ALIGNMENT, 0);
	}
	iob_free_chain(chain);
}

/* Once more is no more: the list would become a circle. */
ZTEST(iob_pool, test_initialized_once)
{
	struct iob_s *iob = iob_tryalloc(false);

	iob_initialize();
	iob_initialize();
	zassert_equal(iob_navail(false), NBUFFERS - 1);
	zassert_ok(iob_check());
	zassert_is_null(iob_free(iob));
}

/* ---- the throttle ---------------------------------------------------------------------------- */

ZTEST(iob_pool, test_throttled_users_leave_the_reserve)
{
	struct iob_s *all[NBUFFERS + 1]; /* and one that is not had */
	int count = 0;

	zassert_equal(iob_navail(true), NBUFFERS - THROTTLE);
	while ((all[count] = iob_tryalloc(true)) != NULL) {
		count++;
		zassert_equal(iob_navail(true), NBUFFERS - THROTTLE - count);
	}
	zassert_equal(count, NBUFFERS - THROTTLE);
	zassert_equal(iob_navail(true), 0);
	zassert_equal(iob_navail(false), THROTTLE);
	zassert_is_null(iob_tryalloc_chain(1, true));
	for (int i = 0; i < THROTTLE; i++) {
		all[count] = iob_tryalloc(false);
		zassert_not_null(all[count]);
		zassert_equal(iob_navail(true), 0);
		count++;
	}
	zassert_is_null(iob_tryalloc(false));
	/* The reserve fills first. */
	for (int i = 0; i < THROTTLE; i++) {
		zassert_is_null(iob_free(all[--count]));
		zassert_is_null(iob_tryalloc(true));
	}
	zassert_is_null(iob_free(all[--count]));
	all[count] = iob_tryalloc(true);
	zassert_not_null(all[count++]);
	while (count > 0) {
		zassert_is_null(iob_free(all[--count]));
	}
}

ZTEST(iob_pool, test_throttled_copies_leave_the_reserve)
{
	static uint8_t bytes[NBUFFERS * BUFSIZE];
	struct iob_s *head = iob_tryalloc(true);
	struct iob_s *copy = iob_tryalloc(true);

	zassert_equal(iob_trycopyin(head, bytes, sizeof(bytes), 0, true), -ENOMEM);
	zassert_equal(iob_navail(false), THROTTLE);
	zassert_equal(head->io_pktlen, (NBUFFERS - THROTTLE - 1) * BUFSIZE);
	zassert_equal(iob_clone(head, copy, true, false), -ENOMEM);
	zassert_equal(iob_update_pktlen(copy, 2 * BUFSIZE, true), BUFSIZE);
	zassert_equal(iob_navail(false), THROTTLE);
	iob_free_chain(head);
	iob_free_chain(copy);
}

#ifdef CONFIG_IOB_STATS
ZTEST(iob_pool, test_statistics)
{
	struct iob_stats_s stats;
	struct iob_s *chain = chain_leave(THROTTLE + 1);

	iob_getstats(&stats);
	zassert_equal(stats.ntotal, NBUFFERS);
	zassert_equal(stats.nfree, THROTTLE + 1);
	zassert_equal(stats.nwait, 0);
	zassert_equal(stats.nthrottle, THROTTLE > 0 ? 1 : 0);
	iob_getstats(NULL);
	iob_free_chain(chain);
}
#endif

/* ---- chains ---------------------------------------------------------------------------------- */

ZTEST(iob_pool, test_free_hands_the_length_on)
{
	struct iob_s *iob = chain_make(LENS(3, 4, 5));
	struct iob_s *second = iob->io_flink;
	struct iob_s *third = second->io_flink;

	zassert_equal_ptr(iob_free(iob), second);
	zassert_equal(second->io_pktlen, 9);
	zassert_equal_ptr(iob_free(second), third);
	zassert_equal(third->io_pktlen, 5);
	zassert_is_null(iob_free(third));
}

/* One in the middle, unlinked: what is behind it has no length of its own. */
ZTEST(iob_pool, test_free_in_the_middle)
{
	struct iob_s *iob = chain_make(LENS(3, 4, 5));
	struct iob_s *third = iob->io_flink->io_flink;

	third->io_pktlen = 77;
	iob->io_flink = iob_free(iob->io_flink);
	iob->io_pktlen -= 4;
	zassert_equal_ptr(iob->io_flink, third);
	zassert_equal(third->io_pktlen, 0);
	chain_expect(iob, LENS(3, 5));
	iob_free_chain(iob);
}

ZTEST(iob_pool, test_free_chain)
{
	iob_free_chain(NULL);
	for (unsigned int left = 0; left <= NBUFFERS; left++) {
		struct iob_s *chain = chain_leave(left);

		zassert_equal(iob_count(chain), (int)(NBUFFERS - left));
		iob_free_chain(chain);
		zassert_equal(iob_navail(false), NBUFFERS);
		zassert_ok(iob_check());
	}
	zassert_equal(iob_count(NULL), 0);
}

ZTEST(iob_pool, test_chains_at_once)
{
	for (unsigned int n = 1; n <= NBUFFERS; n++) {
		struct iob_s *chain = iob_tryalloc_chain(n, false);

		zassert_equal(iob_count(chain), (int)n);
		zassert_equal(iob_navail(false), (int)(NBUFFERS - n));
		for (struct iob_s *iob = chain; iob != NULL; iob = iob->io_flink) {
			zassert_equal(iob->io_len, 0);
			zassert_equal(iob->io_offset, 0);
			zassert_equal(iob->io_pktlen, 0);
			use(iob, 0xff);
		}
		iob_free_chain(chain);
	}
	zassert_is_null(iob_tryalloc_chain(0, false));
	zassert_is_null(iob_tryalloc_chain(NBUFFERS + 1, false));
	zassert_is_null(iob_tryalloc_chain(NBUFFERS - THROTTLE + 1, true));
	zassert_equal(iob_navail(false), NBUFFERS, "what it had got went home");
	zassert_is_null(iob_tryalloc_chain(UINT_MAX, false));
}

/* ---- misuse ---------------------------------------------------------------------------------- */

ZTEST(iob_pool, test_free_of_what_is_free)
{
	struct iob_s *iob = iob_tryalloc(false);
	struct iob_s *other = iob_tryalloc(false);

	zassert_is_null(iob_free(iob));
	MISUSE(zassert_is_null(iob_free(iob)));
	zassert_equal(iob_navail(false), NBUFFERS - 1);
	zassert_is_null(iob_free(other));
	/* Deep in the list, and last of it. */
	MISUSE(zassert_is_null(iob_free(iob)));
	MISUSE(iob_free_chain(iob));
	zassert_equal(iob_navail(false), NBUFFERS);
	iob = chain_take_all();
	for (other = iob; other->io_flink != NULL; other = other->io_flink) {
	}
	iob->io_flink = iob_free(iob->io_flink);
	iob_free_chain(iob);
	MISUSE(zassert_is_null(iob_free(other)));
	zassert_ok(iob_check());
}

ZTEST(iob_pool, test_free_of_what_is_none)
{
	static struct iob_s foreign;
	struct iob_s *iob = iob_tryalloc(false);
	struct iob_s *chain = chain_take_all();
	struct iob_s *low = iob;
	struct iob_s *high = iob;

	for (struct iob_s *i = chain; i != NULL; i = i->io_flink) {
		low = MIN(low, i);
		high = MAX(high, i);
	}
	iob_free_chain(chain);
	MISUSE(zassert_is_null(iob_free(NULL)));
	MISUSE(zassert_is_null(iob_free(&foreign)));
	MISUSE(iob_free_chain(&foreign));
#ifndef CONFIG_IOB_ALLOC /* which looks into what is not the pool's */
	for (size_t i = 1; i < sizeof(*iob); i++) {
		MISUSE(zassert_is_null(iob_free((struct iob_s *)(void *)((char *)iob + i))));
	}
	/* What would be in front of the first one, and behind the last. */
	size_t stride = (size_t)((char *)high - (char *)low) / MAX(NBUFFERS - 1, 1);

	MISUSE(zassert_is_null(iob_free((struct iob_s *)(void *)((char *)low - stride))));
	MISUSE(zassert_is_null(iob_free((struct iob_s *)(void *)((char *)high + stride))));
#else
	ARG_UNUSED(low);
	ARG_UNUSED(high);
#endif
	zassert_equal(iob_navail(false), NBUFFERS - 1);
	zassert_is_null(iob_free(iob));
}

/* A chain with a buffer that is free, or that comes back to itself, is freed up to there. */
ZTEST(iob_pool, test_free_of_a_damaged_chain)
{
	struct iob_s *chain = chain_make(LENS(1, 1, 1, 1));
	struct iob_s *third = chain->io_flink->io_flink;
	struct iob_s *fourth = third->io_flink;

	zassert_equal_ptr(iob_free(third), fourth);
	MISUSE(iob_free_chain(chain));
	zassert_equal(iob_navail(false), NBUFFERS - 1);
	zassert_ok(iob_check());
	zassert_is_null(iob_free(fourth));

	chain = chain_make(LENS(1, 1, 1, 1));
	chain->io_flink->io_flink->io_flink->io_flink = chain->io_flink;
	MISUSE(iob_free_chain(chain));
	zassert_equal(iob_navail(false), NBUFFERS);
	zassert_ok(iob_check());
}

ZTEST(iob_pool, test_what_is_in_the_pool)
{
	static struct iob_s foreign;
	struct iob_s *iob = iob_tryalloc(false);

	zassert_true(iob_in_pool(iob));
	zassert_false(iob_in_pool(NULL));
	zassert_false(iob_in_pool(&foreign));
	zassert_false(iob_in_pool((struct iob_s *)(void *)((char *)iob + 1)));
	zassert_is_null(iob_free(iob));
}

/* ---- interrupts ------------------------------------------------------------------------------ */

static struct iob_s *held;
static bool passed;

static void take_and_give(const void *arg)
{
	struct iob_s *a = iob_alloc(false);
	struct iob_s *b = iob_timedalloc(true, 10);

	ARG_UNUSED(arg);
	passed = a != NULL && b != NULL && iob_free(a) == NULL;
	if (passed) {
		held = b;
	}
}

static void give_held(const void *arg)
{
	ARG_UNUSED(arg);
	iob_free_chain(held);
	passed = true;
}

static void find_none(const void *arg)
{
	uint8_t byte = 1;

	ARG_UNUSED(arg);
	/* None of them waits, and none of them is a fault. */
	passed = iob_alloc(false) == NULL && iob_alloc(true) == NULL &&
		 iob_timedalloc(false, UINT_MAX) == NULL && iob_tryalloc(false) == NULL &&
		 iob_copyin(held, &byte, 1, 0, false) == -ENOMEM;
}

ZTEST(iob_pool, test_interrupts)
{
	struct iob_s *chain;

	passed = false;
	irq_offload(take_and_give, NULL);
	zassert_true(passed);
	zassert_is_null(iob_free(held));

	chain = chain_take_all();
	held = chain;
	while (held->io_flink != NULL) {
		held = held->io_flink;
	}
	held->io_len = BUFSIZE;
	held->io_pktlen = BUFSIZE;
	passed = false;
	held->io_len = 0;
	held->io_pktlen = 0;
	held->io_offset = BUFSIZE;
	irq_offload(find_none, NULL);
	zassert_true(passed);

	held = chain;
	passed = false;
	irq_offload(give_held, NULL);
	zassert_true(passed);
	zassert_equal(iob_navail(false), NBUFFERS);
}
