/* SPDX-License-Identifier: Apache-2.0 */
/** @file Looking at the pool. */
#include "pool.h"

#include <iob/inspect.h>

#include <errno.h>

bool iob_in_pool(const struct iob_s *iob)
{
	return from_pool(iob);
}

/* Free ones as they are counted. Locked. */
static uint32_t counted(const struct iob_pool *pool)
{
	uint32_t count = pool->level & ~POOL_WAITING;

#ifdef CONFIG_IOB_BUDGETS
	count += pool == &iob_pool ? iob_budgets.kept : 0;
#endif
	return count;
}

int iob_nfree(void)
{
	k_spinlock_key_t key = k_spin_lock(&iob_pool.lock);
	uint32_t count = counted(&iob_pool);

	k_spin_unlock(&iob_pool.lock, key);
	return (int)count;
}

static bool is_buffer(const void *node)
{
	return from_pool(node);
}

/* Whether there are as many free ones as are counted, and all of them the pool's. */
static bool is_sound(struct iob_pool *pool, bool (*is_one)(const void *node))
{
	k_spinlock_key_t key = k_spin_lock(&pool->lock);
	uint32_t left = counted(pool);
	bool sound = true;

	for (unsigned int list = 0; list < POOL_LISTS; list++) {
		uintptr_t link = pool->free[list];

		while (sound && link != LINK_END) {
			sound = left > 0 && (link & 1) != 0 && is_one(linked(link));
			if (sound) {
				link = *link_of(linked(link));
				left--;
			}
		}
	}
	k_spin_unlock(&pool->lock, key);
	return sound && left == 0;
}

int iob_check(void)
{
	bool sound = is_sound(&iob_pool, is_buffer);

#if CONFIG_IOB_NCHAINS > 0
	sound = is_sound(&iob_places, iob_is_place) && sound;
#endif
	return sound ? 0 : -EFAULT;
}
