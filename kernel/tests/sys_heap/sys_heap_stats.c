/* SPDX-License-Identifier: Apache-2.0 */

/* Compiled, with the heap itself, with CONFIG_SYS_HEAP_RUNTIME_STATS. */

#include <zephyr/ztest.h>

#include <zephyr/sys/sys_heap.h>

#include <errno.h>

static uint8_t __aligned(8) memory[2048];
static struct sys_heap heap;

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	sys_heap_init(&heap, memory, sizeof(memory));
}

ZTEST_SUITE(sys_heap_stats, NULL, NULL, before, NULL, NULL);

static struct sys_memory_stats stats(void)
{
	struct sys_memory_stats now;

	zassert_true(sys_heap_validate(&heap));
	zassert_ok(sys_heap_runtime_stats_get(&heap, &now));
	return now;
}

ZTEST(sys_heap_stats, test_bad_arguments)
{
	struct sys_heap none = {0};
	struct sys_memory_stats now;

	zassert_equal(sys_heap_runtime_stats_get(NULL, &now), -EINVAL);
	zassert_equal(sys_heap_runtime_stats_get(&heap, NULL), -EINVAL);
	zassert_equal(sys_heap_runtime_stats_get(&none, &now), -EINVAL);
	zassert_equal(sys_heap_runtime_stats_reset_max(NULL), -EINVAL);
	zassert_equal(sys_heap_runtime_stats_reset_max(&none), -EINVAL);
}

ZTEST(sys_heap_stats, test_counts)
{
	struct sys_memory_stats start = stats();
	struct sys_memory_stats now;
	void *first;
	void *second;

	zassert_equal(start.allocated_bytes, 0);
	zassert_equal(start.max_allocated_bytes, 0);
	zassert_true(start.free_bytes > sizeof(memory) - 600);

	first = sys_heap_alloc(&heap, 100);
	now = stats();
	zassert_between_inclusive(now.allocated_bytes, 100, 116);
	zassert_equal(now.free_bytes, start.free_bytes - now.allocated_bytes);

	second = sys_heap_aligned_alloc(&heap, 64, 200);
	now = stats();
	zassert_between_inclusive(now.allocated_bytes, 300, 332);
	zassert_equal(now.max_allocated_bytes, now.allocated_bytes);

	second = sys_heap_realloc(&heap, second, 20);
	now = stats();
	zassert_between_inclusive(now.allocated_bytes, 120, 152);
	zassert_between_inclusive(now.max_allocated_bytes, 300, 332);

	sys_heap_free(&heap, first);
	sys_heap_free(&heap, second);
	now = stats();
	zassert_equal(now.allocated_bytes, 0);
	zassert_equal(now.free_bytes, start.free_bytes);
	zassert_between_inclusive(now.max_allocated_bytes, 300, 332);

	zassert_ok(sys_heap_runtime_stats_reset_max(&heap));
	zassert_equal(stats().max_allocated_bytes, 0);
}
