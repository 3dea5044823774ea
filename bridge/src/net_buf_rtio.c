/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Memory that RTIO reads into as net_bufs.
 *
 * Blocks belong to the mempool; which are in use is known there alone. Each piece of memory has a
 * count of the net_bufs around it, by its first block. A net_buf goes home before its memory does:
 * who is told of the memory finds a net_buf as well.
 */
#include <bridge/net_buf_rtio.h>

#include <zephyr/sys/__assert.h>

#include <errno.h>

/* @return what @p pool has beside its net_bufs, NULL if it is of another kind. */
static struct rtio_net_buf_pool *rtio_pool_of(const struct net_buf_pool *pool)
{
	bool ours = pool != NULL && pool->alloc->cb == &rtio_net_buf_cb;

	__ASSERT(ours, "pool %p is not one of rtio", (const void *)pool);
	return ours ? pool->alloc->alloc_data : NULL;
}

static struct rtio_net_buf_pool *rtio_pool_of_buf(const struct net_buf *buf)
{
	/* Relaxed, and the whole word: others may be counting references in it. */
	uint32_t word = atomic32_load_relaxed(&buf->ref_word);

	return net_buf_pool_get((int)(word >> Z_NET_BUF_POOL_SHIFT))->alloc->alloc_data;
}

/* The count of the net_bufs around the memory that begins at @p memory. */
static uint32_t *shares_of(const struct rtio_net_buf_pool *own, const uint8_t *memory)
{
	return &own->shares[(size_t)(memory - own->blocks.memory) / own->blocks.blk_size];
}

/* ---- memory of net_bufs ---------------------------------------------------------------------- */

static uint8_t *rtio_memory_alloc(struct net_buf *buf, size_t *size, k_timeout_t timeout)
{
	struct rtio_net_buf_pool *own = rtio_pool_of_buf(buf);
	uint8_t *memory;
	uint32_t len;

	ARG_UNUSED(timeout);
	if (rtio_mempool_alloc(&own->blocks, (uint32_t)*size, (uint32_t)*size, &memory, &len) !=
	    0) {
		return NULL;
	}
	*size = len;
	/* Relaxed: whoever gets the buffer gets it later. */
	atomic32_store_relaxed(shares_of(own, memory), 1);
	return memory;
}

/* A clone of @p buf shares its memory. */
static uint8_t *rtio_memory_ref(struct net_buf *buf, uint8_t *memory)
{
	/* Relaxed: the caller has a buffer around it. */
	(void)atomic32_add_relaxed(shares_of(rtio_pool_of_buf(buf), memory), 1);
	return memory;
}

/* Bring @p buf home, and then its memory, if it was the last around it. */
static void rtio_memory_release(struct net_buf *buf)
{
	struct rtio_net_buf_pool *own = rtio_pool_of_buf(buf);
	uint8_t *memory = buf->__buf;
	uint32_t size = buf->size;
	uint32_t *shares = shares_of(own, memory);
	bool last;

	/*
	 * Acquire: pairs with the release below, by the buffers that were. Who finds 1 has the only
	 * buffer around it, and nobody else can make another.
	 */
	last = atomic32_load_acquire(shares) == 1 || atomic32_sub_acq_rel(shares, 1) == 1;
	buf->__buf = NULL;
	net_buf_destroy(buf);
	if (last) {
		rtio_mempool_free(&own->blocks, memory, size);
	}
}

const struct net_buf_data_cb rtio_net_buf_cb = {
	.alloc = rtio_memory_alloc,
	.ref = rtio_memory_ref,
	.release = rtio_memory_release,
};

/* ---- completions as net_bufs ----------------------------------------------------------------- */

int rtio_cqe_get_net_buf(struct net_buf_pool *pool, struct rtio_cqe *cqe, k_timeout_t timeout,
			 struct net_buf **buf)
{
	struct rtio_net_buf_pool *own = rtio_pool_of(pool);
	uint32_t index = RTIO_CQE_FLAG_MEMPOOL_GET_BLK_IDX(cqe->flags);
	uint32_t count = RTIO_CQE_FLAG_MEMPOOL_GET_BLK_CNT(cqe->flags);
	struct net_buf *got;
	uint8_t *memory;
	uint32_t size;

