/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The count of references, and the way home.
 *
 * The count is the low half of ref_word; the rest of the word does not change while somebody holds
 * the buffer. It is raised and lowered after a look at it, because it must pass neither
 * NET_BUF_REF_MAX nor 0: a plain addition would carry into the flags. Nobody lowers it from 1 to 0
 * that way: who finds 1 is the last holder, alone with the buffer, and needs no atomic operation to
 * give it up.
 */
#include "pool.h"

#include <zephyr/net_buf/ref_many.h>

LOG_MODULE_DECLARE(net_buf, NET_BUF_LOG_LEVEL);

/* Whether @p buf is what it says it is: a buffer of a known pool. */
static bool is_ours(const struct net_buf *buf)
{
	uint32_t word = atomic32_load_relaxed(&buf->ref_word);
	const struct net_buf_pool *pool = net_buf_pool_get((int)(word >> Z_NET_BUF_POOL_SHIFT));

	return pool != NULL && buf->index < pool->buf_count &&
	       (const char *)buf == (const char *)pool->__bufs + (size_t)buf->index * pool->stride;
}

/* With CONFIG_NET_BUF_HARDENING: whether @p buf must be left alone. */
static ALWAYS_INLINE bool refused(const struct net_buf *buf, const struct call_place *place)
{
	if (IS_ENABLED(CONFIG_NET_BUF_HARDENING) && unlikely(!is_ours(buf))) {
		net_buf_report(buf, "not a buffer of that pool", place);
		return true;
	}
	return false;
}

/* ---- taking ---------------------------------------------------------------------------------- */

/* The count is 0 or as high as it goes. @return NULL. */
static __attribute__((cold)) struct net_buf *not_taken(const struct net_buf *buf, uint32_t word)
{
	if (count_of(word) == 0) {
		net_buf_report(buf, "shared without a reference", NULL);
	}
	return NULL;
}

/* Take @p n references. @return @p buf, or NULL. */
static ALWAYS_INLINE struct net_buf *ref_take(struct net_buf *buf, uint16_t n)
{
	uint32_t word;

	if (unlikely(buf == NULL)) {
		__ASSERT(false, "reference to a NULL buffer");
		return NULL;
	}
	if (refused(buf, NULL)) {
		return NULL;
	}
	word = atomic32_load_linked(&buf->ref_word);
	do {
		/* What was 0 is n now, and what went beyond 16 bits is less. */
		if (unlikely(count_of(word + n) <= n)) {
			return not_taken(buf, word);
		}
		/* Relaxed: the caller has a reference already, nothing is handed over here. */
	} while (unlikely(!atomic32_store_linked_relaxed(&buf->ref_word, &word, word + n)));
	LOG_DBG("buf %p ref %u", (void *)buf, (unsigned int)count_of(word + n));
	return buf;
}

struct net_buf *net_buf_ref(struct net_buf *buf)
{
	return ref_take(buf, 1);
}

bool net_buf_ref_add(struct net_buf *buf, uint16_t n)
{
	return ref_take(buf, n) != NULL;
}

/* ---- going home ------------------------------------------------------------------------------ */

/* Give up the memory of a buffer that is not of a fixed pool. @return false if it is home now. */
static bool give_up_data(const struct net_buf_pool *pool, struct net_buf *buf)
{
	const struct net_buf_data_cb *cb = pool->alloc->cb;

	if (buf->__buf == NULL || (buf->flags & NET_BUF_EXTERNAL_DATA) != 0) {
		return true;
	}
	if (cb->release != NULL) {
		cb->release(buf);
		return false;
	}
	if (cb->unref != NULL) {
		cb->unref(buf, buf->__buf);
	}
	return true;
}

static void bring_home(struct net_buf_pool *pool, struct net_buf *buf)
{
	/* Memory of a fixed pool goes with its buffer. */
	if (unlikely(pool->data == NULL) && !give_up_data(pool, buf)) {
		return;
	}
	pool_put(pool, buf);
}

