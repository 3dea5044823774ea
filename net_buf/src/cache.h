/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * How buffers leave their pool and come back where threads have caches (CONFIG_NET_BUF_POOL_CACHE).
 * For the files of net_buf only.
 *
 *     thread 1   [ cache ] <-- half a cache --> [ homes ]   under the pool's lock
 *     thread 2   [ cache ] <------ at once -------/
 *
 * A thread uses its cache without an atomic operation while caches are open: cache_limit is not 0.
 * Who finds neither a buffer at home nor an unused one closes them, has every core pass a fence,
 * waits until no thread is in the middle of using its own (`busy`), and takes all that is there.
 * From then on every buffer goes through the pool, so a thread that waits there is served first. They open
 * again when nobody waits and the pool has enough to fill one.
 *
 *     thread at its cache              thread that found nothing
 *     busy = 1                         cache_limit = 0
 *     (no fence)                       port_fence_all()
 *     cache_limit == 0? leave it       busy? wait for 0
 *     ...                              take what is there
 *     busy = 0
 *
 * One of the two sees what the other wrote, whatever the processor does with stores and loads: so one
 * cache belongs, at any time, to its thread with `busy` taken and caches seen open, or to the
 * holder of the pool's lock: its own thread, or any after closing and waiting.
 *
 * While caches are closed and nobody is on the way to empty them (`reclaiming` is 0), they are empty.
 * Where membarrier(2) is refused they never open. Threads without a cache use number 0 of each pool, which is
 * full and empty at once.
 */
#ifndef NET_BUF_SRC_CACHE_H_
#define NET_BUF_SRC_CACHE_H_

#include <zephyr/net_buf.h>

/* In bytes from the first of a pool, the calling thread's cache; 0: it has none. */
extern PORT_THREAD_LOCAL uintptr_t net_buf_cache_offset
	__attribute__((tls_model("initial-exec"), visibility("hidden")));

/** pool_take_used() with the pool's lock: fill the cache. @return a buffer, NULL if none is at home. */
struct net_buf *net_buf_cache_refill(struct net_buf_pool *pool);

/** pool_put() with the pool's lock: make room in the cache, or bypass it. */
void net_buf_cache_put(struct net_buf_pool *pool, struct net_buf *buf);

/**
 * No buffer is at home: take what caches have. Unless @p will_wait only if there seems to be
 * something; otherwise they stay closed, so that every release from now on comes to the pool.
 * Locked on entry and return, not between.   @return a buffer, NULL if there is none.
 */
struct net_buf *net_buf_cache_reclaim(struct net_buf_pool *pool, k_spinlock_key_t *key,
				      bool will_wait);

/** Prepare caches; closed until somebody comes with the lock. Locked, nobody has had a buffer. */
void pool_caches_prepare(struct net_buf_pool *pool);

static ALWAYS_INLINE struct net_buf_cache *cache_of(const struct net_buf_pool *pool)
{
	return (struct net_buf_cache *)(void *)((char *)pool->caches + net_buf_cache_offset);
}

static ALWAYS_INLINE uint32_t cache_limit(const struct net_buf_pool *pool)
{
	/* Acquire: pairs with the release that opens, so that what was done while closed is seen. */
	return atomic32_load_acquire(&pool->cache_limit);
}

/* ---- CONFIG_NET_BUF_POOL_USAGE --------------------------------------------------------------- */

#ifdef CONFIG_NET_BUF_POOL_USAGE

/* The parts of low_watch: whether there is a callback, whether it is armed, its mark. */
#define LOW_WATCHED BIT(31)
#define LOW_ARMED   BIT(30)
#define LOW_MARK    0xffffU

/** A buffer leaves: the callback is due if that still is so under the lock. Not locked. */
void net_buf_cache_low_water(struct net_buf_pool *pool);

/** Buffers have risen above the mark: arm the callback if that still is so. Not locked. */
void net_buf_cache_rearm(struct net_buf_pool *pool);

/** Publish low_armed and low_mark. Locked. */
void pool_low_changed(struct net_buf_pool *pool);

/* A buffer has left. Not locked. */
static ALWAYS_INLINE void usage_take(struct net_buf_pool *pool)
{
	/* Relaxed, all: counts that are read as snapshots. */
	atomic_val_t avail = __atomic_sub_fetch(&pool->avail_count, 1, __ATOMIC_RELAXED);
	uint16_t used = (uint16_t)(pool->buf_count - avail);
	uint16_t max = __atomic_load_n(&pool->max_used, __ATOMIC_RELAXED);
	uint32_t watch = atomic32_load_relaxed(&pool->low_watch);

	while (unlikely(used > max) &&
	       !__atomic_compare_exchange_n(&pool->max_used, &max, used, true, __ATOMIC_RELAXED,
					    __ATOMIC_RELAXED)) {
	}
	if (unlikely((watch & LOW_ARMED) != 0 && avail <= (atomic_val_t)(watch & LOW_MARK))) {
		net_buf_cache_low_water(pool);
	}
}

