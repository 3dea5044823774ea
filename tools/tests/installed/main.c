/* SPDX-License-Identifier: Apache-2.0 */

/* Sends a packet; exits with the number of sinks that it reached. C and C++. */

#include "wiring.h"

NET_BUF_POOL_DEFINE(pool, 1, 16, 4, NULL);
PACKET_SOURCE_DEFINE(readings);
PACKET_EVENT_QUEUE_DEFINE(later, 2);

static int arrivals;

void arrived(struct packet_sink *sink, struct net_buf *buf)
{
	(void)sink;
	arrivals += buf->len;
}

PACKET_SINK_DEFINE_IMMEDIATE(here, arrived);
PACKET_SINK_DEFINE_QUEUED(queued, arrived, later);
PACKET_CONNECT(&readings, &here);
PACKET_CONNECT(&readings, &queued);

int main(void)
{
	struct net_buf *buf = net_buf_alloc(&pool, K_NO_WAIT);
	int taken;

	if (buf == NULL) {
		return 101;
	}
	net_buf_add_u8(buf, 7);
	taken = packet_source_send_consume(&readings, buf, K_NO_WAIT);
	if (packet_event_process(&later, K_NO_WAIT) != 0) {
		return 102;
	}
	if (taken != arrivals) {
		return 103;
	}
	buf = net_buf_alloc(&pool, K_NO_WAIT);
	if (buf == NULL) {
		return 104; /* the packet did not come home */
	}
	net_buf_unref(buf);
	return arrivals;
}
