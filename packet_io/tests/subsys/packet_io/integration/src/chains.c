/* SPDX-License-Identifier: Apache-2.0 */
/** @file Packets of many fragments, through several stages that each put something in front. */
#include "pattern.h"

#define FRAGMENTS     6
#define FRAGMENT_SIZE 48
#define STAGES        3

NET_BUF_POOL_DEFINE(fragment_pool, FRAGMENTS * 2, FRAGMENT_SIZE, 0, NULL);
NET_BUF_POOL_DEFINE(stage_pool, STAGES * 2, 4, 0, NULL);
PACKET_EVENT_QUEUE_DEFINE(chain_events, 4);

PACKET_SOURCE_DEFINE(stage_0);
PACKET_SOURCE_DEFINE(stage_1);
PACKET_SOURCE_DEFINE(stage_2);
PACKET_SOURCE_DEFINE(stage_3);

/* Puts its number in front and sends on. */
static void stage_handler(struct packet_sink *sink, struct net_buf *buf);

static struct stage {
	uint8_t number;
	struct packet_source *out;
} stages[STAGES] = {{1, &stage_1}, {2, &stage_2}, {3, &stage_3}};

PACKET_SINK_DEFINE_WITH_DATA(stage_1_in, stage_handler, NULL, &stages[0]);
PACKET_SINK_DEFINE_WITH_DATA(stage_2_in, stage_handler, &chain_events_msgq, &stages[1]);
PACKET_SINK_DEFINE_WITH_DATA(stage_3_in, stage_handler, &chain_events_msgq, &stages[2]);
PACKET_CONNECT(&stage_0, &stage_1_in);
PACKET_CONNECT(&stage_1, &stage_2_in);
PACKET_CONNECT(&stage_2, &stage_3_in);

/* Both ends see the whole chain: one at once, one from the queue. */
static struct receiver chain_receivers[2];
static uint32_t headers_seen;

static void end_handler(struct packet_sink *sink, struct net_buf *buf)
{
	for (uint8_t number = STAGES; number > 0; number--) {
		zassert_equal(buf->data[0], number);
		zassert_equal(buf->len, 1);
		buf = buf->frags;
		headers_seen++;
	}
	receiver_take(sink->user_data, buf);
}

PACKET_SINK_DEFINE_WITH_DATA(end_immediate, end_handler, NULL, &chain_receivers[0]);
PACKET_SINK_DEFINE_WITH_DATA(end_queued, end_handler, &chain_events_msgq, &chain_receivers[1]);
PACKET_CONNECT(&stage_3, &end_immediate);
PACKET_CONNECT(&stage_3, &end_queued);

static void stage_handler(struct packet_sink *sink, struct net_buf *buf)
{
	const struct stage *stage = sink->user_data;
	struct net_buf *header = net_buf_alloc(&stage_pool, K_NO_WAIT);

	zassert_not_null(header);
	(void)net_buf_add_u8(header, stage->number);
	packet_keep(buf);
	net_buf_frag_add(header, buf);
	(void)packet_source_send_consume(stage->out, header, K_NO_WAIT);
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	memset(chain_receivers, 0, sizeof(chain_receivers));
	headers_seen = 0;
}

ZTEST_SUITE(packet_chains, NULL, NULL, before, NULL, NULL);

static struct net_buf *long_packet(uint32_t offset)
{
	struct net_buf *head = NULL;

	for (uint32_t i = 0; i < FRAGMENTS; i++) {
		struct net_buf *fragment = net_buf_alloc(&fragment_pool, K_NO_WAIT);

		zassert_not_null(fragment);
		pattern_add(fragment, 0, offset + i * FRAGMENT_SIZE, FRAGMENT_SIZE);
		if (head == NULL) {
			head = fragment;
		} else {
			net_buf_frag_add(head, fragment);
		}
	}
	return head;
}

ZTEST(packet_chains, test_through_stages)
{
	uint32_t offset = 0;

	for (int i = 0; i < 100; i++) {
		struct net_buf *buf = long_packet(offset);

		zassert_equal(packet_source_send_consume(&stage_0, buf, K_NO_WAIT), 1);
		zassert_equal(buf->ref, 1, "in one chain only");
		zassert_equal(queue_drain(&chain_events), 3);
		zassert_equal(buf->ref, 0);
		offset += FRAGMENTS * FRAGMENT_SIZE;
	}
	for (size_t i = 0; i < ARRAY_SIZE(chain_receivers); i++) {
		zassert_equal(chain_receivers[i].packets, 100);
		zassert_equal(chain_receivers[i].offset, offset);
		zassert_equal(chain_receivers[i].errors, 0);
	}
	zassert_equal(headers_seen, 2 * 3 * 100);
}

/* Two packets on their way at once, at different stages. */
ZTEST(packet_chains, test_two_on_the_way)
{
	uint32_t step = FRAGMENTS * FRAGMENT_SIZE;

	zassert_equal(packet_source_send_consume(&stage_0, long_packet(0), K_NO_WAIT), 1);
	zassert_ok(packet_event_process(&chain_events, K_NO_WAIT));
	zassert_equal(packet_source_send_consume(&stage_0, long_packet(step), K_NO_WAIT), 1);
	zassert_equal(queue_drain(&chain_events), 5);
	zassert_equal(chain_receivers[0].offset, 2 * step);
	zassert_equal(chain_receivers[0].errors, 0);
	zassert_equal(chain_receivers[1].errors, 0);
}

/* The sender keeps the packet and sends it again: the chain behind two headers at once. */
ZTEST(packet_chains, test_kept_by_sender)
{
	struct net_buf *buf = long_packet(0);

	zassert_equal(packet_source_send(&stage_0, buf, K_NO_WAIT), 1);
	zassert_equal(buf->ref, 2);
	zassert_equal(packet_source_send(&stage_0, buf, K_NO_WAIT), 1);
	zassert_equal(buf->ref, 3);
	zassert_equal(queue_drain(&chain_events), 6);
	zassert_equal(chain_receivers[0].packets, 2);
	zassert_equal(buf->ref, 1);
	net_buf_unref(buf);
}

/* A queue that is full in the middle of the pipeline: the whole chain of the packet goes home. */
ZTEST(packet_chains, test_dropped_chain)
{
	struct net_buf *buf = long_packet(0);
	struct net_buf *filler = packet_new(0);
	struct packet_event event = {.sink = NULL, .buf = filler};

	for (int i = 0; i < 4; i++) {
		packet_keep(filler);
		zassert_ok(k_msgq_put(chain_events.msgq, &event, K_NO_WAIT));
	}
	zassert_equal(packet_source_send_consume(&stage_0, buf, K_NO_WAIT), 1);
	zassert_equal(buf->ref, 0);
	zassert_true(sink_counts_are(&stage_2_in, 0, 1));
	for (int i = 0; i < 4; i++) {
		zassert_equal(packet_event_process(&chain_events, K_NO_WAIT), -EINVAL);
	}
	net_buf_unref(filler);
}
