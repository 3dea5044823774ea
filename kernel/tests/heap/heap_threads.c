/* SPDX-License-Identifier: Apache-2.0 */

/* Waiting for memory, on the virtual clock; and many threads at once, on the real one. */

#include <zephyr/ztest.h>

#include "../support/crew.h"

#define SIZE 1024

static char __aligned(8) area[SIZE];
static struct k_heap heap;

struct call {
	size_t bytes;
	void *old;
	k_timeout_t timeout;
	void *mem;
	int64_t end; /* 0 while it waits */
};

static struct call calls[CREW_MAX];

static void allocator(void *p1, void *p2, void *p3)
{
	struct call *call = p1;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	call->mem = k_heap_realloc(&heap, call->old, call->bytes, call->timeout);
	call->end = k_uptime_ticks();
}

static k_tid_t block(int i, size_t bytes, int prio)
{
	k_tid_t id;

	calls[i] = (struct call){.bytes = bytes, .timeout = K_FOREVER};
	id = crew_start(allocator, &calls[i], NULL, NULL, prio);
	crew_settle();
	zassert_equal(calls[i].end, 0);
	return id;
}

/* The largest block that there is room for now. */
static size_t largest(void)
{
	size_t size = SIZE;
	void *mem;

	while ((mem = k_heap_alloc(&heap, size, K_NO_WAIT)) == NULL) {
		size -= 8;
		zassert_true(size > 0, "no room at all");
	}
	k_heap_free(&heap, mem);
	return size;
}

static void begin(void *fixture)
{
	crew_virtual_begin(fixture);
	k_heap_init(&heap, area, sizeof(area));
}

ZTEST_SUITE(heap_threads, NULL, NULL, begin, crew_virtual_end, NULL);

ZTEST(heap_threads, test_waits_for_free)
{
	void *all = k_heap_alloc(&heap, largest(), K_NO_WAIT);

	block(0, 100, 0);
	k_heap_free(&heap, all);
	crew_join();
	zassert_not_null(calls[0].mem);
	k_heap_free(&heap, calls[0].mem);
	zassert_true(largest() > SIZE / 2);
}

ZTEST(heap_threads, test_timeouts_are_exact)
{
	static const int64_t ticks[] = {1, 2, 500, 1000000};
	void *little = k_heap_alloc(&heap, 64, K_NO_WAIT);
	void *rest = k_heap_alloc(&heap, largest(), K_NO_WAIT);
	int64_t began = k_uptime_ticks();

	for (int i = 0; i < (int)ARRAY_SIZE(ticks); i++) {
		calls[i] = (struct call){.bytes = 100, .timeout = K_TICKS(ticks[i])};
		crew_start(allocator, &calls[i], NULL, NULL, 0);
	}
	/* Memory that comes and goes but never suffices does not prolong the wait. */
	k_sleep(K_TICKS(100));
	k_heap_free(&heap, little);
	crew_settle();
	crew_join();
	for (size_t i = 0; i < ARRAY_SIZE(ticks); i++) {
		zassert_is_null(calls[i].mem);
		zassert_equal(calls[i].end, began + ticks[i]);
	}
	k_heap_free(&heap, rest);
	zassert_true(largest() > SIZE / 2);
}

ZTEST(heap_threads, test_by_priority)
{
	size_t half = largest() / 2 - 16;
	void *first = k_heap_alloc(&heap, half, K_NO_WAIT);
	void *second = k_heap_alloc(&heap, half, K_NO_WAIT);

	zassert_not_null(second);
	block(0, half, 5);
	block(1, half, 3);
	block(2, half, 5);
	block(3, half, 3);
	k_heap_free(&heap, first);
	crew_settle();
	zassert_not_null(calls[1].mem);
	zassert_equal(calls[3].end, 0);
	k_heap_free(&heap, second);
	crew_settle();
	zassert_not_null(calls[3].mem);
	zassert_equal(calls[0].end, 0);
	k_heap_free(&heap, calls[1].mem);
	crew_settle();
	zassert_not_null(calls[0].mem);
	k_heap_free(&heap, calls[3].mem);
	crew_join();
	zassert_not_null(calls[2].mem);
}

