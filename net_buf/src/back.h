/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The two ends of a pool where there are several cores. For the files of net_buf only.
 *
 *     taker  <-- [ free ], under `lock`  <-- all of it, when `free` is empty --  [ back ], under `back_lock`
 *     taker  --> [ free ]                                                        [ back ] <-- others
 *
 * Who finds `free` empty takes over all that came back meanwhile, and is the taker from then on: what it
 * gives back it takes next, from its own cache. Everybody else gives back at the other end. So a thread
 * that takes and one that gives back share neither a lock nor a cache line, but those of the buffers.
 *
 * `lock` is taken before `back_lock`. Threads begin and end to wait under both, and only while both ends
 * are empty. With caches of threads, counts of what is used, or a single core there is one end.
 */
#ifndef NET_BUF_SRC_BACK_H_
#define NET_BUF_SRC_BACK_H_

#include <zephyr/net_buf.h>

#ifdef Z_NET_BUF_POOL_ENDS

/** Take over what came back. `lock` held. @return a buffer, NULL if there is none. */
struct net_buf *net_buf_pool_take_back(struct net_buf_pool *pool);

/** Wait for a buffer until @p deadline. `lock` held on entry, not on return. @return NULL if none came. */
struct net_buf *net_buf_pool_wait(struct net_buf_pool *pool, int64_t deadline,
				  k_spinlock_key_t key);

/** Put @p buf back where somebody seemed to wait. Nothing locked. */
void net_buf_pool_put_waited(struct net_buf_pool *pool, struct net_buf *buf);

/** The second lock, for who has the first. */
static inline k_spinlock_key_t pool_lock_back(struct net_buf_pool *pool)
{
	return k_spin_lock(&pool->back_lock);
}

/** Release it, with what is known of who waits up to date. */
static inline void pool_unlock_back(struct net_buf_pool *pool, k_spinlock_key_t key)
{
	pool->back_waiting = wait_q_empty(&pool->waiters) ? 0 : 1;
	k_spin_unlock(&pool->back_lock, key);
}

/** Put @p buf back, unless it is the taker who does. @return false if it is: nothing was done. */
static ALWAYS_INLINE bool pool_put_back(struct net_buf_pool *pool, struct net_buf *buf)
{
	k_spinlock_key_t key;

	/* Relaxed: either end will do. */
	if (__atomic_load_n(&pool->taker, __ATOMIC_RELAXED) == port_context()) {
		return false;
	}
	key = k_spin_lock(&pool->back_lock);
	if (unlikely(pool->back_waiting != 0)) {
		k_spin_unlock(&pool->back_lock, key);
		net_buf_pool_put_waited(pool, buf);
		return true;
	}
	pool_add(&pool->back, buf);
	k_spin_unlock(&pool->back_lock, key);
	return true;
}

#else

static inline struct net_buf *net_buf_pool_take_back(struct net_buf_pool *pool)
{
	ARG_UNUSED(pool);
	return NULL;
}

static inline struct net_buf *net_buf_pool_wait(struct net_buf_pool *pool, int64_t deadline,
						k_spinlock_key_t key)
{
	struct waiter w;

	waiter_init(&w, NULL);
	waiter_kind(&w, WAIT_FOR_ROOM);
	(void)wait_q_wait(&pool->waiters, &w, &pool->lock, key, deadline);
	return w.data;
}

static inline k_spinlock_key_t pool_lock_back(struct net_buf_pool *pool)
{
	ARG_UNUSED(pool);
	return (k_spinlock_key_t){0};
}

static inline void pool_unlock_back(struct net_buf_pool *pool, k_spinlock_key_t key)
{
	ARG_UNUSED(pool);
	ARG_UNUSED(key);
}

static ALWAYS_INLINE bool pool_put_back(struct net_buf_pool *pool, struct net_buf *buf)
{
	ARG_UNUSED(pool);
	ARG_UNUSED(buf);
	return false;
}

#endif /* Z_NET_BUF_POOL_ENDS */

#endif /* NET_BUF_SRC_BACK_H_ */
