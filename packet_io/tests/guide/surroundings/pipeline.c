/* SPDX-License-Identifier: Apache-2.0 */
#include "surroundings.h"

void processor_handler(struct packet_sink *sink, struct net_buf *data_buf);

#include "definitions.inc"

static const uint8_t expected[] = "\x78\x56\x34\x12\x04\0\0\0data";
static struct net_buf *payload;
static atomic_t checked;

/* Gets the header, and behind it the very buffer that went in. */
static void check_packet(struct packet_sink *sink, struct net_buf *buf)
{
	uint8_t bytes[16];

	ARG_UNUSED(sink);
	zassert_equal(net_buf_frags_len(buf), 12);
	zassert_equal(net_buf_linearize(bytes, sizeof(bytes), buf, 0, sizeof(bytes)), 12);
	zassert_mem_equal(bytes, expected, 12);
	zassert_equal_ptr(buf->frags, payload, "copied");
	(void)atomic_inc(&checked);
}

PACKET_SOURCE_DEFINE(source);
PACKET_SINK_DEFINE_IMMEDIATE(validator, check_packet);
PACKET_EVENT_QUEUE_DEFINE(tcp_queue, 10);
PACKET_SINK_DEFINE_QUEUED(tcp_sink, check_packet, tcp_queue);
PACKET_CONNECT(&source, &processor_input);
PACKET_CONNECT(&processor_output, &validator);
PACKET_CONNECT(&processor_output, &tcp_sink);
NET_BUF_POOL_DEFINE(pool, 1, 16, 4, NULL);

ZTEST(guide, test_pipeline)
{
	payload = packet_of(&pool, "data", 4);
	zassert_equal(packet_source_send(&source, payload, K_NO_WAIT), 1);
	zassert_equal(atomic_get(&checked), 1);
	zassert_equal(payload->ref, 2, "the sender's and that of the chain in the queue");
	zassert_ok(packet_event_process(&tcp_queue, K_NO_WAIT));
	zassert_equal(atomic_get(&checked), 2);
	zassert_equal(payload->ref, 1);

	/* Ten packets wait with their headers; for the eleventh there is none. */
	for (int i = 0; i < 11; i++) {
		zassert_equal(packet_source_send(&source, payload, K_NO_WAIT), 1);
	}
	zassert_equal(payload->ref, 11);
	zassert_equal(atomic_get(&checked), 12);
	while (packet_event_process(&tcp_queue, K_NO_WAIT) == 0) {
	}
	zassert_equal(atomic_get(&checked), 22);
	net_buf_unref(payload);
	check_all_home(&header_pool);
	check_all_home(&pool);
}
