/* SPDX-License-Identifier: Apache-2.0 */

/* k_heap and k_malloc() in one context. What the memory itself does is tested in sys_heap. */

#include <zephyr/irq_offload.h>
#include <zephyr/ztest.h>

#define SIZE 1024

K_HEAP_DEFINE(defined_heap, SIZE);
K_HEAP_DEFINE_NOCACHE(nocache_heap, SIZE);
static char __aligned(8) area[SIZE];
static struct k_heap heap;

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	k_heap_init(&heap, area, sizeof(area));
}

/* Take all of @p h in blocks of 64 bytes, then give it back. @return how many there were. */
static int use_up(struct k_heap *h)
{
	void *blocks[SIZE / 64];
	int n = 0;

	while ((blocks[n] = k_heap_alloc(h, 64, K_NO_WAIT)) != NULL) {
		memset(blocks[n], n, 64);
		n++;
	}
	for (int i = 0; i < n; i++) {
		for (int b = 0; b < 64; b++) {
			zassert_equal(((char *)blocks[i])[b], i);
		}
		k_heap_free(h, blocks[i]);
	}
	return n;
}

ZTEST_SUITE(heap, NULL, NULL, before, NULL, NULL);

ZTEST(heap, test_all_comes_back)
{
	struct k_heap *heaps[] = {&heap, &defined_heap, &nocache_heap};

	for (size_t i = 0; i < ARRAY_SIZE(heaps); i++) {
		int n = use_up(heaps[i]);

		zassert_true(n >= 8, "room for %d blocks", n);
		zassert_equal(use_up(heaps[i]), n);
	}
}

ZTEST(heap, test_alignment)
{
	for (size_t align = 1; align <= 128; align *= 2) {
		void *a = k_heap_aligned_alloc(&heap, align, 10, K_NO_WAIT);
		void *b = k_heap_aligned_alloc(&heap, align, 10, K_NO_WAIT);

		zassert_not_null(a);
		zassert_not_null(b);
		zassert_equal((uintptr_t)a % align, 0);
		zassert_equal((uintptr_t)b % align, 0);
		k_heap_free(&heap, a);
		k_heap_free(&heap, b);
	}
}

ZTEST(heap, test_calloc)
{
	static const char zeros[100];
	char *mem;

	memset(area, 0xff, sizeof(area));
	k_heap_init(&heap, area, sizeof(area));
	mem = k_heap_calloc(&heap, 10, 10, K_NO_WAIT);
	zassert_not_null(mem);
	zassert_mem_equal(mem, zeros, 100);
	k_heap_free(&heap, mem);
	zassert_is_null(k_heap_calloc(&heap, SIZE_MAX / 2, 3, K_NO_WAIT));
	zassert_is_null(k_heap_calloc(&heap, 3, SIZE_MAX / 2, K_NO_WAIT));
	zassert_is_null(k_heap_calloc(&heap, 0, 10, K_NO_WAIT));
	zassert_is_null(k_heap_calloc(&heap, 10, 0, K_NO_WAIT));
}

ZTEST(heap, test_realloc)
{
	char *mem = k_heap_realloc(&heap, NULL, 10, K_NO_WAIT);
	char *more;

	zassert_not_null(mem);
	memcpy(mem, "123456789", 10);
	more = k_heap_realloc(&heap, mem, 200, K_NO_WAIT);
	zassert_not_null(more);
	zassert_mem_equal(more, "123456789", 10);
	/* No room: what was there stays as it is. */
	zassert_is_null(k_heap_realloc(&heap, more, SIZE, K_NO_WAIT));
	zassert_mem_equal(more, "123456789", 10);
	zassert_is_null(k_heap_realloc(&heap, more, 0, K_NO_WAIT));
	zassert_true(use_up(&heap) >= 8);
}

ZTEST(heap, test_nothing_and_too_much)
{
	zassert_is_null(k_heap_alloc(&heap, 0, K_FOREVER));
	zassert_is_null(k_heap_alloc(&heap, SIZE + 1, K_FOREVER));
	zassert_is_null(k_heap_alloc(&heap, SIZE_MAX, K_FOREVER));
	k_heap_free(&heap, NULL);
	zassert_true(use_up(&heap) >= 8);
}

static void use_in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	zassert_true(use_up(&heap) >= 8);
}

ZTEST(heap, test_in_isr)
{
	irq_offload(use_in_isr, NULL);
}

#if CONFIG_HEAP_MEM_POOL_SIZE > 0

ZTEST(heap, test_malloc)
{
	static const char zeros[50];
	char *mem;

	for (int i = 0; i < 5000; i++) {
		mem = k_malloc(100);
		zassert_not_null(mem);
		memset(mem, 0xff, 100);
		mem = k_realloc(mem, 300);
		zassert_not_null(mem);
		zassert_equal(mem[99], (char)0xff);
		k_free(mem);
		mem = k_calloc(5, 10);
		zassert_mem_equal(mem, zeros, 50);
		k_free(mem);
		mem = k_aligned_alloc(256, 10);
		zassert_not_null(mem);
		zassert_equal((uintptr_t)mem % 256, 0);
		k_free(mem);
	}
	zassert_is_null(k_malloc(0));
	zassert_is_null(k_malloc(CONFIG_HEAP_MEM_POOL_SIZE));
	zassert_is_null(k_calloc(SIZE_MAX / 2, 3));
	zassert_is_null(k_realloc(k_malloc(10), 0));
	k_free(NULL);
}

#else

ZTEST(heap, test_no_malloc)
{
	zassert_is_null(k_malloc(1));
	zassert_is_null(k_calloc(1, 1));
	zassert_is_null(k_realloc(NULL, 1));
	zassert_is_null(k_aligned_alloc(8, 1));
	k_free(NULL);
}

#endif
