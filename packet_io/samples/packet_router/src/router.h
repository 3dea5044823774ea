/* SPDX-License-Identifier: Apache-2.0 */
/** @file The router: takes frames off a queue, in a thread of its own, and sends each its way. */
#ifndef PACKET_ROUTER_ROUTER_H_
#define PACKET_ROUTER_ROUTER_H_

#include <zephyr/packet_io/packet_io.h>

#include "classify.h"

/** Frames in; queued. */
PACKET_SINK_DECLARE(router_in);

/** Frames out. */
PACKET_SOURCE_DECLARE(tcp_output);
PACKET_SOURCE_DECLARE(udp_output);
PACKET_SOURCE_DECLARE(other_output);

/**
 * Start the thread. Frames begin as @p link says; one whose queue is full waits for up to
 * @p patience, then it is dropped there.   @return 0, -EAGAIN without room for a thread.
 */
int router_start(enum link_type link, k_timeout_t patience);

/** Route what is queued, then end the thread. Senders have stopped before. */
void router_stop(void);

#endif /* PACKET_ROUTER_ROUTER_H_ */
