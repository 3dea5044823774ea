/* SPDX-License-Identifier: Apache-2.0 */

/* The heap from outside. Where a fault is provoked, asserts may be on or off. */

#include <zephyr/ztest.h>

#include <zephyr/random/random.h>
#include <zephyr/sys/sys_heap.h>
#include <zephyr/sys/util.h>

/* The largest heap here; less where there is little memory. */
#ifdef Z_HEAP_BIG
#define MEMORY_SIZE 65536
#else
#define MEMORY_SIZE 2048
#endif

static uint8_t __aligned(8) memory[MEMORY_SIZE];
static struct sys_heap heap;

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	sys_heap_init(&heap, memory, sizeof(memory));
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	zexpect_true(heap.heap == NULL || sys_heap_validate(&heap));
}

ZTEST_SUITE(sys_heap, NULL, NULL, before, after, NULL);

static int faults;

/* A fault asserts, if asserts are on; the test goes on behind it. */
void ztest_post_assert_fail_hook(void)
{
	faults++;
}

/* Do something that is a fault. */
#define EXPECT_FAULT(statement)                                                                    \
	do {                                                                                       \
		faults = 0;                                                                        \
		ztest_set_assert_valid(true);                                                      \
		statement;                                                                         \
		zassert_equal(faults, IS_ENABLED(CONFIG_ASSERT));                                  \
	} while (false)

/* The largest block there is now. */
static size_t largest_free(void)
{
	size_t low = 0;
	size_t high = sizeof(memory);

	while (low < high) {
		size_t middle = (low + high + 1) / 2;
		void *block = sys_heap_alloc(&heap, middle);

		if (block != NULL) {
			sys_heap_free(&heap, block);
			low = middle;
		} else {
			high = middle - 1;
		}
	}
	return low;
}

static bool is_inside(const void *block, size_t bytes)
{
	const uint8_t *start = block;

	return start >= memory && start + bytes <= memory + sizeof(memory);
}

ZTEST(sys_heap, test_one_block)
{
	uint8_t *block = sys_heap_alloc(&heap, 100);

	zassert_not_null(block);
	zassert_true(is_inside(block, 100));
	zassert_equal((uintptr_t)block % 8, 0);
	zassert_between_inclusive(sys_heap_usable_size(&heap, block), 100, 108);
	memset(block, 0xff, sys_heap_usable_size(&heap, block));
	zassert_true(sys_heap_validate(&heap));
	sys_heap_free(&heap, block);
	zassert_true(sys_heap_validate(&heap));
}

ZTEST(sys_heap, test_nothing)
{
	size_t before_all = largest_free();

	zassert_is_null(sys_heap_alloc(&heap, 0));
	zassert_is_null(sys_heap_aligned_alloc(&heap, 64, 0));
	zassert_is_null(sys_heap_realloc(&heap, NULL, 0));
	sys_heap_free(&heap, NULL);
	zassert_equal(sys_heap_usable_size(&heap, NULL), 0);
	zassert_equal(largest_free(), before_all);
}

ZTEST(sys_heap, test_too_much)
{
	static const size_t sizes[] = {MEMORY_SIZE,  SIZE_MAX,      SIZE_MAX - 1, SIZE_MAX - 7,
				       SIZE_MAX - 8, SIZE_MAX - 16, SIZE_MAX / 2, SIZE_MAX / 2 + 1};
	void *block = sys_heap_alloc(&heap, 50);

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		zassert_is_null(sys_heap_alloc(&heap, sizes[i]));
		zassert_is_null(sys_heap_aligned_alloc(&heap, 16, sizes[i]));
		zassert_is_null(sys_heap_realloc(&heap, block, sizes[i]));
	}
	sys_heap_free(&heap, block);
}

ZTEST(sys_heap, test_all_of_it)
{
	size_t most = largest_free();
	void *block;

	/* What is not for users is a few hundred bytes at most. */
	zassert_true(most > sizeof(memory) - 600, "%zu", most);
	block = sys_heap_alloc(&heap, most);
	zassert_not_null(block);
	memset(block, 0xff, sys_heap_usable_size(&heap, block));
	zassert_is_null(sys_heap_alloc(&heap, 1));
	zassert_true(sys_heap_validate(&heap));
	sys_heap_free(&heap, block);
	zassert_equal(largest_free(), most);
}

