/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What an mpsc_pbuf does, said as plainly as possible: a list of pieces, oldest first, and for each
 * word of the memory whether a piece has it. No counts, no headers, no concurrency.
 */
#ifndef MPSC_PBUF_TESTS_REFERENCE_H_
#define MPSC_PBUF_TESTS_REFERENCE_H_

#include <stdbool.h>
#include <stdint.h>

#define REFERENCE_WORDS  64
#define REFERENCE_PIECES (2 * REFERENCE_WORDS)
#define REFERENCE_NONE   UINT32_MAX

enum piece_state {
	PIECE_FILLING,
	PIECE_COMMITTED,
	PIECE_CLAIMED,
	PIECE_FREED, /* a packet that came back, or words that are passed over */
	PIECE_END,   /* words passed over that the consumer has not come to */
};

struct piece {
	enum piece_state state;
	uint32_t at; /* its first word */
	uint32_t wlen;
	uint32_t id;
};

struct reference {
	uint32_t size;
	bool overwrite;
	bool used[REFERENCE_WORDS];
	uint32_t at; /* where the next packet goes */
	struct piece pieces[REFERENCE_PIECES];
	uint32_t count;
	uint32_t max_usage;
	uint32_t dropped[REFERENCE_PIECES]; /* packets the last allocation dropped, in order */
	uint32_t dropped_count;
};

void reference_init(struct reference *r, uint32_t size, bool overwrite);

/* @return the first word of packet @p id, or REFERENCE_NONE. */
uint32_t reference_alloc(struct reference *r, uint32_t wlen, uint32_t id);

void reference_commit(struct reference *r, uint32_t id);

/* @return the number of the packet claimed, or REFERENCE_NONE. */
uint32_t reference_claim(struct reference *r);

void reference_free(struct reference *r, uint32_t id);
bool reference_pending(const struct reference *r);
uint32_t reference_usage(struct reference *r);

/* The piece of packet @p id. */
struct piece *reference_packet(struct reference *r, uint32_t id);

#endif /* MPSC_PBUF_TESTS_REFERENCE_H_ */
