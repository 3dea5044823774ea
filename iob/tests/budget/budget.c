/* SPDX-License-Identifier: Apache-2.0 */
/** @file Budgets: what is kept for whom, who may hold how much, and who is served. */
#include <zephyr/ztest.h>

#include <iob/budget.h>
#include <iob/inspect.h>
#include <iob/print.h>

#include <errno.h>
#include <string.h>

#include "../support/chains.h"
#include "../support/misuse.h"

#define KEPT_RX 4
#define MOST_RX 8
#define KEPT_TX 2
#define MOST_TX NBUFFERS
#define SHARED  (NBUFFERS - KEPT_RX - KEPT_TX)

static IOB_BUDGET_DEFINE(rx, KEPT_RX, MOST_RX);
static IOB_BUDGET_DEFINE(tx, KEPT_TX, MOST_TX);
static IOB_BUDGET_DEFINE(greedy, NBUFFERS, NBUFFERS);
static IOB_BUDGET_DEFINE(none, 0, 0);
static IOB_BUDGET_DEFINE(wrong, 5, 4);

static void *setup(void)
{
	MISUSE(zassert_is_null(iob_budget_alloc(&rx, K_NO_WAIT)));
	MISUSE(zassert_is_null(iob_budget_alloc(NULL, K_NO_WAIT)));
	zassert_is_null(iob_budget_next(NULL));
	zassert_ok(iob_budget_register(&rx));
	zassert_ok(iob_budget_register(&tx));
	zassert_equal(iob_budget_register(&rx), -EALREADY);
	zassert_equal(iob_budget_register(NULL), -EINVAL);
	zassert_equal(iob_budget_register(&none), -EINVAL);
	zassert_equal(iob_budget_register(&wrong), -EINVAL);
	zassert_equal(iob_budget_register(&greedy), -ENOMEM);
	zassert_equal_ptr(iob_budget_next(NULL), &rx);
	zassert_equal_ptr(iob_budget_next(&rx), &tx);
	zassert_is_null(iob_budget_next(&tx));
	return NULL;
}

ZTEST_SUITE(iob_budget, NULL, setup, NULL, NULL, NULL);

static struct iob_budget_numbers numbers(struct iob_budget *budget)
{
	struct iob_budget_numbers n;

	zassert_ok(iob_budget_get(budget, &n));
	return n;
}

/* Take @p n on @p budget, in front of @p chain. */
static struct iob_s *take(struct iob_budget *budget, unsigned int n, struct iob_s *chain)
{
	while (n-- > 0) {
		struct iob_s *iob = iob_budget_alloc(budget, K_NO_WAIT);

		zassert_not_null(iob);
		zassert_equal_ptr(iob_budget_of(iob), budget);
		iob->io_flink = chain;
		chain = iob;
	}
	return chain;
}

ZTEST(iob_budget, test_what_is_kept)
{
	struct iob_s *all;
	struct iob_s *mine;

	zassert_equal(iob_navail(false), SHARED);
	zassert_equal(iob_nfree(), NBUFFERS);
	all = chain_take_all();
	zassert_equal(iob_count(all), SHARED);
	zassert_is_null(iob_budget_of(all));
	zassert_is_null(iob_budget_of(NULL));
	/* Nobody else can have them. */
	zassert_is_null(iob_tryalloc(false));
	zassert_equal(numbers(&rx).avail, KEPT_RX);
	mine = take(&rx, KEPT_RX, NULL);
	zassert_is_null(iob_budget_alloc(&rx, K_NO_WAIT));
	mine = take(&tx, KEPT_TX, mine);
	zassert_is_null(iob_budget_alloc(&tx, K_NO_WAIT));
	zassert_equal(iob_nfree(), 0);
	/* They come back to whom they are kept for, in a chain or not. */
	mine = iob_free(mine);
	zassert_equal(iob_navail(false), 0);
	zassert_equal(numbers(&tx).avail, 1);
	iob_free_chain(mine);
	zassert_equal(iob_navail(false), 0);
	zassert_equal(numbers(&rx).avail, KEPT_RX);
	iob_free_chain(all);
	zassert_equal(iob_navail(false), SHARED);
}

