/* SPDX-License-Identifier: Apache-2.0 */

/* The heap; sys_heap_layout.h tells how it works. */

#include <zephyr/sys/sys_heap.h>

#include <zephyr/sys/__assert.h>
#include <zephyr/sys/util.h>

#include <string.h>

#include "sys_heap_layout.h"

/* How many chunks of the wanted size's own class a search looks at. */
#define LOOKS 4

/* ---- free chunks ---------------------------------------------------------------------------- */

static void free_list_remove(struct z_heap *h, uint32_t number)
{
	struct heap_chunk *chunk = heap_chunk_at(h, number);
	uint32_t class = heap_class(heap_chunk_size(chunk));

	if (chunk->next != 0) {
		heap_chunk_at(h, chunk->next)->prev = chunk->prev;
	}
	if (chunk->prev != 0) {
		heap_chunk_at(h, chunk->prev)->next = chunk->next;
		return;
	}
	h->heads[class] = chunk->next;
	if (chunk->next == 0) {
		h->filled[class / 32] &= ~(1U << class % 32);
	}
}

static void free_list_add(struct z_heap *h, uint32_t number)
{
	struct heap_chunk *chunk = heap_chunk_at(h, number);
	uint32_t class = heap_class(heap_chunk_size(chunk));

	chunk->prev = 0;
	chunk->next = h->heads[class];
	if (chunk->next != 0) {
		heap_chunk_at(h, chunk->next)->prev = (heap_word)number;
	}
	h->heads[class] = (heap_word)number;
	h->filled[class / 32] |= 1U << class % 32;
}

/* Give a chunk its size, and tell its right neighbour. */
static void set_size(struct z_heap *h, uint32_t number, uint32_t size, bool used)
{
	heap_chunk_at(h, number)->size_used = (heap_word)(size << 1 | used);
	heap_chunk_at(h, number + size)->left = (heap_word)size;
}

/* Make a free chunk of @p size units at @p number, with what is free on its right. */
static void release_units(struct z_heap *h, uint32_t number, uint32_t size)
{
	struct heap_chunk *right = heap_chunk_at(h, number + size);

	if (!heap_chunk_used(right)) {
		free_list_remove(h, number + size);
		size += heap_chunk_size(right);
	}
	set_size(h, number, size, false);
	free_list_add(h, number);
}

/* ---- searching ------------------------------------------------------------------------------ */

/*
 * Units to leave free at the front of chunk @p number, so that the payload behind them is aligned:
 * none, or enough for a chunk. At most align / UNIT + 2 * UNITS_MIN - 3.
 */
static size_t gap_for(const struct z_heap *h, uint32_t number, size_t align)
{
	uintptr_t payload = (uintptr_t)heap_chunk_at(h, number) + HEADER_SIZE;
	size_t gap = (0 - payload) % align / UNIT;

	return gap == 0 || gap >= UNITS_MIN ? gap : gap + align / UNIT;
}

static bool fits(const struct z_heap *h, uint32_t number, uint32_t size, size_t align)
{
	uint32_t room = heap_chunk_size(heap_chunk_at(h, number));
	size_t gap = gap_for(h, number, align);

	return gap <= room && size <= room - gap;
}

/* The first chunk of the lowest class from @p class on that has one; 0 for none. */
static uint32_t first_from(const struct z_heap *h, uint32_t class)
{
	uint32_t word = class / 32;
	uint32_t bits;

	if (class >= h->classes) {
		return 0;
	}
	bits = h->filled[word] & ~0U << class % 32;
	while (bits == 0) {
		if (++word == CLASS_WORDS) {
			return 0;
		}
		bits = h->filled[word];
	}
	return h->heads[word * 32 + (uint32_t)__builtin_ctz(bits)];
}

/* A chunk in which @p size units fit with @p align, looked for where chunks of @p around are. */
static uint32_t search(const struct z_heap *h, uint32_t around, uint32_t size, size_t align)
{
	uint32_t class = heap_class(around);
	uint32_t number = class < h->classes ? h->heads[class] : 0;

	for (int look = 0; look < LOOKS && number != 0; look++) {
		if (fits(h, number, size, align)) {
			return number;
		}
		number = heap_chunk_at(h, number)->next;
	}
	number = first_from(h, class + 1);
	return number != 0 && fits(h, number, size, align) ? number : 0;
}

/* ---- sizes and addresses -------------------------------------------------------------------- */

