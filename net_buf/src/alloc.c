/* SPDX-License-Identifier: Apache-2.0 */
/** @file Getting buffers. */
#include "pool.h"

#include <zephyr/kernel/time.h>

LOG_MODULE_DECLARE(net_buf, NET_BUF_LOG_LEVEL);

/* ---- a buffer without memory ----------------------------------------------------------------- */

/* Take a free buffer, or one that was never used. Pool locked. */
static struct net_buf *take_any(struct net_buf_pool *pool)
{
	struct net_buf *buf = pool_take_home(pool);
	uint16_t index;

	if (buf != NULL) {
		return buf;
	}
	if (pool->uninit_count == 0) {
		return NULL;
	}
	index = pool->buf_count - pool->uninit_count;
	pool->uninit_count--;
	buf = (struct net_buf *)(void *)((char *)pool->__bufs + (size_t)index * pool->stride);
	buf->frags = NULL;
	buf->index = index;
	buf->user_data_size = pool->user_data_size;
	buf->home = 0;
	return buf;
}

/* Wait until somebody hands a buffer over, or @p deadline. */
static struct net_buf *take_wait(struct net_buf_pool *pool, int64_t deadline)
{
	k_spinlock_key_t key = k_spin_lock(&pool->lock);
	struct net_buf *buf = take_any(pool);

	if (buf == NULL) {
		buf = pool_reclaim(pool, &key, true);
	}
	if (buf != NULL) {
		pool_unlock_taken(pool, key);
		return buf;
	}
	return net_buf_pool_wait(pool, deadline, key);
}

#ifdef CONFIG_NET_BUF_LOG

/* Wait for ever and tell the log about it. Each warning is a new wait, behind equal threads. */
static struct net_buf *take_wait_logged(struct net_buf_pool *pool, const struct call_place *place)
{
	const k_timeout_t interval = K_SECONDS(CONFIG_NET_BUF_WARN_ALLOC_INTERVAL);
	int64_t start = k_uptime_get();
	struct net_buf *buf;

	LOG_WRN("%s():%d: pool %p low on buffers", place->func, place->line, (void *)pool);
	do {
		buf = take_wait(pool, CONFIG_NET_BUF_WARN_ALLOC_INTERVAL == 0
					      ? PORT_FOREVER
					      : sys_clock_deadline(interval));
		LOG_WRN("%s():%d: pool %p blocked for %u ms", place->func, place->line,
			(void *)pool, (unsigned int)(k_uptime_get() - start));
	} while (buf == NULL);
	return buf;
}

#endif /* CONFIG_NET_BUF_LOG */

/* No used buffer is free. */
static struct net_buf *take_slow(struct net_buf_pool *pool, k_timeout_t timeout,
				 const struct call_place *place)
{
	k_spinlock_key_t key;
	struct net_buf *buf;

#ifdef CONFIG_PORT_BARE
	if (unlikely(pool->first_word == 0)) {
		net_buf_register(pool, pool + 1);
	}
#endif
	key = k_spin_lock(&pool->lock);
	buf = take_any(pool);
	if (buf == NULL) {
		buf = pool_reclaim(pool, &key, false);
	}
	if (buf != NULL) {
		pool_unlock_taken(pool, key);
		return buf;
	}
	k_spin_unlock(&pool->lock, key);

	if (net_buf_pool_get(pool->id) != pool) {
		__ASSERT(false, "pool %p is used before it is registered", (void *)pool);
		return NULL;
	}
	if (!wait_allowed(timeout)) {
		return NULL;
	}
#ifdef CONFIG_NET_BUF_LOG
	if (place != NULL && K_TIMEOUT_EQ(timeout, K_FOREVER)) {
		return take_wait_logged(pool, place);
	}
#else
	ARG_UNUSED(place);
#endif
	return take_wait(pool, sys_clock_deadline(timeout));
}

/* Make a buffer new that has left its pool, with @p flags; neither its memory nor its user data. */
static ALWAYS_INLINE void make_new(const struct net_buf_pool *pool, struct net_buf *buf,
				   uint32_t flags)
{
#ifdef CONFIG_NET_BUF_HARDENING
	buf->home = 0;
#endif
	/* Relaxed: what hands the buffer to others later orders this before it. */
	atomic32_store_relaxed(&buf->ref_word, pool->first_word | flags << Z_NET_BUF_FLAGS_SHIFT);
}

/* Out of line: most pools have no user data. @return @p buf. */
static __attribute__((noinline)) struct net_buf *clear_user_data(struct net_buf *buf, size_t size)
{
	memset(buf->user_data, 0, size);
	return buf;
}

/* Take a buffer and make it new, with @p flags and no memory. */
static __attribute__((noinline)) struct net_buf *take_new(struct net_buf_pool *pool, uint32_t flags,
							  k_timeout_t timeout,
							  const struct call_place *place)
{
	struct net_buf *buf = pool_take_used(pool);

	if (unlikely(buf == NULL)) {
		buf = take_slow(pool, timeout, place);
		if (buf == NULL) {
			return NULL;
		}
	}
	make_new(pool, buf, flags);
	return clear_user_data(buf, pool->user_data_size);
}

