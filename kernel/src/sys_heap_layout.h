/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What a heap looks like inside.
 *
 * The memory is a row of chunks. A chunk is a header and a payload, is measured in units of 8
 * bytes and numbered by the unit it begins at; numbers begin at 1. A header has the size of its
 * chunk, whether it is in use, and the size of the chunk on its left, so both neighbours are found
 * in one step. Behind the last chunk stands a header alone, in use and of size 0.
 *
 *      z_heap, heads | header payload | header payload | ... | header
 *                    ^ chunk 1                               ^ chunk `end`
 *
 * Free chunks never touch each other. They are in doubly linked lists, one for each class of sizes:
 * four classes between two powers of two, so that the class of a size is a few shifts, and the
 * next class with a chunk in it is found in a bitmap. This is the good fit of TLSF (Masmano,
 * Ripoll, Crespo and Real, "TLSF: a new dynamic memory allocator for real-time systems", 2004),
 * with one bitmap level and numbers in place of pointers.
 *
 * A search looks at a few chunks of the class that the wanted size is in, which may or may not be
 * big enough, and then takes any of a class above. So with a chunk of 5/4 of the wanted size free,
 * an allocation without alignment never fails.
 */

#ifndef KERNEL_SRC_SYS_HEAP_LAYOUT_H_
#define KERNEL_SRC_SYS_HEAP_LAYOUT_H_

#include <zephyr/sys/sys_heap.h>

#define UNIT 8U

/* Sizes and numbers of chunks: in 16 bits where memory is small. */
#ifdef Z_HEAP_BIG
typedef uint32_t heap_word;
#define HEAP_UNITS_MAX 0x7fffffffU
#else
typedef uint16_t heap_word;
#define HEAP_UNITS_MAX 0x7fffU
#endif

/* Written through may_alias: the user stores other types in the same memory. */
struct __attribute__((may_alias)) heap_chunk {
	heap_word left;      /* size of the chunk before it, 0 for the first */
	heap_word size_used; /* its own size, times 2, plus 1 while in use */
	heap_word next;      /* while free: the next of its class, 0 behind the last */
	heap_word prev;      /* while free: the one before it, 0 before the first */
};

#define HEADER_SIZE (2 * sizeof(heap_word))
#define UNITS_MIN   ((uint32_t)(sizeof(struct heap_chunk) / UNIT))

/* Classes: sizes below 4 units have one each, then four to each power of two. */
#define CLASS_BITS  2U
#define CLASS_WORDS (sizeof(heap_word) == 4 ? 4 : 2)

struct z_heap {
	uint8_t *base;    /* where chunk 0 would be, so that payloads are aligned */
	uint32_t end;     /* number of the header behind the last chunk */
	uint32_t classes; /* how many heads there are */
#ifdef CONFIG_SYS_HEAP_RUNTIME_STATS
	uint32_t used;     /* units in chunks in use */
	uint32_t used_max; /* the most of them at once */
#endif
	uint32_t filled[CLASS_WORDS]; /* one bit per class: whether its list has a chunk */
	heap_word heads[];            /* the first chunk of each list, 0 for none */
};

static inline struct heap_chunk *heap_chunk_at(const struct z_heap *h, uint32_t number)
{
	return (struct heap_chunk *)(void *)(h->base + (size_t)number * UNIT);
}

static inline uint32_t heap_chunk_size(const struct heap_chunk *chunk)
{
	return chunk->size_used >> 1;
}

static inline bool heap_chunk_used(const struct heap_chunk *chunk)
{
	return (chunk->size_used & 1) != 0;
}

/* The class that chunks of @p size units are in. */
static inline uint32_t heap_class(uint32_t size)
{
	uint32_t shift;

	if (size < 1U << CLASS_BITS) {
		return size;
	}
	shift = 31U - (uint32_t)__builtin_clz(size) - CLASS_BITS;
	return (shift << CLASS_BITS) + (size >> shift);
}

#endif /* KERNEL_SRC_SYS_HEAP_LAYOUT_H_ */