/* Units of a chunk for @p bytes; 0 if that is more than any heap has. */
static uint32_t units_for(size_t bytes)
{
	if (bytes > (size_t)HEAP_UNITS_MAX * UNIT - HEADER_SIZE - UNIT) {
		return 0;
	}
	return MAX((uint32_t)((bytes + HEADER_SIZE + UNIT - 1) / UNIT), UNITS_MIN);
}

static void *payload_of(const struct z_heap *h, uint32_t number)
{
	return (uint8_t *)heap_chunk_at(h, number) + HEADER_SIZE;
}

/* Whether chunk @p number is in use and its header agrees with those of its neighbours. */
static bool looks_sound(const struct z_heap *h, uint32_t number)
{
	const struct heap_chunk *chunk = heap_chunk_at(h, number);
	uint32_t size = heap_chunk_size(chunk);
	uint32_t left = chunk->left;

	if (!heap_chunk_used(chunk) || size < UNITS_MIN || size > h->end - number ||
	    heap_chunk_at(h, number + size)->left != size) {
		return false;
	}
	if (left == 0 || left >= number) {
		return left == 0 && number == 1;
	}
	return heap_chunk_size(heap_chunk_at(h, number - left)) == left;
}

/* The chunk in use whose payload is at @p mem; 0 if there is none, as far as can be seen. */
static uint32_t chunk_of(const struct z_heap *h, const void *mem)
{
	uintptr_t offset;
	uint32_t number;

	if (h == NULL) {
		return 0;
	}
	offset = (uintptr_t)mem - (uintptr_t)h->base - HEADER_SIZE;
	if (offset % UNIT != 0 || offset / UNIT == 0 || offset / UNIT >= h->end) {
		return 0;
	}
	number = (uint32_t)(offset / UNIT);
	return looks_sound(h, number) ? number : 0;
}

static void count_used(struct z_heap *h, uint32_t more, uint32_t less)
{
#ifdef CONFIG_SYS_HEAP_RUNTIME_STATS
	h->used += more - less;
	h->used_max = MAX(h->used_max, h->used);
#else
	ARG_UNUSED(h);
	ARG_UNUSED(more);
	ARG_UNUSED(less);
#endif
}

/* ---- the calls ------------------------------------------------------------------------------ */

void sys_heap_init(struct sys_heap *heap, void *mem, size_t bytes)
{
	uintptr_t start = ROUND_UP((uintptr_t)mem, UNIT);
	uintptr_t limit = (uintptr_t)mem + bytes;
	size_t units = MIN((limit - start) / UNIT, (size_t)HEAP_UNITS_MAX - 1);
	uint32_t classes;
	uintptr_t first;
	struct z_heap *h;

	heap->heap = NULL;
	heap->init_mem = mem;
	heap->init_bytes = bytes;
	if (bytes < Z_HEAP_MIN_SIZE) {
		__ASSERT(false, "%zu bytes are too few for a heap", bytes);
		return;
	}

	classes = heap_class((uint32_t)units) + 1;
	/* Payloads are aligned, headers stand before them. */
	first = start + sizeof(struct z_heap) + classes * sizeof(heap_word) + HEADER_SIZE;
	first = ROUND_UP(first, UNIT) - HEADER_SIZE;
	units = MIN((limit - HEADER_SIZE - first) / UNIT, (size_t)HEAP_UNITS_MAX - 1);

	h = (struct z_heap *)start;
	(void)memset(h, 0, sizeof(struct z_heap) + classes * sizeof(heap_word));
	h->base = (uint8_t *)(first - UNIT);
	h->end = (uint32_t)units + 1;
	h->classes = classes;
	heap_chunk_at(h, 1)->left = 0;
	heap_chunk_at(h, h->end)->size_used = 1;
	release_units(h, 1, (uint32_t)units);
	heap->heap = h;
}