/* A buffer is back where others can take it as soon as the caller lets them. @return how many are. */
static ALWAYS_INLINE atomic_val_t usage_put(struct net_buf_pool *pool)
{
	return __atomic_add_fetch(&pool->avail_count, 1, __ATOMIC_RELAXED);
}

/* The rest of usage_put(), with what it returned. Not locked. */
static ALWAYS_INLINE void usage_look(struct net_buf_pool *pool, atomic_val_t avail)
{
	uint32_t watch = atomic32_load_relaxed(&pool->low_watch);

	if (unlikely((watch & (LOW_WATCHED | LOW_ARMED)) == LOW_WATCHED &&
		     avail > (atomic_val_t)(watch & LOW_MARK))) {
		net_buf_cache_rearm(pool);
	}
}

#else

static ALWAYS_INLINE void usage_take(struct net_buf_pool *pool)
{
	ARG_UNUSED(pool);
}

static ALWAYS_INLINE atomic_val_t usage_put(struct net_buf_pool *pool)
{
	ARG_UNUSED(pool);
	return 0;
}

static ALWAYS_INLINE void usage_look(struct net_buf_pool *pool, atomic_val_t avail)
{
	ARG_UNUSED(pool);
	ARG_UNUSED(avail);
}

#endif /* CONFIG_NET_BUF_POOL_USAGE */

/* ---- leaving and coming back ----------------------------------------------------------------- */

/* Let go of the pool's lock after a buffer has left. */
static ALWAYS_INLINE void pool_unlock_taken(struct net_buf_pool *pool, k_spinlock_key_t key)
{
	k_spin_unlock(&pool->lock, key);
	usage_take(pool);
}

/* Take a buffer that is in no cache; NULL if there is none. Locked. */
static ALWAYS_INLINE struct net_buf *pool_take_home(struct net_buf_pool *pool)
{
	return pool->home_count != 0 ? pool->homes[--pool->home_count] : NULL;
}

static ALWAYS_INLINE struct net_buf *pool_reclaim(struct net_buf_pool *pool, k_spinlock_key_t *key,
						  bool will_wait)
{
	return net_buf_cache_reclaim(pool, key, will_wait);
}

/* Begin to use @p cache, the calling thread's. */
static ALWAYS_INLINE void cache_enter(struct net_buf_cache *cache)
{
	/* Relaxed, and only the compiler is told the order: port_fence_all() of the others does the rest. */
	atomic32_store_relaxed(&cache->busy, 1);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

/* That is all. */
static ALWAYS_INLINE void cache_leave(struct net_buf_cache *cache)
{
	/* Release: pairs with the acquire of who waits for it. */
	atomic32_store_release(&cache->busy, 0);
}

/* Take a buffer from the own cache; NULL if there is none, or it is closed. */
static ALWAYS_INLINE struct net_buf *pool_take_cached(struct net_buf_pool *pool)
{
	struct net_buf_cache *cache = cache_of(pool);
	struct net_buf *buf;
	uint32_t left;

	cache_enter(cache);
	/* Relaxed: others write it only while caches are closed. 0 - 1 is above every limit. */
	left = atomic32_load_relaxed(&cache->count) - 1;
	if (unlikely(left >= cache_limit(pool))) {
		cache_leave(cache);
		return NULL;
	}
	buf = cache->bufs[left];
	if (buf == NULL) {
		__builtin_unreachable();
	}
	/* Relaxed: others look at it to see whether closing caches is worth while. */
	atomic32_store_relaxed(&cache->count, left);
	cache_leave(cache);
	usage_take(pool);
	return buf;
}

/* Take a buffer that was used before; NULL if there is none in the own cache or at home. */
static ALWAYS_INLINE struct net_buf *pool_take_used(struct net_buf_pool *pool)
{
	struct net_buf *buf = pool_take_cached(pool);

	return likely(buf != NULL) ? buf : net_buf_cache_refill(pool);
}

/* Put @p buf back, which has nothing left to give up. */
static ALWAYS_INLINE void pool_put(struct net_buf_pool *pool, struct net_buf *buf)
{
	struct net_buf_cache *cache = cache_of(pool);
	atomic_val_t avail;
	uint32_t count;

#ifdef CONFIG_NET_BUF_HARDENING
	buf->home = 1;
#endif
	cache_enter(cache);
	/* Relaxed, here and below: as in pool_take_cached(). */
	count = atomic32_load_relaxed(&cache->count);
	if (unlikely(count >= cache_limit(pool))) {
		cache_leave(cache);
		net_buf_cache_put(pool, buf);
		return;
	}
	cache->bufs[count] = buf;
	atomic32_store_relaxed(&cache->count, count + 1);
	avail = usage_put(pool);
	cache_leave(cache);
	usage_look(pool, avail);
}

#endif /* NET_BUF_SRC_CACHE_H_ */
