/* SPDX-License-Identifier: Apache-2.0 */
/** @file A piece of memory whose content grows and shrinks at both ends. */
#include "pool.h"

LOG_MODULE_DECLARE(net_buf, NET_BUF_LOG_LEVEL);

#ifdef CONFIG_NET_BUF_SIMPLE_LOG
#define SIMPLE_DBG(buf, what, bytes)                                                               \
	LOG_DBG("buf %p %s %zu: len %u, headroom %zu", (const void *)(buf), what, (size_t)(bytes), \
		(buf)->len, net_buf_simple_headroom(buf))
#else
#define SIMPLE_DBG(buf, what, bytes)
#endif

/* Which end a call works on, and which way. */
enum end {
	BEHIND, /* more content at the end */
	BEFORE, /* more content at the start */
	INSIDE, /* less content */
};

/* How many bytes @p buf has for a call; 0 if its content does not lie in its memory. */
static size_t room(const struct net_buf_simple *buf, enum end end)
{
	size_t headroom = net_buf_simple_headroom(buf);

	if (headroom > buf->size || buf->len > buf->size - headroom) {
		return 0;
	}
	if (end == BEFORE) {
		return headroom;
	}
	return end == INSIDE ? buf->len : buf->size - headroom - buf->len;
}

/* Whether a call may go on; without assertions and hardening nobody asks. */
static ALWAYS_INLINE bool allowed(const struct net_buf_simple *buf, enum end end, size_t len)
{
	if (!__ASSERT_ON && !IS_ENABLED(CONFIG_NET_BUF_HARDENING)) {
		return true;
	}
	if (likely(len <= room(buf, end))) {
		return true;
	}
	LOG_ERR("buf %p: %zu bytes at %p (len %u, size %u) are too many", (const void *)buf, len,
		(const void *)buf->data, buf->len, buf->size);
	__ASSERT(false, "%zu bytes are more than net_buf_simple %p has", len, (const void *)buf);
	return false;
}

void net_buf_simple_init_with_data(struct net_buf_simple *buf, void *data, size_t size)
{
	if (size > UINT16_MAX) {
		__ASSERT(false, "%zu bytes are more than a net_buf_simple can have", size);
		data = NULL;
		size = 0;
	}
	buf->__buf = data;
	buf->data = data;
	buf->size = (uint16_t)size;
	buf->len = (uint16_t)size;
}

void net_buf_simple_clone(const struct net_buf_simple *original, struct net_buf_simple *clone)
{
	*clone = *original;
}

void net_buf_simple_reserve(struct net_buf_simple *buf, size_t reserve)
{
	__ASSERT(buf->len == 0, "headroom for a net_buf_simple that has content");
	__ASSERT(reserve <= buf->size, "%zu bytes of headroom in %u", reserve, buf->size);
	if (IS_ENABLED(CONFIG_NET_BUF_HARDENING) && (buf->len != 0 || reserve > buf->size)) {
		return;
	}
	buf->data = z_net_buf_at(buf->__buf, reserve);
}

/* ---- at the end ------------------------------------------------------------------------------ */

void *net_buf_simple_add(struct net_buf_simple *buf, size_t len)
{
	uint8_t *tail = net_buf_simple_tail(buf);

	SIMPLE_DBG(buf, "add", len);
	if (!allowed(buf, BEHIND, len)) {
		return NULL;
	}
	buf->len += (uint16_t)len;
	return tail;
}

void *net_buf_simple_add_mem(struct net_buf_simple *buf, const void *mem, size_t len)
{
	void *tail = net_buf_simple_add(buf, len);

	if (tail != NULL && len != 0) {
		memcpy(tail, mem, len);
	}
	return tail;
}

uint8_t *net_buf_simple_add_u8(struct net_buf_simple *buf, uint8_t val)
{
	uint8_t *tail = net_buf_simple_add(buf, 1);

	if (tail != NULL) {
		*tail = val;
	}
	return tail;
}

void *net_buf_simple_remove_mem(struct net_buf_simple *buf, size_t len)
{
	SIMPLE_DBG(buf, "remove", len);
	if (!allowed(buf, INSIDE, len)) {
		return NULL;
	}
	buf->len -= (uint16_t)len;
	return net_buf_simple_tail(buf);
}

uint8_t net_buf_simple_remove_u8(struct net_buf_simple *buf)
{
	const uint8_t *end = net_buf_simple_remove_mem(buf, 1);

	return end != NULL ? *end : 0;
}

/* ---- at the start ---------------------------------------------------------------------------- */

void *net_buf_simple_push(struct net_buf_simple *buf, size_t len)
{
	SIMPLE_DBG(buf, "push", len);
	if (!allowed(buf, BEFORE, len)) {
		return NULL;
	}
	if (len != 0) {
		buf->data -= len;
		buf->len += (uint16_t)len;
	}
	return buf->data;
}

void *net_buf_simple_push_mem(struct net_buf_simple *buf, const void *mem, size_t len)
{
	void *data = net_buf_simple_push(buf, len);

	if (data != NULL && len != 0) {
		memcpy(data, mem, len);
	}
	return data;
}

void net_buf_simple_push_u8(struct net_buf_simple *buf, uint8_t val)
{
	uint8_t *data = net_buf_simple_push(buf, 1);

	if (data != NULL) {
		*data = val;
	}
}

void *net_buf_simple_pull_mem(struct net_buf_simple *buf, size_t len)
{
	uint8_t *data = buf->data;

	SIMPLE_DBG(buf, "pull", len);
	if (!allowed(buf, INSIDE, len)) {
		return NULL;
	}
	buf->data = z_net_buf_at(data, len);
	buf->len -= (uint16_t)len;
	return data;
}

void *net_buf_simple_pull(struct net_buf_simple *buf, size_t len)
{
	SIMPLE_DBG(buf, "pull", len);
	if (!allowed(buf, INSIDE, len)) {
		return NULL;
	}
	buf->data = z_net_buf_at(buf->data, len);
	buf->len -= (uint16_t)len;
	return buf->data;
}

uint8_t net_buf_simple_pull_u8(struct net_buf_simple *buf)
{
	const uint8_t *data = net_buf_simple_pull_mem(buf, 1);

	return data != NULL ? *data : 0;
}
