/* SPDX-License-Identifier: Apache-2.0 */

/* k_fifo under many threads, on the real clock: items travel in circles, and none is lost. */

#include <zephyr/ztest.h>

#include "../support/crew.h"

#define MOVERS 5
#define ITEMS  16
#define MOVES  4000

struct item {
	void *reserved;
	uint32_t holders; /* plain: whoever has the item has it alone */
	uint32_t moves;
};

static struct item items[ITEMS];
static struct k_fifo fifos[2];

static void move(void *p1, void *p2, void *p3)
{
	uint32_t random = crew_seed();

	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (int i = 0; i < MOVES; i++) {
		uint32_t r = crew_random(&random);
		struct k_fifo *to = &fifos[r / 2 % 2];
		struct item *item = k_fifo_get(&fifos[r % 2], K_USEC(r / 4 % 30));

		if (item == NULL) {
			continue;
		}
		zassert_equal(item->holders++, 0, "an item went to two threads");
		item->moves++;
		item->holders--;
		item->reserved = NULL;
		switch (r / 256 % 4) {
		case 0:
			k_queue_prepend(&to->_queue, item);
			break;
		case 1:
			zassert_ok(k_fifo_put_list(to, item, item));
			break;
		case 2:
			zassert_true(k_queue_unique_append(&to->_queue, item));
			break;
		default:
			k_fifo_put(to, item);
			break;
		}
	}
	crew_check_tokens();
}

static void cancel(void *p1, void *p2, void *p3)
{
	uint32_t *stop = p1;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	while (atomic32_load_relaxed(stop) == 0) {
		k_fifo_cancel_wait(&fifos[0]);
		k_fifo_cancel_wait(&fifos[1]);
		k_sleep(K_USEC(10));
	}
}

ZTEST_SUITE(queue_stress, NULL, NULL, NULL, NULL, NULL);

ZTEST(queue_stress, test_circles)
{
	static uint32_t stop;
	k_tid_t movers[MOVERS];
	int found = 0;

	stop = 0;
	k_fifo_init(&fifos[0]);
	k_fifo_init(&fifos[1]);
	for (int i = 0; i < ITEMS; i++) {
		items[i] = (struct item){0};
		k_fifo_put(&fifos[0], &items[i]);
	}
	for (int i = 0; i < MOVERS; i++) {
		movers[i] = crew_start(move, NULL, NULL, NULL, i);
	}
	crew_start(cancel, &stop, NULL, NULL, 0);
	for (int i = 0; i < MOVERS; i++) {
		zassert_ok(k_thread_join(movers[i], K_FOREVER));
	}
	atomic32_store_relaxed(&stop, 1);
	crew_join();
	for (int i = 0; i < 2; i++) {
		while (k_fifo_get(&fifos[i], K_NO_WAIT) != NULL) {
			found++;
		}
	}
	zassert_equal(found, ITEMS);
}

/* Who waits for ever must be served every time. */
static void echo(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (int i = 0; i < MOVES; i++) {
		k_fifo_put(&fifos[1], k_fifo_get(&fifos[0], K_FOREVER));
	}
}

ZTEST(queue_stress, test_ping_pong)
{
	k_fifo_init(&fifos[0]);
	k_fifo_init(&fifos[1]);
	crew_start(echo, NULL, NULL, NULL, 0);
	for (int i = 0; i < MOVES; i++) {
		k_fifo_put(&fifos[0], &items[0]);
		zassert_equal(k_fifo_get(&fifos[1], K_FOREVER), &items[0]);
	}
	crew_join();
}
