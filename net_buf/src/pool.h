/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * How buffers leave their pool and come back. For the files of net_buf only.
 *
 * At home a buffer has no references, no fragments, and hangs in its pool's list of free buffers;
 * or it has never been used, and is one of the last `uninit_count` of the array. Threads wait only
 * while there is neither. The pool's lock is held for a few instructions, and never while code of
 * the user runs. On several cores back.h tells of the other end of it; with caches of threads in front of
 * the pool, cache.h tells the rest.
 */
#ifndef NET_BUF_SRC_POOL_H_
#define NET_BUF_SRC_POOL_H_

#include <zephyr/net_buf.h>
#include <zephyr/logging/log.h>
#include <zephyr/sys/__assert.h>

#include <string.h>

/* In the library itself these are functions. */
#undef net_buf_alloc
#undef net_buf_alloc_fixed
#undef net_buf_alloc_len
#undef net_buf_alloc_with_data
#undef net_buf_unref
#undef net_buf_frag_del

#ifdef CONFIG_NET_BUF_LOG_LEVEL
#define NET_BUF_LOG_LEVEL CONFIG_NET_BUF_LOG_LEVEL
#else
#define NET_BUF_LOG_LEVEL 0
#endif

/** The pools by their id; written by net_buf_register(). */
extern struct net_buf_pool *net_buf_pools[CONFIG_NET_BUF_POOL_MAX]
	__attribute__((visibility("hidden")));

#ifndef CONFIG_PORT_BARE
/*
 * Named after the options that change structures: a program does not start with a shared library of another
 * configuration, and the loader's message says which option it is.
 */
#define net_buf_register UTIL_CAT(Z_NET_BUF_MODULE, _register)
#endif

/** Give the pools from @p start to before @p stop their ids. Context: before they are used. */
void net_buf_register(struct net_buf_pool *start, struct net_buf_pool *stop);

/** Hand @p buf to the first of the waiting threads. Locked on entry, not on return. */
void net_buf_pool_hand_over(struct net_buf_pool *pool, struct net_buf *buf, k_spinlock_key_t key);

/** Call the low-water callback, which is due. Locked on entry, not on return. */
void net_buf_pool_low_water(struct net_buf_pool *pool, k_spinlock_key_t key);

/** The place of a call in the user's code, for the log; NULL where there is none. */
struct call_place {
	const char *func;
	int line;
};

/** Report in one line, and by an assertion, that @p buf is misused. */
void net_buf_report(const struct net_buf *buf, const char *what, const struct call_place *place)
	__attribute__((cold));

static ALWAYS_INLINE struct net_buf_pool *pool_of_word(uint32_t word)
{
	return net_buf_pools[word >> Z_NET_BUF_POOL_SHIFT];
}

static ALWAYS_INLINE struct net_buf_pool *pool_of(const struct net_buf *buf)
{
	/* Relaxed, and the whole word: others may be counting references in it. */
	return pool_of_word(atomic32_load_relaxed(&buf->ref_word));
}

static ALWAYS_INLINE uint32_t count_of(uint32_t word)
{
	return word & Z_NET_BUF_REF_MASK;
}

/* The next free buffer. */
static inline struct net_buf *free_next(const struct net_buf *buf)
{
	BUILD_ASSERT(offsetof(struct net_buf, node) == 0, "a node is its buffer");
	return (struct net_buf *)(void *)buf->node.next;
}

/* Make @p buf the first of the free buffers @p list. Its lock held. */
static ALWAYS_INLINE void pool_list_set(struct net_buf **list, struct net_buf *buf)
{
	/* Relaxed: the lock of that list guards it, who looks without wants to know whether it is empty. */
	__atomic_store_n(list, buf, __ATOMIC_RELAXED);
}

/* Put @p buf, which has nothing left to give up, in front of the free buffers @p list. Its lock held. */
static ALWAYS_INLINE void pool_add(struct net_buf **list, struct net_buf *buf)
{
#ifdef CONFIG_NET_BUF_HARDENING
	buf->home = 1;
#endif
	buf->node.next = (sys_snode_t *)(void *)*list;
	pool_list_set(list, buf);
}

#include "back.h"

#ifdef CONFIG_NET_BUF_POOL_CACHE

#include "cache.h"

#else

/* ---- CONFIG_NET_BUF_POOL_USAGE --------------------------------------------------------------- */

