/* SPDX-License-Identifier: Apache-2.0 */
/** @file Shapes of wiring: many sinks, many sources, a source inside a struct, nesting, recursion. */
#include "packets.h"

PACKET_EVENT_QUEUE_DEFINE(topology_events, 32);

ZTEST_SUITE(packet_topology, NULL, NULL, NULL, NULL, NULL);

/* ---- 64 sinks --------------------------------------------------------------------------------- */

#define MANY 64

static struct packet_sink many[MANY];
static uint8_t many_order[MANY];
static uint8_t many_called;

PACKET_SOURCE_DEFINE(to_many);

#define CONNECT_ONE_OF_MANY(i, _) PACKET_CONNECT(&to_many, &many[i])
LISTIFY(64, CONNECT_ONE_OF_MANY, (;), _);

static void many_handler(struct packet_sink *sink, struct net_buf *buf)
{
	zassert_true(buf->ref >= 1);
	zassert_true(many_called < MANY);
	many_order[many_called++] = (uint8_t)(sink - many);
}

/* Every other one queued. */
static void many_prepare(void)
{
	memset(many, 0, sizeof(many));
	for (size_t i = 0; i < MANY; i++) {
		many[i].handler = many_handler;
		many[i].mode = i % 2 == 0 ? SINK_MODE_IMMEDIATE : SINK_MODE_QUEUED;
		many[i].msgq = i % 2 == 0 ? NULL : topology_events.msgq;
	}
	many_called = 0;
}

ZTEST(packet_topology, test_64_sinks)
{
	struct net_buf *buf = packet_new(0);

	many_prepare();
	zassert_equal(packet_source_send(&to_many, buf, K_NO_WAIT), MANY);
	zassert_equal(many_called, MANY / 2);
	zassert_equal(buf->ref, 1 + MANY / 2);
	zassert_equal(queue_drain(&topology_events), MANY / 2);
	zassert_equal(buf->ref, 1);
	for (size_t i = 0; i < MANY / 2; i++) {
		zassert_equal(many_order[i], 2 * i, "immediate sink %u", (unsigned int)i);
		zassert_equal(many_order[MANY / 2 + i], 2 * i + 1, "queued sink %u",
			      (unsigned int)i);
	}
	zassert_true(source_counts_are(&to_many, 1, MANY));

	many_called = 0;
	zassert_equal(packet_source_send_consume(&to_many, buf, K_NO_WAIT), MANY);
	zassert_equal(buf->ref, MANY / 2);
	zassert_equal(queue_drain(&topology_events), MANY / 2);
	zassert_equal(buf->ref, 0);
}

/* The queue takes half of the queued sinks; the others are told no, and nothing is lost. */
ZTEST(packet_topology, test_64_sinks_half_full)
{
	struct net_buf *filler = packet_new(0);
	struct net_buf *buf = packet_new(0);
	struct packet_event event = {.sink = &many[1], .buf = filler};

	many_prepare();
	for (size_t i = 0; i < MANY / 4; i++) {
		packet_keep(filler);
		zassert_ok(k_msgq_put(topology_events.msgq, &event, K_NO_WAIT));
	}
	zassert_equal(packet_source_send_consume(&to_many, buf, K_NO_WAIT), MANY * 3 / 4);
	zassert_equal(buf->ref, MANY / 4);
	many_called = 0;
	zassert_equal(queue_drain(&topology_events), MANY / 2);
	zassert_equal(buf->ref, 0);
	zassert_equal(filler->ref, 1);
	net_buf_unref(filler);
}

/* ---- one sink of several sources -------------------------------------------------------------- */

PACKET_SOURCE_DEFINE(left);
PACKET_SOURCE_DEFINE(right);
PACKET_SINK_DEFINE_WITH_DATA(both, trace_packet_handler, NULL, "s");
PACKET_SINK_DEFINE_WITH_DATA(both_queued, trace_packet_handler, &topology_events_msgq, "q");
PACKET_CONNECT(&left, &both);
PACKET_CONNECT(&right, &both);
PACKET_CONNECT(&left, &both_queued);
PACKET_CONNECT(&right, &both_queued);

ZTEST(packet_topology, test_sink_of_two_sources)
{
	zassert_equal(packet_source_send_consume(&left, packet_new('l'), K_NO_WAIT), 2);
	zassert_equal(packet_source_send_consume(&right, packet_new('r'), K_NO_WAIT), 2);
	zassert_equal(packet_source_send_consume(&left, packet_new('m'), K_NO_WAIT), 2);
	zassert_equal(queue_drain(&topology_events), 3);
	zassert_str_equal(trace(), "slsrsmqlqrqm");
	zassert_true(sink_counts_are(&both, 3, 0));
	zassert_true(sink_counts_are(&both_queued, 3, 0));
	zassert_true(source_counts_are(&left, 2, 4));
	zassert_true(source_counts_are(&right, 1, 2));
}

