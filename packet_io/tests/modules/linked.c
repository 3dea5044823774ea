/* SPDX-License-Identifier: Apache-2.0 */
/** @file A shared library that the program is linked with: its own wiring, and some to the program. */
#include "modules.h"

NET_BUF_POOL_DEFINE(linked_pool, 4, 16, 0, NULL);
PACKET_EVENT_QUEUE_DEFINE(linked_queue, 4);

PACKET_SOURCE_DEFINE(linked_source);
PACKET_SINK_DEFINE_WITH_DATA(linked_sink, module_handler, NULL, "l");
PACKET_SINK_DEFINE_WITH_DATA(linked_queued, module_handler, &linked_queue_msgq, "q");
PACKET_CONNECT(&linked_source, &linked_queued);
PACKET_CONNECT(&linked_source, &linked_sink);
PACKET_CONNECT(&linked_source, &program_sink);
PACKET_CONNECT(&program_source, &linked_queued);

struct packet_source *linked_source_get(void)
{
	return &linked_source;
}

struct packet_event_queue *linked_queue_get(void)
{
	return &linked_queue;
}

struct net_buf *linked_packet(void)
{
	return net_buf_alloc(&linked_pool, K_NO_WAIT);
}