/* A request that does not fit yet stands in nobody's way; and one free can serve several. */
ZTEST(heap_threads, test_whose_request_fits)
{
	void *small = k_heap_alloc(&heap, 200, K_NO_WAIT);
	void *rest = k_heap_alloc(&heap, largest(), K_NO_WAIT);

	zassert_not_null(rest);
	block(0, 600, 0);
	block(1, 64, 1);
	block(2, 64, 2);
	k_heap_free(&heap, small);
	crew_settle();
	zassert_equal(calls[0].end, 0);
	zassert_not_null(calls[1].mem);
	zassert_not_null(calls[2].mem);
	k_heap_free(&heap, rest);
	k_heap_free(&heap, calls[1].mem);
	k_heap_free(&heap, calls[2].mem);
	crew_join();
	zassert_not_null(calls[0].mem);
}

ZTEST(heap_threads, test_realloc_waits)
{
	char *mine = k_heap_alloc(&heap, 64, K_NO_WAIT);
	void *rest = k_heap_alloc(&heap, largest(), K_NO_WAIT);

	memset(mine, 0x5a, 64);
	calls[0] = (struct call){.old = mine, .bytes = 400, .timeout = K_FOREVER};
	crew_start(allocator, &calls[0], NULL, NULL, 0);
	crew_settle();
	zassert_equal(calls[0].end, 0);
	k_heap_free(&heap, rest);
	crew_join();
	zassert_not_null(calls[0].mem);
	for (int i = 0; i < 64; i++) {
		zassert_equal(((char *)calls[0].mem)[i], 0x5a);
	}
	k_heap_free(&heap, calls[0].mem);
}

/* Making a block smaller gives memory back, too. */
ZTEST(heap_threads, test_realloc_serves)
{
	void *all = k_heap_alloc(&heap, largest(), K_NO_WAIT);

	block(0, 100, 0);
	all = k_heap_realloc(&heap, all, 100, K_NO_WAIT);
	crew_join();
	zassert_not_null(calls[0].mem);
	k_heap_free(&heap, all);
}

ZTEST(heap_threads, test_abort_while_waiting)
{
	void *all = k_heap_alloc(&heap, largest(), K_NO_WAIT);
	k_tid_t id = block(0, 100, 0);

	k_thread_abort(id);
	crew_join();
	k_heap_free(&heap, all);
	zassert_true(largest() > SIZE / 2);
}

/* ---- real clock ----------------------------------------------------------------------------- */

#define THREADS 4
#define ROUNDS  2000

static void use(void *p1, void *p2, void *p3)
{
	uint8_t mark = (uint8_t)POINTER_TO_UINT(p1);
	uint32_t random = crew_seed();

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (int i = 0; i < ROUNDS; i++) {
		size_t size = 1 + crew_random(&random) % 300;
		uint8_t *mem = k_heap_alloc(&heap, size, i % 2 != 0 ? K_FOREVER : K_USEC(50));

		if (mem == NULL) {
			zassert_equal(i % 2, 0);
			continue;
		}
		memset(mem, mark, size);
		if (i % 64 == 0) {
			k_sleep(K_USEC(50));
		}
		for (size_t b = 0; b < size; b++) {
			zassert_equal(mem[b], mark);
		}
		k_heap_free(&heap, mem);
	}
}

static void begin_real(void *fixture)
{
	ARG_UNUSED(fixture);
	k_heap_init(&heap, area, sizeof(area));
}

ZTEST_SUITE(heap_stress, NULL, NULL, begin_real, NULL, NULL);

ZTEST(heap_stress, test_threads)
{
	size_t before = largest();

	for (uintptr_t i = 1; i <= THREADS; i++) {
		crew_start(use, UINT_TO_POINTER(i), NULL, NULL, (int)i);
	}
	crew_join();
	zassert_equal(largest(), before);
}
