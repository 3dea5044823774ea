/* SPDX-License-Identifier: Apache-2.0 */
/** @file The input: a device whose reads are a packet source, and a thread that serves them. */
#ifndef GATEWAY_INPUT_H_
#define GATEWAY_INPUT_H_

#include "deframer.h"
#include "endpoint.h"

/** What goes out: good frames. */
PACKET_SOURCE_DECLARE(frames);

struct input_counters {
	struct deframer_counters frames;
	uint32_t reads;  /**< datagrams, or pieces of a stream */
	uint32_t pauses; /**< times that there was no memory, and the input had to wait */
	uint32_t
		kernel_dropped; /**< datagrams that found no room in the socket, or came too late */
	uint32_t skipped;       /**< datagrams that were too long */
	uint32_t opens;
};

/** Open the input, and begin. @return whether that went well; if not it has said why. */
bool input_begin(const struct endpoint *endpoint);

/** Look after it: open it again, say what went wrong. @return whether it goes on: a file ends. */
bool input_step(int64_t now);

/** @return whether it has failed for good, and has said so. */
bool input_failed(void);

/** Stop. Call until it returns true: then everything that was read has been passed on. */
bool input_stop(int64_t now);

void input_counters_get(struct input_counters *counters);

/** @return whether all memory of the input is home. */
bool input_all_home(void);

#endif /* GATEWAY_INPUT_H_ */