#ifdef CONFIG_NET_BUF_POOL_USAGE

/* A buffer leaves. Locked. @return whether net_buf_pool_low_water() is due. */
static ALWAYS_INLINE bool usage_take(struct net_buf_pool *pool)
{
	atomic_val_t avail = pool->avail_count - 1;
	uint16_t used = (uint16_t)(pool->buf_count - avail);

	/* Relaxed, both: read without the lock as snapshots. */
	__atomic_store_n(&pool->avail_count, avail, __ATOMIC_RELAXED);
	if (used > pool->max_used) {
		__atomic_store_n(&pool->max_used, used, __ATOMIC_RELAXED);
	}
	return pool->low_armed && avail <= pool->low_mark;
}

/* A buffer is back. Locked. */
static ALWAYS_INLINE void usage_put(struct net_buf_pool *pool)
{
	atomic_val_t avail = pool->avail_count + 1;

	__atomic_store_n(&pool->avail_count, avail, __ATOMIC_RELAXED);
	if (avail > pool->low_mark) {
		pool->low_armed = pool->low_cb != NULL;
	}
}

/* Nobody reads marks without the lock. */
static ALWAYS_INLINE void pool_low_changed(struct net_buf_pool *pool)
{
	ARG_UNUSED(pool);
}

#else

static ALWAYS_INLINE bool usage_take(struct net_buf_pool *pool)
{
	ARG_UNUSED(pool);
	return false;
}

static ALWAYS_INLINE void usage_put(struct net_buf_pool *pool)
{
	ARG_UNUSED(pool);
}

#endif /* CONFIG_NET_BUF_POOL_USAGE */

/* ---- leaving and coming back ----------------------------------------------------------------- */

/* Let go of the pool's lock after a buffer has left. */
static ALWAYS_INLINE void pool_unlock_taken(struct net_buf_pool *pool, k_spinlock_key_t key)
{
	if (unlikely(usage_take(pool))) {
		net_buf_pool_low_water(pool, key);
	} else {
		k_spin_unlock(&pool->lock, key);
	}
}

/* Take a buffer that was used before; NULL if there is none. */
static ALWAYS_INLINE struct net_buf *pool_take_used(struct net_buf_pool *pool)
{
	k_spinlock_key_t key = k_spin_lock(&pool->lock);
	struct net_buf *buf = pool->free;

	if (unlikely(buf == NULL)) {
		k_spin_unlock(&pool->lock, key);
		return NULL;
	}
	pool->free = free_next(buf);
	pool_unlock_taken(pool, key);
	return buf;
}

/* The short way to that, where there is another. */
static ALWAYS_INLINE struct net_buf *pool_take_cached(struct net_buf_pool *pool)
{
	return pool_take_used(pool);
}

/* Take a buffer that was used before; NULL if there is none. Locked. */
static ALWAYS_INLINE struct net_buf *pool_take_home(struct net_buf_pool *pool)
{
	struct net_buf *buf = pool->free;

	if (buf == NULL) {
		return net_buf_pool_take_back(pool);
	}
	pool->free = free_next(buf);
	return buf;
}

/* There are no caches to prepare, and none to take buffers from. */
static ALWAYS_INLINE void pool_caches_prepare(struct net_buf_pool *pool)
{
	ARG_UNUSED(pool);
}

static ALWAYS_INLINE struct net_buf *pool_reclaim(struct net_buf_pool *pool, k_spinlock_key_t *key,
						  bool will_wait)
{
	ARG_UNUSED(pool);
	ARG_UNUSED(key);
	ARG_UNUSED(will_wait);
	return NULL;
}

/* Put @p buf back, which has nothing left to give up. */
static ALWAYS_INLINE void pool_put(struct net_buf_pool *pool, struct net_buf *buf)
{
	k_spinlock_key_t key;

	if (pool_put_back(pool, buf)) {
		return;
	}
	key = k_spin_lock(&pool->lock);
	if (unlikely(!wait_q_empty(&pool->waiters))) {
		net_buf_pool_hand_over(pool, buf, key);
		return;
	}
	pool_add(&pool->free, buf);
	usage_put(pool);
	k_spin_unlock(&pool->lock, key);
}

#endif /* CONFIG_NET_BUF_POOL_CACHE */

#endif /* NET_BUF_SRC_POOL_H_ */
