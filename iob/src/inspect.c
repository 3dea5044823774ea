/* SPDX-License-Identifier: Apache-2.0 */
/** @file Looking at the pool. */
#include "pool.h"

#include <iob/inspect.h>

#include <errno.h>

bool iob_in_pool(const struct iob_s *iob)
{
	return from_pool(iob);
}

/* Free buffers as they are counted. Locked. */
static uint32_t counted(void)
{
	uint32_t count = iob_pool.level & ~POOL_WAITING;

#ifdef CONFIG_IOB_BUDGETS
	count += iob_pool.kept;
#endif
	return count;
}

int iob_nfree(void)
{
	k_spinlock_key_t key = k_spin_lock(&iob_pool.lock);
	uint32_t count = counted();

	k_spin_unlock(&iob_pool.lock, key);
	return (int)count;
}

/* Walk the free buffers. Locked. @return how many there are, UINT32_MAX if a link is damaged. */
static uint32_t walked(void)
{
	const struct iob_s *link = iob_pool.free;
	uint32_t count = 0;

	while (link != tagged(NULL)) {
		if (!is_tagged(link) || !from_pool(untagged(link)) ||
		    count == CONFIG_IOB_NBUFFERS) {
			return UINT32_MAX;
		}
		count++;
		link = untagged(link)->io_flink;
	}
	return count;
}

int iob_check(void)
{
	k_spinlock_key_t key = k_spin_lock(&iob_pool.lock);
	bool good = walked() == counted();

	k_spin_unlock(&iob_pool.lock, key);
#if CONFIG_IOB_NCHAINS > 0
	good = good && iob_queue_check() == 0;
#endif
	return good ? 0 : -EFAULT;
}
