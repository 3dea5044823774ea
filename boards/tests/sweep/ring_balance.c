/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The balance of a packet buffer: every packet is claimed or dropped once, whole, and what is in the
 * memory is what somebody holds or will claim.
 */
#include "ring_books.h"

/* What is found in the ring. */
struct contents {
	uint32_t filling;
	uint32_t claimed;
	uint32_t committed;
	uint32_t sum;           /* of their numbers */
	uint32_t last[PARTIES]; /* number of the newest of each party */
};

static bool is_allocated(const union mpsc_pbuf_generic *packet)
{
	for (uint32_t p = 0; p < PARTIES; p++) {
		for (uint32_t i = 0; i < ring_books[p].allocated_count; i++) {
			if (ring_books[p].allocated[i] == packet) {
				return true;
			}
		}
	}
	return false;
}

static bool is_claimed(const union mpsc_pbuf_generic *packet)
{
	for (uint32_t p = 0; p < PARTIES; p++) {
		for (uint32_t i = 0; i < ring_books[p].claimed_count; i++) {
			if (ring_books[p].claimed[i] == packet) {
				return true;
			}
		}
	}
	return false;
}

/* A packet that is to be claimed, now or later. */
static const char *check_order(struct contents *all, const union mpsc_pbuf_generic *packet,
			       uint32_t place)
{
	if ((int32_t)(place - ring_buffer.out.rd) < 0) {
		return "a packet that will not be claimed any more";
	}
	if (number_of(packet) <= all->last[party_of(packet)]) {
		return "the order of packets";
	}
	all->last[party_of(packet)] = number_of(packet);
	return NULL;
}

static const char *check_packet(struct contents *all, const union mpsc_pbuf_generic *packet,
				uint32_t place)
{
	if (!is_whole(packet)) {
		return "a packet is damaged";
	}
	if (packet->hdr.valid == 0) {
		all->filling++;
		return is_allocated(packet) ? check_order(all, packet, place)
					    : "a packet that nobody has allocated";
	}
	if (packet->hdr.busy == 0) {
		all->committed++;
		all->sum += number_of(packet);
		return check_order(all, packet, place);
	}
	all->claimed++;
	return is_claimed(packet) ? NULL : "a packet that nobody has claimed";
}

/* Everything from the tail on. */
static const char *take_stock(struct contents *all)
{
	uint32_t place = ring_buffer.in.tail;
	uint32_t index = place - ring_buffer.in.tail_base;
	const char *fault = NULL;

	while (fault == NULL && (int32_t)(ring_buffer.in.wr - place) > 0) {
		const union mpsc_pbuf_generic *packet = (const void *)&ring_memory[index];
		bool skip = packet->hdr.valid == 0 && packet->hdr.busy != 0;
		uint32_t wlen = skip ? packet->skip.len : wlen_of(packet);

		if (wlen - 1 >= ring_buffer.size - index) {
			return "the ring is damaged";
		}
		if (!skip) {
			fault = check_packet(all, packet, place);
		}
		place += wlen;
		index = (index + wlen) % ring_buffer.size;
	}
	if (fault == NULL && place != ring_buffer.in.wr) {
		fault = "the end of the ring";
	}
	return fault;
}

static const char *check_places(void)
{
	uint32_t used = ring_buffer.in.wr - ring_buffer.in.tail;

	if (used > ring_buffer.size ||
	    ring_buffer.in.limit - ring_buffer.in.tail > ring_buffer.size ||
	    (int32_t)(ring_buffer.in.limit - ring_buffer.in.wr) < 0 ||
	    ring_buffer.out.rd - ring_buffer.in.tail > used ||
	    ring_buffer.in.tail - ring_buffer.in.tail_base >= ring_buffer.size ||
	    ring_buffer.in.wr - ring_buffer.in.base > ring_buffer.size) {
		return "the places of the ring";
	}
	return ring_buffer.waiting != 0 ? "somebody waits for the ring" : NULL;
}

static const char *check_use(void)
{
	uint32_t most = ring_buffer.in.max_usage;

	if ((ring_buffer.flags & MPSC_PBUF_MAX_UTILIZATION) == 0) {
		return NULL;
	}
	if (most > ring_buffer.size || most < ring_buffer.in.wr - ring_buffer.in.tail) {
		return "the most that was in use";
	}
	return ring_buffer.high_water != NULL &&
			       ring_much.armed == (most * sizeof(uint32_t) >= MARK)
		       ? "nobody was told of much in use"
		       : NULL;
}

const char *ring_fault(void)
{
	struct contents all = {0};
	const char *what = check_places();

	if (what == NULL) {
		what = take_stock(&all);
	}
	if (what != NULL) {
		return what;
	}
	if (all.filling != SUM(allocated_count) || all.claimed != SUM(claimed_count)) {
		return "a packet that somebody holds is not there";
	}
	if (all.committed != SUM(stored) - SUM(got) - SUM(dropped)) {
		return "the number of packets";
	}
	if (all.sum != SUM(stored_sum) - SUM(got_sum) - SUM(dropped_sum)) {
		return "packets have become others";
	}
	if (mpsc_pbuf_dropped_get(&ring_buffer) != SUM(dropped)) {
		return "the number of dropped packets";
	}
	return check_use();
}
