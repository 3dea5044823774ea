/* SPDX-License-Identifier: Apache-2.0 */
/** @file One of everything, for programs that put it in the wrong place. */
#ifndef PARTIES_H_
#define PARTIES_H_

#include <zephyr/packet_io/packet_io.h>

static void handler(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	ARG_UNUSED(buf);
}

PACKET_SOURCE_DEFINE(source);
PACKET_SOURCE_DEFINE(other_source);
PACKET_EVENT_QUEUE_DEFINE(queue, 4);
PACKET_SINK_DEFINE_IMMEDIATE(sink, handler);
PACKET_SINK_DEFINE_QUEUED(other_sink, handler, queue);

#endif /* PARTIES_H_ */
