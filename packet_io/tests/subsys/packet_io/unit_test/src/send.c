/* SPDX-License-Identifier: Apache-2.0 */
/** @file Sending: to no, one and several sinks of both kinds; whose the references are. */
#include "packets.h"

PACKET_EVENT_QUEUE_DEFINE(send_events, 8);
PACKET_EVENT_QUEUE_DEFINE(small_events, 2);

PACKET_SOURCE_DEFINE(to_none);

PACKET_SOURCE_DEFINE(to_immediate);
PACKET_SINK_DEFINE_WITH_DATA(immediate, trace_refs_handler, NULL, "i");
PACKET_CONNECT(&to_immediate, &immediate);

PACKET_SOURCE_DEFINE(to_queued);
PACKET_SINK_DEFINE_WITH_DATA(queued, trace_refs_handler, &send_events_msgq, "q");
PACKET_SOURCE_CONNECT(to_queued, queued);

PACKET_SOURCE_DEFINE(to_immediates);
PACKET_SINK_DEFINE_WITH_DATA(immediate_a, trace_handler, NULL, "a");
PACKET_SINK_DEFINE_WITH_DATA(immediate_b, trace_handler, NULL, "b");
PACKET_SINK_DEFINE_WITH_DATA(immediate_c, trace_handler, NULL, "c");
PACKET_SINK_DEFINE_WITH_DATA(immediate_d, trace_refs_handler, NULL, "d");
PACKET_CONNECT(&to_immediates, &immediate_a);
PACKET_CONNECT(&to_immediates, &immediate_b);
PACKET_CONNECT(&to_immediates, &immediate_c);
PACKET_CONNECT(&to_immediates, &immediate_d);

PACKET_SOURCE_DEFINE(to_queueds);
PACKET_SINK_DEFINE_WITH_DATA(queued_e, trace_refs_handler, &send_events_msgq, "e");
PACKET_SINK_DEFINE_WITH_DATA(queued_f, trace_refs_handler, &send_events_msgq, "f");
PACKET_SINK_DEFINE_WITH_DATA(queued_g, trace_refs_handler, &send_events_msgq, "g");
PACKET_SINK_DEFINE_WITH_DATA(queued_h, trace_refs_handler, &send_events_msgq, "h");
PACKET_CONNECT(&to_queueds, &queued_e);
PACKET_CONNECT(&to_queueds, &queued_f);
PACKET_CONNECT(&to_queueds, &queued_g);
PACKET_CONNECT(&to_queueds, &queued_h);

/* Queued between immediate ones, and behind the last of them. */
PACKET_SOURCE_DEFINE(to_mixed);
PACKET_SINK_DEFINE_WITH_DATA(mixed_1, trace_handler, NULL, "1");
PACKET_SINK_DEFINE_WITH_DATA(mixed_2, trace_handler, &send_events_msgq, "2");
PACKET_SINK_DEFINE_WITH_DATA(mixed_3, trace_handler, NULL, "3");
PACKET_SINK_DEFINE_WITH_DATA(mixed_4, trace_handler, &send_events_msgq, "4");
PACKET_CONNECT(&to_mixed, &mixed_1);
PACKET_CONNECT(&to_mixed, &mixed_2);
PACKET_CONNECT(&to_mixed, &mixed_3);
PACKET_CONNECT(&to_mixed, &mixed_4);

/* Two of its four queued sinks share a queue with room for two. */
PACKET_SOURCE_DEFINE(to_small);
PACKET_SINK_DEFINE_QUEUED(small_1, trace_handler, small_events);
PACKET_SINK_DEFINE_QUEUED(roomy_1, trace_handler, send_events);
PACKET_SINK_DEFINE_QUEUED(roomy_2, trace_handler, send_events);
PACKET_SINK_DEFINE_QUEUED(small_2, trace_handler, small_events);
PACKET_CONNECT(&to_small, &small_1);
PACKET_CONNECT(&to_small, &roomy_1);
PACKET_CONNECT(&to_small, &roomy_2);
PACKET_CONNECT(&to_small, &small_2);

static void *setup(void)
{
	small_1.user_data = "s";
	small_2.user_data = "t";
	roomy_1.user_data = "r";
	roomy_2.user_data = "u";
	return NULL;
}

ZTEST_SUITE(packet_send, NULL, setup, NULL, NULL, NULL);

ZTEST(packet_send, test_no_sinks)
{
	struct net_buf *buf = packet_new(0);

	zassert_equal(packet_source_send(&to_none, buf, K_NO_WAIT), 0);
	zassert_equal(buf->ref, 1);
	zassert_equal(packet_source_send_consume(&to_none, buf, K_NO_WAIT), 0);
	zassert_equal(buf->ref, 0);
	zassert_true(source_counts_are(&to_none, 2, 0));
}

