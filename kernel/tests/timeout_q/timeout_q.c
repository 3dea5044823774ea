/* SPDX-License-Identifier: Apache-2.0 */

/* Timeouts, on every platform. */

#include <zephyr/irq_offload.h>
#include <zephyr/ztest.h>

#include <kernel/timeout_q.h>

#define NODES 64

struct item {
	struct timeout_node node;
	int64_t deadline; /* as added */
	uint32_t expired; /* how often */
	uint32_t place;   /* among all expiries */
};

static struct item items[NODES];
static uint32_t expiries;

static void expired(struct timeout_node *node)
{
	struct item *item = CONTAINER_OF(node, struct item, node);

	zassert_true(k_is_in_isr());
	zassert_true(k_uptime_ticks() >= item->deadline, "early");
	item->expired++;
	item->place = expiries;
	/* Release: pairs with the acquire in wait_for(). */
	atomic32_store_release(&expiries, expiries + 1);
}

static void wait_for(uint32_t count)
{
	int64_t end = k_uptime_get() + 20000;

	while (atomic32_load_acquire(&expiries) < count) {
		zassert_true(k_uptime_get() < end, "timeouts are missing");
		k_sleep(K_TICKS(1));
	}
}

static void add(struct item *item, k_timeout_t delay)
{
	item->deadline = sys_clock_deadline(delay);
	(void)timeout_q_add(&item->node, expired, item->deadline);
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
#ifdef CONFIG_PORT_VIRTUAL_CLOCK
	/* Where there is one nothing is late, however busy the machine is. */
	port_clock_virtual_start();
#endif
	memset(items, 0, sizeof(items));
	expiries = 0;
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	for (int i = 0; i < NODES; i++) {
		(void)timeout_q_abort_sync(&items[i].node);
	}
#ifdef CONFIG_PORT_VIRTUAL_CLOCK
	port_clock_virtual_stop();
#endif
}

ZTEST_SUITE(timeout_q, NULL, NULL, before, after, NULL);

ZTEST(timeout_q, test_expires_once)
{
	add(&items[0], K_MSEC(2));
	zassert_true(timeout_q_pending(&items[0].node, NULL));
	wait_for(1);
	zassert_false(timeout_q_pending(&items[0].node, NULL));
	zassert_false(timeout_q_abort(&items[0].node));
	k_sleep(K_MSEC(3));
	zassert_equal(items[0].expired, 1);
}

ZTEST(timeout_q, test_abort)
{
	int64_t deadline = 0;

	zassert_false(timeout_q_abort(&items[0].node), "was never added");
	add(&items[0], K_MSEC(3));
	zassert_true(timeout_q_pending(&items[0].node, &deadline));
	zassert_equal(deadline, items[0].deadline);
	zassert_true(timeout_q_abort(&items[0].node));
	zassert_false(timeout_q_abort(&items[0].node));
	zassert_false(timeout_q_abort_sync(&items[0].node));
	zassert_false(timeout_q_pending(&items[0].node, &deadline));
	k_sleep(K_MSEC(6));
	zassert_equal(items[0].expired, 0);
}

ZTEST(timeout_q, test_add_again)
{
	add(&items[0], K_MSEC(2));
	items[0].deadline = sys_clock_deadline(K_MSEC(5));
	zassert_true(timeout_q_add(&items[0].node, expired, items[0].deadline));
	wait_for(1);
	zassert_false(timeout_q_add(&items[0].node, expired, PORT_FOREVER));
	zassert_false(timeout_q_pending(&items[0].node, NULL));
	add(&items[0], K_MSEC(2));
	zassert_true(timeout_q_add(&items[0].node, expired, PORT_FOREVER));
	zassert_false(timeout_q_pending(&items[0].node, NULL));
	k_sleep(K_MSEC(4));
	zassert_equal(items[0].expired, 1);
}

ZTEST(timeout_q, test_past)
{
	items[0].deadline = INT64_MIN;
	(void)timeout_q_add(&items[0].node, expired, INT64_MIN);
	items[1].deadline = 0;
	(void)timeout_q_add(&items[1].node, expired, 0);
	wait_for(2);
}