	if (own == NULL) {
		return -ENOTSUP;
	}
	size = count * own->blocks.blk_size;
	/* A failure is more than any size. */
	if (RTIO_CQE_FLAG_GET(cqe->flags) != RTIO_CQE_FLAG_MEMPOOL_BUFFER ||
	    (uint32_t)cqe->result > size || index + count > own->blocks.num_blks) {
		return -EINVAL;
	}
	if (size > UINT16_MAX) {
		return -EMSGSIZE;
	}
	got = net_buf_alloc_len(pool, 0, timeout);
	if (got == NULL) {
		return -ENOBUFS;
	}
	if (count != 0) {
		memory = own->blocks.memory + (size_t)index * own->blocks.blk_size;
		net_buf_simple_init_with_data(&got->b, memory, size);
		got->len = (uint16_t)cqe->result;
		/* Relaxed: whoever gets the buffer gets it later. */
		atomic32_store_relaxed(shares_of(own, memory), 1);
	}
	cqe->flags = 0;
	*buf = got;
	return 0;
}

/* ---- those who wait for memory --------------------------------------------------------------- */

/* The list is written under the lock; see z_rtio_net_buf_home() for who looks at it without. */
static void set_waiters(struct rtio_net_buf_pool *own, struct rtio_net_buf_waiter *first)
{
	__atomic_store_n(&own->waiters, first, __ATOMIC_RELAXED);
}

static struct rtio_net_buf_waiter *take_waiter(struct rtio_net_buf_pool *own)
{
	k_spinlock_key_t key = k_spin_lock(&own->lock);
	struct rtio_net_buf_waiter *first = own->waiters;

	if (first != NULL) {
		set_waiters(own, first->next);
		first->waits = false;
	}
	k_spin_unlock(&own->lock, key);
	return first;
}

static uint32_t count_waiters(struct rtio_net_buf_pool *own)
{
	k_spinlock_key_t key = k_spin_lock(&own->lock);
	uint32_t count = 0;

	for (const struct rtio_net_buf_waiter *w = own->waiters; w != NULL; w = w->next) {
		count++;
	}
	k_spin_unlock(&own->lock, key);
	return count;
}

void z_rtio_net_buf_home(struct rtio_mempool *blocks)
{
	struct rtio_net_buf_pool *own = CONTAINER_OF(blocks, struct rtio_net_buf_pool, blocks);
	struct rtio_net_buf_waiter *waiter;

	/*
	 * Relaxed: the lock of the blocks orders it. Who waits has come before it looks whether a block
	 * is home; either it finds the one that has come home now, or it took the lock before this
	 * context did, and is seen here.
	 */
	if (likely(__atomic_load_n(&own->waiters, __ATOMIC_RELAXED) == NULL)) {
		return;
	}
	/* Those who wait again because of this call are not called again. */
	for (uint32_t n = count_waiters(own); n > 0 && (waiter = take_waiter(own)) != NULL; n--) {
		waiter->home(waiter);
	}
}

int rtio_net_buf_await(struct net_buf_pool *pool, struct rtio_net_buf_waiter *waiter)
{
	struct rtio_net_buf_pool *own = rtio_pool_of(pool);
	struct rtio_net_buf_waiter *last;
	k_spinlock_key_t key;

	if (own == NULL) {
		return -ENOTSUP;
	}
	key = k_spin_lock(&own->lock);
	if (!waiter->waits) {
		waiter->waits = true;
		waiter->next = NULL;
		for (last = own->waiters; last != NULL && last->next != NULL; last = last->next) {
		}
		if (last == NULL) {
			set_waiters(own, waiter);
		} else {
			last->next = waiter;
		}
	}
	k_spin_unlock(&own->lock, key);
	return rtio_mempool_num_free(&own->blocks) != 0 ? 1 : 0;
}

bool rtio_net_buf_forget(struct net_buf_pool *pool, struct rtio_net_buf_waiter *waiter)
{
	struct rtio_net_buf_pool *own = rtio_pool_of(pool);
	struct rtio_net_buf_waiter *before = NULL;
	k_spinlock_key_t key;
	bool waited;

	if (own == NULL) {
		return false;
	}
	key = k_spin_lock(&own->lock);
	waited = waiter->waits;
	if (waited) {
		for (struct rtio_net_buf_waiter *w = own->waiters; w != waiter; w = w->next) {
			before = w;
		}
		if (before == NULL) {
			set_waiters(own, waiter->next);
		} else {
			before->next = waiter->next;
		}
		waiter->waits = false;
	}
	k_spin_unlock(&own->lock, key);
	return waited;
}

uint32_t rtio_net_buf_blocks_free(struct net_buf_pool *pool)
{
	struct rtio_net_buf_pool *own = rtio_pool_of(pool);

	return own != NULL ? rtio_mempool_num_free(&own->blocks) : 0;
}
