/* SPDX-License-Identifier: Apache-2.0 */

/* Waiting for blocks, on the virtual clock; and many threads at once, on the real one. */

#include <zephyr/ztest.h>

#include "../support/crew.h"

#define BLOCKS 3

static char __aligned(sizeof(void *)) area[BLOCKS * 32];
static struct k_mem_slab slab;

struct call {
	k_timeout_t timeout;
	void *mem;
	int ret;
	int64_t end; /* 0 while it waits */
};

static struct call calls[CREW_MAX];

static void allocator(void *p1, void *p2, void *p3)
{
	struct call *call = p1;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	call->ret = k_mem_slab_alloc(&slab, &call->mem, call->timeout);
	call->end = k_uptime_ticks();
}

static void block(int i, int prio)
{
	calls[i] = (struct call){.timeout = K_FOREVER};
	crew_start(allocator, &calls[i], NULL, NULL, prio);
	crew_settle();
	zassert_equal(calls[i].end, 0);
}

static void take_all(void **mem)
{
	for (int i = 0; i < BLOCKS; i++) {
		zassert_ok(k_mem_slab_alloc(&slab, &mem[i], K_NO_WAIT));
	}
}

static void begin(void *fixture)
{
	crew_virtual_begin(fixture);
	zassert_ok(k_mem_slab_init(&slab, area, 32, BLOCKS));
}

ZTEST_SUITE(mem_slab_threads, NULL, NULL, begin, crew_virtual_end, NULL);

ZTEST(mem_slab_threads, test_by_priority)
{
	static const int prios[] = {5, 3, 5};
	static const int order[] = {1, 0, 2};
	void *mem[BLOCKS];
	void *none;

	take_all(mem);
	for (int i = 0; i < 3; i++) {
		block(i, prios[i]);
	}
	for (int i = 0; i < 3; i++) {
		k_mem_slab_free(&slab, mem[i]);
		/* Handed over: nobody can push in. */
		zassert_equal(k_mem_slab_alloc(&slab, &none, K_NO_WAIT), -ENOMEM);
		zassert_equal(k_mem_slab_num_used_get(&slab), BLOCKS);
		crew_settle();
		zassert_ok(calls[order[i]].ret);
		zassert_equal(calls[order[i]].mem, mem[i]);
	}
	crew_join();
}

ZTEST(mem_slab_threads, test_timeouts_are_exact)
{
	static const int64_t ticks[] = {1, 2, 500, 1000000};
	void *mem[BLOCKS];
	int64_t began;

	take_all(mem);
	began = k_uptime_ticks();
	for (int i = 0; i < (int)ARRAY_SIZE(ticks); i++) {
		calls[i] = (struct call){.timeout = K_TICKS(ticks[i]), .mem = &calls};
		crew_start(allocator, &calls[i], NULL, NULL, 0);
	}
	crew_join();
	for (size_t i = 0; i < ARRAY_SIZE(ticks); i++) {
		zassert_equal(calls[i].ret, -EAGAIN);
		zassert_is_null(calls[i].mem);
		zassert_equal(calls[i].end, began + ticks[i]);
	}
}

/* ---- real clock ----------------------------------------------------------------------------- */

#define THREADS 5
#define ROUNDS  3000

static void use(void *p1, void *p2, void *p3)
{
	uint8_t mark = (uint8_t)POINTER_TO_UINT(p1);
	uint8_t expected[32];

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	memset(expected, mark, sizeof(expected));
	for (int i = 0; i < ROUNDS; i++) {
		void *mem;

		if (k_mem_slab_alloc(&slab, &mem, i % 2 != 0 ? K_FOREVER : K_USEC(20)) != 0) {
			zassert_equal(i % 2, 0);
			continue;
		}
		memset(mem, mark, 32);
		if (i % 64 == 0) {
			k_sleep(K_USEC(20));
		}
		zassert_mem_equal(mem, expected, 32);
		k_mem_slab_free(&slab, mem);
	}
}

static void begin_real(void *fixture)
{
	ARG_UNUSED(fixture);
	zassert_ok(k_mem_slab_init(&slab, area, 32, BLOCKS));
}

ZTEST_SUITE(mem_slab_stress, NULL, NULL, begin_real, NULL, NULL);

ZTEST(mem_slab_stress, test_threads)
{
	for (uintptr_t i = 1; i <= THREADS; i++) {
		crew_start(use, UINT_TO_POINTER(i), NULL, NULL, (int)i);
	}
	crew_join();
	zassert_equal(k_mem_slab_num_used_get(&slab), 0);
}
