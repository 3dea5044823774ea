/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Chains: a buffer owns the fragment behind it, that one the next. The first is the packet.
 *
 * One context at a time per chain.
 *
 * Ownership: borrows the chain, unless it says otherwise.
 * Context: any.   Blocks: never, unless a timeout says so.
 */
#ifndef ZEPHYR_NET_BUF_FRAG_H_
#define ZEPHYR_NET_BUF_FRAG_H_

#include <zephyr/net_buf/buf.h>
#include <zephyr/net_buf/ref.h>
#include <zephyr/sys_clock.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @return the last fragment of the chain @p frags; NULL (asserts) for NULL. Cost: O(fragments). */
struct net_buf *net_buf_frag_last(struct net_buf *frags);

/**
 * Put the fragment, or chain, @p frag directly behind @p parent.
 * Ownership: takes @p frag.   Cost: O(fragments of @p frag).
 */
void net_buf_frag_insert(struct net_buf *parent, struct net_buf *frag);

/**
 * Put the fragment, or chain, @p frag at the end of the chain @p head.
 *
 * Ownership: takes @p frag; but with NULL for @p head it borrows it, and what it returns is a
 * reference of its own.   Cost: O(fragments of @p head).
 * @return the head of the chain; NULL (asserts) if @p frag is NULL, or if with a NULL @p head
 * net_buf_ref() refuses it.
 */
struct net_buf *net_buf_frag_add(struct net_buf *head, struct net_buf *frag);

/**
 * Take the fragment @p frag, which stands behind @p parent, out and release it. With NULL for
 * @p parent it is the head.
 *
 * Ownership: takes @p frag.   Cost: O(1).
 * @return the fragment behind it, which @p parent or with NULL the caller owns now. NULL, nothing
 * changed (asserts), if @p frag is NULL or not behind @p parent.
 */
struct net_buf *net_buf_frag_del(struct net_buf *parent, struct net_buf *frag);

#ifdef CONFIG_NET_BUF_LOG
/** The same with the place of the call, for the log. */
struct net_buf *net_buf_frag_del_debug(struct net_buf *parent, struct net_buf *frag,
				       const char *func, int line);
#define net_buf_frag_del(_parent, _frag) net_buf_frag_del_debug(_parent, _frag, __func__, __LINE__)
#endif

/** @return bytes of content in the whole chain @p buf; 0 for NULL. Cost: O(fragments). */
static inline size_t net_buf_frags_len(const struct net_buf *buf)
{
	size_t bytes = 0;

	for (; buf != NULL; buf = buf->frags) {
		bytes += buf->len;
	}
	return bytes;
}

/**
 * Copy up to @p len bytes of the chain @p src, beginning @p offset bytes into its content, to
 * @p dst, which has room for @p dst_len.
 *
 * Ownership: borrows @p src.   Cost: O(fragments), and the copy.
 * @return bytes copied: fewer where @p dst or the chain ends.
 */
size_t net_buf_linearize(void *dst, size_t dst_len, const struct net_buf *src, size_t offset,
			 size_t len);

/**
 * Makes a buffer for net_buf_append_bytes(), waiting up to @p timeout. @return NULL if it cannot.
 */
typedef struct net_buf *(*net_buf_allocator_cb)(k_timeout_t timeout, void *user_data);

/**
 * Copy @p len bytes from @p value to the end of the chain @p buf: into the tailroom of its last
 * fragment, then into new ones.
 *
 * New fragments come from @p allocate_cb, called with @p user_data, or with NULL from the pool of
 * @p buf. The callback may return a chain. One that has no tailroom is released, and ends the call.
 *
 * Ownership: borrows @p buf, which owns the new fragments.
 * Context: thread; ISR with K_NO_WAIT.   Blocks: up to @p timeout in all.   Cost: O(fragments).
 * @return bytes appended: fewer if there was no buffer. What was appended stays.
 */
size_t net_buf_append_bytes(struct net_buf *buf, size_t len, const void *value, k_timeout_t timeout,
			    net_buf_allocator_cb allocate_cb, void *user_data);

/**
 * Compare the content of the chain @p buf, from @p offset on, with @p len bytes at @p data.
 * Cost: O(fragments), and the comparison.
 * @return how many bytes are equal before the first that is not, or before either ends.
 */
size_t net_buf_data_match(const struct net_buf *buf, size_t offset, const void *data, size_t len);

/**
 * Drop the first @p len bytes of the chain @p buf, releasing fragments that become empty.
 *
 * Ownership: takes @p buf; the caller has what is returned instead.   Cost: O(fragments dropped).
 * @return the chain that is left; NULL if it had no more than @p len bytes. @p buf if that is 0.
 */
struct net_buf *net_buf_skip(struct net_buf *buf, size_t len);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_NET_BUF_FRAG_H_ */