void *sys_heap_aligned_alloc(struct sys_heap *heap, size_t align, size_t bytes)
{
	struct z_heap *h = heap->heap;
	uint32_t size = units_for(bytes);
	uint32_t number;
	uint32_t free_size;
	uint32_t gap;

	if (align != 0 && !IS_POWER_OF_TWO(align)) {
		__ASSERT(false, "alignment %zu is no power of two", align);
		return NULL;
	}
	if (h == NULL || bytes == 0 || size == 0 || size >= h->end) {
		return NULL;
	}
	align = MAX(align, (size_t)UNIT);

	number = search(h, size, size, align);
	if (number == 0 && align > UNIT && align / UNIT < h->end) {
		/* With the longest gap on top, most chunks found will do. */
		number =
			search(h, size + (uint32_t)(align / UNIT) + 2 * UNITS_MIN - 3, size, align);
	}
	if (number == 0) {
		return NULL;
	}

	free_list_remove(h, number);
	free_size = heap_chunk_size(heap_chunk_at(h, number));
	gap = (uint32_t)gap_for(h, number, align);
	if (gap > 0) {
		set_size(h, number, gap, false);
		free_list_add(h, number);
		number += gap;
		free_size -= gap;
	}
	if (free_size - size < UNITS_MIN) {
		size = free_size;
	}
	set_size(h, number, size, true);
	if (size < free_size) {
		release_units(h, number + size, free_size - size);
	}
	count_used(h, size, 0);
	return payload_of(h, number);
}

void *sys_heap_alloc(struct sys_heap *heap, size_t bytes)
{
	return sys_heap_aligned_alloc(heap, UNIT, bytes);
}

void sys_heap_free(struct sys_heap *heap, void *mem)
{
	struct z_heap *h = heap->heap;
	uint32_t number;
	uint32_t left;
	uint32_t size;

	if (mem == NULL) {
		return;
	}
	number = chunk_of(h, mem);
	if (number == 0) {
		__ASSERT(false, "%p is no block of this heap", mem);
		return;
	}
	size = heap_chunk_size(heap_chunk_at(h, number));
	left = heap_chunk_at(h, number)->left;
	count_used(h, 0, size);
	if (left != 0 && !heap_chunk_used(heap_chunk_at(h, number - left))) {
		number -= left;
		size += left;
		free_list_remove(h, number);
	}
	release_units(h, number, size);
}

/* Change the size of chunk @p number where it is. @return whether it was possible. */
static bool resize(struct z_heap *h, uint32_t number, uint32_t size)
{
	uint32_t old = heap_chunk_size(heap_chunk_at(h, number));
	uint32_t room = old;
	const struct heap_chunk *right = heap_chunk_at(h, number + old);

	if (size > old && !heap_chunk_used(right)) {
		room += heap_chunk_size(right);
	}
	if (size > room) {
		return false;
	}
	if (room > old) {
		free_list_remove(h, number + old);
	}
	if (room - size < UNITS_MIN) {
		size = room;
	}
	set_size(h, number, size, true);
	if (size < room) {
		release_units(h, number + size, room - size);
	}
	count_used(h, size, old);
	return true;
}

void *sys_heap_aligned_realloc(struct sys_heap *heap, void *ptr, size_t align, size_t bytes)
{
	struct z_heap *h = heap->heap;
	uint32_t number;
	uint32_t size = units_for(bytes);
	void *moved;

	if (ptr == NULL) {
		return sys_heap_aligned_alloc(heap, align, bytes);
	}
	if (bytes == 0) {
		sys_heap_free(heap, ptr);
		return NULL;
	}
	number = chunk_of(h, ptr);
	if (number == 0 || (align != 0 && !IS_POWER_OF_TWO(align))) {
		__ASSERT(number != 0, "%p is no block of this heap", ptr);
		__ASSERT(number == 0, "alignment %zu is no power of two", align);
		return NULL;
	}
	if (size != 0 && (align == 0 || (uintptr_t)ptr % align == 0) && resize(h, number, size)) {
		return ptr;
	}
	moved = sys_heap_aligned_alloc(heap, align, bytes);
	if (moved != NULL) {
		(void)memcpy(moved, ptr, MIN(bytes, sys_heap_usable_size(heap, ptr)));
		sys_heap_free(heap, ptr);
	}
	return moved;
}

void *sys_heap_realloc(struct sys_heap *heap, void *ptr, size_t bytes)
{
	return sys_heap_aligned_realloc(heap, ptr, UNIT, bytes);
}

size_t sys_heap_usable_size(struct sys_heap *heap, void *mem)
{
	uint32_t number;

	if (mem == NULL) {
		return 0;
	}
	number = chunk_of(heap->heap, mem);
	if (number == 0) {
		__ASSERT(false, "%p is no block of this heap", mem);
		return 0;
	}
	return (size_t)heap_chunk_size(heap_chunk_at(heap->heap, number)) * UNIT - HEADER_SIZE;
}
