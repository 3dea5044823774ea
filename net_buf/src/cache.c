/* SPDX-License-Identifier: Apache-2.0 */
/** @file Caches of threads: which thread has which, and what needs the pool's lock. */
#include "pool.h"

#include <zephyr/net_buf/watch.h>

/* The count of what stands for no cache: neither empty nor with room. */
#define NEITHER (UINT32_MAX / 2)

/* ---- numbers of threads ---------------------------------------------------------------------- */

#define NUMBERS (CONFIG_NET_BUF_POOL_CACHE_THREADS + 1)

static struct k_spinlock numbers_lock;
static bool number_taken[NUMBERS];                                /* guarded by it */
static uint32_t numbers_left = CONFIG_NET_BUF_POOL_CACHE_THREADS; /* written under it */
static uint32_t numbers_end = 1; /* above all that were ever taken; written under it */

PORT_THREAD_LOCAL uintptr_t net_buf_cache_offset;

/* Whether the calling thread has returned its number: it gets no other. */
static PORT_THREAD_LOCAL bool ended;

static struct net_buf_cache *cache_number(struct net_buf_pool *pool, uint32_t number)
{
	return &pool->caches[number];
}

/* Bring all that is in @p cache home. Locked, and the cache is the caller's. */
static void cache_empty(struct net_buf_pool *pool, struct net_buf_cache *cache)
{
	uint32_t count = atomic32_load_relaxed(&cache->count);

	memcpy(&pool->homes[pool->home_count], cache->bufs, count * sizeof(cache->bufs[0]));
	pool->home_count = (uint16_t)(pool->home_count + count);
	atomic32_store_relaxed(&cache->count, 0);
}

/*
 * The calling thread ends: what it keeps goes home. Nobody waits for that: while a thread waits,
 * caches are empty.
 */
static void number_return(void)
{
	uint32_t number = (uint32_t)(net_buf_cache_offset / sizeof(struct net_buf_cache));
	struct net_buf_pool *pool;
	k_spinlock_key_t key;

	net_buf_cache_offset = 0;
	ended = true;
	if (number == 0) {
		return; /* others took the last ones while it was about to */
	}
	for (int id = 0; (pool = net_buf_pool_get(id)) != NULL; id++) {
		key = k_spin_lock(&pool->lock);
		cache_empty(pool, cache_number(pool, number));
		k_spin_unlock(&pool->lock, key);
	}
	key = k_spin_lock(&numbers_lock);
	number_taken[number] = false;
	atomic32_store_relaxed(&numbers_left, numbers_left + 1);
	k_spin_unlock(&numbers_lock, key);
}

/* Give the calling thread a number if it has none and there is one. */
static void number_take(void)
{
	uint32_t number = 1;
	k_spinlock_key_t key;

	/* Relaxed: a number that comes back later is found later. */
	if (net_buf_cache_offset != 0 || ended || atomic32_load_relaxed(&numbers_left) == 0 ||
	    !port_thread_at_exit(number_return)) {
		return;
	}
	key = k_spin_lock(&numbers_lock);
	while (number < NUMBERS && number_taken[number]) {
		number++;
	}
	if (number < NUMBERS) {
		number_taken[number] = true;
		atomic32_store_relaxed(&numbers_left, numbers_left - 1);
		/* Relaxed: who needs to see it has passed a fence, as for `busy`. */
		atomic32_store_relaxed(&numbers_end, MAX(numbers_end, number + 1));
		net_buf_cache_offset = number * sizeof(struct net_buf_cache);
	}
	k_spin_unlock(&numbers_lock, key);
}

/* ---- open and closed ------------------------------------------------------------------------- */

void pool_caches_prepare(struct net_buf_pool *pool)
{
	pool->caches[0].count = NEITHER;
	pool->cache_full = (uint16_t)MIN(CONFIG_NET_BUF_POOL_CACHE_SIZE, pool->buf_count / 2);
}

/*
 * Open caches if nobody waits for what they would keep, and they can be closed again. Locked.
 * @return their limit.
 */
static uint32_t reopen(struct net_buf_pool *pool)
{
	if (pool->cache_limit == 0 && pool->reclaiming == 0 && wait_q_empty(&pool->waiters) &&
	    pool->home_count + pool->uninit_count >= pool->cache_full && port_fence_all()) {
		/* Release: pairs with the acquire in cache_limit(). */
		atomic32_store_release(&pool->cache_limit, pool->cache_full);
	}
	return pool->cache_limit;
}

/* Whether some cache seems to have a buffer; what was released before the call is seen. Locked. */
static bool any_cached(struct net_buf_pool *pool)
{
	uint32_t end = atomic32_load_relaxed(&numbers_end);

	for (uint32_t i = 1; i < end; i++) {
		/* Relaxed: a release that is not ordered before this call may be missed. */
		if (atomic32_load_relaxed(&cache_number(pool, i)->count) != 0) {
			return true;
		}
	}
	return false;
}