ZTEST(packet_send, test_no_sinks_whatever_the_timeout)
{
	struct net_buf *buf = packet_new(0);

	zassert_equal(packet_source_send(&to_none, buf, K_FOREVER), 0);
	zassert_equal(packet_source_send_consume(&to_none, buf, K_MSEC(10)), 0);
	zassert_equal(buf->ref, 0);
}

ZTEST(packet_send, test_one_immediate)
{
	struct net_buf *buf = packet_new(0);

	zassert_equal(packet_source_send(&to_immediate, buf, K_NO_WAIT), 1);
	zassert_str_equal(trace(), "i1", "the handler borrows the sender's reference");
	zassert_equal(buf->ref, 1);
	zassert_equal(packet_source_send_consume(&to_immediate, buf, K_NO_WAIT), 1);
	zassert_str_equal(trace(), "i1i1");
	zassert_equal(buf->ref, 0);
	zassert_true(source_counts_are(&to_immediate, 2, 2));
	zassert_true(sink_counts_are(&immediate, 2, 0));
}

ZTEST(packet_send, test_one_queued)
{
	struct net_buf *buf = packet_new(0);

	zassert_equal(packet_source_send(&to_queued, buf, K_NO_WAIT), 1);
	zassert_equal(buf->ref, 2);
	zassert_str_equal(trace(), "", "the handler runs later");
	zassert_true(sink_counts_are(&queued, 0, 0));
	zassert_ok(packet_event_process(&send_events, K_NO_WAIT));
	zassert_str_equal(trace(), "q2");
	zassert_equal(buf->ref, 1);
	zassert_true(sink_counts_are(&queued, 1, 0));
	net_buf_unref(buf);
}

ZTEST(packet_send, test_one_queued_consume)
{
	struct net_buf *buf = packet_new(0);

	zassert_equal(packet_source_send_consume(&to_queued, buf, K_NO_WAIT), 1);
	zassert_equal(buf->ref, 1, "the sink has what was the caller's");
	zassert_ok(packet_event_process(&send_events, K_NO_WAIT));
	zassert_str_equal(trace(), "q1");
	zassert_equal(buf->ref, 0);
	zassert_true(source_counts_are(&to_queued, 1, 1));
}

ZTEST(packet_send, test_four_immediate)
{
	struct net_buf *buf = packet_new(0);

	zassert_equal(packet_source_send(&to_immediates, buf, K_NO_WAIT), 4);
	zassert_equal(buf->ref, 1);
	zassert_equal(packet_source_send_consume(&to_immediates, buf, K_NO_WAIT), 4);
	zassert_equal(buf->ref, 0);
	zassert_str_equal(trace(), "abcd1abcd1");
	zassert_true(source_counts_are(&to_immediates, 2, 8));
}

ZTEST(packet_send, test_four_queued)
{
	struct net_buf *buf = packet_new(0);

	zassert_equal(packet_source_send(&to_queueds, buf, K_NO_WAIT), 4);
	zassert_equal(buf->ref, 5);
	zassert_equal(packet_source_send_consume(&to_queueds, buf, K_NO_WAIT), 4);
	zassert_equal(buf->ref, 8);
	zassert_equal(k_msgq_num_free_get(send_events.msgq), 0);
	zassert_equal(queue_drain(&send_events), 8);
	zassert_str_equal(trace(), "e8f7g6h5e4f3g2h1");
	zassert_equal(buf->ref, 0);
	zassert_true(source_counts_are(&to_queueds, 2, 8));
}

ZTEST(packet_send, test_mixed)
{
	struct net_buf *buf = packet_new(0);

	zassert_equal(packet_source_send(&to_mixed, buf, K_NO_WAIT), 4);
	zassert_equal(buf->ref, 3);
	zassert_str_equal(trace(), "13");
	zassert_equal(packet_source_send_consume(&to_mixed, buf, K_NO_WAIT), 4);
	zassert_equal(buf->ref, 4);
	zassert_str_equal(trace(), "1313");
	zassert_equal(queue_drain(&send_events), 4);
	zassert_str_equal(trace(), "13132424");
	zassert_equal(buf->ref, 0);
}

