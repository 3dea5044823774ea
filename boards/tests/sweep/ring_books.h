/* SPDX-License-Identifier: Apache-2.0 */
/** @file The books about a packet buffer, and the packets in it. */
#ifndef RING_BOOKS_H_
#define RING_BOOKS_H_

#include <zephyr/mpsc_pbuf/watch.h>

#include "operations.h"

#define WORDS    16 /* of the memory; two modes have fewer of them, no power of two */
#define HELD     6  /* packets that a party has at most, claimed or allocated */
#define LARGEST  5  /* words of a packet */
#define MARK     32 /* bytes in use at which somebody is told */
#define OVERSIZE (WORDS + 1)

/** What one party has done and holds. */
struct ring_book {
	union mpsc_pbuf_generic *allocated[HELD];
	uint32_t allocated_count;
	const union mpsc_pbuf_generic *claimed[HELD];
	uint32_t claimed_count;
	uint32_t last;   /* number of its last packet */
	uint32_t stored; /* packets it has committed */
	uint32_t stored_sum;
	uint32_t got; /* packets it has claimed */
	uint32_t got_sum;
	uint32_t dropped; /* packets it was told of */
	uint32_t dropped_sum;
	uint32_t told; /* times that much was in use */
};

extern struct ring_book ring_books[PARTIES];
extern uint32_t ring_memory[WORDS];
extern struct mpsc_pbuf_buffer ring_buffer;
extern struct mpsc_pbuf_high_water ring_much;

/** The entries of all parties in a field of their books, added up. */
#define SUM(field) (ring_books[SCENE].field + ring_books[MAIN].field + ring_books[ISR].field)

/* In the header, above the two bits: its words, its party, its number. The other words follow. */
static inline uint32_t header_of(uint32_t wlen, uint32_t party, uint32_t number)
{
	return wlen << MPSC_PBUF_HDR_BITS | party << 8 | number << 10;
}

static inline uint32_t wlen_of(const union mpsc_pbuf_generic *packet)
{
	return packet->raw >> MPSC_PBUF_HDR_BITS & 0x3f;
}

static inline uint32_t party_of(const union mpsc_pbuf_generic *packet)
{
	return packet->raw >> 8 & 3;
}

static inline uint32_t number_of(const union mpsc_pbuf_generic *packet)
{
	return packet->raw >> 10;
}

static inline void fill(uint32_t *rest, uint32_t header)
{
	uint32_t wlen = header >> MPSC_PBUF_HDR_BITS & 0x3f;

	for (uint32_t i = 1; i < wlen; i++) {
		rest[i - 1] = ~(header >> MPSC_PBUF_HDR_BITS) + i;
	}
}

static inline bool is_whole(const union mpsc_pbuf_generic *packet)
{
	uint32_t wlen = wlen_of(packet);

	for (uint32_t i = 1; i < wlen; i++) {
		if (packet[i].raw != ~(packet->raw >> MPSC_PBUF_HDR_BITS) + i) {
			return false;
		}
	}
	return wlen - 1 < LARGEST && party_of(packet) < PARTIES;
}

/** @return what of books and ring does not agree, or NULL. */
const char *ring_fault(void);

#endif /* RING_BOOKS_H_ */