ZTEST(iob_budget, test_limit)
{
	unsigned int before = numbers(&rx).refused;
	struct iob_s *mine = take(&rx, MOST_RX, NULL);

	zassert_equal(numbers(&rx).held, MOST_RX);
	zassert_equal(numbers(&rx).peak, MOST_RX);
	zassert_equal(numbers(&rx).avail, 0);
	zassert_is_null(iob_budget_alloc(&rx, K_NO_WAIT));
	zassert_equal(numbers(&rx).refused, before + 1);
	zassert_equal(iob_navail(false), SHARED - (MOST_RX - KEPT_RX));
	mine = iob_free(mine);
	zassert_equal(iob_navail(false), SHARED - (MOST_RX - KEPT_RX) + 1);
	zassert_equal(numbers(&rx).avail, 1);
	iob_free_chain(mine);
	zassert_equal(numbers(&rx).held, 0);
	zassert_equal(numbers(&rx).peak, MOST_RX);
	zassert_equal(iob_navail(false), SHARED);
	zassert_equal(iob_budget_get(NULL, NULL), -EINVAL);
}

ZTEST(iob_budget, test_mixed_chain)
{
	struct iob_s *chain = take(&tx, 3, take(&rx, 5, NULL));
	struct iob_s *plain = iob_tryalloc(false);

	zassert_equal(iob_trycopyin(plain, (const uint8_t *)"plain", 5, 0, false), 5);
	iob_concat(plain, chain);
	iob_concat(plain, iob_tryalloc(false));
	zassert_equal(numbers(&rx).held, 5);
	zassert_equal(numbers(&tx).held, 3);
	iob_free_chain(plain);
	zassert_equal(numbers(&rx).held, 0);
	zassert_equal(numbers(&tx).held, 0);
	zassert_equal(iob_navail(false), SHARED);
	zassert_ok(iob_check());
}

/* A copy that needs more than what is not kept does not wait for it. */
ZTEST(iob_budget, test_copy_of_too_much)
{
	static uint8_t bytes[NBUFFERS * BUFSIZE];
	struct iob_s *iob = iob_tryalloc(false);

	zassert_equal(iob_copyin(iob, bytes, SHARED * BUFSIZE + 1, 0, false), -ENOMEM);
	zassert_equal(iob->io_pktlen, SHARED * BUFSIZE);
	iob_free_chain(iob);
}

static char text[1024];

static void keep(void *arg, const char *line, size_t len)
{
	ARG_UNUSED(arg);
	zassert_true(strlen(text) + len < sizeof(text));
	memcpy(text + strlen(text) + len, "", 1);
	memcpy(text + strlen(text), line, len);
}

ZTEST(iob_budget, test_text)
{
	struct iob_s *mine = take(&tx, 3, NULL);

	text[0] = '\0';
	iob_print_stats(keep, NULL);
	zassert_not_null(strstr(text, "tx: holds 3, held "), "%s", text);
	zassert_not_null(strstr(text, ", kept 4, limit 8, refused "), "%s", text);
	iob_free_chain(mine);
}

/* ---- waiting --------------------------------------------------------------------------------- */

#ifdef CONFIG_MULTITHREADING

#include "../support/team.h"

ZTEST_SUITE(iob_budget_wait, NULL, NULL, team_clock_begin, team_clock_end, NULL);

static struct iob_s *got[TEAM_MAX];
static int order[TEAM_MAX];
static int served;

