/* SPDX-License-Identifier: Apache-2.0 */
/** @file Heaps: memory of any size from fixed areas, and the kernel's own with k_malloc(). */
#ifndef ZEPHYR_KERNEL_HEAP_H_
#define ZEPHYR_KERNEL_HEAP_H_

#include <zephyr/spinlock.h>
#include <zephyr/sys/sys_heap.h>
#include <zephyr/sys/util.h>
#include <zephyr/sys_clock.h>
#include <kernel/wait_q.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A heap that several threads may use and wait for. */
struct k_heap {
	struct sys_heap heap;   /**< set up at the first use if it was defined statically */
	struct wait_q waiters;  /**< who waits for memory; guarded by lock */
	struct k_spinlock lock; /**< guards all of it */
};

#define Z_HEAP_INITIALIZER(memory)                                                                 \
	{                                                                                          \
		{NULL, (memory), sizeof(memory)}, {NULL, NULL},                                    \
		{                                                                                  \
		}                                                                                  \
	}

/**
 * Define a heap in an area of its own of @p bytes, of which it needs some for itself.
 * RAM: the heap and @p bytes.
 */
#define K_HEAP_DEFINE(name, bytes)                                                                 \
	static char __noinit __aligned(8) _k_heap_mem_##name[MAX(bytes, Z_HEAP_MIN_SIZE)];         \
	struct k_heap name = Z_HEAP_INITIALIZER(_k_heap_mem_##name)

/** The same: no platform here has memory without a cache. */
#define K_HEAP_DEFINE_NOCACHE(name, bytes) K_HEAP_DEFINE(name, bytes)

/**
 * Make @p heap one in the caller's @p bytes at @p mem, which it has for as long as it is used.
 * Context: before anybody uses it.   Blocks: no.   Cost: constant.
 */
void k_heap_init(struct k_heap *heap, void *mem, size_t bytes);

/**
 * Allocate @p bytes.
 *
 * Who waits gets memory as soon as enough is given back: the most urgent thread first whose request
 * fits, so that small requests can keep a large one waiting. A request that could never fit does not wait.
 *
 * Context: thread; ISR with K_NO_WAIT.   Blocks: up to @p timeout.
 * Cost: constant, locked; k_heap_free() tries once for each thread that waits.
 * @return the block, aligned to 8 bytes; NULL if none came free in time or @p bytes is 0.
 */
void *k_heap_alloc(struct k_heap *heap, size_t bytes, k_timeout_t timeout);

/** As k_heap_alloc(), aligned to @p align bytes, a power of two. */
void *k_heap_aligned_alloc(struct k_heap *heap, size_t align, size_t bytes, k_timeout_t timeout);

/** As k_heap_alloc(), for @p num times @p size bytes, filled with zeros. */
void *k_heap_calloc(struct k_heap *heap, size_t num, size_t size, k_timeout_t timeout);

/**
 * Change the size of block @p ptr. NULL for @p ptr allocates, 0 for @p bytes frees.
 *
 * Ownership: @p ptr is gone, unless the result is NULL and @p bytes is not 0: then it is unchanged.
 * Context, Blocks, Cost: as k_heap_alloc(), plus copying the contents, locked.
 * @return the block with its contents up to the smaller size; NULL as k_heap_alloc().
 */
void *k_heap_realloc(struct k_heap *heap, void *ptr, size_t bytes, k_timeout_t timeout);

/** Give block @p mem back; NULL is fine. Context: any. Cost: O(waiting threads). */
void k_heap_free(struct k_heap *heap, void *mem);

/**
 * @name The kernel's heap
 * It has CONFIG_HEAP_MEM_POOL_SIZE bytes; with 0 the calls that allocate return NULL.
 * Context: any.   Blocks: no.   Cost: constant, and filling or copying.
 * @{
 */

/** @return @p size bytes, or NULL. */
void *k_malloc(size_t size);

/** @return @p size bytes aligned to @p align, a power of two, or NULL. */
void *k_aligned_alloc(size_t align, size_t size);

/** @return @p nmemb times @p size bytes filled with zeros, or NULL. */
void *k_calloc(size_t nmemb, size_t size);

/** As k_heap_realloc(). */
void *k_realloc(void *ptr, size_t size);

/** Give back what one of them returned; NULL is fine. */
void k_free(void *ptr);

/** @} */

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_KERNEL_HEAP_H_ */