/* Fill with equal blocks, free them in different orders: all comes back as one piece. */
static void fill_and_free(size_t bytes, size_t first, size_t step)
{
	static void *blocks[MEMORY_SIZE / 8];
	size_t most = largest_free();
	size_t count = 0;

	do {
		blocks[count] = sys_heap_alloc(&heap, bytes);
		if (blocks[count] != NULL) {
			memset(blocks[count], (int)count, bytes);
		}
	} while (blocks[count++] != NULL);
	count--;
	zassert_true(sys_heap_validate(&heap));
	zassert_true(count * (bytes + 24) > most - bytes - 24, "%zu of %zu", count, bytes);
	for (size_t start = 0; start < step; start++) {
		for (size_t i = (first + start) % step; i < count; i += step) {
			const uint8_t *block = blocks[i];

			zassert_equal(block[0], (uint8_t)i);
			zassert_equal(block[bytes - 1], (uint8_t)i);
			sys_heap_free(&heap, blocks[i]);
		}
		zassert_true(sys_heap_validate(&heap));
	}
	zassert_equal(largest_free(), most);
}

ZTEST(sys_heap, test_exhaustion)
{
	for (size_t bytes = 1; bytes <= 65; bytes += 8) {
		fill_and_free(bytes, 0, 1);
		fill_and_free(bytes, 0, 2);
		fill_and_free(bytes, 1, 2);
		fill_and_free(bytes, 2, 5);
	}
}

ZTEST(sys_heap, test_alignment)
{
	size_t most = largest_free();

	for (size_t align = 1; align <= sizeof(memory) / 4; align *= 2) {
		for (size_t bytes = 1; bytes < 200; bytes += 37) {
			void *shift = sys_heap_alloc(&heap, bytes);
			uint8_t *block = sys_heap_aligned_alloc(&heap, align, bytes);

			zassert_not_null(block);
			zassert_equal((uintptr_t)block % align, 0);
			zassert_equal((uintptr_t)block % 8, 0);
			zassert_true(is_inside(block, bytes));
			memset(block, 0xff, sys_heap_usable_size(&heap, block));
			zassert_true(sys_heap_validate(&heap));
			sys_heap_free(&heap, shift);
			sys_heap_free(&heap, block);
			zassert_equal(largest_free(), most);
		}
	}
	sys_heap_free(&heap, sys_heap_aligned_alloc(&heap, 0, 10));
}

ZTEST(sys_heap, test_alignment_beyond_the_heap)
{
	/* An address can be so aligned by chance; then it is right, otherwise there is none. */
	for (size_t align = sizeof(memory); align != 0; align *= 2) {
		void *block = sys_heap_aligned_alloc(&heap, align, 100);

		if (block != NULL) {
			zassert_equal((uintptr_t)block % align, 0);
			sys_heap_free(&heap, block);
		}
		zassert_true(sys_heap_validate(&heap));
	}
}

/* A block of a cache line fits exactly where one was, although a search for the worst case fails. */
ZTEST(sys_heap, test_alignment_reuses_an_exact_hole)
{
	void *blocks[MEMORY_SIZE / 64] = {NULL};
	size_t count = 0;

	do {
		blocks[count] = sys_heap_aligned_alloc(&heap, 64, 64);
	} while (blocks[count++] != NULL);
	count--;
	zassert_true(count > 4);
	sys_heap_free(&heap, blocks[2]);
	zassert_equal_ptr(sys_heap_aligned_alloc(&heap, 64, 64), blocks[2]);
}

ZTEST(sys_heap, test_alignment_that_is_none)
{
	void *block = sys_heap_alloc(&heap, 10);

	EXPECT_FAULT(zassert_is_null(sys_heap_aligned_alloc(&heap, 24, 10)));
	EXPECT_FAULT(zassert_is_null(sys_heap_aligned_realloc(&heap, block, 3, 10)));
	sys_heap_free(&heap, block);
}

static void fill(uint8_t *block, size_t bytes, uint8_t seed)
{
	for (size_t i = 0; i < bytes; i++) {
		block[i] = (uint8_t)(seed + 7 * i);
	}
}

static void check(const uint8_t *block, size_t bytes, uint8_t seed)
{
	for (size_t i = 0; i < bytes; i++) {
		zassert_equal(block[i], (uint8_t)(seed + 7 * i), "byte %zu", i);
	}
}

