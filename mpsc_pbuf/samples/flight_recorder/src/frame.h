/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A record in a file: a mark, its length, and a checksum over all of it, so that a reader knows a
 * whole record from a torn one, and finds the next one behind a damaged place. Little-endian.
 *
 *     mark  len  run  source  number  time_ms  lost   text   crc
 *     4     4    4    4       4       4        4      len    4    bytes
 */
#ifndef FRAME_H_
#define FRAME_H_

#include <stddef.h>
#include <stdint.h>

#include "record.h"

#define FRAME_HEADER 28U
#define FRAME_MAX    (FRAME_HEADER + RECORD_TEXT_MAX + 4U)

struct frame {
	uint32_t len; /**< bytes of text */
	uint32_t run; /**< of the program, counted from 1 */
	uint32_t source;
	uint32_t number;
	uint32_t time_ms;
	uint32_t lost;    /**< records of this run overwritten until it was written */
	const char *text; /**< not ended by a NUL */
};

/** What there is at some place. */
enum frame_kind {
	FRAME_WHOLE,
	FRAME_TORN, /**< the beginning of one, up to the end of the file */
	FRAME_NONE, /**< something else */
};

/** Write @p frame to the FRAME_MAX bytes at @p to. @return its size. */
size_t frame_write(uint8_t *to, const struct frame *frame);

/** Look at the @p left bytes at @p at. @return what is there; if whole, *@p frame and its *@p size. */
enum frame_kind frame_read(const uint8_t *at, size_t left, struct frame *frame, size_t *size);

#endif /* FRAME_H_ */
