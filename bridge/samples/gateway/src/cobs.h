/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Consistent overhead byte stuffing: bytes without a zero, so that a zero can stand between frames.
 *
 * What is encoded is a row of groups: a code byte c, then c - 1 bytes as they are, then a zero that is
 * not written, unless c is 255 or the end has come.
 */
#ifndef GATEWAY_COBS_H_
#define GATEWAY_COBS_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Bytes that @p len bytes have at most when they are encoded. */
#define COBS_ENCODED_MAX(len) ((len) + (len) / 254 + 1)

/** Encode @p len bytes of @p src to @p dst, with room for COBS_ENCODED_MAX(). @return bytes there. */
size_t cobs_encode(const uint8_t *src, size_t len, uint8_t *dst);

/** A frame that is being decoded; zeroed at its beginning. */
struct cobs_decoder {
	uint8_t left; /**< bytes of the group that are still to come */
	bool zero;    /**< a zero is behind the group, unless the end is */
};

/** Decode @p byte, which is not 0. @return whether that gives a byte, in *@p out. */
bool cobs_decode(struct cobs_decoder *decoder, uint8_t byte, uint8_t *out);

/** @return whether a frame can end here. */
bool cobs_complete(const struct cobs_decoder *decoder);

#endif /* GATEWAY_COBS_H_ */
