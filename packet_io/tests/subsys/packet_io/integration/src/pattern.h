/* SPDX-License-Identifier: Apache-2.0 */
/** @file Bytes that tell where they belong: what arrives is compared with what must have been sent. */
#ifndef PACKET_IO_TESTS_PATTERN_H_
#define PACKET_IO_TESTS_PATTERN_H_

#include "packets.h"

/** @return byte number @p offset of stream @p stream. Not periodic within any length used here. */
static inline uint8_t pattern_byte(uint32_t stream, uint32_t offset)
{
	uint32_t x = offset * 2654435761U + stream * 40503U;

	x ^= x >> 15;
	x *= 2246822519U;
	return (uint8_t)(x >> 24);
}

/** Add @p len bytes of @p stream from @p offset on to @p buf, which has room for them. */
static inline void pattern_add(struct net_buf *buf, uint32_t stream, uint32_t offset, uint32_t len)
{
	uint8_t *dst = net_buf_add(buf, len);

	for (uint32_t i = 0; i < len; i++) {
		dst[i] = pattern_byte(stream, offset + i);
	}
}

/** @return how many of @p len bytes at @p data are not @p stream from @p offset on. */
static inline uint32_t pattern_errors(const uint8_t *data, uint32_t stream, uint32_t offset,
				      uint32_t len)
{
	uint32_t errors = 0;

	for (uint32_t i = 0; i < len; i++) {
		errors += data[i] != pattern_byte(stream, offset + i) ? 1 : 0;
	}
	return errors;
}

/** A receiver of one stream: how far it has come, and what it found wrong. */
struct receiver {
	uint32_t stream;
	uint32_t offset;
	uint32_t packets;
	uint32_t errors;
};

/** Take the whole chain @p buf as the next bytes of the stream. */
static inline void receiver_take(struct receiver *receiver, const struct net_buf *buf)
{
	for (; buf != NULL; buf = buf->frags) {
		receiver->errors +=
			pattern_errors(buf->data, receiver->stream, receiver->offset, buf->len);
		receiver->offset += buf->len;
	}
	receiver->packets++;
}

/** A handler whose sink has a receiver as user data. */
static inline void receiver_handler(struct packet_sink *sink, struct net_buf *buf)
{
	receiver_take(sink->user_data, buf);
}

#endif /* PACKET_IO_TESTS_PATTERN_H_ */
