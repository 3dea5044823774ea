/* SPDX-License-Identifier: Apache-2.0 */

/* k_mem_slab in one context. */

#include <zephyr/irq_offload.h>
#include <zephyr/ztest.h>

#define BLOCKS 5

K_MEM_SLAB_DEFINE(defined_slab, 24, BLOCKS, 8);
K_MEM_SLAB_DEFINE_STATIC(static_slab, 4, BLOCKS, 4);
static char __aligned(sizeof(void *)) area[BLOCKS * 32];
static struct k_mem_slab slab;

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	zassert_ok(k_mem_slab_init(&slab, area, 32, BLOCKS));
}

ZTEST_SUITE(mem_slab, NULL, NULL, before, NULL, NULL);

ZTEST(mem_slab, test_init)
{
	zassert_equal(k_mem_slab_init(&slab, area + 1, 32, 2), -EINVAL);
	zassert_equal(k_mem_slab_init(&slab, area, 30, 2), -EINVAL);
	zassert_equal(k_mem_slab_init(&slab, area, 0, 2), -EINVAL);
	zassert_equal(k_mem_slab_num_free_get(&slab), BLOCKS);
	/* Blocks are made long enough for a pointer. */
	zassert_equal(static_slab.info.block_size, sizeof(void *));
}

static void use_up(struct k_mem_slab *s)
{
	size_t size = s->info.block_size;
	void *blocks[BLOCKS];
	void *none = &none;

	for (uint32_t n = 0; n < BLOCKS; n++) {
		zassert_equal(k_mem_slab_num_used_get(s), n);
		zassert_equal(k_mem_slab_num_free_get(s), BLOCKS - n);
		zassert_ok(k_mem_slab_alloc(s, &blocks[n], K_NO_WAIT));
		zassert_equal((uintptr_t)blocks[n] % sizeof(void *), 0);
		memset(blocks[n], (int)n + 1, size);
	}
	zassert_equal(k_mem_slab_alloc(s, &none, K_NO_WAIT), -ENOMEM);
	zassert_is_null(none);
	zassert_equal(k_mem_slab_num_free_get(s), 0);
	for (uint32_t n = 0; n < BLOCKS; n++) {
		for (size_t b = 0; b < size; b++) {
			zassert_equal(((char *)blocks[n])[b], (char)(n + 1), "blocks overlap");
		}
		k_mem_slab_free(s, blocks[n]);
	}
	zassert_equal(k_mem_slab_num_used_get(s), 0);
	zassert_equal(k_mem_slab_max_used_get(s), BLOCKS);
}

ZTEST(mem_slab, test_use_up)
{
	for (int i = 0; i < 3; i++) {
		use_up(&slab);
		use_up(&defined_slab);
		use_up(&static_slab);
	}
}

ZTEST(mem_slab, test_last_freed_first)
{
	void *a;
	void *b;
	void *again;

	zassert_ok(k_mem_slab_alloc(&slab, &a, K_NO_WAIT));
	zassert_ok(k_mem_slab_alloc(&slab, &b, K_NO_WAIT));
	k_mem_slab_free(&slab, a);
	zassert_ok(k_mem_slab_alloc(&slab, &again, K_NO_WAIT));
	zassert_equal(again, a);
}

ZTEST(mem_slab, test_stats)
{
	struct sys_memory_stats stats;
	void *blocks[3];

	for (int i = 0; i < 3; i++) {
		zassert_ok(k_mem_slab_alloc(&slab, &blocks[i], K_NO_WAIT));
	}
	k_mem_slab_free(&slab, blocks[0]);
	zassert_ok(k_mem_slab_runtime_stats_get(&slab, &stats));
	zassert_equal(stats.allocated_bytes, 64);
	zassert_equal(stats.free_bytes, (size_t)(BLOCKS - 2) * 32);
	zassert_equal(stats.max_allocated_bytes, 96);
	zassert_ok(k_mem_slab_runtime_stats_reset_max(&slab));
	zassert_equal(k_mem_slab_max_used_get(&slab), 2);
	zassert_equal(k_mem_slab_runtime_stats_get(NULL, &stats), -EINVAL);
	zassert_equal(k_mem_slab_runtime_stats_get(&slab, NULL), -EINVAL);
	zassert_equal(k_mem_slab_runtime_stats_reset_max(NULL), -EINVAL);
}

#ifndef CONFIG_ASSERT
/* With assertions a bad pointer stops the program; without, nothing happens. */
ZTEST(mem_slab, test_bad_pointers)
{
	void *block;

	k_mem_slab_free(&slab, area);
	zassert_equal(k_mem_slab_num_used_get(&slab), 0);
	zassert_ok(k_mem_slab_alloc(&slab, &block, K_NO_WAIT));
	k_mem_slab_free(&slab, NULL);
	k_mem_slab_free(&slab, (char *)block + 8);
	k_mem_slab_free(&slab, (void *)((uintptr_t)area - 32));
	k_mem_slab_free(&slab, area + 32); /* never handed out */
	k_mem_slab_free(&slab, area + sizeof(area));
	zassert_equal(k_mem_slab_num_used_get(&slab), 1);
	k_mem_slab_free(&slab, block);
	k_mem_slab_free(&slab, block); /* all are at home */
	zassert_equal(k_mem_slab_num_used_get(&slab), 0);
	use_up(&slab);
}
#else
ZTEST(mem_slab, test_bad_pointer_asserts)
{
	ztest_set_assert_valid(true);
	k_mem_slab_free(&slab, area);
	ztest_test_fail();
}
#endif

static void use_in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	use_up(&slab);
}

ZTEST(mem_slab, test_in_isr)
{
	irq_offload(use_in_isr, NULL);
}
