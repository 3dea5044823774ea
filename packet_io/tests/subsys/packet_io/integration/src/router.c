/* SPDX-License-Identifier: Apache-2.0 */
/** @file The guide's router: one input, an output for each kind of packet, by reference. */
#include "pattern.h"

enum {
	PROTO_TCP = 6,
	PROTO_UDP = 17,
};

PACKET_SOURCE_DEFINE(router_in_wire);
PACKET_SOURCE_DEFINE(tcp_output);
PACKET_SOURCE_DEFINE(udp_output);
PACKET_SOURCE_DEFINE(raw_output);

static void router_handler(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	switch (buf->data[0]) {
	case PROTO_TCP:
		(void)packet_source_send(&tcp_output, buf, K_NO_WAIT);
		break;
	case PROTO_UDP:
		(void)packet_source_send(&udp_output, buf, K_NO_WAIT);
		break;
	default:
		(void)packet_source_send(&raw_output, buf, K_NO_WAIT);
		break;
	}
}

PACKET_EVENT_QUEUE_DEFINE(router_events, 4);
PACKET_EVENT_QUEUE_DEFINE(output_events, 8);
PACKET_SINK_DEFINE_QUEUED(router_input, router_handler, router_events);
PACKET_CONNECT(&router_in_wire, &router_input);

static uint32_t by_output[3];
static uint32_t wrong;

static void output_handler(struct packet_sink *sink, struct net_buf *buf)
{
	uint32_t *count = sink->user_data;
	uint8_t proto = buf->data[0];

	wrong += count == &by_output[0] && proto != PROTO_TCP ? 1 : 0;
	wrong += count == &by_output[1] && proto != PROTO_UDP ? 1 : 0;
	wrong += pattern_errors(buf->data + 1, proto, 0, buf->len - 1U);
	(*count)++;
}

PACKET_SINK_DEFINE_WITH_DATA(tcp_handler, output_handler, &output_events_msgq, &by_output[0]);
PACKET_SINK_DEFINE_WITH_DATA(udp_handler, output_handler, NULL, &by_output[1]);
PACKET_SINK_DEFINE_WITH_DATA(raw_handler, output_handler, &output_events_msgq, &by_output[2]);
PACKET_CONNECT(&tcp_output, &tcp_handler);
PACKET_CONNECT(&udp_output, &udp_handler);
PACKET_CONNECT(&raw_output, &raw_handler);

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	memset(by_output, 0, sizeof(by_output));
	wrong = 0;
}

ZTEST_SUITE(packet_router, NULL, NULL, before, NULL, NULL);

ZTEST(packet_router, test_by_protocol)
{
	static const uint8_t protocols[] = {PROTO_TCP, PROTO_UDP, 1, PROTO_TCP, 89};

	for (size_t i = 0; i < 400; i++) {
		uint8_t proto = protocols[i % ARRAY_SIZE(protocols)];
		struct net_buf *buf = packet_new(proto);

		pattern_add(buf, proto, 0, 40);
		zassert_equal(packet_source_send_consume(&router_in_wire, buf, K_NO_WAIT), 1);
		if (i % 4 == 3) {
			zassert_equal(queue_drain(&router_events), 4);
			(void)queue_drain(&output_events);
		}
	}
	zassert_equal(by_output[0], 160);
	zassert_equal(by_output[1], 80);
	zassert_equal(by_output[2], 160);
	zassert_equal(wrong, 0);
}