ZTEST(sys_heap, test_realloc_in_place)
{
	uint8_t *block = sys_heap_realloc(&heap, NULL, 100);
	size_t most = largest_free();

	zassert_not_null(block);
	fill(block, 100, 1);
	zassert_equal_ptr(sys_heap_realloc(&heap, block, 300), block);
	check(block, 100, 1);
	fill(block, 300, 2);
	zassert_equal_ptr(sys_heap_realloc(&heap, block, 100), block);
	check(block, 100, 2);
	zassert_equal(largest_free(), most, "the rest came back");
	zassert_equal_ptr(sys_heap_realloc(&heap, block, 101), block);
	zassert_true(sys_heap_usable_size(&heap, block) >= 101);
	zassert_is_null(sys_heap_realloc(&heap, block, 0));
	zassert_true(largest_free() > most);
}

ZTEST(sys_heap, test_realloc_moves)
{
	uint8_t *block = sys_heap_alloc(&heap, 100);
	void *wall = sys_heap_alloc(&heap, 8);
	uint8_t *moved;

	fill(block, 100, 3);
	moved = sys_heap_realloc(&heap, block, 200);
	zassert_not_null(moved);
	zassert_true(moved != block);
	check(moved, 100, 3);
	zassert_equal_ptr(sys_heap_alloc(&heap, 100), block, "the old place is free");
	sys_heap_free(&heap, wall);
}

ZTEST(sys_heap, test_realloc_without_room)
{
	uint8_t *block = sys_heap_alloc(&heap, 100);
	void *wall = sys_heap_alloc(&heap, 8);
	void *rest = sys_heap_alloc(&heap, largest_free());

	zassert_not_null(rest);
	fill(block, 100, 4);
	zassert_is_null(sys_heap_realloc(&heap, block, 200));
	check(block, 100, 4);
	zassert_equal_ptr(sys_heap_realloc(&heap, block, 10), block);
	check(block, 10, 4);
	sys_heap_free(&heap, wall);
}

ZTEST(sys_heap, test_realloc_to_an_alignment)
{
	uint8_t *block;
	uint8_t *aligned;

	/* A block that is not aligned to 64 by chance. */
	do {
		block = sys_heap_alloc(&heap, 40);
	} while (block != NULL && (uintptr_t)block % 64 == 0);
	zassert_not_null(block);
	fill(block, 40, 5);
	aligned = sys_heap_aligned_realloc(&heap, block, 64, 40);
	zassert_not_null(aligned);
	zassert_equal((uintptr_t)aligned % 64, 0);
	check(aligned, 40, 5);
	zassert_equal_ptr(sys_heap_aligned_realloc(&heap, aligned, 64, 30), aligned);
	zassert_equal_ptr(sys_heap_aligned_realloc(&heap, aligned, 0, 30), aligned);
}

ZTEST(sys_heap, test_double_free)
{
	void *first = sys_heap_alloc(&heap, 40);
	void *second = sys_heap_alloc(&heap, 40);
	void *third = sys_heap_alloc(&heap, 40);

	sys_heap_free(&heap, second);
	EXPECT_FAULT(sys_heap_free(&heap, second));
	zassert_true(sys_heap_validate(&heap));
	/* Now its header is in the middle of a larger free block. */
	sys_heap_free(&heap, first);
	EXPECT_FAULT(sys_heap_free(&heap, second));
	zassert_true(sys_heap_validate(&heap));
	sys_heap_free(&heap, third);
	EXPECT_FAULT(sys_heap_free(&heap, third));
	EXPECT_FAULT(zassert_equal(sys_heap_usable_size(&heap, third), 0));
	EXPECT_FAULT(zassert_is_null(sys_heap_realloc(&heap, third, 10)));
	EXPECT_FAULT(zassert_is_null(sys_heap_realloc(&heap, third, 0)));
}

ZTEST(sys_heap, test_foreign_pointers)
{
	static uint8_t __aligned(8) other[64];
	uint8_t *block = sys_heap_alloc(&heap, 64);
	void *const wrong[] = {
		other + 16,
		memory,
		memory + sizeof(memory),
		memory + sizeof(memory) - 8,
		block + 1,
		block + 8,
		block + 16,
		block - 8,
		(void *)(uintptr_t)8,
	};

	memset(block, 0, 64);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		EXPECT_FAULT(sys_heap_free(&heap, wrong[i]));
		EXPECT_FAULT(
			zassert_equal(sys_heap_usable_size(&heap, wrong[i]), 0, "pointer %zu", i));
		zassert_true(sys_heap_validate(&heap));
	}
	zassert_between_inclusive(sys_heap_usable_size(&heap, block), 64, 72);
	sys_heap_free(&heap, block);
}

