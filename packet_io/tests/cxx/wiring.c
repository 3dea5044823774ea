/* SPDX-License-Identifier: Apache-2.0 */
/** @file The C half: wires a C++ source to a C sink. */
#include "wiring.h"

int c_handled;

static void count(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	c_handled += buf->len;
}

PACKET_SOURCE_DEFINE(c_source);
PACKET_EVENT_QUEUE_DEFINE(c_queue, 4);
PACKET_SINK_DEFINE_QUEUED(c_sink, count, c_queue);

/* Its events go to a queue that the C++ file defines. */
PACKET_SINK_DEFINE_WITH_DATA(c_sink_of_cxx_queue, count, &cxx_queue_msgq, NULL);

PACKET_CONNECT(&cxx_source, &c_sink);
PACKET_CONNECT(&cxx_source, &c_sink_of_cxx_queue);
