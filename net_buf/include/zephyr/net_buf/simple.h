/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A piece of memory whose content grows and shrinks at both ends.
 *
 *      __buf         data              data + len         __buf + size
 *        |  headroom   |     content       |    tailroom      |
 *                push <- -> pull    remove <- -> add
 *
 * Nothing here is atomic or locked: one context at a time per structure.
 * Context: any.   Blocks: never.   Cost: constant, and a copy where one is asked for.
 *
 * Going beyond the ends is a fault of the caller. It asserts; with CONFIG_NET_BUF_HARDENING and
 * assertions off the call changes nothing and returns NULL or 0; with both off it is not noticed.
 */
#ifndef ZEPHYR_NET_BUF_SIMPLE_H_
#define ZEPHYR_NET_BUF_SIMPLE_H_

#include <zephyr/toolchain.h>
#include <zephyr/sys/util.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Alignment of buffers and of their user data, in bytes. */
#if defined(CONFIG_NET_BUF_ALIGNMENT) && CONFIG_NET_BUF_ALIGNMENT > 0
#define NET_BUF_ALIGN CONFIG_NET_BUF_ALIGNMENT
#else
#define NET_BUF_ALIGN __SIZEOF_POINTER__
#endif
#define __net_buf_align __aligned(NET_BUF_ALIGN)

/** The memory and where its content is. Written by its one owner. */
struct net_buf_simple {
	uint8_t *data;  /**< first byte of the content */
	uint16_t len;   /**< bytes of content */
	uint16_t size;  /**< bytes of memory, headroom and tailroom included */
	uint8_t *__buf; /**< first byte of the memory; NULL if there is none */
};

/** What net_buf_simple_save() keeps: a position, not the content. */
struct net_buf_simple_state {
	uint16_t offset; /**< bytes of headroom */
	uint16_t len;    /**< bytes of content */
};

/** Define a variable @p _name with @p _size bytes of memory, empty and ready; on the stack. */
#define NET_BUF_SIMPLE_DEFINE(_name, _size)                                                        \
	uint8_t net_buf_data_##_name[_size];                                                       \
	struct net_buf_simple _name = {                                                            \
		.data = net_buf_data_##_name,                                                      \
		.len = 0,                                                                          \
		.size = (_size),                                                                   \
		.__buf = net_buf_data_##_name,                                                     \
	}

/** The same with static storage; the memory is not initialised. */
#define NET_BUF_SIMPLE_DEFINE_STATIC(_name, _size)                                                 \
	static __noinit uint8_t net_buf_data_##_name[_size];                                       \
	static struct net_buf_simple _name = {                                                     \
		.data = net_buf_data_##_name,                                                      \
		.len = 0,                                                                          \
		.size = (_size),                                                                   \
		.__buf = net_buf_data_##_name,                                                     \
	}

/**
 * A pointer to an unnamed one with @p _size bytes behind it, which lives until the block ends.
 * net_buf_simple_init() must come first. C only.
 */
#define NET_BUF_SIMPLE(_size)                                                                      \
	((struct net_buf_simple *)(&(struct {                                                      \
		struct net_buf_simple buf;                                                         \
		uint8_t data[_size];                                                               \
	}){.buf.size = (_size)}))

/* An address @p offset bytes on; a buffer without memory has NULL and nowhere to go. */
static inline uint8_t *z_net_buf_at(uint8_t *address, size_t offset)
{
	return offset == 0 ? address : address + offset;
}

/** Make @p buf empty with @p reserve_head bytes of headroom. Without memory: it follows @p buf. */
static inline void net_buf_simple_init(struct net_buf_simple *buf, size_t reserve_head)
{
	if (buf->__buf == NULL) {
		buf->__buf = (uint8_t *)buf + sizeof(*buf);
	}
	buf->data = z_net_buf_at(buf->__buf, reserve_head);
	buf->len = 0;
}

/**
 * Make @p buf the @p size bytes at @p data, all of them content.
 * Beyond 65,535 bytes asserts; with assertions off @p buf has no memory.
 */
void net_buf_simple_init_with_data(struct net_buf_simple *buf, void *data, size_t size);

