/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The buffer: a net_buf_simple with a count of references, a pool to go home to, a chain and user
 * data.
 *
 * Who holds a reference may read the content. Who writes to a buffer, moves its ends or changes its
 * chain must be its only holder, or agree with the others.
 *
 * Ownership: borrows the buffers it is given, unless it says otherwise.
 * Context: any, one at a time per buffer for what changes it.   Blocks: never.   Cost: constant,
 * and a copy where one is asked for.
 */
#ifndef ZEPHYR_NET_BUF_BUF_H_
#define ZEPHYR_NET_BUF_BUF_H_

#include <zephyr/net_buf/module.h>
#include <zephyr/net_buf/simple.h>
#include <zephyr/sys/slist.h>

#include <port/atomics.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Flag of a buffer around memory that the library never frees; see net_buf_alloc_with_data(). */
#define NET_BUF_EXTERNAL_DATA BIT(0)

/** Most references that a buffer counts. */
#define NET_BUF_REF_MAX UINT16_MAX

/** A buffer, or one fragment of a chain. */
struct net_buf {
	/** For the one FIFO or list the buffer is in; its owner's. */
	sys_snode_t node;

	/** Next fragment, NULL at the end; this buffer holds a reference to it. Its owner's. */
	struct net_buf *frags;

	union {
		/** Count and what identifies the buffer in one word; changed atomically. */
		uint32_t ref_word;

		struct {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
			uint16_t ref;    /**< references; 0 at home and on the way there */
			uint8_t flags;   /**< NET_BUF_EXTERNAL_DATA and the only holder's */
			uint8_t pool_id; /**< for net_buf_pool_get(); written when allocated */
#else
			uint8_t pool_id;
			uint8_t flags;
			uint16_t ref;
#endif
		};
	};

	uint8_t user_data_size; /**< bytes of user data; constant */
	uint8_t home;           /**< CONFIG_NET_BUF_HARDENING: 1 at home; else 0 */
	uint16_t index;         /**< which of its pool's buffers; constant; see net_buf_id() */

	union {
		/* The same members as in struct net_buf_simple. */
		struct {
			uint8_t *data;  /**< first byte of the content */
			uint16_t len;   /**< bytes of content */
			uint16_t size;  /**< bytes of memory, headroom and tailroom included */
			uint8_t *__buf; /**< first byte of the memory */
		};
		struct net_buf_simple b; /**< for the net_buf_simple functions */
	};

	uint8_t user_data[] __net_buf_align; /**< for the user; zeros when allocated */
};

BUILD_ASSERT(offsetof(struct net_buf, data) - offsetof(struct net_buf, b) ==
			     offsetof(struct net_buf_simple, data) &&
		     offsetof(struct net_buf, len) - offsetof(struct net_buf, b) ==
			     offsetof(struct net_buf_simple, len) &&
		     offsetof(struct net_buf, size) - offsetof(struct net_buf, b) ==
			     offsetof(struct net_buf_simple, size) &&
		     offsetof(struct net_buf, __buf) - offsetof(struct net_buf, b) ==
			     offsetof(struct net_buf_simple, __buf),
	     "a net_buf_simple lies in every net_buf");

/* The parts of ref_word. */
#define Z_NET_BUF_REF_MASK    0xffffU
#define Z_NET_BUF_FLAGS_SHIFT 16
#define Z_NET_BUF_POOL_SHIFT  24

/** @return the index of @p buf among the buffers of its pool, from 0. */
static inline int net_buf_id(const struct net_buf *buf)
{
	return buf->index;
}

/** @return the user data of @p buf, of buf->user_data_size bytes, aligned to NET_BUF_ALIGN. */
static inline void *net_buf_user_data(const struct net_buf *buf)
{
	return (void *)(uintptr_t)buf->user_data;
}

/**
 * Copy the user data of @p src to @p dst, which may have room for more.
 * @return 0, -EINVAL if @p dst has less room or one is NULL.
 */
int net_buf_user_data_copy(struct net_buf *dst, const struct net_buf *src);

/** Drop content and headroom. @p buf has no fragments and no flags, otherwise it asserts. */
void net_buf_reset(struct net_buf *buf);

/* ---- as with net_buf_simple ------------------------------------------------------------------ */

/** Keep @p reserve bytes of headroom in @p buf, which must be empty. */
static inline void net_buf_reserve(struct net_buf *buf, size_t reserve)
{
	net_buf_simple_reserve(&buf->b, reserve);
}

/** @return one past the last byte of content of this fragment. */
static inline uint8_t *net_buf_tail(const struct net_buf *buf)
{
	return net_buf_simple_tail(&buf->b);
}

/** @return bytes before the content. */
static inline size_t net_buf_headroom(const struct net_buf *buf)
{
	return net_buf_simple_headroom(&buf->b);
}

/** @return bytes behind the content of this fragment. */
static inline size_t net_buf_tailroom(const struct net_buf *buf)
{
	return net_buf_simple_tailroom(&buf->b);
}

/** @return content and tailroom together. Older name; ask for what is meant instead. */
__deprecated static inline uint16_t net_buf_max_len(const struct net_buf *buf)
{
	return (uint16_t)(buf->size - net_buf_headroom(buf));
}

/** Lengthen the content by @p len bytes at its end. @return the first of them. */
static inline void *net_buf_add(struct net_buf *buf, size_t len)
{
	return net_buf_simple_add(&buf->b, len);
}

/** Copy @p len bytes from @p mem behind the content. @return the first of them in @p buf. */
static inline void *net_buf_add_mem(struct net_buf *buf, const void *mem, size_t len)
{
	return net_buf_simple_add_mem(&buf->b, mem, len);
}

/** Put one byte behind the content. @return where it is. */
static inline uint8_t *net_buf_add_u8(struct net_buf *buf, uint8_t val)
{
	return net_buf_simple_add_u8(&buf->b, val);
}

/** Shorten the content by @p len bytes at its end. @return the first of them, the new end. */
static inline void *net_buf_remove_mem(struct net_buf *buf, size_t len)
{
	return net_buf_simple_remove_mem(&buf->b, len);
}

/** Take the last byte off. @return that byte. */
static inline uint8_t net_buf_remove_u8(struct net_buf *buf)
{
	return net_buf_simple_remove_u8(&buf->b);
}

/** Lengthen the content by @p len bytes at its start. @return its new start. */
static inline void *net_buf_push(struct net_buf *buf, size_t len)
{
	return net_buf_simple_push(&buf->b, len);
}

/** Copy @p len bytes from @p mem before the content. @return its new start. */
static inline void *net_buf_push_mem(struct net_buf *buf, const void *mem, size_t len)
{
	return net_buf_simple_push_mem(&buf->b, mem, len);
}

/** Put one byte before the content. */
static inline void net_buf_push_u8(struct net_buf *buf, uint8_t val)
{
	net_buf_simple_push_u8(&buf->b, val);
}

/** Shorten the content by @p len bytes at its start. @return its new start. */
static inline void *net_buf_pull(struct net_buf *buf, size_t len)
{
	return net_buf_simple_pull(&buf->b, len);
}

/** Shorten the content by @p len bytes at its start. @return the first of them, the old start. */
static inline void *net_buf_pull_mem(struct net_buf *buf, size_t len)
{
	return net_buf_simple_pull_mem(&buf->b, len);
}

/** Take the first byte off. @return that byte. */
static inline uint8_t net_buf_pull_u8(struct net_buf *buf)
{
	return net_buf_simple_pull_u8(&buf->b);
}

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_NET_BUF_BUF_H_ */
