/* SPDX-License-Identifier: Apache-2.0 */
/** @file Sinks that cannot take a packet: no handler, no queue, a mode that there is not. */
#include "packets.h"

#include <zephyr/packet_io/batch.h>
#include <zephyr/ztest_error_hook.h>

PACKET_EVENT_QUEUE_DEFINE(sinks_events, 4);

/* A healthy sink of each kind around the one that is damaged. */
PACKET_SOURCE_DEFINE(to_damaged);
PACKET_SINK_DEFINE_WITH_DATA(healthy_queued, trace_handler, &sinks_events_msgq, "q");
PACKET_SINK_DEFINE_IMMEDIATE(damaged, NULL);
PACKET_SINK_DEFINE_WITH_DATA(healthy_immediate, trace_handler, NULL, "i");
PACKET_CONNECT(&to_damaged, &healthy_queued);
PACKET_CONNECT(&to_damaged, &damaged);
PACKET_CONNECT(&to_damaged, &healthy_immediate);

/* The damaged one is the last: what a consuming send kept for it must go home. */
PACKET_SOURCE_DEFINE(to_damaged_last);
PACKET_CONNECT(&to_damaged_last, &healthy_queued);
PACKET_CONNECT(&to_damaged_last, &damaged);

PACKET_SOURCE_DEFINE(to_damaged_only);
PACKET_CONNECT(&to_damaged_only, &damaged);

/* The packet of a test that an assertion ends, NULL otherwise. */
static struct net_buf *held;

K_MSGQ_DEFINE(bytes, 1, 4, 1);
K_MSGQ_DEFINE(long_messages, sizeof(struct packet_event) * 4, 2, 8);

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	damaged.handler = trace_handler;
	damaged.user_data = "d";
	damaged.mode = SINK_MODE_IMMEDIATE;
	damaged.msgq = NULL;
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	if (held != NULL) {
		net_buf_unref(held);
		held = NULL;
	}
	k_msgq_purge(&long_messages);
}

ZTEST_SUITE(packet_sinks, NULL, NULL, before, after, NULL);

/* Whatever the damage is: skipped, not counted as delivered or dropped; nothing is lost. */
static void check_skipped(void)
{
	struct net_buf *buf = packet_new(0);

	zassert_equal(packet_source_send(&to_damaged, buf, K_NO_WAIT), 2);
	zassert_equal(buf->ref, 2);
	zassert_equal(packet_source_send(&to_damaged_last, buf, K_NO_WAIT), 1);
	zassert_equal(buf->ref, 3);
	zassert_equal(packet_source_send(&to_damaged_only, buf, K_FOREVER), 0);
	zassert_equal(packet_source_send(&to_damaged_only, buf, K_NO_WAIT), 0);
	zassert_equal(packet_source_send_batch(&to_damaged_only, &buf, 1, K_FOREVER), 0);
	zassert_equal(buf->ref, 3);
	zassert_equal(packet_source_send_consume(&to_damaged, buf, K_NO_WAIT), 2);
	zassert_equal(buf->ref, 3);

	buf = packet_new(0);
	zassert_equal(packet_source_send_consume(&to_damaged_last, buf, K_FOREVER), 1);
	zassert_equal(buf->ref, 1);
	zassert_equal(queue_drain(&sinks_events), 4);
	zassert_equal(buf->ref, 0);

	buf = packet_new(0);
	zassert_equal(packet_source_send_consume(&to_damaged_only, buf, K_NO_WAIT), 0);
	zassert_equal(buf->ref, 0);
	buf = packet_new(0);
	zassert_equal(packet_source_send_batch_consume(&to_damaged_only, &buf, 1, K_NO_WAIT), 0);
	zassert_equal(buf->ref, 0);

	zassert_str_equal(trace(), "iiqqqq");
	zassert_true(sink_counts_are(&damaged, 0, 0));
	zassert_true(source_counts_are(&to_damaged, 2, 4));
	zassert_true(source_counts_are(&to_damaged_last, 2, 2));
	zassert_true(source_counts_are(&to_damaged_only, 5, 0));
}

ZTEST(packet_sinks, test_no_handler)
{
	damaged.handler = NULL;
	check_skipped();
}

ZTEST(packet_sinks, test_queued_without_handler)
{
	damaged.handler = NULL;
	damaged.mode = SINK_MODE_QUEUED;
	damaged.msgq = sinks_events.msgq;
	check_skipped();
}

ZTEST(packet_sinks, test_queued_without_queue)
{
	damaged.mode = SINK_MODE_QUEUED;
	check_skipped();
}

ZTEST(packet_sinks, test_unknown_mode)
{
	damaged.mode = (enum packet_sink_mode)(SINK_MODE_QUEUED + 1);
	damaged.msgq = sinks_events.msgq;
	check_skipped();
}

