/* SPDX-License-Identifier: Apache-2.0 */
/** @file Pools that run empty in the middle of a fan-out: handlers that need buffers of their own. */
#include "packets.h"

#define REPLIES 2

NET_BUF_POOL_DEFINE(reply_pool, REPLIES, 8, 0, NULL);
PACKET_EVENT_QUEUE_DEFINE(reply_events, 8);

PACKET_SOURCE_DEFINE(replies);
PACKET_SINK_DEFINE_WITH_DATA(reply_sink, trace_packet_handler, &reply_events_msgq, "r");
PACKET_CONNECT(&replies, &reply_sink);

/* Answers with a buffer of its own in front of what it got; counts when there is none. */
static unsigned int unanswered;

static void replying_handler(struct packet_sink *sink, struct net_buf *buf)
{
	struct net_buf *reply = net_buf_alloc(&reply_pool, K_NO_WAIT);

	if (reply == NULL) {
		unanswered++;
		return;
	}
	(void)net_buf_add_u8(reply, *(const uint8_t *)sink->user_data);
	packet_keep(buf);
	net_buf_frag_add(reply, buf);
	zassert_equal(packet_source_send_consume(&replies, reply, K_NO_WAIT), 1);
}

PACKET_SOURCE_DEFINE(questions);
PACKET_SINK_DEFINE_WITH_DATA(answers_1, replying_handler, NULL, "1");
PACKET_SINK_DEFINE_WITH_DATA(answers_2, replying_handler, NULL, "2");
PACKET_SINK_DEFINE_WITH_DATA(answers_3, replying_handler, NULL, "3");
PACKET_SINK_DEFINE_WITH_DATA(answers_4, replying_handler, NULL, "4");
PACKET_CONNECT(&questions, &answers_1);
PACKET_CONNECT(&questions, &answers_2);
PACKET_CONNECT(&questions, &answers_3);
PACKET_CONNECT(&questions, &answers_4);

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	unanswered = 0;
}

ZTEST_SUITE(packet_exhaustion, NULL, NULL, before, NULL, NULL);

ZTEST(packet_exhaustion, test_middle_of_fan_out)
{
	struct net_buf *buf = packet_new(0);

	zassert_equal(packet_source_send_consume(&questions, buf, K_NO_WAIT), 4);
	zassert_equal(unanswered, 4 - REPLIES);
	zassert_equal(buf->ref, REPLIES, "in the chains of the replies that there are");
	zassert_equal(queue_drain(&reply_events), REPLIES);
	zassert_str_equal(trace(), "r1r2");
	zassert_equal(buf->ref, 0);
}

/* Each reply that goes home makes room for one more. */
ZTEST(packet_exhaustion, test_recovers)
{
	struct net_buf *buf = packet_new(0);

	zassert_equal(packet_source_send(&questions, buf, K_NO_WAIT), 4);
	zassert_equal(unanswered, 2);
	zassert_ok(packet_event_process(&reply_events, K_NO_WAIT));
	zassert_equal(packet_source_send(&questions, buf, K_NO_WAIT), 4);
	zassert_equal(unanswered, 5);
	zassert_equal(queue_drain(&reply_events), REPLIES);
	zassert_equal(packet_source_send(&questions, buf, K_NO_WAIT), 4);
	zassert_equal(unanswered, 7);
	zassert_equal(queue_drain(&reply_events), REPLIES);
	zassert_str_equal(trace(), "r1r2r1r1r2");
	net_buf_unref(buf);
}

/* The packet cannot be kept because its count is full: the handler does without. */
static void careful_handler(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	if (net_buf_ref(buf) == NULL) {
		unanswered++;
	} else {
		net_buf_unref(buf);
	}
}

PACKET_SOURCE_DEFINE(to_careful);
PACKET_SINK_DEFINE_WITH_DATA(queued_before_careful, trace_packet_handler, &reply_events_msgq, "q");
PACKET_SINK_DEFINE_IMMEDIATE(careful, careful_handler);
PACKET_CONNECT(&to_careful, &queued_before_careful);
PACKET_CONNECT(&to_careful, &careful);

#ifdef NET_BUF_REF_MAX
ZTEST(packet_exhaustion, test_no_reference_for_handler)
{
	struct net_buf *buf = packet_new('p');

	buf->ref = NET_BUF_REF_MAX - 1;
	zassert_equal(packet_source_send(&to_careful, buf, K_NO_WAIT), 2);
	zassert_equal(unanswered, 1);
	buf->ref = 1;
	zassert_equal(queue_drain(&reply_events), 1);
	zassert_str_equal(trace(), "qp");
	zassert_equal(buf->ref, 0);
}
#endif