/* A sink whose queue is full misses the packet; the others get it; no reference is lost. */
static void check_full(bool consume)
{
	int (*send)(struct packet_source * src, struct net_buf * buf, k_timeout_t timeout) =
		consume ? packet_source_send_consume : packet_source_send;
	uint16_t keeps = consume ? 0 : 1;
	struct net_buf *first = packet_new(0);
	struct net_buf *second = packet_new(0);

	zassert_equal(send(&to_small, first, K_NO_WAIT), 4);
	zassert_equal(first->ref, 4 + keeps);
	zassert_equal(send(&to_small, second, K_NO_WAIT), 2);
	zassert_equal(second->ref, 2 + keeps);
	zassert_true(source_counts_are(&to_small, 2, 6));
	zassert_true(sink_counts_are(&small_1, 0, 1));
	zassert_true(sink_counts_are(&small_2, 0, 1));
	zassert_true(sink_counts_are(&roomy_1, 0, 0));

	zassert_equal(queue_drain(&small_events), 2);
	zassert_equal(queue_drain(&send_events), 4);
	zassert_str_equal(trace(), "struru");
	zassert_true(sink_counts_are(&small_1, 1, 1));
	zassert_true(sink_counts_are(&roomy_2, 2, 0));
	zassert_true(queue_count_is(&small_events, 2));
	zassert_true(queue_count_is(&send_events, 4));
	zassert_equal(first->ref, keeps);
	zassert_equal(second->ref, keeps);
	if (!consume) {
		net_buf_unref(first);
		net_buf_unref(second);
	}
}

ZTEST(packet_send, test_full_queue)
{
	check_full(false);
}

ZTEST(packet_send, test_full_queue_consume)
{
	check_full(true);
}

ZTEST(packet_send, test_all_full)
{
	struct net_buf *filler = packet_new(0);
	struct net_buf *buf = packet_new(0);

	for (int i = 0; i < 8; i++) {
		zassert_equal(packet_source_send(&to_queued, filler, K_NO_WAIT), 1);
	}
	zassert_equal(packet_source_send(&to_queueds, buf, K_NO_WAIT), 0);
	zassert_equal(buf->ref, 1);
	zassert_equal(packet_source_send_consume(&to_queueds, buf, K_NO_WAIT), 0);
	zassert_equal(buf->ref, 0, "consumed although nobody took it");
	zassert_true(source_counts_are(&to_queueds, 2, 0));
	zassert_true(sink_counts_are(&queued_e, 0, 2));
	zassert_true(sink_counts_are(&queued_h, 0, 2));
	zassert_equal(queue_drain(&send_events), 8);
	net_buf_unref(filler);
}

ZTEST(packet_send, test_null)
{
	struct net_buf *buf = packet_new(0);

	zassert_equal(packet_source_send(NULL, buf, K_NO_WAIT), -EINVAL);
	zassert_equal(packet_source_send(&to_immediate, NULL, K_NO_WAIT), -EINVAL);
	zassert_equal(packet_source_send(NULL, NULL, K_FOREVER), -EINVAL);
	zassert_equal(packet_source_send_consume(NULL, buf, K_NO_WAIT), -EINVAL);
	zassert_equal(packet_source_send_consume(&to_immediate, NULL, K_NO_WAIT), -EINVAL);
	zassert_equal(packet_source_send_consume(NULL, NULL, K_FOREVER), -EINVAL);
	zassert_equal(buf->ref, 1, "still the caller's");
	zassert_str_equal(trace(), "");
	zassert_true(source_counts_are(&to_immediate, 0, 0));
	net_buf_unref(buf);
}

ZTEST(packet_send, test_buffer_at_home)
{
	struct net_buf *buf = packet_at_home();

	zassert_equal(packet_source_send(&to_mixed, buf, K_NO_WAIT), -EINVAL);
	zassert_equal(packet_source_send_consume(&to_mixed, buf, K_NO_WAIT), -EINVAL);
	zassert_equal(packet_source_send_consume(&to_none, buf, K_NO_WAIT), -EINVAL);
	zassert_equal(buf->ref, 0);
	zassert_str_equal(trace(), "");
	zassert_true(source_counts_are(&to_mixed, 0, 0));
}

/* A chain is one packet: its head is counted, and brings the rest home. */
ZTEST(packet_send, test_chain)
{
	struct net_buf *head = packet_new(1);
	struct net_buf *tail = packet_new(2);

	net_buf_frag_add(head, tail);
	zassert_equal(packet_source_send_consume(&to_queueds, head, K_NO_WAIT), 4);
	zassert_equal(head->ref, 4);
	zassert_equal(tail->ref, 1);
	zassert_equal(queue_drain(&send_events), 4);
	zassert_equal(head->ref, 0);
	zassert_equal(tail->ref, 0);
}
