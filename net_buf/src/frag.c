/* SPDX-License-Identifier: Apache-2.0 */
/** @file Chains of fragments. */
#include "pool.h"

LOG_MODULE_DECLARE(net_buf, NET_BUF_LOG_LEVEL);

struct net_buf *net_buf_frag_last(struct net_buf *frags)
{
	if (frags == NULL) {
		__ASSERT(false, "the last fragment of a NULL chain");
		return NULL;
	}
	while (frags->frags != NULL) {
		frags = frags->frags;
	}
	return frags;
}

void net_buf_frag_insert(struct net_buf *parent, struct net_buf *frag)
{
	if (parent == NULL || frag == NULL) {
		__ASSERT(false, "fragment %p behind %p", (void *)frag, (void *)parent);
		return;
	}
	net_buf_frag_last(frag)->frags = parent->frags;
	parent->frags = frag;
}

struct net_buf *net_buf_frag_add(struct net_buf *head, struct net_buf *frag)
{
	if (frag == NULL) {
		__ASSERT(false, "a NULL fragment");
		return NULL;
	}
	if (head == NULL) {
		return net_buf_ref(frag);
	}
	net_buf_frag_insert(net_buf_frag_last(head), frag);
	return head;
}

struct net_buf *net_buf_frag_del(struct net_buf *parent, struct net_buf *frag)
{
	struct net_buf *next;

	if (frag == NULL || (parent != NULL && parent->frags != frag)) {
		__ASSERT(false, "fragment %p is not behind %p", (void *)frag, (void *)parent);
		return NULL;
	}
	/* Detached before it is released, which else would release the rest with it. */
	next = frag->frags;
	frag->frags = NULL;
	if (parent != NULL) {
		parent->frags = next;
	}
	net_buf_unref(frag);
	return next;
}

#ifdef CONFIG_NET_BUF_LOG
struct net_buf *net_buf_frag_del_debug(struct net_buf *parent, struct net_buf *frag,
				       const char *func, int line)
{
	LOG_DBG("%s():%d: frag %p behind %p", func, line, (void *)frag, (void *)parent);
	return net_buf_frag_del(parent, frag);
}
#endif

struct net_buf *net_buf_skip(struct net_buf *buf, size_t len)
{
	while (buf != NULL && len > 0) {
		size_t here = MIN(len, (size_t)buf->len);

		net_buf_pull(buf, here);
		len -= here;
		if (buf->len == 0) {
			buf = net_buf_frag_del(NULL, buf);
		}
	}
	return buf;
}

/* ---- reading --------------------------------------------------------------------------------- */

/*
 * Find the fragment in which byte *@p offset of the chain @p buf is; *@p offset becomes the offset
 * in it. @return it, NULL if the chain ends before.
 */
static const struct net_buf *seek(const struct net_buf *buf, size_t *offset)
{
	while (buf != NULL && *offset >= buf->len) {
		*offset -= buf->len;
		buf = buf->frags;
	}
	return buf;
}

size_t net_buf_linearize(void *dst, size_t dst_len, const struct net_buf *src, size_t offset,
			 size_t len)
{
	size_t wanted = MIN(len, dst_len);
	size_t copied = 0;

	for (src = seek(src, &offset); src != NULL && copied < wanted; src = src->frags) {
		size_t here = MIN(wanted - copied, src->len - offset);

		if (here != 0) {
			memcpy((uint8_t *)dst + copied, src->data + offset, here);
		}
		copied += here;
		offset = 0;
	}
	return copied;
}

size_t net_buf_data_match(const struct net_buf *buf, size_t offset, const void *data, size_t len)
{
	const uint8_t *bytes = data;
	size_t equal = 0;

	if (data == NULL) {
		return 0;
	}
	for (buf = seek(buf, &offset); buf != NULL; buf = buf->frags) {
		for (; offset < buf->len; offset++, equal++) {
			if (equal == len || buf->data[offset] != bytes[equal]) {
				return equal;
			}
		}
		offset = 0;
	}
	return equal;
}

/* ---- appending ------------------------------------------------------------------------------- */

/* A buffer for up to @p len bytes from the pool of @p buf. */
static struct net_buf *next_of_pool(const struct net_buf *buf, size_t len, k_timeout_t timeout)
{
	struct net_buf_pool *pool = pool_of(buf);
	const struct net_buf_data_alloc *alloc = pool->alloc;
	size_t most = alloc->max_alloc_size != 0 ? alloc->max_alloc_size : UINT16_MAX;

	return net_buf_alloc_len(pool, MIN(MAX(len, alloc->alignment), most), timeout);
}

/*
 * Copy what fits of @p len bytes into the chain @p buf, from fragment to fragment; *@p last becomes
 * its last fragment.   @return bytes copied.
 */
static size_t fill_tail(struct net_buf *buf, const uint8_t *bytes, size_t len,
			struct net_buf **last)
{
	size_t done = 0;

	for (; buf != NULL; buf = buf->frags) {
		size_t here = MIN(len - done, net_buf_tailroom(buf));

		if (here != 0) {
			net_buf_add_mem(buf, bytes + done, here);
		}
		done += here;
		*last = buf;
	}
	return done;
}

size_t net_buf_append_bytes(struct net_buf *buf, size_t len, const void *value, k_timeout_t timeout,
			    net_buf_allocator_cb allocate_cb, void *user_data)
{
	k_timepoint_t end = sys_timepoint_calc(timeout);
	const uint8_t *bytes = value;
	struct net_buf *last = net_buf_frag_last(buf);
	size_t done = last != NULL ? fill_tail(last, bytes, len, &last) : 0;

	while (last != NULL && done < len) {
		k_timeout_t left = sys_timepoint_timeout(end);
		struct net_buf *more = allocate_cb != NULL ? allocate_cb(left, user_data)
							   : next_of_pool(buf, len - done, left);
		struct net_buf *end_of_more;
		size_t here;

		if (more == NULL) {
			break;
		}
		here = fill_tail(more, bytes + done, len - done, &end_of_more);
		if (here == 0) {
			net_buf_unref(more);
			break;
		}
		done += here;
		last->frags = more;
		last = end_of_more;
	}
	return done;
}
