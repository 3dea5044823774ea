/* SPDX-License-Identifier: Apache-2.0 */

/* Looking at a heap from outside: is it whole, and what became of its memory? */

#include <zephyr/sys/sys_heap.h>

#include <errno.h>

#include "sys_heap_layout.h"

/* How many free chunks there are in the row; -1 if it is damaged. */
static int64_t check_row(const struct z_heap *h)
{
	uint32_t number = 1;
	uint32_t left = 0;
	uint32_t used = 0;
	int64_t free_chunks = 0;
	bool left_used = true;

	while (number < h->end) {
		const struct heap_chunk *chunk = heap_chunk_at(h, number);
		uint32_t size = heap_chunk_size(chunk);
		bool chunk_used = heap_chunk_used(chunk);

		if (chunk->left != left || size < UNITS_MIN || size > h->end - number ||
		    (!left_used && !chunk_used)) {
			return -1;
		}
		if (chunk_used) {
			used += size;
		} else {
			free_chunks++;
		}
		number += size;
		left = size;
		left_used = chunk_used;
	}
	if (number != h->end || heap_chunk_at(h, number)->left != left ||
	    heap_chunk_at(h, number)->size_used != 1) {
		return -1;
	}
#ifdef CONFIG_SYS_HEAP_RUNTIME_STATS
	if (h->used != used || h->used_max < used) {
		return -1;
	}
#endif
	(void)used;
	return free_chunks;
}

/* How many chunks there are in the list of @p class, at most @p max; -1 if it is damaged. */
static int64_t check_list(const struct z_heap *h, uint32_t class, int64_t max)
{
	uint32_t number = h->heads[class];
	uint32_t prev = 0;
	int64_t count = 0;

	if ((number != 0) != ((h->filled[class / 32] >> class % 32 & 1) != 0)) {
		return -1;
	}
	while (number != 0) {
		const struct heap_chunk *chunk;

		if (number >= h->end || ++count > max) {
			return -1;
		}
		chunk = heap_chunk_at(h, number);
		if (heap_chunk_used(chunk) || chunk->prev != prev ||
		    heap_class(heap_chunk_size(chunk)) != class) {
			return -1;
		}
		prev = number;
		number = chunk->next;
	}
	return count;
}

bool sys_heap_validate(struct sys_heap *heap)
{
	const struct z_heap *h = heap->heap;
	int64_t free_chunks;

	if (h == NULL) {
		return false;
	}
	free_chunks = check_row(h);
	for (uint32_t class = 0; class < h->classes && free_chunks >= 0; class ++) {
		int64_t listed = check_list(h, class, free_chunks);

		free_chunks = listed < 0 ? -1 : free_chunks - listed;
	}
	for (uint32_t class = h->classes; class < CLASS_WORDS * 32; class ++) {
		if ((h->filled[class / 32] >> class % 32 & 1) != 0) {
			return false;
		}
	}
	return free_chunks == 0;
}

#ifdef CONFIG_SYS_HEAP_RUNTIME_STATS

int sys_heap_runtime_stats_get(struct sys_heap *heap, struct sys_memory_stats *stats)
{
	const struct z_heap *h = heap != NULL ? heap->heap : NULL;

	if (h == NULL || stats == NULL) {
		return -EINVAL;
	}
	stats->free_bytes = (size_t)(h->end - 1 - h->used) * UNIT;
	stats->allocated_bytes = (size_t)h->used * UNIT;
	stats->max_allocated_bytes = (size_t)h->used_max * UNIT;
	return 0;
}

int sys_heap_runtime_stats_reset_max(struct sys_heap *heap)
{
	if (heap == NULL || heap->heap == NULL) {
		return -EINVAL;
	}
	heap->heap->used_max = heap->heap->used;
	return 0;
}

#endif
