/* SPDX-License-Identifier: Apache-2.0 */
/** @file The pools of the process and their ids. */
#include "pool.h"

#include <zephyr/net_buf/watch.h>
#include <zephyr/sys/printk.h>

struct net_buf_pool *net_buf_pools[CONFIG_NET_BUF_POOL_MAX];

static struct k_spinlock registry_lock;
static uint32_t known_pools; /* entries of net_buf_pools; written under the lock */

/* Whether @p pool has its id already. Locked. */
static bool is_known(const struct net_buf_pool *pool)
{
	return net_buf_pools[pool->id] == pool;
}

static void register_one(struct net_buf_pool *pool)
{
	k_spinlock_key_t key = k_spin_lock(&registry_lock);
	bool room = known_pools < CONFIG_NET_BUF_POOL_MAX;
	bool fresh = !is_known(pool);

	if (fresh && room) {
		pool->id = (uint8_t)known_pools;
		pool->plain = pool->data != NULL && pool->destroy == NULL;
		pool->first_word = 1U | known_pools << Z_NET_BUF_POOL_SHIFT;
		net_buf_pools[known_pools] = pool;
		/* Release: pairs with the acquire in net_buf_pool_count(). */
		atomic32_store_release(&known_pools, known_pools + 1);
	}
	k_spin_unlock(&registry_lock, key);

	if (fresh && !room) {
		printk("net_buf: more than %d pools; raise CONFIG_NET_BUF_POOL_MAX\n",
		       CONFIG_NET_BUF_POOL_MAX);
		port_fatal();
	}
#ifndef CONFIG_PORT_BARE
	if (fresh) {
		/* Only now the pool has buffers to give. */
		key = k_spin_lock(&pool->lock);
		pool->uninit_count = pool->buf_count;
		pool_caches_prepare(pool);
		k_spin_unlock(&pool->lock, key);
	}
#endif
}

void net_buf_register(struct net_buf_pool *start, struct net_buf_pool *stop)
{
	for (struct net_buf_pool *pool = start; pool < stop; pool++) {
		register_one(pool);
	}
}

unsigned int net_buf_pool_count(void)
{
	/* Acquire: pairs with the release in register_one(); below it the table is complete. */
	return atomic32_load_acquire(&known_pools);
}

struct net_buf_pool *net_buf_pool_get(int id)
{
	return id >= 0 && (unsigned int)id < net_buf_pool_count() ? net_buf_pools[id] : NULL;
}