/* Put back a buffer that got no memory. */
static void take_back(struct net_buf_pool *pool, struct net_buf *buf)
{
	buf->__buf = NULL;
	buf->data = NULL;
	atomic32_store_relaxed(&buf->ref_word, pool->first_word - 1);
	pool_put(pool, buf);
}

/* ---- memory for it --------------------------------------------------------------------------- */

static ALWAYS_INLINE void set_memory(struct net_buf *buf, uint8_t *memory, size_t size)
{
	buf->__buf = memory;
	buf->data = memory;
	buf->len = 0;
	buf->size = (uint16_t)size;
}

static ALWAYS_INLINE uint8_t *fixed_memory(const struct net_buf_pool *pool,
					   const struct net_buf *buf)
{
	return pool->data + (size_t)buf->index * pool->data_stride;
}

/* Whether buffers of @p pool can ever have @p size bytes. */
static bool size_possible(const struct net_buf_pool *pool, size_t size)
{
	size_t max = pool->alloc->max_alloc_size;

	return size <= UINT16_MAX && (max == 0 || size <= max);
}

/* Get at least @p size bytes of memory for @p buf until @p end. @return false if there is none. */
static bool get_memory(struct net_buf_pool *pool, struct net_buf *buf, size_t size,
		       k_timepoint_t end)
{
	const struct net_buf_data_cb *cb = pool->alloc->cb;
	size_t got = size;
	uint8_t *memory;

	set_memory(buf, NULL, 0);
	if (size == 0) {
		return true;
	}
	if (pool->data != NULL) {
		set_memory(buf, fixed_memory(pool, buf), pool->data_size);
		return true;
	}
	memory = cb->alloc != NULL ? cb->alloc(buf, &got, sys_timepoint_timeout(end)) : NULL;
	if (memory == NULL) {
		return false;
	}
	if (got < size) {
		__ASSERT(false, "the pool's alloc() gave %zu bytes instead of %zu", got, size);
		if (cb->unref != NULL) {
			cb->unref(buf, memory);
		}
		return false;
	}
	set_memory(buf, memory, MIN(got, (size_t)UINT16_MAX));
	return true;
}

/* ---- the calls ------------------------------------------------------------------------------- */

static bool no_pool(const struct net_buf_pool *pool)
{
	__ASSERT(pool != NULL, "allocation from a NULL pool");
	return unlikely(pool == NULL);
}

static struct net_buf *alloc_len(struct net_buf_pool *pool, size_t size, k_timeout_t timeout,
				 const struct call_place *place)
{
	k_timepoint_t end = {0};
	struct net_buf *buf;

	if (!size_possible(pool, size)) {
		return NULL;
	}
	if (pool->data == NULL) {
		end = sys_timepoint_calc(timeout);
	}
	buf = take_new(pool, 0, timeout, place);
	if (buf != NULL && !get_memory(pool, buf, size, end)) {
		take_back(pool, buf);
		buf = NULL;
	}
	return buf;
}

/* The short way, to a buffer that was used before, in a pool without user data, calls nothing. */
static ALWAYS_INLINE struct net_buf *alloc_fixed(struct net_buf_pool *pool, k_timeout_t timeout,
						 const struct call_place *place)
{
	struct net_buf *buf;

	if (unlikely(pool->data == NULL || (buf = pool_take_cached(pool)) == NULL)) {
		return alloc_len(pool, pool->alloc->max_alloc_size, timeout, place);
	}
	make_new(pool, buf, 0);
	set_memory(buf, fixed_memory(pool, buf), pool->data_size);
	if (unlikely(pool->user_data_size != 0)) {
		return clear_user_data(buf, pool->user_data_size);
	}
	return buf;
}

static struct net_buf *alloc_with_data(struct net_buf_pool *pool, void *data, size_t size,
				       k_timeout_t timeout, const struct call_place *place)
{
	struct net_buf *buf;

	if (size > UINT16_MAX || (data == NULL && size != 0)) {
		__ASSERT(false, "a buffer cannot be around %zu bytes at %p", size, data);
		return NULL;
	}
	buf = take_new(pool, NET_BUF_EXTERNAL_DATA, timeout, place);
	if (buf != NULL) {
		net_buf_simple_init_with_data(&buf->b, data, size);
	}
	return buf;
}

struct net_buf *net_buf_alloc_fixed(struct net_buf_pool *pool, k_timeout_t timeout)
{
	return no_pool(pool) ? NULL : alloc_fixed(pool, timeout, NULL);
}

struct net_buf *net_buf_alloc_len(struct net_buf_pool *pool, size_t size, k_timeout_t timeout)
{
	if (no_pool(pool)) {
		return NULL;
	}
	/* The short way for what a fixed pool has; other pools have a data_size of 0. */
	if (likely(size - 1 < pool->data_size)) {
		return net_buf_alloc_fixed(pool, timeout);
	}
	return alloc_len(pool, size, timeout, NULL);
}

