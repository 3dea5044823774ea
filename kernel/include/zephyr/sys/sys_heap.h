/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * A heap in memory of the caller's: blocks of any size, in constant time.
 *
 * Every block that is handed out is aligned to 8 bytes and costs a header of 8 bytes (4 on small
 * processors); block and header together are rounded up to 8 bytes, at least 16 (8). The heap as a
 * whole costs 100 to 500 bytes. What is given back joins its free neighbours at once.
 *
 * Nothing here locks: one call at a time per heap. <zephyr/kernel.h> has k_heap, which locks and
 * waits.
 *
 * Faults of the user are looked for where that is cheap: a block that is freed twice, or that is
 * none of this heap, or whose neighbour's header has been overwritten. They fail an assertion; with
 * assertions off the call does nothing.
 *
 * Context: any, one at a time per heap.   Blocks: never.   Cost: constant, unless it says
 * otherwise.
 */

#ifndef ZEPHYR_SYS_SYS_HEAP_H_
#define ZEPHYR_SYS_SYS_HEAP_H_

#include <zephyr/toolchain.h>

#include <zephyr/sys/mem_stats.h>

#ifdef __cplusplus
extern "C" {
#endif

struct z_heap;

/** A heap. The caller owns it. */
struct sys_heap {
	struct z_heap *heap; /**< bookkeeping, in the heap's memory; NULL if that is too small */
	void *init_mem;      /**< the memory, as a static initialiser gives it to a later init */
	size_t init_bytes;   /**< its size in bytes */
};

/* Whether headers have room for large heaps; otherwise they are half as long, as tests may ask. */
#if !defined(Z_HEAP_SMALL) && (__SIZEOF_POINTER__ > 4 || defined(CONFIG_PORT_POSIX) ||             \
			       defined(CONFIG_SYS_HEAP_BIG_ONLY))
#define Z_HEAP_BIG 1
#endif

/** Memory in bytes, of any alignment, that is enough for one small block. */
#ifdef Z_HEAP_BIG
#define Z_HEAP_MIN_SIZE 128
#else
#define Z_HEAP_MIN_SIZE 80
#endif

/**
 * Make a heap of @p bytes at @p mem, at least Z_HEAP_MIN_SIZE. It never uses more than 16 GiB, on
 * small processors (without CONFIG_SYS_HEAP_BIG_ONLY) 256 KiB.
 *
 * Ownership: the heap has the memory until it is used no more. Memory too small fails an assertion;
 * with assertions off every allocation then fails.
 * Context: any.   Cost: constant.
 */
void sys_heap_init(struct sys_heap *heap, void *mem, size_t bytes);

/**
 * Context: any.   Cost: constant.
 * @return a block of @p bytes or a little more; NULL if @p bytes is 0 or there is none.
 */
void *sys_heap_alloc(struct sys_heap *heap, size_t bytes);

/** As sys_heap_alloc(), aligned to @p align bytes, a power of two or 0. */
void *sys_heap_aligned_alloc(struct sys_heap *heap, size_t align, size_t bytes);

/** Give back @p mem; NULL is fine.   Context: any.   Cost: constant. */
void sys_heap_free(struct sys_heap *heap, void *mem);

/**
 * Change the size of the block @p ptr, where it is if possible. NULL for @p ptr allocates, 0 for
 * @p bytes frees.
 *
 * Ownership: @p ptr is gone, unless the result is NULL and @p bytes is not 0: then it is unchanged.
 * Context: any.   Cost: constant, or copying the old contents.
 * @return the block with its contents up to the smaller size; NULL if there is none.
 */
void *sys_heap_realloc(struct sys_heap *heap, void *ptr, size_t bytes);

/** As sys_heap_realloc(), with the result aligned to @p align bytes, a power of two or 0. */
void *sys_heap_aligned_realloc(struct sys_heap *heap, void *ptr, size_t align, size_t bytes);

/** @return the bytes that the user of block @p mem may use, 0 for NULL. */
size_t sys_heap_usable_size(struct sys_heap *heap, void *mem);

/**
 * Look through the whole heap for damage.
 *
 * Context: any.   Cost: a step per block.   @return whether all is as it must be.
 */
bool sys_heap_validate(struct sys_heap *heap);

#ifdef CONFIG_SYS_HEAP_RUNTIME_STATS

/**
 * Store in @p stats what became of the memory, headers included.
 *
 * @return 0; -EINVAL if an argument is NULL or the heap has no memory.
 */
int sys_heap_runtime_stats_get(struct sys_heap *heap, struct sys_memory_stats *stats);

/** Let the maximum begin anew at what users have now. @return as sys_heap_runtime_stats_get(). */
int sys_heap_runtime_stats_reset_max(struct sys_heap *heap);

#endif

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_SYS_SYS_HEAP_H_ */
