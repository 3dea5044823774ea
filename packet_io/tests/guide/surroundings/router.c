/* SPDX-License-Identifier: Apache-2.0 */
#include "surroundings.h"

#define PROTO_TCP 6
#define PROTO_UDP 17

PACKET_SOURCE_DECLARE(tcp_output);
PACKET_SOURCE_DECLARE(udp_output);
PACKET_SOURCE_DECLARE(raw_output);

#include "definitions.inc"

static atomic_t routed;
static unsigned int routed_to[3];

static void note(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(buf);
	routed_to[sink == &tcp_handler ? 0 : sink == &udp_handler ? 1 : 2]++;
	(void)atomic_inc(&routed);
}

PACKET_SINK_DEFINE_IMMEDIATE(tcp_handler, note);
PACKET_SINK_DEFINE_IMMEDIATE(udp_handler, note);
PACKET_SINK_DEFINE_IMMEDIATE(raw_handler, note);
PACKET_SOURCE_DEFINE(source);
PACKET_CONNECT(&source, &router_input);
NET_BUF_POOL_DEFINE(pool, 8, 1, 4, NULL);

ZTEST(guide, test_router)
{
	static const uint8_t protocols[] = {6, 17, 1, 6, 58, 6};

	for (size_t i = 0; i < sizeof(protocols); i++) {
		zassert_equal(send_bytes(&source, &pool, &protocols[i], 1), 1);
	}
	start(router_thread);
	wait_until(&routed, sizeof(protocols));
	stop();
	zassert_equal(routed_to[0], 3);
	zassert_equal(routed_to[1], 1);
	zassert_equal(routed_to[2], 2);
	check_all_home(&pool);
}
