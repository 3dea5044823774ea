/* SPDX-License-Identifier: Apache-2.0 */
/** @file A sink of all three outputs that counts, in the router's thread. */
#ifndef PACKET_ROUTER_COUNTER_H_
#define PACKET_ROUTER_COUNTER_H_

#include <zephyr/packet_io/packet_io.h>

/** Frames in; immediate. */
PACKET_SINK_DECLARE(counter);

/** What it has counted. */
struct counter_totals {
	uint64_t frames;
	uint64_t bytes;   /**< as captured */
	uint64_t longest; /**< bytes of the longest frame */
};

/** Read it, after the router has stopped. */
void counter_totals(struct counter_totals *totals);

#endif /* PACKET_ROUTER_COUNTER_H_ */
