/* SPDX-License-Identifier: Apache-2.0 */
/** @file Processing: by queue and by sink, of good events and of damaged ones. */
#include "packets.h"

PACKET_EVENT_QUEUE_DEFINE(process_events, 8);
PACKET_EVENT_QUEUE_DEFINE(other_events, 2);

PACKET_SOURCE_DEFINE(to_process);
PACKET_SINK_DEFINE_QUEUED(process_a, trace_packet_handler, process_events);
PACKET_SINK_DEFINE_QUEUED(process_b, trace_packet_handler, process_events);
PACKET_SINK_DEFINE_IMMEDIATE(not_queued, trace_packet_handler);
PACKET_CONNECT(&to_process, &process_a);
PACKET_CONNECT(&to_process, &process_b);

static void *setup(void)
{
	process_a.user_data = "a";
	process_b.user_data = "b";
	return NULL;
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	process_a.handler = trace_packet_handler;
}

ZTEST_SUITE(packet_process, NULL, setup, before, NULL, NULL);

ZTEST(packet_process, test_empty)
{
	zassert_equal(packet_event_process(&process_events, K_NO_WAIT), -EAGAIN);
	zassert_equal(packet_event_process(&process_events, K_MSEC(1)), -EAGAIN);
	zassert_equal(packet_event_process(&process_a, K_NO_WAIT), -EAGAIN);
	zassert_equal(packet_event_process(&process_a, K_MSEC(1)), -EAGAIN);
	zassert_true(queue_count_is(&process_events, 0));
}

ZTEST(packet_process, test_null)
{
	struct packet_event_queue none = {.msgq = NULL};
	struct packet_event_queue *no_queue = NULL;
	struct packet_sink *no_sink = NULL;

	zassert_equal(packet_event_process(NULL, K_NO_WAIT), -EINVAL);
	zassert_equal(packet_event_process(no_queue, K_FOREVER), -EINVAL);
	zassert_equal(packet_event_process(no_sink, K_FOREVER), -EINVAL);
	zassert_equal(packet_event_process(&none, K_FOREVER), -EINVAL);
	zassert_equal(packet_event_process(&not_queued, K_FOREVER), -EINVAL);
	zassert_equal(packet_event_queue_process(NULL, K_FOREVER), -EINVAL);
	zassert_equal(packet_sink_process(NULL, K_FOREVER), -EINVAL);
}

ZTEST(packet_process, test_one_at_a_time)
{
	struct net_buf *buf = packet_new('1');

	zassert_equal(packet_source_send_consume(&to_process, buf, K_NO_WAIT), 2);
	zassert_ok(packet_event_process(&process_events, K_FOREVER));
	zassert_str_equal(trace(), "a1");
	zassert_equal(buf->ref, 1);
	zassert_ok(packet_event_process(&process_events, K_FOREVER));
	zassert_str_equal(trace(), "a1b1");
	zassert_equal(packet_event_process(&process_events, K_NO_WAIT), -EAGAIN);
	zassert_true(queue_count_is(&process_events, 2));
}

/* By a sink: whatever event is next in its queue, another sink's as well. */
ZTEST(packet_process, test_by_sink)
{
	zassert_equal(packet_source_send_consume(&to_process, packet_new('1'), K_NO_WAIT), 2);
	zassert_ok(packet_event_process(&process_b, K_NO_WAIT));
	zassert_str_equal(trace(), "a1");
	zassert_ok(packet_sink_process(&process_a, K_NO_WAIT));
	zassert_str_equal(trace(), "a1b1");
	zassert_equal(packet_event_process(&process_b, K_NO_WAIT), -EAGAIN);
	zassert_true(sink_counts_are(&process_a, 1, 0));
	zassert_true(sink_counts_are(&process_b, 1, 0));
	zassert_true(queue_count_is(&process_events, 2));
}

ZTEST(packet_process, test_queues_are_apart)
{
	zassert_equal(packet_source_send_consume(&to_process, packet_new('1'), K_NO_WAIT), 2);
	zassert_equal(packet_event_process(&other_events, K_NO_WAIT), -EAGAIN);
	zassert_equal(queue_drain(&process_events), 2);
}

/* ---- damaged events --------------------------------------------------------------------------- */

