/* SPDX-License-Identifier: Apache-2.0 */
/** @file The cold half of pools: waiting threads, low-water marks, counting, reports. */
#include "pool.h"

#include <zephyr/net_buf/watch.h>
#include <zephyr/sys/printk.h>

#include <errno.h>

LOG_MODULE_REGISTER(net_buf, NET_BUF_LOG_LEVEL);

void net_buf_pool_hand_over(struct net_buf_pool *pool, struct net_buf *buf, k_spinlock_key_t key)
{
	k_spinlock_key_t back = pool_lock_back(pool);
	struct waiter *w = wait_q_take(&pool->waiters);
	struct k_thread *thread;

	/* It never was at home: what is counted stays as it is. */
	w->data = buf;
	thread = waiter_finish(w, 0);
	pool_unlock_back(pool, back);
	k_spin_unlock(&pool->lock, key);
	waiter_wake(thread);
}

#ifndef CONFIG_NET_BUF_POOL_CACHE

static size_t list_length(const struct net_buf *buf)
{
	size_t count = 0;

	for (; buf != NULL; buf = free_next(buf)) {
		count++;
	}
	return count;
}

size_t net_buf_pool_free_count(struct net_buf_pool *pool)
{
	k_spinlock_key_t key = k_spin_lock(&pool->lock);
	size_t count = pool->uninit_count + list_length(pool->free);
#ifdef Z_NET_BUF_POOL_ENDS
	k_spinlock_key_t back = pool_lock_back(pool);

	count += list_length(pool->back);
	pool_unlock_back(pool, back);
#endif
	k_spin_unlock(&pool->lock, key);
	return count;
}

#endif

#ifdef CONFIG_NET_BUF_POOL_USAGE

int net_buf_pool_low_water_set(struct net_buf_pool *pool, uint16_t mark,
			       net_buf_pool_low_water_cb cb, void *user_data)
{
	k_spinlock_key_t key;
	bool above;

	if (pool == NULL || mark >= pool->buf_count) {
		return -EINVAL;
	}
	key = k_spin_lock(&pool->lock);
	above = pool->avail_count > mark;
	pool->low_cb = cb;
	pool->low_user_data = user_data;
	pool->low_mark = mark;
	pool->low_armed = above && cb != NULL;
	pool_low_changed(pool);
	k_spin_unlock(&pool->lock, key);
	return above ? 0 : 1;
}

void net_buf_pool_low_water(struct net_buf_pool *pool, k_spinlock_key_t key)
{
	net_buf_pool_low_water_cb cb = pool->low_cb;
	void *user_data = pool->low_user_data;
	size_t available = (size_t)pool->avail_count;

	pool->low_armed = false;
	pool_low_changed(pool);
	k_spin_unlock(&pool->lock, key);
	cb(pool, available, user_data);
}

#else

void net_buf_pool_low_water(struct net_buf_pool *pool, k_spinlock_key_t key)
{
	k_spin_unlock(&pool->lock, key);
}

#endif /* CONFIG_NET_BUF_POOL_USAGE */

static const char *pool_name(const struct net_buf_pool *pool)
{
#ifdef CONFIG_NET_BUF_POOL_USAGE
	return pool != NULL ? pool->name : "?";
#else
	ARG_UNUSED(pool);
	return "";
#endif
}

void net_buf_report(const struct net_buf *buf, const char *what, const struct call_place *place)
{
	unsigned int id = atomic32_load_relaxed(&buf->ref_word) >> Z_NET_BUF_POOL_SHIFT;
	const char *name = pool_name(net_buf_pool_get((int)id));

	if (place != NULL) {
		printk("net_buf: %s():%d: buffer %d of pool %u %s: %s\n", place->func, place->line,
		       net_buf_id(buf), id, name, what);
	} else {
		printk("net_buf: buffer %d of pool %u %s: %s\n", net_buf_id(buf), id, name, what);
	}
	__ASSERT(false, "buffer %p: %s", (const void *)buf, what);
}