struct net_buf *net_buf_alloc_with_data(struct net_buf_pool *pool, void *data, size_t size,
					k_timeout_t timeout)
{
	return no_pool(pool) ? NULL : alloc_with_data(pool, data, size, timeout, NULL);
}

/* ---- cloning --------------------------------------------------------------------------------- */

/* Make @p clone share the memory of @p buf. @return false if that cannot be. */
static bool share_memory(const struct net_buf_data_cb *cb, struct net_buf *clone,
			 struct net_buf *buf)
{
	uint8_t *memory = cb->ref(buf, buf->__buf);

	if (memory == NULL) {
		return false;
	}
	clone->__buf = memory;
	clone->data = buf->data;
	clone->len = buf->len;
	clone->size = buf->size;
	return true;
}

/* Give @p clone memory of its own with the content of @p buf. @return false if there is none. */
static bool copy_memory(struct net_buf_pool *pool, struct net_buf *clone, const struct net_buf *buf,
			k_timepoint_t end)
{
	if (!size_possible(pool, buf->size) || !get_memory(pool, clone, buf->size, end)) {
		return false;
	}
	if (clone->__buf != NULL) {
		clone->data = clone->__buf + net_buf_headroom(buf);
		clone->len = buf->len;
		memcpy(clone->data, buf->data, buf->len);
	}
	return true;
}

struct net_buf *net_buf_clone(struct net_buf *buf, k_timeout_t timeout)
{
	k_timepoint_t end = sys_timepoint_calc(timeout);
	const struct net_buf_data_cb *cb;
	struct net_buf_pool *pool;
	struct net_buf *clone;
	uint32_t word;
	bool external;
	bool done;

	if (buf == NULL) {
		__ASSERT(false, "clone of a NULL buffer");
		return NULL;
	}
	/* Relaxed: the caller has a reference. The flags do not change while others have some. */
	word = atomic32_load_relaxed(&buf->ref_word);
	if (count_of(word) == 0) {
		net_buf_report(buf, "cloned without a reference", NULL);
		return NULL;
	}
	pool = pool_of_word(word);
	cb = pool->alloc->cb;
	clone = take_new(pool, 0, timeout, NULL);
	if (clone == NULL) {
		return NULL;
	}
	external = (word >> Z_NET_BUF_FLAGS_SHIFT & NET_BUF_EXTERNAL_DATA) != 0;
	if (cb->ref != NULL && buf->__buf != NULL && !external) {
		done = share_memory(cb, clone, buf);
	} else {
		done = copy_memory(pool, clone, buf, end);
	}
	if (!done) {
		take_back(pool, clone);
		return NULL;
	}
	/* Whatever stands behind the header: external pools keep something after the user data. */
	memcpy(clone->user_data, buf->user_data,
	       pool->stride - offsetof(struct net_buf, user_data));
	return clone;
}

/* ---- with the place of the call -------------------------------------------------------------- */

#ifdef CONFIG_NET_BUF_LOG

/* Say how a call ended. A pool that is empty is news only to a caller that was ready to wait. */
static struct net_buf *logged(struct net_buf *buf, const struct net_buf_pool *pool, size_t size,
			      k_timeout_t timeout, const struct call_place *place)
{
	if (buf != NULL) {
		LOG_DBG("%s():%d: pool %p gave buf %p of %u bytes", place->func, place->line,
			(const void *)pool, (void *)buf, buf->size);
	} else if (!K_TIMEOUT_EQ(timeout, K_NO_WAIT)) {
		LOG_WRN("%s():%d: pool %p had no buffer of %zu bytes", place->func, place->line,
			(const void *)pool, size);
	}
	return buf;
}

struct net_buf *net_buf_alloc_fixed_debug(struct net_buf_pool *pool, k_timeout_t timeout,
					  const char *func, int line)
{
	struct call_place place = {func, line};

	if (no_pool(pool)) {
		return NULL;
	}
	return logged(alloc_fixed(pool, timeout, &place), pool, pool->data_size, timeout, &place);
}

struct net_buf *net_buf_alloc_len_debug(struct net_buf_pool *pool, size_t size, k_timeout_t timeout,
					const char *func, int line)
{
	struct call_place place = {func, line};

	if (no_pool(pool)) {
		return NULL;
	}
	return logged(alloc_len(pool, size, timeout, &place), pool, size, timeout, &place);
}

struct net_buf *net_buf_alloc_with_data_debug(struct net_buf_pool *pool, void *data, size_t size,
					      k_timeout_t timeout, const char *func, int line)
{
	struct call_place place = {func, line};

	if (no_pool(pool)) {
		return NULL;
	}
	return logged(alloc_with_data(pool, data, size, timeout, &place), pool, size, timeout,
		      &place);
}

#endif /* CONFIG_NET_BUF_LOG */
