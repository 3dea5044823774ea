/* SPDX-License-Identifier: Apache-2.0 */
/** @file Pools of contexts. */
#include "internal.h"

/* Whether nothing of @p r is away. Context locked. */
static bool is_home(const struct rtio *r)
{
	uint32_t cqes = r->cq_size - r->cqe_fresh;

	for (const struct mpsc_node *n = r->cqe_free; n != NULL; n = n->next) {
		cqes++;
	}
	return rtio_sqe_acquirable(r) == r->sq_size && cqes == r->cq_size;
}

static void set_up(struct rtio_pool *pool, uint32_t i)
{
	pool->contexts[i] = (struct rtio)Z_RTIO_CONTEXT(
		NULL, NULL, pool->sqes + (size_t)i * pool->sq_size, pool->sq_size,
		pool->cqes + (size_t)i * pool->cq_size, pool->cq_size);
}

/* Make @p r what it was when it was new, but for the generations of its requests. */
static void renew(struct rtio *r)
{
	r->cq_count = 0;
	r->xcqcnt = 0;
	r->executor = NULL;
}

/* Take context @p i if it can be had. Pool locked. */
static bool take_entry(struct rtio_pool *pool, uint32_t i)
{
	struct rtio *r = &pool->contexts[i];
	k_spinlock_key_t key;
	bool home;

	if (pool->used[i] != 0) {
		return false;
	}
	if (r->sq_size == 0) {
		set_up(pool, i);
	}
	/* What ended after it was released. Not unlocked: what ends after it is acquired is not ours. */
	(void)rtio_flush_completion_queue(r);
	key = rtio_lock(r);
	home = is_home(r);
	if (home) {
		renew(r);
		pool->used[i] = 1;
	}
	rtio_unlock(r, key);
	return home;
}

struct rtio *rtio_pool_acquire(struct rtio_pool *pool)
{
	k_spinlock_key_t key = k_spin_lock(&pool->lock);
	struct rtio *r = NULL;

	for (uint32_t i = 0; i < pool->pool_size && r == NULL; i++) {
		if (take_entry(pool, i)) {
			r = &pool->contexts[i];
		}
	}
	k_spin_unlock(&pool->lock, key);
	return r;
}

void rtio_pool_release(struct rtio_pool *pool, struct rtio *r)
{
	size_t i = (size_t)(r - pool->contexts);
	k_spinlock_key_t key;

	if (r == NULL || i >= pool->pool_size || pool->used[i] == 0) {
		__ASSERT(false, "%p is no acquired context of this pool", (void *)r);
		return;
	}
	rtio_sqe_drop_all(r);
	(void)rtio_flush_completion_queue(r);
	key = k_spin_lock(&pool->lock);
	pool->used[i] = 0;
	k_spin_unlock(&pool->lock, key);
}
