/* SPDX-License-Identifier: Apache-2.0 */
#include "build.h"

#include <stdlib.h>
#include <string.h>

#include <zephyr/net_buf/watch.h>
#include <zephyr/ztest.h>

#define PIECES_MAX 8

NET_BUF_POOL_DEFINE(pool, PIECES_MAX, 0, 0, NULL);

void add_u8(struct bytes *b, uint8_t value)
{
	zassert_true(b->len < sizeof(b->data), "the frame is too long for the test");
	b->data[b->len++] = value;
}

void add_be16(struct bytes *b, uint16_t value)
{
	add_u8(b, (uint8_t)(value >> 8));
	add_u8(b, (uint8_t)value);
}

void add_zeros(struct bytes *b, size_t len)
{
	while (len-- > 0) {
		add_u8(b, 0);
	}
}

void add_ethernet(struct bytes *b, uint16_t type)
{
	add_zeros(b, 12);
	add_be16(b, type);
}

void add_tag(struct bytes *b, uint16_t type)
{
	add_be16(b, 0x0123);
	add_be16(b, type);
}

void add_ipv4(struct bytes *b, uint8_t protocol, uint8_t words, uint16_t fragment)
{
	add_u8(b, 0x40 | words);
	add_zeros(b, 5);
	add_be16(b, fragment);
	add_u8(b, 64);
	add_u8(b, protocol);
	add_zeros(b, words > 3 ? words * 4U - 10U : 10);
}

void add_ipv6(struct bytes *b, uint8_t next)
{
	add_u8(b, 0x60);
	add_zeros(b, 5);
	add_u8(b, next);
	add_zeros(b, 33);
}

void add_extension(struct bytes *b, uint8_t next, uint8_t length)
{
	add_u8(b, next);
	add_u8(b, length);
	add_zeros(b, 6 + length * 8U);
}

void add_ah(struct bytes *b, uint8_t next, uint8_t length)
{
	add_u8(b, next);
	add_u8(b, length);
	add_zeros(b, 6 + length * 4U);
}

void add_fragment(struct bytes *b, uint8_t next, uint16_t offset, bool more)
{
	add_u8(b, next);
	add_u8(b, 0);
	add_be16(b, (uint16_t)(offset << 3 | more));
	add_zeros(b, 4);
}

/* A buffer around a copy of these bytes. */
static struct net_buf *wrap(const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);
	struct net_buf *buf;

	zassert_not_null(copy);
	memcpy(copy, data, len);
	buf = net_buf_alloc_with_data(&pool, copy, len, K_NO_WAIT);
	zassert_not_null(buf);
	return buf;
}

enum route route_of(enum link_type link, const uint8_t *data, size_t len, size_t pieces)
{
	struct net_buf *frame = NULL;
	void *memory[PIECES_MAX];
	size_t count = 0;
	size_t at = 0;
	enum route result;

	zassert_true(pieces >= 1 && pieces <= PIECES_MAX);
	do {
		size_t size = count + 1 == pieces ? len - at : len / pieces;
		struct net_buf *buf = wrap(data + at, size);

		memory[count++] = buf->data;
		frame = frame == NULL ? buf : net_buf_frag_add(frame, buf);
		at += size;
	} while (count < pieces);

	result = classify(link, frame);
	net_buf_unref(frame);
	while (count > 0) {
		free(memory[--count]);
	}
	return result;
}

enum route route(enum link_type link, const struct bytes *b)
{
	return route_of(link, b->data, b->len, 1);
}

bool buffers_are_home(void)
{
	return net_buf_pool_free_count(&pool) == PIECES_MAX;
}