void net_buf_destroy(struct net_buf *buf)
{
	if (unlikely(buf == NULL)) {
		__ASSERT(false, "destruction of a NULL buffer");
		return;
	}
	if (refused(buf, NULL)) {
		return;
	}
	if (unlikely(count_of(atomic32_load_relaxed(&buf->ref_word)) != 0)) {
		net_buf_report(buf, "destroyed while it has references", NULL);
		return;
	}
#ifdef CONFIG_NET_BUF_HARDENING
	if (buf->home != 0) {
		net_buf_report(buf, "destroyed at home", NULL);
		return;
	}
#endif
	bring_home(pool_of(buf), buf);
}

/* ---- dropping -------------------------------------------------------------------------------- */

/* Drop @p n references. @return whether they were the last: the caller is alone with @p buf. */
static ALWAYS_INLINE bool ref_drop(struct net_buf *buf, uint32_t n, const struct call_place *place)
{
	/* Acquire: pairs with the release of the store below, by those that dropped before. */
	uint32_t word = atomic32_load_linked(&buf->ref_word);

	while (unlikely(count_of(word) != n)) {
		if (unlikely(count_of(word) < n)) {
			net_buf_report(buf, "released without a reference", place);
			return false;
		}
		/*
		 * Release: pairs with the acquire above, by the one that will be the last; acquire
		 * if it fails, for the case that this makes the caller the last.
		 */
		if (likely(atomic32_store_linked_acq_rel(&buf->ref_word, &word, word - n))) {
			return false;
		}
	}
	/* Relaxed: nobody else has it. A stray release finds 0 from now on. */
	atomic32_store_relaxed(&buf->ref_word, word - n);
	return true;
}

/*
 * Bring a buffer without references home, through the user's hands if its pool wants that, then
 * release what hangs behind it, each fragment by its own count.
 */
static __attribute__((noinline)) void send_home(struct net_buf *buf, const struct call_place *place)
{
	struct net_buf *next;

	do {
		struct net_buf_pool *pool = pool_of(buf);

		LOG_DBG("buf %p goes home", (void *)buf);
		next = buf->frags;
		buf->data = NULL;
		buf->frags = NULL;
		/* It may be anybody's from here on: nothing of it is touched afterwards. */
		if (likely(pool->plain)) {
			pool_put(pool, buf);
		} else if (pool->destroy != NULL) {
			pool->destroy(buf);
		} else {
			bring_home(pool, buf);
		}
		buf = next;
	} while (buf != NULL && !refused(buf, place) && ref_drop(buf, 1, place));
}

/* Release @p n references to @p buf and, if they were the last, what hangs behind it. */
static void release(struct net_buf *buf, uint32_t n, const struct call_place *place)
{
	if (!refused(buf, place) && ref_drop(buf, n, place)) {
		send_home(buf, place);
	}
}

void net_buf_unref(struct net_buf *buf)
{
	struct net_buf_pool *pool;

	if (unlikely(buf == NULL)) {
		__ASSERT(false, "release of a NULL buffer");
		return;
	}
	if (refused(buf, NULL) || !ref_drop(buf, 1, NULL)) {
		return;
	}
	/* The short way, for the most common buffer: send_home() does nothing else for it. */
	pool = pool_of(buf);
	if (likely(buf->frags == NULL && pool->plain)) {
		buf->data = NULL;
		pool_put(pool, buf);
	} else {
		send_home(buf, NULL);
	}
}

void net_buf_ref_drop(struct net_buf *buf, uint16_t n)
{
	if (unlikely(buf == NULL)) {
		__ASSERT(false, "release of a NULL buffer");
		return;
	}
	if (n != 0) {
		release(buf, n, NULL);
	}
}

#ifdef CONFIG_NET_BUF_LOG

void net_buf_unref_debug(struct net_buf *buf, const char *func, int line)
{
	struct call_place place = {func, line};

	if (buf == NULL) {
		__ASSERT(false, "%s():%d: release of a NULL buffer", func, line);
		return;
	}
	release(buf, 1, &place);
}

#endif /* CONFIG_NET_BUF_LOG */
