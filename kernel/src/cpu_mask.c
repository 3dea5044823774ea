/* SPDX-License-Identifier: Apache-2.0 */
/** @file Processors of threads. */
#include <zephyr/kernel.h>

#include <errno.h>
#include <limits.h>

/* Let @p thread use what is in @p keep of its mask, and @p more. */
static int change(k_tid_t thread, unsigned long keep, unsigned long more)
{
	/* The caller may come from elsewhere; its lock is not needed then. */
	bool attached = thread->entry == NULL;
	k_spinlock_key_t key;
	unsigned long cpus;
	int ret;

	if (attached && thread != k_current_get()) {
		return -EINVAL;
	}
	key = k_spin_lock(&thread->lock);
	cpus = (thread->port.cpus & keep) | more;
	if (thread->ended) {
		ret = -EINVAL;
	} else if (attached) {
		ret = port_thread_cpus_self(&thread->port, cpus);
	} else {
		ret = port_thread_cpus(&thread->port, cpus);
	}
	k_spin_unlock(&thread->lock, key);
	return ret;
}

static bool is_cpu(int cpu)
{
	return cpu >= 0 && cpu < (int)(sizeof(unsigned long) * CHAR_BIT);
}

int k_thread_cpu_mask_clear(k_tid_t thread)
{
	return change(thread, 0, 0);
}

int k_thread_cpu_mask_enable_all(k_tid_t thread)
{
	return change(thread, 0, ~0UL);
}

int k_thread_cpu_mask_enable(k_tid_t thread, int cpu)
{
	return is_cpu(cpu) ? change(thread, ~0UL, 1UL << cpu) : -EINVAL;
}

int k_thread_cpu_mask_disable(k_tid_t thread, int cpu)
{
	return is_cpu(cpu) ? change(thread, ~(1UL << cpu), 0) : -EINVAL;
}

int k_thread_cpu_pin(k_tid_t thread, int cpu)
{
	return is_cpu(cpu) ? change(thread, 0, 1UL << cpu) : -EINVAL;
}
