/* SPDX-License-Identifier: Apache-2.0 */

/* k_queue between threads, on the virtual clock. */

#include <zephyr/irq_offload.h>
#include <zephyr/ztest.h>

#include "../support/crew.h"

struct item {
	void *reserved;
	int value;
};

static struct item items[8];
static struct k_fifo fifo;
static struct k_queue *const queue = &fifo._queue;
static void *got[CREW_MAX];
static int64_t ends[CREW_MAX];

#define WAITING ((void *)&got)

static void getter(void *p1, void *p2, void *p3)
{
	uintptr_t i = POINTER_TO_UINT(p1);
	k_timeout_t *timeout = p2;

	ARG_UNUSED(p3);
	got[i] = k_queue_get(queue, *timeout);
	ends[i] = k_uptime_ticks();
}

static k_timeout_t forever = {.ticks = K_TICKS_FOREVER};

static void block(uintptr_t i, int prio)
{
	got[i] = WAITING;
	crew_start(getter, UINT_TO_POINTER(i), &forever, NULL, prio);
	crew_settle();
	zassert_equal(got[i], WAITING);
}

static void begin(void *fixture)
{
	crew_virtual_begin(fixture);
	k_fifo_init(&fifo);
}

ZTEST_SUITE(queue_threads, NULL, NULL, begin, crew_virtual_end, NULL);

ZTEST(queue_threads, test_handed_over)
{
	block(0, 0);
	k_queue_append(queue, &items[0]);
	zassert_true(k_queue_is_empty(queue));
	zassert_is_null(k_queue_get(queue, K_NO_WAIT));
	crew_join();
	zassert_equal(got[0], &items[0]);

	block(1, 0);
	k_queue_prepend(queue, &items[1]);
	zassert_true(k_queue_is_empty(queue));
	crew_join();
	zassert_equal(got[1], &items[1]);

	block(2, 0);
	zassert_true(k_queue_unique_append(queue, &items[2]));
	crew_join();
	zassert_equal(got[2], &items[2]);
}

#if CONFIG_HEAP_MEM_POOL_SIZE > 0
/* What was allocated for an item that is handed over comes back. */
ZTEST(queue_threads, test_alloc_handed_over)
{
	for (int i = 0; i < 100; i++) {
		void *all;
		size_t size = CONFIG_HEAP_MEM_POOL_SIZE;

		block(0, 0);
		zassert_ok(k_queue_alloc_append(queue, &items[0]));
		crew_join();
		zassert_equal(got[0], &items[0]);
		while ((all = k_malloc(size)) == NULL) {
			size -= 64;
		}
		k_free(all);
		zassert_true(size > CONFIG_HEAP_MEM_POOL_SIZE - 1024, "%zu bytes left", size);
	}
}
#endif

ZTEST(queue_threads, test_by_priority)
{
	static const int prios[] = {5, 3, 5, -2, 3};
	static const int order[] = {3, 1, 4, 0, 2};

	for (uintptr_t i = 0; i < ARRAY_SIZE(prios); i++) {
		block(i, prios[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		k_fifo_put(&fifo, &items[i]);
		crew_settle();
		zassert_equal(got[order[i]], &items[i]);
	}
	crew_join();
}

/* A list serves who waits, in order, and the rest of it stays. */
ZTEST(queue_threads, test_list_serves_many)
{
	for (uintptr_t i = 0; i < 3; i++) {
		block(i, (int)(2 - i));
	}
	for (int i = 0; i < 4; i++) {
		items[i].reserved = &items[i + 1];
	}
	zassert_ok(k_fifo_put_list(&fifo, &items[0], &items[4]));
	zassert_equal(k_fifo_get(&fifo, K_NO_WAIT), &items[3]);
	zassert_equal(k_fifo_get(&fifo, K_NO_WAIT), &items[4]);
	zassert_is_null(k_fifo_get(&fifo, K_NO_WAIT));
	crew_join();
	for (int i = 0; i < 3; i++) {
		zassert_equal(got[i], &items[2 - i]);
	}
}

ZTEST(queue_threads, test_list_shorter_than_the_wait)
{
	for (uintptr_t i = 0; i < 3; i++) {
		block(i, 0);
	}
	items[0].reserved = &items[1];
	zassert_ok(k_fifo_put_list(&fifo, &items[0], &items[1]));
	crew_settle();
	zassert_equal(got[0], &items[0]);
	zassert_equal(got[1], &items[1]);
	zassert_equal(got[2], WAITING);
	k_fifo_put(&fifo, &items[2]);
	crew_join();
	zassert_true(k_fifo_is_empty(&fifo));
}

ZTEST(queue_threads, test_timeouts_are_exact)
{
	static k_timeout_t timeouts[] = {{1}, {2}, {500}, {1000000}};
	int64_t began = k_uptime_ticks();

	for (uintptr_t i = 0; i < ARRAY_SIZE(timeouts); i++) {
		crew_start(getter, UINT_TO_POINTER(i), &timeouts[i], NULL, 0);
	}
	crew_join();
	for (size_t i = 0; i < ARRAY_SIZE(timeouts); i++) {
		zassert_is_null(got[i]);
		zassert_equal(ends[i], began + timeouts[i].ticks);
	}
}

ZTEST(queue_threads, test_cancel_wait)
{
	block(0, 5);
	block(1, 3);
	k_fifo_cancel_wait(&fifo);
	crew_settle();
	zassert_equal(got[0], WAITING);
	zassert_is_null(got[1]);
	k_fifo_cancel_wait(&fifo);
	crew_join();
	zassert_is_null(got[0]);
	/* With nobody there it does nothing, and leaves nothing behind. */
	k_fifo_cancel_wait(&fifo);
	block(2, 0);
	k_fifo_put(&fifo, &items[0]);
	crew_join();
	zassert_equal(got[2], &items[0]);
}

static void put(const void *arg)
{
	k_fifo_put(&fifo, *(void *const *)arg);
}

ZTEST(queue_threads, test_isr_puts)
{
	void *item = &items[0];

	block(0, 0);
	irq_offload(put, &item);
	crew_join();
	zassert_equal(got[0], &items[0]);
}
