/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Several references at once, for code that hands a buffer to many. Not there on Zephyr.
 *
 * Context: any, ISR included.   Blocks: never.   Cost: constant, unless it says otherwise.
 */
#ifndef ZEPHYR_NET_BUF_REF_MANY_H_
#define ZEPHYR_NET_BUF_REF_MANY_H_

#include <zephyr/net_buf/ref.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Take @p n more references to @p buf, or none.
 *
 * Ownership: borrows the caller's; the new ones are the caller's too.   Cost: O(1), one atomic.
 * @return true; false, nothing changed, if there would be more than NET_BUF_REF_MAX, or if
 * (asserts) @p buf is NULL or has none.
 */
bool __must_check net_buf_ref_add(struct net_buf *buf, uint16_t n);

/**
 * Release @p n references to @p buf in one step; as many net_buf_unref() would do the same. With 0
 * nothing happens. With more than there are nothing changes, and it is reported as there.
 *
 * Ownership: takes @p n references.   Cost: as net_buf_unref().
 */
void net_buf_ref_drop(struct net_buf *buf, uint16_t n);

/**
 * @return the references to @p buf at this moment; 1 means that the caller, who holds one, is the
 * only holder and sees all that the others wrote.
 */
static inline uint16_t net_buf_ref_get(const struct net_buf *buf)
{
	/* Acquire: pairs with the release in net_buf_unref() of the others. */
	return (uint16_t)(atomic32_load_acquire(&buf->ref_word) & Z_NET_BUF_REF_MASK);
}

/** net_buf_ref_add() of a buffer that is not NULL; short where that is possible. */
static inline bool net_buf_ref_more(struct net_buf *buf, uint16_t n)
{
	uint32_t word = atomic32_load_linked(&buf->ref_word);

	/* Relaxed: the caller has a reference already. What was 0, or went beyond 16 bits, is n or less. */
	if (((word + n) & Z_NET_BUF_REF_MASK) > n &&
	    atomic32_store_linked_relaxed(&buf->ref_word, &word, word + n)) {
		return true;
	}
	return net_buf_ref_add(buf, n);
}

/**
 * Release one reference to @p buf if it has one.
 *
 * Ownership, cost: as net_buf_unref(), short where others hold the buffer too.
 * @return false, with nothing changed or reported, if there was none: @p buf is at home.
 */
static inline bool net_buf_ref_end(struct net_buf *buf)
{
	uint32_t word = atomic32_load_linked(&buf->ref_word);
	uint32_t count = word & Z_NET_BUF_REF_MASK;

	/* Release: pairs with the acquire of the one that will be the last. */
	if (count > 1 && atomic32_store_linked_acq_rel(&buf->ref_word, &word, word - 1)) {
		return true;
	}
	if (count == 0) {
		return false;
	}
	net_buf_ref_drop(buf, 1);
	return true;
}

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_NET_BUF_REF_MANY_H_ */
