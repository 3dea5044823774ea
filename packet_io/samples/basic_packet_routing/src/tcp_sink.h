/* SPDX-License-Identifier: Apache-2.0 */
/** @file The TCP sink: sends every packet to a peer, from a thread of its own. */
#ifndef BASIC_PACKET_ROUTING_TCP_SINK_H_
#define BASIC_PACKET_ROUTING_TCP_SINK_H_

#include <zephyr/packet_io/packet_io.h>

/** Packets in; queued. */
PACKET_SINK_DECLARE(tcp_sink);

/**
 * Start the thread.
 * @p fd is a connected socket that does not block. @p failed is called once, in that thread, when
 * the peer refuses a packet or takes nothing for @p timeout_ms; later packets are thrown away.
 * @return 0, -EAGAIN if the system has no room for a thread.
 */
int tcp_sink_start(int fd, int timeout_ms, void (*failed)(void));

/** Send what is queued, then end the thread. Senders have stopped before. Blocks: until sent. */
void tcp_sink_stop(void);

/** @return packets handed to the system as a whole. Context: any. */
uint32_t tcp_sink_sent(void);

/** @return packets in the queue now. Context: any. */
uint32_t tcp_sink_queued(void);

/** @return 0, or why sending failed, as a negative errno value. Context: any. */
int tcp_sink_error(void);

#endif /* BASIC_PACKET_ROUTING_TCP_SINK_H_ */
