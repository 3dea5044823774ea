/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Memory slabs: blocks of one size from a fixed area.
 *
 * Unless something else is said. Context: any. Blocks: never. Cost: one short lock.
 */
#ifndef ZEPHYR_KERNEL_MEM_SLAB_H_
#define ZEPHYR_KERNEL_MEM_SLAB_H_

#include <zephyr/spinlock.h>
#include <zephyr/sys/mem_stats.h>
#include <zephyr/sys/util.h>
#include <zephyr/sys_clock.h>
#include <kernel/wait_q.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a slab is made of, and what became of it. */
struct k_mem_slab_info {
	uint32_t num_blocks; /**< blocks in all */
	size_t block_size;   /**< bytes of a block */
	uint32_t num_used;   /**< blocks that users have */
	uint32_t max_used;   /**< the most that they ever had at once */
};

/** A slab. Threads wait only while all blocks are used. */
struct k_mem_slab {
	struct k_spinlock lock; /**< guards the rest */
	struct wait_q waiters;  /**< who waits for a block */
	char *buffer;           /**< the blocks, side by side */
	void *free_list;        /**< blocks given back, linked by their first words */
	uint32_t fresh;         /**< block of this number and above were never used */
	struct k_mem_slab_info info;
};

#define Z_MEM_SLAB_INITIALIZER(obj, slab_buffer, slab_block_size, slab_num_blocks)                 \
	{                                                                                          \
		{}, {NULL, NULL}, (slab_buffer), NULL, 0,                                          \
		{                                                                                  \
			(slab_num_blocks), (slab_block_size), 0, 0                                 \
		}                                                                                  \
	}

#define Z_MEM_SLAB_MEMORY(name, slab_block_size, slab_num_blocks, slab_align)                      \
	BUILD_ASSERT((slab_block_size) % (slab_align) == 0 && IS_POWER_OF_TWO(slab_align),         \
		     "blocks are as long as their alignment, a power of two, or a multiple");      \
	static char __noinit __aligned(WB_UP(slab_align))                                          \
		_k_mem_slab_buf_##name[(slab_num_blocks)*WB_UP(slab_block_size)]

/**
 * Define a slab of @p slab_num_blocks blocks of @p slab_block_size bytes, rounded up to whole words,
 * aligned to @p slab_align. RAM: the slab and its blocks.
 */
#define K_MEM_SLAB_DEFINE(name, slab_block_size, slab_num_blocks, slab_align)                      \
	Z_MEM_SLAB_MEMORY(name, slab_block_size, slab_num_blocks, slab_align);                     \
	struct k_mem_slab name = Z_MEM_SLAB_INITIALIZER(name, _k_mem_slab_buf_##name,              \
							WB_UP(slab_block_size), slab_num_blocks)

/** The same, known in this file only. */
#define K_MEM_SLAB_DEFINE_STATIC(name, slab_block_size, slab_num_blocks, slab_align)               \
	Z_MEM_SLAB_MEMORY(name, slab_block_size, slab_num_blocks, slab_align);                     \
	static struct k_mem_slab name = Z_MEM_SLAB_INITIALIZER(                                    \
		name, _k_mem_slab_buf_##name, WB_UP(slab_block_size), slab_num_blocks)

/**
 * Make @p slab one of @p num_blocks blocks of @p block_size bytes in the caller's @p buffer, which
 * it has for as long as it is used. Context: before anybody uses it. Blocks: no.
 * @return 0, -EINVAL if @p buffer or @p block_size is no multiple of the size of a pointer, or 0.
 */
int k_mem_slab_init(struct k_mem_slab *slab, void *buffer, size_t block_size, uint32_t num_blocks);

/**
 * Allocate a block.
 *
 * Context: thread; ISR with K_NO_WAIT.   Blocks: up to @p timeout.   Cost: one short lock.
 * @return 0 and the block in *@p mem; else NULL there and -ENOMEM if there is none and not waiting,
 * -EAGAIN after @p timeout.
 */
int k_mem_slab_alloc(struct k_mem_slab *slab, void **mem, k_timeout_t timeout);

/**
 * Give block @p mem back, to the thread that waits first. What is no block of @p slab fails an
 * assertion; with assertions off nothing happens.
 * Context: any.   Cost: one short lock; a system call only if somebody sleeps.
 */
void k_mem_slab_free(struct k_mem_slab *slab, void *mem);

/** @return blocks in use, free, and the most ever in use, at some moment of the call. */
uint32_t k_mem_slab_num_used_get(struct k_mem_slab *slab);
uint32_t k_mem_slab_num_free_get(struct k_mem_slab *slab);
uint32_t k_mem_slab_max_used_get(struct k_mem_slab *slab);

/** The same in bytes. @return 0, -EINVAL if an argument is NULL. */
int k_mem_slab_runtime_stats_get(struct k_mem_slab *slab, struct sys_memory_stats *stats);

/** Let the maximum begin anew at what is in use. @return 0, -EINVAL if @p slab is NULL. */
int k_mem_slab_runtime_stats_reset_max(struct k_mem_slab *slab);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_KERNEL_MEM_SLAB_H_ */
