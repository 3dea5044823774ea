/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Waiting for buffers and for places in queues: how long, who is served, what is left behind. On the
 * virtual clock, where every wait ends at exactly its tick.
 */
#include <zephyr/irq_offload.h>
#include <zephyr/ztest.h>

#include <iob/inspect.h>

#include <errno.h>
#include <limits.h>

#include "../support/chains.h"
#include "../support/team.h"

#define TICKS_PER_MS (CONFIG_SYS_CLOCK_TICKS_PER_SEC / 1000)

ZTEST_SUITE(iob_wait, NULL, NULL, team_clock_begin, team_clock_end, NULL);

/* Free a chain, one buffer at a time; return the rest. */
static struct iob_s *free_some(struct iob_s *chain, int n)
{
	while (n-- > 0) {
		chain = iob_free(chain);
	}
	return chain;
}

static int nwait(void)
{
#ifdef CONFIG_IOB_STATS
	struct iob_stats_s stats;

	iob_getstats(&stats);
	return stats.nwait;
#else
	return -1;
#endif
}

/* ---- timeouts -------------------------------------------------------------------------------- */

ZTEST(iob_wait, test_timeouts_are_exact)
{
	struct iob_s *chain = chain_take_all();

	zassert_is_null(iob_timedalloc(false, 0));
	zassert_equal(team_passed(), 0);
	zassert_is_null(iob_timedalloc(false, 1));
	zassert_equal(team_passed(), TICKS_PER_MS);
	zassert_is_null(iob_timedalloc(true, 1000));
	zassert_equal(team_passed(), 1001 * TICKS_PER_MS);
	zassert_is_null(iob_timedalloc(false, UINT_MAX - 1));
	zassert_equal(team_passed(),
		      1001LL * TICKS_PER_MS + (int64_t)(UINT_MAX - 1) * TICKS_PER_MS);
	iob_free_chain(chain);
}

/* A wait that ends without a buffer leaves nothing behind: all can be had again, by everybody. */
ZTEST(iob_wait, test_timeouts_give_back_what_they_registered)
{
	struct iob_s *chain = chain_take_all();

	for (int i = 0; i < 11; i++) {
		zassert_is_null(iob_timedalloc(i % 2 != 0, 1));
	}
	zassert_true(nwait() <= 0);
	iob_free_chain(chain);
	zassert_equal(iob_navail(false), NBUFFERS);
	zassert_equal(iob_navail(true), NBUFFERS - THROTTLE);
	chain = NULL;
	for (int i = 0; i < NBUFFERS; i++) {
		struct iob_s *iob = iob_tryalloc(false);

		zassert_not_null(iob, "only %d of %d", i, NBUFFERS);
		iob->io_flink = chain;
		chain = iob;
	}
	/* One at a time as well. */
	zassert_is_null(iob_timedalloc(false, 1));
	zassert_is_null(free_some(chain, NBUFFERS));
	zassert_equal(iob_navail(false), NBUFFERS);
}

/* ---- who is served --------------------------------------------------------------------------- */

static int order[TEAM_MAX]; /* who, as they were served */
static int served;
static struct k_spinlock order_lock;
static struct iob_s *got[TEAM_MAX]; /* by whom it was got */

static void note(int who, struct iob_s *iob)
{
	k_spinlock_key_t key = k_spin_lock(&order_lock);

	order[served++] = who;
	got[who] = iob;
	k_spin_unlock(&order_lock, key);
}

static void wait_for_one(void *who, void *throttled, void *timeout)
{
	note((int)(intptr_t)who,
	     iob_timedalloc(throttled != NULL,
			    timeout != NULL ? (unsigned int)(uintptr_t)timeout : UINT_MAX));
}

static void start_waiter(int who, bool throttled, unsigned int ms, int prio)
{
	(void)team_start(wait_for_one, (void *)(intptr_t)who, throttled ? &served : NULL,
			 (void *)(uintptr_t)ms, prio);
	team_settle(); /* it waits now */
}

static void free_got(void)
{
	team_join();
	for (int i = 0; i < TEAM_MAX; i++) {
		if (got[i] != NULL) {
			zassert_is_null(iob_free(got[i]));
		}
		got[i] = NULL;
	}
}

static void before_order(void)
{
	served = 0;
}

