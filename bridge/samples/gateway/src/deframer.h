/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What was read becomes frames: each good one is a packet of pieces of the memory that was read into.
 */
#ifndef GATEWAY_DEFRAMER_H_
#define GATEWAY_DEFRAMER_H_

#include <zephyr/packet_io/packet_io.h>

#include "frame.h"

/** Pieces of a frame at most: what comes in more is put together. */
#define FRAME_PIECES_MAX 8

/** What became of frames; written by whoever processes the input, read at any time. */
struct deframer_counters {
	uint32_t good;
	uint32_t bad_crc;
	uint32_t cut; /**< ended in the middle */
	uint32_t too_long;
};

/** A deframer. One context at a time. */
struct deframer {
	struct packet_source *frames; /**< where good ones go; constant */
	bool datagrams;               /**< frames end with what was read; constant */
	struct frame_scanner scanner;
	struct net_buf *pieces; /**< of the frame that is open */
	unsigned int piece_count;
	struct deframer_counters counters;
};

void deframer_init(struct deframer *deframer, struct packet_source *frames, bool datagrams);

/** Take in @p buf, which is borrowed. Blocks: while there are no net_bufs for pieces. */
void deframer_take(struct deframer *deframer, struct net_buf *buf);

/** No more will come of what there was: a frame that is open ends here. */
void deframer_end(struct deframer *deframer);

#endif /* GATEWAY_DEFRAMER_H_ */