/* Processing is told, the reference of the event goes, and the next event is none the worse. */
static void check_damaged(struct packet_sink *sink, struct net_buf *buf)
{
	struct packet_event damaged = {.sink = sink, .buf = buf};

	zassert_ok(k_msgq_put(process_events.msgq, &damaged, K_NO_WAIT));
	zassert_ok(k_msgq_put(process_events.msgq, &damaged, K_NO_WAIT));
	zassert_equal(packet_source_send_consume(&to_process, packet_new('1'), K_NO_WAIT), 2);

	zassert_equal(packet_event_process(&process_events, K_NO_WAIT), -EINVAL);
	zassert_equal(packet_event_process(&process_b, K_NO_WAIT), -EINVAL);
	zassert_str_equal(trace(), "");
	zassert_true(sink_counts_are(&process_a, 0, 0));
}

ZTEST(packet_process, test_event_without_sink)
{
	struct net_buf *buf = packet_new('x');

	packet_keep(buf);
	packet_keep(buf);
	check_damaged(NULL, buf);
	zassert_equal(buf->ref, 1, "two events, two references");
	zassert_equal(queue_drain(&process_events), 2);
	net_buf_unref(buf);
}

ZTEST(packet_process, test_event_without_buffer)
{
	check_damaged(&process_a, NULL);
	zassert_equal(queue_drain(&process_events), 2);
	zassert_str_equal(trace(), "a1b1");
}

ZTEST(packet_process, test_event_of_nothing)
{
	check_damaged(NULL, NULL);
	zassert_equal(queue_drain(&process_events), 2);
}

ZTEST(packet_process, test_event_with_buffer_at_home)
{
	struct net_buf *buf = packet_new('x');
	struct net_buf *other = packet_new('y');

	/* It stays at home: the next allocation takes the one that came home last. */
	net_buf_unref(buf);
	net_buf_unref(other);
	check_damaged(&process_a, buf);
	zassert_equal(buf->ref, 0);
	zassert_equal(queue_drain(&process_events), 2);
}

ZTEST(packet_process, test_event_without_sink_with_buffer_at_home)
{
	struct net_buf *buf = packet_new('x');
	struct net_buf *other = packet_new('y');

	net_buf_unref(buf);
	net_buf_unref(other);
	check_damaged(NULL, buf);
	zassert_equal(queue_drain(&process_events), 2);
}

ZTEST(packet_process, test_event_of_sink_without_handler)
{
	struct packet_sink damaged = {.mode = SINK_MODE_QUEUED, .msgq = process_events.msgq};
	struct net_buf *buf = packet_new('x');

	packet_keep(buf);
	packet_keep(buf);
	check_damaged(&damaged, buf);
	zassert_equal(buf->ref, 1);
	zassert_equal(queue_drain(&process_events), 2);
	net_buf_unref(buf);
}

/* The handler goes away after the packet was queued. */
ZTEST(packet_process, test_handler_removed)
{
	struct net_buf *buf = packet_new('1');

	zassert_equal(packet_source_send_consume(&to_process, buf, K_NO_WAIT), 2);
	process_a.handler = NULL;
	zassert_equal(packet_event_process(&process_events, K_NO_WAIT), -EINVAL);
	zassert_ok(packet_event_process(&process_events, K_NO_WAIT));
	zassert_str_equal(trace(), "b1");
	zassert_equal(buf->ref, 0);
	zassert_true(sink_counts_are(&process_a, 0, 0));
}

/* ---- the queue as what it is: a k_msgq -------------------------------------------------------- */

ZTEST(packet_process, test_queue_is_a_msgq)
{
	struct net_buf *buf = packet_new('1');
	struct packet_event event;

	zassert_equal(k_msgq_num_free_get(&process_events_msgq), 8);
	zassert_equal(packet_source_send(&to_process, buf, K_NO_WAIT), 2);
	zassert_equal(k_msgq_num_used_get(process_events.msgq), 2);
	zassert_ok(k_msgq_peek(process_events.msgq, &event));
	zassert_equal_ptr(event.sink, &process_a);
	zassert_equal_ptr(event.buf, buf);

	/* Who takes an event off by hand has its reference. */
	zassert_ok(k_msgq_get(process_events.msgq, &event, K_NO_WAIT));
	zassert_equal_ptr(event.sink, &process_a);
	net_buf_unref(event.buf);
	zassert_equal(buf->ref, 2);
	zassert_equal(queue_drain(&process_events), 1);
	zassert_true(queue_count_is(&process_events, 1));
	net_buf_unref(buf);
}
