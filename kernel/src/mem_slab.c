/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Memory slabs. Blocks that were given back are a list; those never used stand behind them in order,
 * so that a slab needs no set-up at run time.
 */
#include <zephyr/kernel.h>

#include <errno.h>

/* The first word of a free block; the user stores other types there. */
struct __attribute__((may_alias)) free_block {
	void *next;
};

int k_mem_slab_init(struct k_mem_slab *slab, void *buffer, size_t block_size, uint32_t num_blocks)
{
	if (block_size == 0 || ((uintptr_t)buffer | block_size) % sizeof(void *) != 0) {
		return -EINVAL;
	}
	*slab = (struct k_mem_slab)Z_MEM_SLAB_INITIALIZER(*slab, buffer, block_size, num_blocks);
	return 0;
}

/* A free block, NULL if there is none. Slab locked. */
static void *take_block(struct k_mem_slab *slab)
{
	struct free_block *block = slab->free_list;

	if (block != NULL) {
		slab->free_list = block->next;
	} else if (slab->fresh < slab->info.num_blocks) {
		block = (void *)(slab->buffer + slab->fresh * slab->info.block_size);
		slab->fresh++;
	} else {
		return NULL;
	}
	slab->info.num_used++;
	slab->info.max_used = MAX(slab->info.max_used, slab->info.num_used);
	return block;
}

int k_mem_slab_alloc(struct k_mem_slab *slab, void **mem, k_timeout_t timeout)
{
	k_spinlock_key_t key = k_spin_lock(&slab->lock);
	int64_t deadline;
	struct waiter w;
	int ret = 0;

	*mem = take_block(slab);
	if (likely(*mem != NULL)) {
		k_spin_unlock(&slab->lock, key);
		return 0;
	}
	if (!wait_allowed(timeout)) {
		k_spin_unlock(&slab->lock, key);
		return -ENOMEM;
	}
	deadline = sys_clock_deadline(timeout);
	waiter_init(&w, NULL);
	waiter_kind(&w, WAIT_FOR_ROOM);
	ret = wait_q_wait(&slab->waiters, &w, &slab->lock, key, deadline);
	*mem = w.data;
	return ret;
}

/* Whether @p mem is a block of @p slab that may be in use. Slab locked. */
static bool is_block(const struct k_mem_slab *slab, const void *mem)
{
	size_t offset = (uintptr_t)mem - (uintptr_t)slab->buffer;

	return slab->info.num_used > 0 && offset % slab->info.block_size == 0 &&
	       offset / slab->info.block_size < slab->fresh;
}

void k_mem_slab_free(struct k_mem_slab *slab, void *mem)
{
	k_spinlock_key_t key = k_spin_lock(&slab->lock);
	struct waiter *next;

	if (unlikely(!is_block(slab, mem))) {
		k_spin_unlock(&slab->lock, key);
		__ASSERT(false, "%p is no used block of this slab", mem);
		return;
	}
	next = wait_q_take(&slab->waiters);
	if (unlikely(next != NULL)) {
		struct k_thread *woken;

		next->data = mem;
		woken = waiter_finish(next, 0);
		k_spin_unlock(&slab->lock, key);
		waiter_wake(woken);
		return;
	}
	((struct free_block *)mem)->next = slab->free_list;
	slab->free_list = mem;
	slab->info.num_used--;
	k_spin_unlock(&slab->lock, key);
}

static struct k_mem_slab_info info_get(struct k_mem_slab *slab)
{
	k_spinlock_key_t key = k_spin_lock(&slab->lock);
	struct k_mem_slab_info info = slab->info;

	k_spin_unlock(&slab->lock, key);
	return info;
}

uint32_t k_mem_slab_num_used_get(struct k_mem_slab *slab)
{
	return info_get(slab).num_used;
}

uint32_t k_mem_slab_num_free_get(struct k_mem_slab *slab)
{
	struct k_mem_slab_info info = info_get(slab);

	return info.num_blocks - info.num_used;
}

uint32_t k_mem_slab_max_used_get(struct k_mem_slab *slab)
{
	return info_get(slab).max_used;
}

int k_mem_slab_runtime_stats_get(struct k_mem_slab *slab, struct sys_memory_stats *stats)
{
	struct k_mem_slab_info info;

	if (slab == NULL || stats == NULL) {
		return -EINVAL;
	}
	info = info_get(slab);
	stats->allocated_bytes = info.num_used * info.block_size;
	stats->max_allocated_bytes = info.max_used * info.block_size;
	stats->free_bytes = (info.num_blocks - info.num_used) * info.block_size;
	return 0;
}

int k_mem_slab_runtime_stats_reset_max(struct k_mem_slab *slab)
{
	k_spinlock_key_t key;

	if (slab == NULL) {
		return -EINVAL;
	}
	key = k_spin_lock(&slab->lock);
	slab->info.max_used = slab->info.num_used;
	k_spin_unlock(&slab->lock, key);
	return 0;
}