ZTEST(packet_sinks, test_mode_of_rubbish)
{
	damaged.mode = (enum packet_sink_mode)0xa5;
	damaged.msgq = sinks_events.msgq;
	check_skipped();
}

/*
 * A queue of something else: broken code. Where assertions are on, one ends each of these tests in
 * the call; with assertions off the sink is one without a queue.
 */
static void check_foreign_queue(struct k_msgq *msgq)
{
	damaged.mode = SINK_MODE_QUEUED;
	damaged.msgq = msgq;
	if (IS_ENABLED(CONFIG_ASSERT)) {
		held = packet_new(0);
		ztest_set_assert_valid(true);
		(void)packet_source_send(&to_damaged_only, held, K_NO_WAIT);
		ztest_test_fail();
	}
	check_skipped();
	zassert_equal(k_msgq_num_used_get(msgq), 0);
}

ZTEST(packet_sinks, test_queue_of_bytes)
{
	check_foreign_queue(&bytes);
}

ZTEST(packet_sinks, test_queue_of_long_messages)
{
	check_foreign_queue(&long_messages);
}

static int process_by_sink(struct packet_event_queue *queue)
{
	ARG_UNUSED(queue);
	return packet_event_process(&damaged, K_NO_WAIT);
}

static int process_by_queue(struct packet_event_queue *queue)
{
	return packet_event_process(queue, K_NO_WAIT);
}

static int process_batch(struct packet_event_queue *queue)
{
	return packet_event_process_batch(queue, 4, K_NO_WAIT);
}

static void check_process_foreign(int (*process)(struct packet_event_queue *queue))
{
	static const char message[sizeof(struct packet_event) * 4] = "not an event";
	struct packet_event_queue queue = {.msgq = &long_messages};

	damaged.msgq = &long_messages;
	zassert_ok(k_msgq_put(&long_messages, message, K_NO_WAIT));
	ztest_set_assert_valid(true);
	zassert_equal(process(&queue), -EINVAL);
	zassert_equal(k_msgq_num_used_get(&long_messages), 1, "left alone");
}

ZTEST(packet_sinks, test_process_foreign_queue)
{
	check_process_foreign(process_by_queue);
}

ZTEST(packet_sinks, test_process_foreign_queue_by_sink)
{
	check_process_foreign(process_by_sink);
}

ZTEST(packet_sinks, test_process_foreign_queue_batch)
{
	check_process_foreign(process_batch);
}

/* An immediate sink does not look at its queue. */
ZTEST(packet_sinks, test_immediate_with_queue)
{
	struct net_buf *buf = packet_new(0);

	damaged.msgq = sinks_events.msgq;
	zassert_equal(packet_source_send(&to_damaged_only, buf, K_NO_WAIT), 1);
	zassert_equal(packet_source_send_batch_consume(&to_damaged_only, &buf, 1, K_NO_WAIT), 1);
	zassert_str_equal(trace(), "dd");
	zassert_equal(queue_drain(&sinks_events), 0);
}

/* Modes and handlers are the application's to change between packets. */
ZTEST(packet_sinks, test_mode_changes)
{
	struct net_buf *buf = packet_new(0);

	zassert_equal(packet_source_send(&to_damaged_only, buf, K_NO_WAIT), 1);
	zassert_str_equal(trace(), "d");
	damaged.msgq = sinks_events.msgq;
	damaged.mode = SINK_MODE_QUEUED;
	zassert_equal(packet_source_send(&to_damaged_only, buf, K_NO_WAIT), 1);
	zassert_str_equal(trace(), "d");
	damaged.user_data = "e";
	damaged.handler = trace_refs_handler;
	zassert_equal(queue_drain(&sinks_events), 1);
	zassert_str_equal(trace(), "de2");
	net_buf_unref(buf);
}

/* What PACKET_SINK_DEFINE_WITH_DATA() makes depends on whether there is a queue. */
ZTEST(packet_sinks, test_definitions)
{
	zassert_equal(healthy_queued.mode, SINK_MODE_QUEUED);
	zassert_equal_ptr(healthy_queued.msgq, &sinks_events_msgq);
	zassert_equal_ptr(sinks_events.msgq, &sinks_events_msgq);
	zassert_equal(healthy_immediate.mode, SINK_MODE_IMMEDIATE);
	zassert_is_null(healthy_immediate.msgq);
	zassert_str_equal((const char *)healthy_immediate.user_data, "i");
	zassert_equal(sinks_events_msgq.msg_size, sizeof(struct packet_event));
	zassert_equal(sinks_events_msgq.max_msgs, 4);
}