struct net_buf *net_buf_cache_reclaim(struct net_buf_pool *pool, k_spinlock_key_t *key,
				      bool will_wait)
{
	uint32_t end;

	if ((pool->cache_limit == 0 && pool->reclaiming == 0) ||
	    (!will_wait && !any_cached(pool))) {
		return NULL;
	}
	pool->reclaiming++;
	/* Relaxed: the fence orders it before the look at `busy`. */
	atomic32_store_relaxed(&pool->cache_limit, 0);
	k_spin_unlock(&pool->lock, *key);
	(void)port_fence_all();
	*key = k_spin_lock(&pool->lock);
	end = atomic32_load_relaxed(&numbers_end);
	for (uint32_t i = 1; i < end; i++) {
		struct net_buf_cache *cache = cache_number(pool, i);

		/* Its acquire pairs with the release in cache_leave(). */
		port_await_zero(&cache->busy);
		cache_empty(pool, cache);
	}
	pool->reclaiming--;
	return pool_take_home(pool);
}

/* ---- with the pool's lock -------------------------------------------------------------------- */

struct net_buf *net_buf_cache_refill(struct net_buf_pool *pool)
{
	struct net_buf_cache *cache;
	struct net_buf *buf;
	k_spinlock_key_t key;
	uint32_t limit;
	uint32_t count;

	number_take();
	cache = cache_of(pool);
	key = k_spin_lock(&pool->lock);
	limit = reopen(pool);
	count = atomic32_load_relaxed(&cache->count);
	if (net_buf_cache_offset != 0 && count != 0) {
		/* Closed a moment ago, and not emptied yet. */
		buf = cache->bufs[count - 1];
		atomic32_store_relaxed(&cache->count, count - 1);
		pool_unlock_taken(pool, key);
		return buf;
	}
	buf = pool_take_home(pool);
	if (buf == NULL) {
		k_spin_unlock(&pool->lock, key);
		return NULL;
	}
	if (net_buf_cache_offset != 0) {
		count = MIN(limit / 2, pool->home_count);
		pool->home_count = (uint16_t)(pool->home_count - count);
		memcpy(cache->bufs, &pool->homes[pool->home_count], count * sizeof(cache->bufs[0]));
		atomic32_store_relaxed(&cache->count, count);
	}
	pool_unlock_taken(pool, key);
	return buf;
}

/* Put @p buf into the calling thread's @p cache, which keeps at most @p limit. Locked. */
static void cache_add(struct net_buf_pool *pool, struct net_buf_cache *cache, uint32_t limit,
		      struct net_buf *buf)
{
	uint32_t count = atomic32_load_relaxed(&cache->count);
	uint32_t gone = (limit + 1) / 2;

	if (count >= limit) {
		/* Those that have been there longest. */
		memcpy(&pool->homes[pool->home_count], cache->bufs, gone * sizeof(cache->bufs[0]));
		pool->home_count = (uint16_t)(pool->home_count + gone);
		count -= gone;
		memmove(cache->bufs, &cache->bufs[gone], count * sizeof(cache->bufs[0]));
	}
	cache->bufs[count] = buf;
	atomic32_store_relaxed(&cache->count, count + 1);
}

void net_buf_cache_put(struct net_buf_pool *pool, struct net_buf *buf)
{
	struct net_buf_cache *cache;
	atomic_val_t avail;
	k_spinlock_key_t key;
	uint32_t limit;

	number_take();
	cache = cache_of(pool);
	key = k_spin_lock(&pool->lock);
	if (!wait_q_empty(&pool->waiters)) {
		net_buf_pool_hand_over(pool, buf, key);
		return;
	}
	limit = reopen(pool);
	if (limit == 0 || net_buf_cache_offset == 0) {
		pool->homes[pool->home_count++] = buf;
	} else {
		cache_add(pool, cache, limit, buf);
	}
	avail = usage_put(pool);
	k_spin_unlock(&pool->lock, key);
	usage_look(pool, avail);
}

/* ---- counting -------------------------------------------------------------------------------- */

size_t net_buf_pool_free_count(struct net_buf_pool *pool)
{
	k_spinlock_key_t key = k_spin_lock(&pool->lock);
	uint32_t end = atomic32_load_relaxed(&numbers_end);
	size_t count = (size_t)pool->uninit_count + pool->home_count;

	for (uint32_t i = 1; i < end; i++) {
		/* Relaxed: a snapshot, right where nobody else uses the pool. */
		count += atomic32_load_relaxed(&cache_number(pool, i)->count);
	}
	k_spin_unlock(&pool->lock, key);
	return count;
}

#ifdef CONFIG_NET_BUF_POOL_USAGE

void pool_low_changed(struct net_buf_pool *pool)
{
	uint32_t watch = pool->low_mark;

	watch |= pool->low_cb != NULL ? LOW_WATCHED : 0;
	watch |= pool->low_armed ? LOW_ARMED : 0;
	/* Relaxed: who sees it looks again under the lock. */
	atomic32_store_relaxed(&pool->low_watch, watch);
}

void net_buf_cache_low_water(struct net_buf_pool *pool)
{
	k_spinlock_key_t key = k_spin_lock(&pool->lock);

	if (pool->low_armed && net_buf_get_available(pool) <= pool->low_mark) {
		net_buf_pool_low_water(pool, key);
	} else {
		k_spin_unlock(&pool->lock, key);
	}
}

void net_buf_cache_rearm(struct net_buf_pool *pool)
{
	k_spinlock_key_t key = k_spin_lock(&pool->lock);

	if (net_buf_get_available(pool) > pool->low_mark) {
		pool->low_armed = pool->low_cb != NULL;
		pool_low_changed(pool);
	}
	k_spin_unlock(&pool->lock, key);
}

#endif /* CONFIG_NET_BUF_POOL_USAGE */