/* By deadline, then by the order of adding; added in any order. */
ZTEST(timeout_q, test_order)
{
	int64_t base = sys_clock_deadline(K_MSEC(20));
	unsigned int key = irq_lock();

	for (uint32_t i = 0; i < NODES; i++) {
		struct item *item = &items[i * 37 % NODES];

		item->deadline = base + (int64_t)(i * 37 % NODES) / 4;
		(void)timeout_q_add(&item->node, expired, item->deadline);
	}
	irq_unlock(key);
	wait_for(NODES);
	for (uint32_t i = 0; i < NODES; i++) {
		/* When it was added: 37 * 45 = 1 modulo 64. */
		uint32_t added = i * 45 % NODES;
		uint32_t of_four = 0; /* of its equals, how many were added before it */

		zassert_equal(items[i].expired, 1);
		for (uint32_t j = i / 4 * 4; j < i / 4 * 4 + 4; j++) {
			of_four += j * 45 % NODES < added ? 1 : 0;
		}
		zassert_equal(items[i].place, i / 4 * 4 + of_four, "%u", (unsigned int)i);
	}
}

static int64_t period_next;
static uint32_t period_left;

static void again(struct timeout_node *node)
{
	zassert_true(k_uptime_ticks() >= period_next);
	zassert_false(timeout_q_pending(node, NULL));
	if (--period_left != 0) {
		period_next++;
		zassert_false(timeout_q_add(node, again, period_next));
	}
	atomic32_store_release(&expiries, expiries + 1);
}

/* From its own function, also with what is due already. */
ZTEST(timeout_q, test_add_in_the_function)
{
	period_left = 40;
	period_next = k_uptime_ticks() - 10;
	(void)timeout_q_add(&items[0].node, again, period_next);
	wait_for(40);
	zassert_false(timeout_q_pending(&items[0].node, NULL));
}

static void abort_next(struct timeout_node *node)
{
	struct item *item = CONTAINER_OF(node, struct item, node);

	zassert_true(timeout_q_abort(&item[1].node));
	zassert_true(timeout_q_abort_sync(&item[2].node));
	zassert_false(timeout_q_abort_sync(node), "waits for itself");
	zassert_false(timeout_q_add(&item[3].node, expired, 0));
	expired(node);
}

/* Others that are due as well. */
ZTEST(timeout_q, test_abort_in_the_function)
{
	unsigned int key = irq_lock();

	(void)timeout_q_add(&items[0].node, abort_next, 0);
	(void)timeout_q_add(&items[1].node, expired, 0);
	(void)timeout_q_add(&items[2].node, expired, 0);
	irq_unlock(key);
	wait_for(2);
	k_sleep(K_MSEC(2));
	zassert_equal(items[1].expired + items[2].expired, 0);
	zassert_equal(items[3].expired, 1);
}

static void in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	add(&items[0], K_MSEC(2));
	add(&items[1], K_MSEC(1));
	zassert_true(timeout_q_abort_sync(&items[0].node));
	zassert_false(timeout_q_abort_sync(&items[0].node));
}

ZTEST(timeout_q, test_isr)
{
	irq_offload(in_isr, NULL);
	wait_for(1);
	zassert_equal(items[1].expired, 1);
}

/* Random adding, adding again and aborting while they expire: each ends once, one way. */
ZTEST(timeout_q, test_random)
{
	uint32_t random = 12345;
	uint32_t added = 0;
	uint32_t aborted = 0;

	for (int i = 0; i < 3000; i++) {
		struct item *item;

		random = random * 1664525 + 1013904223;
		item = &items[random >> 26];
		if ((random >> 8) % 4 == 0) {
			aborted += timeout_q_abort_sync(&item->node) ? 1 : 0;
		} else {
			int64_t deadline = k_uptime_ticks() + (random >> 10) % 20;

			/* Its function reads the deadline. */
			aborted += timeout_q_abort_sync(&item->node) ? 1 : 0;
			item->deadline = deadline;
			zassert_false(timeout_q_add(&item->node, expired, deadline));
			added++;
		}
	}
	wait_for(added - aborted);
	zassert_equal(expiries, added - aborted);
	for (int i = 0; i < NODES; i++) {
		zassert_false(timeout_q_pending(&items[i].node, NULL));
	}
}
