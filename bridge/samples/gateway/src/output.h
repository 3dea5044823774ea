/* SPDX-License-Identifier: Apache-2.0 */
/** @file The outputs: each a packet sink whose writes go to a device. */
#ifndef GATEWAY_OUTPUT_H_
#define GATEWAY_OUTPUT_H_

#include <zephyr/packet_io/packet_io.h>

#include "endpoint.h"

/** Frames under way to an output: its queue. */
#define OUTPUT_DEPTH 32

struct output_counters {
	uint32_t routed;  /**< frames that were for it */
	uint32_t written; /**< frames that the system has taken */
	uint32_t dropped; /**< frames that found the queue full, or no connection */
	uint32_t lost;    /**< frames whose write failed: with their connection, say */
	uint32_t connects;
	uint32_t unacked; /**< bytes written that a connection that was lost had not delivered */
	bool up;
};

/** Open an output and connect it to @p source, unless it gets some frames only. @return whether that went well; it has said why not. */
bool output_open(struct packet_source *source, const struct endpoint *endpoint);

/** Give @p frame to all outputs that get some frames, of which those with this @p key. */
void outputs_route(struct net_buf *frame, uint8_t key);

/** Look after all of them, for up to @p ms. @return false if one has failed for good; it has said so. */
bool outputs_step(uint32_t ms);

/** Cancel what is under way. */
void outputs_cancel(void);

/**
 * Wait until everything is out, files as long as it takes, others @p ms; then close all.
 * @return false if one has failed for good; it has said so.
 */
bool outputs_close(uint32_t ms);

/** @return how many there are. */
unsigned int outputs_count(void);

/** @return frames that were written to all outputs together; wraps. */
uint32_t outputs_written(void);

/** The counters of one, where there were @p good frames in all. @return its name. */
const char *output_counters_get(unsigned int n, uint32_t good, struct output_counters *counters);

#endif /* GATEWAY_OUTPUT_H_ */