static void wait_for_one(void *who, void *budget, void *ticks)
{
	int me = (int)(intptr_t)who;
	k_timeout_t timeout = ticks != NULL ? K_TICKS((intptr_t)ticks) : K_FOREVER;

	got[me] = budget != NULL ? iob_budget_alloc(budget, timeout) : iob_alloc(false);
	order[served++] = me;
}

static void start(int who, struct iob_budget *budget, intptr_t ticks, int prio)
{
	(void)team_start(wait_for_one, (void *)(intptr_t)who, budget, (void *)ticks, prio);
	team_settle();
}

static void finish(void)
{
	team_join();
	for (int i = 0; i < TEAM_MAX; i++) {
		iob_free_chain(got[i]);
		got[i] = NULL;
	}
	served = 0;
}

ZTEST(iob_budget_wait, test_timeouts)
{
	struct iob_s *mine = take(&rx, MOST_RX, NULL);
	unsigned int before = numbers(&rx).refused;

	zassert_is_null(iob_budget_alloc(&rx, K_TICKS(100)));
	zassert_equal(team_passed(), 100);
	zassert_equal(numbers(&rx).refused, before + 1);
	iob_free_chain(mine);
	zassert_equal(iob_navail(false), SHARED);
}

/* At its limit: only what it gives back itself serves it. */
ZTEST(iob_budget_wait, test_at_the_limit)
{
	struct iob_s *mine = take(&rx, MOST_RX, NULL);
	struct iob_s *plain = iob_tryalloc(false);

	start(0, &rx, 0, 5);
	zassert_is_null(iob_free(plain));
	team_settle();
	zassert_equal(served, 0);
	mine = iob_free(mine);
	team_settle();
	zassert_equal(served, 1);
	zassert_equal(numbers(&rx).held, MOST_RX);
	iob_free_chain(mine);
	finish();
	zassert_equal(iob_navail(false), SHARED);
}

/* What is kept for one budget serves nobody else. */
ZTEST(iob_budget_wait, test_what_is_kept_goes_to_its_own)
{
	struct iob_s *all = chain_take_all();
	struct iob_s *of_rx = take(&rx, KEPT_RX, NULL);
	struct iob_s *of_tx = take(&tx, KEPT_TX, NULL);

	start(0, NULL, 0, 1);
	start(1, &tx, 0, 2);
	start(2, &rx, 0, 9);
	of_rx = iob_free(of_rx);
	team_settle();
	zassert_equal(served, 1);
	zassert_equal(order[0], 2);
	of_tx = iob_free(of_tx);
	team_settle();
	zassert_equal(served, 2);
	zassert_equal(order[1], 1);
	/* What anybody may have goes to the most urgent. */
	all = iob_free(all);
	team_settle();
	zassert_equal(served, 3);
	iob_free_chain(all);
	iob_free_chain(of_rx);
	iob_free_chain(of_tx);
	finish();
	zassert_equal(iob_navail(false), SHARED);
	zassert_equal(iob_nfree(), NBUFFERS);
}

/* Budgets and those of none by priority; one at its limit is passed over. */
ZTEST(iob_budget_wait, test_by_priority)
{
	struct iob_s *of_rx = take(&rx, MOST_RX, NULL);
	struct iob_s *of_tx = take(&tx, KEPT_TX, NULL);
	struct iob_s *all = chain_take_all();

	start(0, NULL, 0, 5);
	start(1, &tx, 0, 3);
	start(2, &rx, 0, 1);
	all = iob_free(all);
	team_settle();
	zassert_equal(served, 1);
	zassert_equal(order[0], 1);
	all = iob_free(all);
	team_settle();
	zassert_equal(served, 2);
	zassert_equal(order[1], 0);
	/* Now that it is below its limit, what came back is its own again. */
	of_rx = iob_free(of_rx);
	team_settle();
	zassert_equal(served, 3);
	iob_free_chain(all);
	iob_free_chain(of_rx);
	iob_free_chain(of_tx);
	finish();
	zassert_equal(iob_navail(false), SHARED);
}

#endif
