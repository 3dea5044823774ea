/* SPDX-License-Identifier: Apache-2.0 */
/** @file A record, as it lies in the ring. */
#ifndef RECORD_H_
#define RECORD_H_

#include <zephyr/sys/mpsc_pbuf.h>

#define RECORD_TEXT_MAX 240U

/** One entry of the log. The text follows, without a closing NUL. */
struct record {
	MPSC_PBUF_HDR;
	uint32_t wlen: 14; /**< words, this one included */
	uint32_t len: 16;  /**< bytes of text */
	uint32_t source;   /**< who made it */
	uint32_t number;   /**< the how manieth of that source */
	uint32_t time_ms;  /**< since the program began */
	char text[];
};

/** The ring all records go through, in overwrite mode. */
extern struct mpsc_pbuf_buffer ring;

#endif /* RECORD_H_ */