ZTEST(sys_heap, test_validate_sees_damage)
{
	uint8_t *block = sys_heap_alloc(&heap, 40);
	uint8_t *next = sys_heap_alloc(&heap, 40);
	size_t usable = sys_heap_usable_size(&heap, block);

	for (size_t i = 0; i < (size_t)(next - block) - usable; i++) {
		uint8_t *overrun = &block[usable + i];

		for (int bit = 0; bit < 8; bit++) {
			*overrun ^= (uint8_t)(1 << bit);
			zassert_false(sys_heap_validate(&heap), "byte %zu bit %d", i, bit);
			*overrun ^= (uint8_t)(1 << bit);
		}
	}
	zassert_true(sys_heap_validate(&heap));

	/* And the links of a free block. */
	sys_heap_free(&heap, block);
	for (int bit = 0; bit < 16; bit++) {
		block[bit / 8] ^= (uint8_t)(1 << bit % 8);
		zassert_false(sys_heap_validate(&heap), "link, bit %d", bit);
		block[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

ZTEST(sys_heap, test_overrun_is_not_passed_on)
{
	uint8_t *block = sys_heap_alloc(&heap, 40);
	uint8_t *next = sys_heap_alloc(&heap, 40);
	size_t usable = sys_heap_usable_size(&heap, block);
	uint8_t kept[8];
	size_t header = (size_t)(next - block) - usable;

	zassert_true(header <= sizeof(kept));
	memcpy(kept, block + usable, header);
	memset(block + usable, 'A', header);
	EXPECT_FAULT(sys_heap_free(&heap, block));
	EXPECT_FAULT(sys_heap_free(&heap, next));
	memcpy(block + usable, kept, header);
	zassert_true(sys_heap_validate(&heap));
	zassert_equal(sys_heap_usable_size(&heap, block), usable, "still there");
	zassert_true(sys_heap_usable_size(&heap, next) >= 40);
}

ZTEST(sys_heap, test_memory_of_any_size_and_alignment)
{
	for (size_t offset = 0; offset < 8; offset++) {
		for (size_t bytes = Z_HEAP_MIN_SIZE; bytes < Z_HEAP_MIN_SIZE + 80; bytes++) {
			void *block;

			memset(memory, 0xa5, sizeof(memory));
			sys_heap_init(&heap, memory + offset, bytes);
			zassert_equal_ptr(heap.init_mem, memory + offset);
			zassert_equal(heap.init_bytes, bytes);
			block = sys_heap_alloc(&heap, 1);
			zassert_not_null(block, "%zu bytes at %zu", bytes, offset);
			zassert_equal((uintptr_t)block % 8, 0);
			while (block != NULL) {
				memset(block, 0xff, sys_heap_usable_size(&heap, block));
				zassert_true(sys_heap_validate(&heap));
				block = sys_heap_alloc(&heap, 1);
			}
			for (size_t i = 0; i < sizeof(memory); i++) {
				zassert_true((i >= offset && i < offset + bytes) ||
						     memory[i] == 0xa5,
					     "%zu bytes at %zu: byte %zu", bytes, offset, i);
			}
		}
	}
}

ZTEST(sys_heap, test_memory_that_is_too_small)
{
	for (size_t bytes = 0; bytes < Z_HEAP_MIN_SIZE; bytes += 7) {
		EXPECT_FAULT(sys_heap_init(&heap, memory, bytes));
		zassert_is_null(sys_heap_alloc(&heap, 1));
		zassert_is_null(sys_heap_aligned_alloc(&heap, 64, 1));
		zassert_false(sys_heap_validate(&heap));
		EXPECT_FAULT(sys_heap_free(&heap, memory));
	}
}

/* More holes of the right class, all too small, than a search looks at, and a larger one. */
ZTEST(sys_heap, test_near_misses)
{
	const size_t small = 17 * 8 - 8;
	const size_t wanted = 19 * 8 - 8;
	void *holes[6];
	void *rest;

	for (size_t i = 0; i < ARRAY_SIZE(holes); i++) {
		holes[i] = sys_heap_alloc(&heap, small);
		if (i > 0) {
			zassert_not_null(sys_heap_alloc(&heap, 8));
		}
	}
	rest = sys_heap_alloc(&heap, largest_free());
	zassert_true(sys_heap_usable_size(&heap, rest) > wanted);
	for (size_t i = 1; i < ARRAY_SIZE(holes); i++) {
		sys_heap_free(&heap, holes[i]);
	}
	zassert_is_null(sys_heap_alloc(&heap, wanted));
	sys_heap_free(&heap, rest);
	zassert_not_null(sys_heap_alloc(&heap, wanted));
}

/* The first hole that is large enough is not aligned, and aligned in it the block does not fit. */
ZTEST(sys_heap, test_alignment_looks_further)
{
	const size_t align = 256;
	uint8_t *hole;
	uint8_t *block;

	do {
		hole = sys_heap_alloc(&heap, 100);
		zassert_not_null(hole);
		zassert_not_null(sys_heap_alloc(&heap, 8));
	} while (ROUND_UP(hole, align) < (uintptr_t)hole + 100);
	sys_heap_free(&heap, hole);
	block = sys_heap_aligned_alloc(&heap, align, 64);
	zassert_not_null(block);
	zassert_equal((uintptr_t)block % align, 0);
}

/*
 * Four fifths of the largest free block, or more, can always be had: what the classes may hide is
 * less than a fourth of the wanted size.
 */
ZTEST(sys_heap, test_fit)
{
	for (size_t bytes = 16; bytes < sizeof(memory) / 4; bytes += bytes / 7 + 1) {
		void *hole = sys_heap_alloc(&heap, bytes * 5 / 4 + 16);
		void *wall = sys_heap_alloc(&heap, 1);
		void *rest = sys_heap_alloc(&heap, largest_free());
		void *block;

		sys_heap_free(&heap, hole);
		block = sys_heap_alloc(&heap, bytes);
		zassert_not_null(block, "%zu bytes", bytes);
		sys_heap_free(&heap, block);
		sys_heap_free(&heap, wall);
		sys_heap_free(&heap, rest);
	}
}

/* ---- random use, every step checked against a table of what is handed out ------------------- */

#define BLOCKS 64
#define STEPS  20000

static struct {
	uint8_t *start;
	size_t bytes;
	uint8_t seed;
} blocks[BLOCKS];

static uint32_t next_random(uint32_t below)
{
	/* Numerical Recipes' congruential generator: the same sequence everywhere, on every run. */
	static uint32_t state = 12345;

	state = state * 1664525 + 1013904223;
	return (state >> 8) % below;
}

static size_t random_size(void)
{
	/* Small ones often, large ones sometimes. */
	return 1 + next_random(next_random(16) == 0 ? MEMORY_SIZE / 8 : 200);
}

static void check_apart(int which)
{
	const uint8_t *start = blocks[which].start;
	const uint8_t *end = start + sys_heap_usable_size(&heap, blocks[which].start);

	zassert_true(is_inside(start, (size_t)(end - start)));
	for (int i = 0; i < BLOCKS; i++) {
		const uint8_t *other = blocks[i].start;

		zassert_true(i == which || other == NULL || other >= end ||
			     other + blocks[i].bytes <= start);
	}
}

static void step(int which)
{
	size_t bytes = random_size();
	size_t align = (size_t)1 << next_random(9);
	uint8_t *block = blocks[which].start;

	if (block != NULL) {
		check(block, blocks[which].bytes, blocks[which].seed);
	}
	if (block == NULL) {
		block = sys_heap_aligned_alloc(&heap, align, bytes);
	} else if (next_random(3) > 0) {
		sys_heap_free(&heap, block);
		blocks[which].start = NULL;
		return;
	} else {
		block = sys_heap_aligned_realloc(&heap, block, align, bytes);
		if (block != NULL) {
			check(block, MIN(bytes, blocks[which].bytes), blocks[which].seed);
		}
	}
	if (block != NULL) {
		zassert_equal((uintptr_t)block % align, 0);
		zassert_true(sys_heap_usable_size(&heap, block) >= bytes);
		blocks[which].start = block;
		blocks[which].bytes = bytes;
		blocks[which].seed = (uint8_t)next_random(256);
		fill(block, bytes, blocks[which].seed);
		check_apart(which);
	}
}

ZTEST(sys_heap, test_random_use)
{
	size_t most = largest_free();

	memset(blocks, 0, sizeof(blocks));
	for (int i = 0; i < STEPS; i++) {
		step((int)next_random(BLOCKS));
		if (i % 16 == 0) {
			zassert_true(sys_heap_validate(&heap), "step %d", i);
		}
	}
	for (int i = 0; i < BLOCKS; i++) {
		sys_heap_free(&heap, blocks[i].start);
	}
	zassert_true(sys_heap_validate(&heap));
	zassert_equal(largest_free(), most);
}