ZTEST(iob_wait, test_handed_over)
{
	struct iob_s *chain = chain_take_all();
	struct iob_s *first = chain;

	before_order();
	start_waiter(1, false, 0, 5);
	zassert_true(nwait() == 1 || nwait() == -1);
	first->io_len = 3;
	first->io_offset = 1;
	first->io_pktlen = 7;
	chain = first->io_flink;
	first->io_flink = NULL;
	zassert_is_null(iob_free(first));
	zassert_equal(iob_navail(false), 0, "it never was free");
	zassert_is_null(iob_tryalloc(false));
	team_settle();
	zassert_equal(served, 1);
	zassert_equal_ptr(got[1], first);
	zassert_is_null(first->io_flink);
	zassert_equal(first->io_len, 0);
	zassert_equal(first->io_offset, 0);
	zassert_equal(first->io_pktlen, 0);
	zassert_true(nwait() <= 0);
	iob_free_chain(chain);
	free_got();
}

/* Not throttled first; then the reserve fills; then throttled. */
ZTEST(iob_wait, test_both_kinds)
{
	struct iob_s *chain = chain_take_all();

	if (THROTTLE == 0) {
		iob_free_chain(chain);
		return;
	}
	before_order();
	start_waiter(2, true, 0, 1);
	start_waiter(1, false, 0, 9);
	chain = free_some(chain, 1);
	team_settle();
	zassert_equal(served, 1);
	zassert_equal(order[0], 1);
	for (int i = 1; i <= THROTTLE; i++) {
		chain = free_some(chain, 1);
		team_settle();
		zassert_equal(served, 1);
		zassert_equal(iob_navail(false), i);
		zassert_is_null(iob_tryalloc(true));
	}
	chain = free_some(chain, 1);
	team_settle();
	zassert_equal(served, 2);
	zassert_equal(order[1], 2);
	zassert_equal(iob_navail(false), THROTTLE, "it never was free");
	iob_free_chain(chain);
	free_got();
}

/* A throttled one that waits takes nothing from those that are not. */
ZTEST(iob_wait, test_reserve_while_a_throttled_one_waits)
{
	struct iob_s *chain = chain_leave(THROTTLE);
	struct iob_s *rest;

	if (THROTTLE == 0) {
		iob_free_chain(chain);
		return;
	}
	before_order();
	start_waiter(1, true, 0, 1);
	rest = chain_take_all();
	zassert_equal(iob_count(rest), THROTTLE);
	zassert_equal(served, 0);
	iob_free_chain(rest);
	team_settle();
	zassert_equal(served, 0);
	zassert_equal(iob_navail(false), THROTTLE);
	iob_free_chain(chain);
	team_settle();
	zassert_equal(served, 1);
	free_got();
}

ZTEST(iob_wait, test_by_priority_then_first_come)
{
	static const int prios[] = {7, 3, 9, 3, 1};
	static const int expected[] = {4, 1, 3, 0, 2};

	for (int throttled = 0; throttled <= (THROTTLE > 0 ? 1 : 0); throttled++) {
		struct iob_s *chain = chain_leave(throttled ? THROTTLE : 0);

		before_order();
		for (int i = 0; i < 5; i++) {
			start_waiter(i, throttled, 0, prios[i]);
		}
		for (int i = 0; i < 5; i++) {
			chain = free_some(chain, 1);
			team_settle();
			zassert_equal(served, i + 1);
			zassert_equal(order[i], expected[i]);
		}
		iob_free_chain(chain);
		free_got();
	}
}

/* One chain serves as many as wait, and the rest of it goes home. */
ZTEST(iob_wait, test_a_chain_serves_several)
{
	struct iob_s *chain = chain_take_all();
	struct iob_s *rest = chain->io_flink->io_flink->io_flink->io_flink;

	chain->io_flink->io_flink->io_flink->io_flink = NULL;
	before_order();
	start_waiter(0, false, 0, 5);
	start_waiter(1, false, 0, 5);
	iob_free_chain(chain);
	zassert_equal(iob_navail(false), 2);
	zassert_ok(iob_check());
	team_settle();
	zassert_equal(served, 2);
	zassert_equal_ptr(got[0], chain);
	iob_free_chain(rest);
	free_got();

	/* All of it is handed over. */
	chain = chain_take_all();
	before_order();
	for (int i = 0; i < 3; i++) {
		start_waiter(i, false, 0, 5);
	}
	rest = chain->io_flink->io_flink;
	chain->io_flink->io_flink = NULL;
	iob_free_chain(chain);
	zassert_equal(iob_navail(false), 0);
	chain = iob_free(rest);
	team_settle();
	zassert_equal(served, 3);
	iob_free_chain(chain);
	free_got();
}

/* Both kinds by one chain: as if its buffers came one by one. */
ZTEST(iob_wait, test_a_chain_serves_both_kinds)
{
	struct iob_s *chain = chain_take_all();

	if (THROTTLE == 0) {
		iob_free_chain(chain);
		return;
	}
	before_order();
	start_waiter(0, true, 0, 1);
	start_waiter(1, true, 0, 1);
	start_waiter(2, false, 0, 9);
	iob_free_chain(chain);
	team_settle();
	zassert_equal(served, 3);
	zassert_equal(iob_navail(false), NBUFFERS - 3);
	zassert_equal(order[0] + order[1] + order[2], 3);
	free_got();
}