/** Drop content and headroom. */
static inline void net_buf_simple_reset(struct net_buf_simple *buf)
{
	buf->len = 0;
	buf->data = buf->__buf;
}

/** Make @p clone the same memory and position as @p original. Both write to one memory then. */
void net_buf_simple_clone(const struct net_buf_simple *original, struct net_buf_simple *clone);

/** Keep @p reserve bytes of headroom in @p buf, which must be empty. */
void net_buf_simple_reserve(struct net_buf_simple *buf, size_t reserve);

/* ---- looking -------------------------------------------------------------------------------- */

/** @return one past the last byte of content. */
static inline uint8_t *net_buf_simple_tail(const struct net_buf_simple *buf)
{
	return z_net_buf_at(buf->data, buf->len);
}

/** @return bytes before the content. */
static inline size_t net_buf_simple_headroom(const struct net_buf_simple *buf)
{
	return (size_t)(buf->data - buf->__buf);
}

/** @return bytes behind the content. */
static inline size_t net_buf_simple_tailroom(const struct net_buf_simple *buf)
{
	return buf->size - net_buf_simple_headroom(buf) - buf->len;
}

/** @return content and tailroom together. Older name; ask for what is meant instead. */
__deprecated static inline uint16_t net_buf_simple_max_len(const struct net_buf_simple *buf)
{
	return (uint16_t)(buf->size - net_buf_simple_headroom(buf));
}

/** @return whether @p buf is not NULL, has memory, and its content lies in it. */
static inline bool net_buf_simple_is_valid(const struct net_buf_simple *buf)
{
	size_t offset;

	if (buf == NULL || buf->__buf == NULL || buf->data < buf->__buf) {
		return false;
	}
	offset = net_buf_simple_headroom(buf);
	return offset <= buf->size && buf->len <= buf->size - offset;
}

/** Keep the position of @p buf in @p state. */
static inline void net_buf_simple_save(const struct net_buf_simple *buf,
				       struct net_buf_simple_state *state)
{
	state->offset = (uint16_t)net_buf_simple_headroom(buf);
	state->len = buf->len;
}

/** Go back to a position kept before. */
static inline void net_buf_simple_restore(struct net_buf_simple *buf,
					  struct net_buf_simple_state *state)
{
	buf->data = z_net_buf_at(buf->__buf, state->offset);
	buf->len = state->len;
}

/* ---- changing ------------------------------------------------------------------------------- */

/** Lengthen the content by @p len bytes at its end. @return the first of them. */
void *net_buf_simple_add(struct net_buf_simple *buf, size_t len);

/** Copy @p len bytes from @p mem behind the content. @return the first of them in @p buf. */
void *net_buf_simple_add_mem(struct net_buf_simple *buf, const void *mem, size_t len);

/** Put one byte behind the content. @return where it is. */
uint8_t *net_buf_simple_add_u8(struct net_buf_simple *buf, uint8_t val);

/** Shorten the content by @p len bytes at its end. @return the first of them, the new end. */
void *net_buf_simple_remove_mem(struct net_buf_simple *buf, size_t len);

/** Take the last byte off. @return that byte. */
uint8_t net_buf_simple_remove_u8(struct net_buf_simple *buf);

/** Lengthen the content by @p len bytes at its start. @return its new start. */
void *net_buf_simple_push(struct net_buf_simple *buf, size_t len);

/** Copy @p len bytes from @p mem before the content. @return its new start. */
void *net_buf_simple_push_mem(struct net_buf_simple *buf, const void *mem, size_t len);

/** Put one byte before the content. */
void net_buf_simple_push_u8(struct net_buf_simple *buf, uint8_t val);

/** Shorten the content by @p len bytes at its start. @return its new start. */
void *net_buf_simple_pull(struct net_buf_simple *buf, size_t len);

/** Shorten the content by @p len bytes at its start. @return the first of them, the old start. */
void *net_buf_simple_pull_mem(struct net_buf_simple *buf, size_t len);

/** Take the first byte off. @return that byte. */
uint8_t net_buf_simple_pull_u8(struct net_buf_simple *buf);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_NET_BUF_SIMPLE_H_ */
