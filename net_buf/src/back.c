/* SPDX-License-Identifier: Apache-2.0 */
/** @file The rare ways between the two ends of a pool. */
#include "pool.h"

#ifdef Z_NET_BUF_POOL_ENDS

/* Make @p buf, and what is linked behind it, what the calling context takes from. `lock` held. */
static struct net_buf *take_over(struct net_buf_pool *pool, struct net_buf *buf)
{
	if (buf != NULL) {
		pool->free = free_next(buf);
		/* Relaxed: see pool_put_back(). */
		__atomic_store_n(&pool->taker, port_context(), __ATOMIC_RELAXED);
	}
	return buf;
}

struct net_buf *net_buf_pool_take_back(struct net_buf_pool *pool)
{
	struct net_buf *buf = NULL;
	k_spinlock_key_t key;

	/* Relaxed: a release that is not ordered before this call may be missed. */
	if (__atomic_load_n(&pool->back, __ATOMIC_RELAXED) != NULL) {
		key = k_spin_lock(&pool->back_lock);
		buf = pool->back;
		pool_list_set(&pool->back, NULL);
		k_spin_unlock(&pool->back_lock, key);
	}
	return take_over(pool, buf);
}

struct net_buf *net_buf_pool_wait(struct net_buf_pool *pool, int64_t deadline, k_spinlock_key_t key)
{
	k_spinlock_key_t back = pool_lock_back(pool);
	struct net_buf *buf = pool->back;
	struct waiter w;
	bool cancelled;

	if (buf != NULL) {
		pool_list_set(&pool->back, NULL);
		pool_unlock_back(pool, back);
		buf = take_over(pool, buf);
		k_spin_unlock(&pool->lock, key);
		return buf;
	}
	waiter_init(&w, NULL);
	waiter_kind(&w, WAIT_FOR_ROOM);
	wait_q_add(&pool->waiters, &w);
	pool_unlock_back(pool, back);
	k_spin_unlock(&pool->lock, key);

	if (waiter_park(&w, deadline)) {
		return w.data;
	}
	key = k_spin_lock(&pool->lock);
	back = pool_lock_back(pool);
	cancelled = waiter_cancel(&pool->waiters, &w);
	pool_unlock_back(pool, back);
	k_spin_unlock(&pool->lock, key);
	if (cancelled) {
		thread_abort_point();
		return NULL;
	}
	(void)waiter_park(&w, PORT_FOREVER);
	return w.data;
}

void net_buf_pool_put_waited(struct net_buf_pool *pool, struct net_buf *buf)
{
	k_spinlock_key_t key = k_spin_lock(&pool->lock);

	if (!wait_q_empty(&pool->waiters)) {
		net_buf_pool_hand_over(pool, buf, key);
		return;
	}
	/* They have stopped waiting meanwhile. */
	pool_add(&pool->free, buf);
	k_spin_unlock(&pool->lock, key);
}

#endif /* Z_NET_BUF_POOL_ENDS */
