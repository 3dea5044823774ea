/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Sharing and releasing buffers.
 *
 * Every holder of a buffer has one reference. What a holder wrote before it released is seen by
 * the destroy callback and by whoever gets the buffer next.
 *
 * Context: any, ISR included.   Blocks: never.   Cost: constant, unless it says otherwise.
 */
#ifndef ZEPHYR_NET_BUF_REF_H_
#define ZEPHYR_NET_BUF_REF_H_

#include <zephyr/net_buf/buf.h>
#include <zephyr/sys/atomic.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Take one more reference to @p buf. Its fragments are not counted: they belong to it.
 *
 * Ownership: borrows the caller's; the new one is the caller's too.   Cost: O(1), one atomic.
 * @return @p buf; NULL, nothing changed, if it has NET_BUF_REF_MAX references already, or if
 * (asserts) it is NULL or has none.
 */
struct net_buf *__must_check net_buf_ref(struct net_buf *buf);

/**
 * Release a reference to @p buf. With the last one the buffer goes home: through the destroy
 * callback of its pool, in this context, or at once; then its next fragment is released, and so on
 * up to the first fragment that somebody else holds too.
 *
 * Releasing NULL or a buffer without a reference asserts; assertions off: the latter is reported
 * in one line, and neither changes anything. What has been allocated again cannot be told apart.
 *
 * Ownership: takes @p buf.   Cost: O(fragments released), one atomic each for shared ones and none
 * but the pool's lock for the others.
 */
void net_buf_unref(struct net_buf *buf);

#ifdef CONFIG_NET_BUF_LOG
/** The same with the place of the call, for the report. */
void net_buf_unref_debug(struct net_buf *buf, const char *func, int line);
#define net_buf_unref(_buf) net_buf_unref_debug(_buf, __func__, __LINE__)
#endif

/**
 * Bring @p buf home: give its memory back and put it in its pool, or hand it to the most urgent
 * thread that waits there. For destroy callbacks, which must see to it that this is called once for
 * each buffer; it may be later and in another context.
 *
 * In the callback the buffer has no references, data and frags are NULL; user data, len, size and
 * the memory at __buf are as they were.
 *
 * Ownership: takes @p buf, which only its destroy callback had.   Cost: O(1); O(waiting threads).
 */
void net_buf_destroy(struct net_buf *buf);

/** @return whether @p buf is not NULL, has a reference, and its content lies in its memory. */
static inline bool net_buf_is_valid(const struct net_buf *buf)
{
	/* Relaxed: the caller holds a reference, or asks out of curiosity. */
	return buf != NULL && (atomic32_load_relaxed(&buf->ref_word) & Z_NET_BUF_REF_MASK) != 0 &&
	       net_buf_simple_is_valid(&buf->b);
}

/**
 * Take what is in *@p orig, leaving NULL there: of several contexts that try, one gets it.
 *
 * Ownership: the reference moves from *@p orig to the caller.
 * @return what was there, NULL included.
 */
static inline struct net_buf *net_buf_take(struct net_buf **orig)
{
	return (struct net_buf *)atomic_ptr_set((atomic_ptr_t *)(void *)orig, NULL);
}

/** Release what is in *@p orig, if anything, leaving NULL there. Ownership: takes *@p orig. */
static inline void net_buf_drop(struct net_buf **orig)
{
	struct net_buf *buf = net_buf_take(orig);

	if (buf != NULL) {
		net_buf_unref(buf);
	}
}

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_NET_BUF_REF_H_ */