/* ---- a source of zeros inside a struct, wired ------------------------------------------------- */

static struct router {
	int number;
	struct packet_source out;
	struct packet_source unused;
} router;

PACKET_SINK_DEFINE_WITH_DATA(of_member, trace_packet_handler, NULL, "m");
PACKET_SINK_DEFINE_WITH_DATA(of_member_queued, trace_packet_handler, &topology_events_msgq, "n");
PACKET_CONNECT(&router.out, &of_member);
PACKET_CONNECT(&router.out, &of_member_queued);

ZTEST(packet_topology, test_source_in_struct)
{
	zassert_equal(packet_source_send_consume(&router.out, packet_new('1'), K_NO_WAIT), 2);
	zassert_equal(queue_drain(&topology_events), 1);
	zassert_equal(packet_source_send_consume(&router.unused, packet_new('2'), K_NO_WAIT), 0);
	zassert_str_equal(trace(), "m1n1");
}

static struct packet_source sources[3];

PACKET_CONNECT(&sources[2], &of_member);
PACKET_CONNECT(&sources[0], &of_member_queued);

ZTEST(packet_topology, test_sources_in_array)
{
	zassert_equal(packet_source_send_consume(&sources[0], packet_new('0'), K_NO_WAIT), 1);
	zassert_equal(packet_source_send_consume(&sources[1], packet_new('1'), K_NO_WAIT), 0);
	zassert_equal(packet_source_send_consume(&sources[2], packet_new('2'), K_NO_WAIT), 1);
	zassert_equal(queue_drain(&topology_events), 1);
	zassert_str_equal(trace(), "m2n0");
}

/* A source on the stack works, too; it cannot be wired, and sends to nobody. */
ZTEST(packet_topology, test_source_of_zeros)
{
	struct packet_source source = {0};

	zassert_equal(packet_source_send_consume(&source, packet_new('0'), K_NO_WAIT), 0);
}

/* ---- handlers that send ----------------------------------------------------------------------- */

PACKET_SOURCE_DEFINE(inner);
PACKET_SINK_DEFINE_WITH_DATA(inner_sink, trace_packet_handler, NULL, "i");
PACKET_SINK_DEFINE_WITH_DATA(inner_queued, trace_packet_handler, &topology_events_msgq, "j");
PACKET_CONNECT(&inner, &inner_sink);
PACKET_CONNECT(&inner, &inner_queued);

/* Sends on what it got, and then a packet of its own. */
static void forwarding_handler(struct packet_sink *sink, struct net_buf *buf)
{
	trace_handler(sink, buf);
	zassert_equal(packet_source_send(&inner, buf, K_NO_WAIT), 2);
	zassert_equal(packet_source_send_consume(&inner, packet_new('n'), K_NO_WAIT), 2);
	trace_add('.');
}

PACKET_SOURCE_DEFINE(outer);
PACKET_SINK_DEFINE_WITH_DATA(outer_first, trace_packet_handler, NULL, "a");
PACKET_SINK_DEFINE_WITH_DATA(outer_forwards, forwarding_handler, NULL, "f");
PACKET_SINK_DEFINE_WITH_DATA(outer_last, trace_packet_handler, NULL, "z");
PACKET_CONNECT(&outer, &outer_first);
PACKET_CONNECT(&outer, &outer_forwards);
PACKET_CONNECT(&outer, &outer_last);

ZTEST(packet_topology, test_nested_send)
{
	struct net_buf *buf = packet_new('p');

	zassert_equal(packet_source_send(&outer, buf, K_NO_WAIT), 3);
	zassert_str_equal(trace(), "apfipin.zp");
	zassert_equal(buf->ref, 2);
	zassert_equal(queue_drain(&topology_events), 2);
	zassert_str_equal(trace(), "apfipin.zpjpjn");
	zassert_equal(buf->ref, 1);
	net_buf_unref(buf);
}

ZTEST(packet_topology, test_nested_send_consume)
{
	struct net_buf *buf = packet_new('p');

	zassert_equal(packet_source_send_consume(&outer, buf, K_NO_WAIT), 3);
	zassert_equal(buf->ref, 1);
	zassert_equal(queue_drain(&topology_events), 2);
	zassert_equal(buf->ref, 0);
}

PACKET_SOURCE_DEFINE(loop);

/* Sends back to its own source until the packet's first byte is 0. */
static void recursive_handler(struct packet_sink *sink, struct net_buf *buf)
{
	trace_packet_handler(sink, buf);
	if (buf->data[0] > '0') {
		buf->data[0]--;
		zassert_equal(packet_source_send(&loop, buf, K_NO_WAIT), 2);
	}
}