/* Who gives up in time, or is aborted, is not served, and the next one is. */
ZTEST(iob_wait, test_who_gives_up)
{
	struct iob_s *chain = chain_take_all();
	k_tid_t aborted;

	before_order();
	start_waiter(0, false, 5, 1);
	aborted = team_start(wait_for_one, (void *)11, NULL, NULL, 2);
	start_waiter(1, false, 0, 7);
	k_sleep(K_MSEC(5));
	zassert_equal(served, 1);
	zassert_equal(order[0], 0);
	zassert_is_null(got[0]);
	k_thread_abort(aborted);
	team_settle();
	chain = free_some(chain, 1);
	team_settle();
	zassert_equal(served, 2);
	zassert_equal(order[1], 1);
	zassert_not_null(got[1]);
	chain = free_some(chain, 1);
	zassert_equal(iob_navail(false), 1);
	iob_free_chain(chain);
	free_got();
	zassert_equal(iob_navail(false), NBUFFERS);
}

static struct iob_s *for_isr;

static void free_in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	iob_free_chain(for_isr);
}

ZTEST(iob_wait, test_an_isr_serves)
{
	for_isr = chain_take_all();
	before_order();
	start_waiter(0, false, 0, 5);
	start_waiter(1, true, 0, 5);
	irq_offload(free_in_isr, NULL);
	team_settle();
	zassert_equal(served, 2);
	free_got();
}

/* ---- copies that wait ------------------------------------------------------------------------ */

static struct iob_s *taken;

static void free_each_tick(void *unused1, void *unused2, void *unused3)
{
	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	while (taken != NULL) {
		k_sleep(K_TICKS(10));
		taken = iob_free(taken);
	}
}

ZTEST(iob_wait, test_copyin_waits)
{
	static uint8_t bytes[4 * BUFSIZE];
	struct iob_s *iob = iob_tryalloc(false);

	taken = chain_leave(1);
	(void)team_start(free_each_tick, NULL, NULL, NULL, 5);
	zassert_equal(iob_copyin(iob, bytes, sizeof(bytes), 0, false), (int)sizeof(bytes));
	zassert_equal(team_passed(), 20, "one was there, two came");
	team_join();
	iob_free_chain(iob);
}

ZTEST(iob_wait, test_clone_waits)
{
	struct iob_s *iob = chain_make(LENS(BUFSIZE, BUFSIZE, BUFSIZE));
	struct iob_s *copy = iob_tryalloc(false);

	taken = chain_take_all();
	zassert_equal(iob_clone_partial(iob, UINT_MAX, 0, copy, 0, false, false), -ENOMEM);
	(void)team_start(free_each_tick, NULL, NULL, NULL, 5);
	zassert_ok(iob_clone_partial(iob, UINT_MAX, 0, copy, 0, false, true));
	zassert_equal(team_passed(), 20);
	chain_expect_bytes(copy, 3 * BUFSIZE, 1);
	team_join();
	iob_free_chain(iob);
	iob_free_chain(copy);
}

/* ---- places in queues ------------------------------------------------------------------------ */

#if CONFIG_IOB_NCHAINS > 0

static struct iob_queue_s full;
static struct iob_queue_s other;

static void add_one(void *who, void *iob, void *unused)
{
	ARG_UNUSED(unused);
	zassert_ok(iob_add_queue(iob, &other));
	note((int)(intptr_t)who, NULL);
}

ZTEST(iob_wait, test_places)
{
	struct iob_s *iob = chain_make(LENS(1));

	before_order();
	IOB_QINIT(&full);
	IOB_QINIT(&other);
	for (int i = 0; i < CONFIG_IOB_NCHAINS; i++) {
		zassert_ok(iob_add_queue(iob, &full));
	}
	(void)team_start(add_one, (void *)0, iob, NULL, 8);
	team_settle();
	(void)team_start(add_one, (void *)1, iob, NULL, 3);
	team_settle();
	zassert_equal(served, 0);
	zassert_equal_ptr(iob_remove_queue(&full), iob);
	zassert_equal(iob_tryadd_queue(iob, &full), -ENOMEM, "it was handed over");
	team_settle();
	zassert_equal(served, 1);
	zassert_equal(order[0], 1);
	zassert_equal_ptr(iob_remove_queue(&other), iob);
	team_join();
	zassert_equal(served, 2);
	while (iob_remove_queue(&full) != NULL || iob_remove_queue(&other) != NULL) {
	}
	zassert_is_null(iob_free(iob));
}

#endif
