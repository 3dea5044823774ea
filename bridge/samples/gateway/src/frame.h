/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Frames: a payload and its CRC-16, encoded, and a zero behind it.
 *
 * The CRC is that of polynomial 0x1021, highest bit first, from 0xffff, high byte first; over payload and
 * CRC together it is 0. A scanner checks frames where they are; nothing is decoded to anywhere.
 */
#ifndef GATEWAY_FRAME_H_
#define GATEWAY_FRAME_H_

#include "cobs.h"

/** Bytes of a payload: 1 to this. */
#define FRAME_PAYLOAD_MAX 1024

/** Bytes of a frame at most, its zero included. */
#define FRAME_MAX (COBS_ENCODED_MAX(FRAME_PAYLOAD_MAX + 2) + 1)

/** What a scanner has come to. */
enum frame_verdict {
	FRAME_OPEN,     /**< the frame goes on */
	FRAME_GOOD,     /**< one has ended, and is whole */
	FRAME_IDLE,     /**< a zero behind another one: nothing */
	FRAME_BAD_CRC,  /**< one has ended, and is damaged */
	FRAME_CUT,      /**< one has ended in the middle, or without a payload */
	FRAME_TOO_LONG, /**< one has ended that was too long */
};

/** A scanner; zeroed at the beginning is not enough: frame_scanner_begin(). */
struct frame_scanner {
	struct cobs_decoder cobs;
	uint16_t crc;
	uint32_t encoded; /**< bytes of the frame so far; no more are counted when it is too long */
	uint32_t decoded; /**< bytes of payload and CRC so far */
};

/** Begin with a new frame. */
void frame_scanner_begin(struct frame_scanner *scanner);

/**
 * Look at the @p len bytes at @p data, up to the end of the frame that is open.
 * @return bytes looked at: with FRAME_OPEN in *@p verdict all; else up to the zero, included, and the
 * next call begins a new frame.
 */
size_t frame_scan(struct frame_scanner *scanner, const uint8_t *data, size_t len,
		  enum frame_verdict *verdict);

/** No more will come. @return FRAME_IDLE if nothing was open, else what is wrong with what was. */
enum frame_verdict frame_scan_end(struct frame_scanner *scanner);

/** @return whether the frame that is open is too long already. */
bool frame_is_too_long(const struct frame_scanner *scanner);

/**
 * Make a frame of the @p len bytes at @p payload, 1 to FRAME_PAYLOAD_MAX, at @p dst, with room for
 * FRAME_MAX. @return its bytes; 0 for another length.
 */
size_t frame_encode(const uint8_t *payload, size_t len, uint8_t *dst);

#endif /* GATEWAY_FRAME_H_ */