PACKET_SINK_DEFINE_WITH_DATA(loop_sink, recursive_handler, NULL, "l");
PACKET_SINK_DEFINE_WITH_DATA(loop_queued, trace_refs_handler, &topology_events_msgq, "m");
PACKET_CONNECT(&loop, &loop_sink);
PACKET_CONNECT(&loop, &loop_queued);

ZTEST(packet_topology, test_recursion)
{
	struct net_buf *buf = packet_new('3');

	zassert_equal(packet_source_send_consume(&loop, buf, K_NO_WAIT), 2);
	zassert_str_equal(trace(), "l3l2l1l0");
	zassert_equal(queue_drain(&topology_events), 4);
	zassert_str_equal(trace(), "l3l2l1l0m4m3m2m1");
	zassert_equal(buf->ref, 0);
	zassert_true(source_counts_are(&loop, 4, 8));
}

/* A handler that feeds the queue it is run from. */
PACKET_SOURCE_DEFINE(circle);

static void circle_handler(struct packet_sink *sink, struct net_buf *buf)
{
	trace_packet_handler(sink, buf);
	if (buf->data[0] > '0') {
		buf->data[0]--;
		zassert_equal(packet_source_send(&circle, buf, K_NO_WAIT), 1);
	}
}

PACKET_SINK_DEFINE_WITH_DATA(circle_sink, circle_handler, &topology_events_msgq, "c");
PACKET_CONNECT(&circle, &circle_sink);

ZTEST(packet_topology, test_queued_circle)
{
	zassert_equal(packet_source_send_consume(&circle, packet_new('4'), K_NO_WAIT), 1);
	zassert_equal(queue_drain(&topology_events), 5);
	zassert_str_equal(trace(), "c4c3c2c1c0");
	zassert_true(sink_counts_are(&circle_sink, 5, 0));
}

/* A handler that processes events: also of its own queue. */
static void processing_handler(struct packet_sink *sink, struct net_buf *buf)
{
	trace_handler(sink, buf);
	(void)packet_event_process(&topology_events, K_NO_WAIT);
}

PACKET_SOURCE_DEFINE(to_processing);
PACKET_SINK_DEFINE_WITH_DATA(processing, processing_handler, &topology_events_msgq, "p");
PACKET_CONNECT(&to_processing, &processing);

ZTEST(packet_topology, test_handler_that_processes)
{
	struct net_buf *buf = packet_new(0);

	for (int i = 0; i < 3; i++) {
		zassert_equal(packet_source_send(&to_processing, buf, K_NO_WAIT), 1);
	}
	zassert_ok(packet_event_process(&topology_events, K_NO_WAIT));
	zassert_str_equal(trace(), "ppp");
	zassert_equal(packet_event_process(&topology_events, K_NO_WAIT), -EAGAIN);
	zassert_equal(buf->ref, 1);
	net_buf_unref(buf);
}

/* The event of a sink is processed before the send has come to its end: the packet is still there. */
PACKET_SOURCE_DEFINE(overtaken);
PACKET_SINK_DEFINE_WITH_DATA(overtaken_queued, trace_packet_handler, &topology_events_msgq, "q");
PACKET_SINK_DEFINE_WITH_DATA(overtaken_last, trace_refs_handler, NULL, "z");
PACKET_CONNECT(&overtaken, &overtaken_queued);
PACKET_CONNECT(&overtaken, &processing);
PACKET_CONNECT(&overtaken, &overtaken_last);

ZTEST(packet_topology, test_processed_before_the_end)
{
	struct net_buf *buf = packet_new('1');

	processing.mode = SINK_MODE_IMMEDIATE;
	zassert_equal(packet_source_send_consume(&overtaken, buf, K_NO_WAIT), 3);
	processing.mode = SINK_MODE_QUEUED;
	zassert_equal(strlen(trace()), 5);
	zassert_mem_equal(trace(), "pq1z", 4);
	zassert_true(trace()[4] > '0', "the last sink got a packet that was gone");
	zassert_equal(buf->ref, 0);
}

/* ---- handlers that keep ----------------------------------------------------------------------- */

static struct net_buf *kept;

static void keeping_handler(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	packet_keep(buf);
	kept = buf;
}

PACKET_SOURCE_DEFINE(to_keeping);
PACKET_SINK_DEFINE_IMMEDIATE(keeping, keeping_handler);
PACKET_CONNECT(&to_keeping, &keeping);

ZTEST(packet_topology, test_handler_that_keeps)
{
	struct net_buf *buf = packet_new(0);

	zassert_equal(packet_source_send_consume(&to_keeping, buf, K_NO_WAIT), 1);
	zassert_equal_ptr(kept, buf);
	zassert_equal(buf->ref, 1);
	net_buf_unref(kept);
}
