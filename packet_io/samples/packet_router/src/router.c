/* SPDX-License-Identifier: Apache-2.0 */
#include "router.h"

#include "worker.h"

#define QUEUE_SIZE 4096
#define STACK_SIZE 8192

PACKET_SOURCE_DEFINE(tcp_output);
PACKET_SOURCE_DEFINE(udp_output);
PACKET_SOURCE_DEFINE(other_output);

static enum link_type link_type;
static k_timeout_t send_timeout;

static void route(struct packet_sink *sink, struct net_buf *frame)
{
	ARG_UNUSED(sink);
	switch (classify(link_type, frame)) {
	case ROUTE_TCP:
		(void)packet_source_send(&tcp_output, frame, send_timeout);
		break;
	case ROUTE_UDP:
		(void)packet_source_send(&udp_output, frame, send_timeout);
		break;
	default:
		(void)packet_source_send(&other_output, frame, send_timeout);
		break;
	}
}

PACKET_EVENT_QUEUE_DEFINE(router_queue, QUEUE_SIZE);
PACKET_SINK_DEFINE_QUEUED(router_in, route, router_queue);

static struct worker worker;
static K_THREAD_STACK_DEFINE(stack, STACK_SIZE);

int router_start(enum link_type link, k_timeout_t patience)
{
	link_type = link;
	send_timeout = patience;
	return worker_start(&worker, &router_queue, stack, K_THREAD_STACK_SIZEOF(stack));
}

void router_stop(void)
{
	worker_stop(&worker);
}
