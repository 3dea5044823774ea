/* SPDX-License-Identifier: Apache-2.0 */

/* Timeouts on the virtual clock: exact, in order, many, and for weeks. */

#include <zephyr/ztest.h>

#include <stdlib.h>

#include <kernel/timeout_q.h>

#include "../support/crew.h"

#define MANY 10000

struct item {
	struct timeout_node node;
	int64_t deadline; /* -1: not pending */
	uint32_t order;   /* number of its adding */
	uint32_t expired;
};

static struct item items[MANY];
static uint32_t added;
static uint32_t expiries;

/* Of the expiry before. */
static int64_t last_deadline;
static uint32_t last_order;

static void expired(struct timeout_node *node)
{
	struct item *item = CONTAINER_OF(node, struct item, node);

	zassert_equal(k_uptime_ticks(), item->deadline, "at another time");
	zassert_true(item->deadline > last_deadline ||
			     (item->deadline == last_deadline && item->order > last_order),
		     "out of order");
	last_deadline = item->deadline;
	last_order = item->order;
	item->deadline = -1;
	item->expired++;
	expiries++;
}

static void add(struct item *item, int64_t deadline)
{
	bool was = timeout_q_add(&item->node, expired, deadline);

	zassert_equal(was, item->deadline >= 0);
	item->deadline = deadline;
	item->order = added++;
}

static void begin(void *fixture)
{
	crew_virtual_begin(fixture);
	memset(items, 0, sizeof(items));
	for (int i = 0; i < MANY; i++) {
		items[i].deadline = -1;
	}
	added = 1;
	expiries = 0;
	last_deadline = -1;
}

ZTEST_SUITE(timeout_q_virtual, NULL, NULL, begin, crew_virtual_end, NULL);

ZTEST(timeout_q_virtual, test_exact)
{
	int64_t began = k_uptime_ticks();

	add(&items[0], began + 10);
	k_sleep(K_TICKS(9));
	zassert_equal(expiries, 0);
	k_sleep(K_TICKS(2));
	zassert_equal(expiries, 1);
	add(&items[0], began + 20);
	add(&items[1], began + 15);
	zassert_true(timeout_q_abort(&items[1].node));
	items[1].deadline = -1;
	k_sleep(K_TICKS(30));
	zassert_equal(expiries, 2);
	zassert_equal(k_uptime_ticks(), began + 41);
}

ZTEST(timeout_q_virtual, test_many)
{
	uint32_t random = crew_seed();
	int64_t began = k_uptime_ticks();

	for (int i = 0; i < MANY; i++) {
		add(&items[i], began + 1 + crew_random(&random) % 5000);
	}
	k_sleep(K_TICKS(5001));
	zassert_equal(expiries, MANY);
}

/* Random programs beside a plain list: who is pending, and when each expires. */
ZTEST(timeout_q_virtual, test_random)
{
	uint32_t random = crew_seed();

	for (int step = 0; step < 60000; step++) {
		struct item *item = &items[crew_random(&random) % 500];
		uint32_t what = crew_random(&random) % 8;

		if (what < 5) {
			add(item, k_uptime_ticks() + 1 + crew_random(&random) % 3000);
		} else if (what < 7) {
			bool was = what == 5 ? timeout_q_abort(&item->node)
					     : timeout_q_abort_sync(&item->node);

			zassert_equal(was, item->deadline >= 0);
			item->deadline = -1;
		} else {
			int64_t until = 0;

			zassert_equal(timeout_q_pending(&item->node, &until), item->deadline >= 0);
			zassert_equal(until, MAX(item->deadline, 0));
			k_sleep(K_TICKS(crew_random(&random) % 50));
		}
	}
	k_sleep(K_TICKS(3001));
	for (int i = 0; i < 500; i++) {
		zassert_equal(items[i].deadline, -1, "one is left");
		zassert_false(timeout_q_pending(&items[i].node, NULL));
	}
}

/* One that has been there while 2^31 others were added is the oldest still, and is called like any other. */
ZTEST(timeout_q_virtual, test_pending_for_long)
{
	int64_t began = k_uptime_ticks();

	add(&items[0], began + 10);
	items[0].node.order -= 0x80000001;
	add(&items[1], began + 10);
	k_sleep(K_TICKS(11));
	zassert_equal(expiries, 2);
	zassert_equal(k_uptime_ticks(), began + 11);
}

static uint32_t daily;

static void day(struct timeout_node *node)
{
	struct item *item = CONTAINER_OF(node, struct item, node);

	zassert_equal(k_uptime_ticks(), item->deadline);
	item->deadline += 86400LL * CONFIG_SYS_CLOCK_TICKS_PER_SEC;
	if (++daily < 20000) {
		(void)timeout_q_add(node, day, item->deadline);
	}
}

/* 20,000 days, one after the other. */
ZTEST(timeout_q_virtual, test_years)
{
	daily = 0;
	items[0].deadline = k_uptime_ticks() + 86400LL * CONFIG_SYS_CLOCK_TICKS_PER_SEC;
	(void)timeout_q_add(&items[0].node, day, items[0].deadline);
	k_sleep(K_HOURS(24 * 20001));
	zassert_equal(daily, 20000);
	/* The tests that follow have the same clock. */
}
