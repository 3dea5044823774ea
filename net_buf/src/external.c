/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Buffers around storage of the user's.
 *
 * What is known about the storage cannot be in the buffer that got it first: a clone may live
 * longer. It is a struct net_buf_external of the pool's, to which every buffer around that storage
 * has a pointer, behind its user data; net_buf_clone() copies it with them. It is given back before
 * its last buffer goes home, so there are always enough for the buffers there are.
 */
#include "pool.h"

#include <zephyr/net_buf/external.h>

#include <errno.h>

/* Where @p buf keeps the pointer to what is known about its storage. */
static struct net_buf_external **external_of(const struct net_buf_pool *pool, struct net_buf *buf)
{
	size_t offset = ROUND_UP(pool->user_data_size, sizeof(void *));

	return (struct net_buf_external **)(void *)(buf->user_data + offset);
}

static struct net_buf_external *external_take(struct net_buf_pool *pool)
{
	struct net_buf_pool_external *own = pool->alloc->alloc_data;
	k_spinlock_key_t key = k_spin_lock(&pool->lock);
	struct net_buf_external *external = own->free;

	if (external != NULL) {
		own->free = external->next;
	} else {
		external = &own->all[own->fresh++];
	}
	k_spin_unlock(&pool->lock, key);
	return external;
}

static void external_put(struct net_buf_pool *pool, struct net_buf_external *external)
{
	struct net_buf_pool_external *own = pool->alloc->alloc_data;
	k_spinlock_key_t key = k_spin_lock(&pool->lock);

	external->next = own->free;
	own->free = external;
	k_spin_unlock(&pool->lock, key);
}

/* A clone of @p buf shares its storage. */
static uint8_t *external_ref(struct net_buf *buf, uint8_t *data)
{
	/* Relaxed: the caller has a buffer around it. */
	(void)atomic32_add_relaxed(&(*external_of(pool_of(buf), buf))->refs, 1);
	return data;
}

/* Bring @p buf home and, if it was the last around its storage, tell the user. */
static void external_release(struct net_buf *buf)
{
	struct net_buf_pool *pool = pool_of(buf);
	struct net_buf_external *external = *external_of(pool, buf);
	struct net_buf_external gone = {0};

	/*
	 * Acquire: pairs with the release below, by the buffers that were. Who finds 1 has the only
	 * buffer around it, and nobody else can make another.
	 */
	if (atomic32_load_acquire(&external->refs) == 1 ||
	    atomic32_sub_acq_rel(&external->refs, 1) == 1) {
		gone = *external;
		external_put(pool, external);
	}
	pool_put(pool, buf);
	if (gone.release != NULL) {
		gone.release(gone.data, gone.size, gone.arg);
	}
}

const struct net_buf_data_cb net_buf_external_cb = {
	.ref = external_ref,
	.release = external_release,
};

/* Put @p buf, new and without memory, around storage that was checked. */
static void attach(struct net_buf_pool *pool, struct net_buf *buf, void *data, size_t size,
		   net_buf_release_cb release, void *arg)
{
	struct net_buf_external *external = external_take(pool);

	external->data = data;
	external->size = (uint16_t)size;
	external->release = release;
	external->arg = arg;
	/* Relaxed: the buffer is not handed to anybody yet. */
	atomic32_store_relaxed(&external->refs, 1);
	*external_of(pool, buf) = external;
	net_buf_simple_init_with_data(&buf->b, data, size);
}

/* Whether buffers of @p pool can be around that storage; NULL: there is no such pool. */
static bool can_attach(const struct net_buf_pool *pool, const void *data, size_t size,
		       net_buf_release_cb release)
{
	if (pool == NULL || pool->alloc->cb != &net_buf_external_cb || data == NULL ||
	    release == NULL || size > UINT16_MAX) {
		__ASSERT(false, "pool %p cannot have a buffer around %zu bytes at %p",
			 (const void *)pool, size, data);
		return false;
	}
	return true;
}

struct net_buf *net_buf_alloc_with_release(struct net_buf_pool *pool, void *data, size_t size,
					   net_buf_release_cb release, void *arg,
					   k_timeout_t timeout)
{
	struct net_buf *buf;

	if (!can_attach(pool, data, size, release)) {
		return NULL;
	}
	buf = net_buf_alloc_len(pool, 0, timeout);
	if (buf != NULL) {
		attach(pool, buf, data, size, release, arg);
	}
	return buf;
}

int net_buf_external_attach(struct net_buf *buf, void *data, size_t size,
			    net_buf_release_cb release, void *arg)
{
	struct net_buf_pool *pool = buf != NULL && buf->__buf == NULL ? pool_of(buf) : NULL;

	if (!can_attach(pool, data, size, release)) {
		return -EINVAL;
	}
	attach(pool, buf, data, size, release, arg);
	return 0;
}
