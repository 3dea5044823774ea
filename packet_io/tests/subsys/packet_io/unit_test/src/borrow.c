/* SPDX-License-Identifier: Apache-2.0 */
/** @file Handlers that break the rule and release the buffer they borrowed. */
#include "packets.h"

#include <zephyr/packet_io/batch.h>
#include <zephyr/packet_io/deliver.h>

PACKET_EVENT_QUEUE_DEFINE(borrow_events, 8);

PACKET_SOURCE_DEFINE(to_thief);
PACKET_SINK_DEFINE_IMMEDIATE(thief, trace_release_handler);
PACKET_CONNECT(&to_thief, &thief);

PACKET_SOURCE_DEFINE(to_thief_amid);
PACKET_SINK_DEFINE_WITH_DATA(before_thief, trace_handler, NULL, "a");
PACKET_SINK_DEFINE_WITH_DATA(behind_thief, trace_handler, NULL, "z");
PACKET_SINK_DEFINE_WITH_DATA(queued_behind_thief, trace_handler, &borrow_events_msgq, "q");
PACKET_CONNECT(&to_thief_amid, &before_thief);
PACKET_CONNECT(&to_thief_amid, &thief);
PACKET_CONNECT(&to_thief_amid, &behind_thief);
PACKET_CONNECT(&to_thief_amid, &queued_behind_thief);

PACKET_SOURCE_DEFINE(to_queued_then_thief);
PACKET_SINK_DEFINE_WITH_DATA(queued_before_thief, trace_handler, &borrow_events_msgq, "q");
PACKET_CONNECT(&to_queued_then_thief, &queued_before_thief);
PACKET_CONNECT(&to_queued_then_thief, &thief);
PACKET_CONNECT(&to_queued_then_thief, &behind_thief);

PACKET_SOURCE_DEFINE(to_queued_thief);
PACKET_SINK_DEFINE_QUEUED(queued_thief, trace_release_handler, borrow_events);
PACKET_CONNECT(&to_queued_thief, &queued_thief);

ZTEST_SUITE(packet_borrow, NULL, NULL, NULL, NULL, NULL);

/* The caller's reference is what the handler released: there is none left to give back. */
ZTEST(packet_borrow, test_immediate)
{
	struct net_buf *buf = packet_new(0);

	zassert_equal(packet_source_send(&to_thief, buf, K_NO_WAIT), 1);
	zassert_equal(buf->ref, 0);
	zassert_str_equal(trace(), "X");
	zassert_true(source_counts_are(&to_thief, 1, 1));
	zassert_true(sink_counts_are(&thief, 1, 0));
}

ZTEST(packet_borrow, test_immediate_consume)
{
	struct net_buf *buf = packet_new(0);

	zassert_equal(packet_source_send_consume(&to_thief, buf, K_NO_WAIT), 1);
	zassert_equal(buf->ref, 0);
	zassert_str_equal(trace(), "X");
}

/* Nobody behind it gets a packet that is gone. */
ZTEST(packet_borrow, test_middle)
{
	struct net_buf *buf = packet_new(0);

	zassert_equal(packet_source_send(&to_thief_amid, buf, K_NO_WAIT), 2);
	zassert_str_equal(trace(), "aX");
	zassert_equal(buf->ref, 0);
	zassert_equal(queue_drain(&borrow_events), 0);
	zassert_true(source_counts_are(&to_thief_amid, 1, 2));
}

ZTEST(packet_borrow, test_middle_consume)
{
	struct net_buf *buf = packet_new(0);

	zassert_equal(packet_source_send_consume(&to_thief_amid, buf, K_NO_WAIT), 2);
	zassert_str_equal(trace(), "aX");
	zassert_equal(buf->ref, 0);
	zassert_equal(queue_drain(&borrow_events), 0);
}

/* Somebody else holds the packet as well: it is not gone, and the theft cannot be seen. */
ZTEST(packet_borrow, test_hidden_by_others)
{
	struct net_buf *buf = packet_new(0);

	packet_keep(buf);
	zassert_equal(packet_source_send(&to_thief_amid, buf, K_NO_WAIT), 4);
	zassert_str_equal(trace(), "aXz");
	zassert_equal(buf->ref, 2, "the other's and the queued sink's");
	zassert_equal(queue_drain(&borrow_events), 1);
	net_buf_unref(buf);
}

/* The sink that came before has its reference, the caller has none any more. */
ZTEST(packet_borrow, test_behind_queued)
{
	struct net_buf *buf = packet_new(0);

	zassert_equal(packet_source_send(&to_queued_then_thief, buf, K_NO_WAIT), 3);
	zassert_str_equal(trace(), "Xz");
	zassert_equal(buf->ref, 1);
	zassert_equal(queue_drain(&borrow_events), 1);
	zassert_equal(buf->ref, 0);
}

/* The thief took what was the queued sink's: the damaged event is told, and nothing else happens. */
ZTEST(packet_borrow, test_behind_queued_consume)
{
	struct net_buf *buf = packet_new(0);

	zassert_equal(packet_source_send_consume(&to_queued_then_thief, buf, K_NO_WAIT), 3);
	zassert_str_equal(trace(), "Xz");
	zassert_equal(buf->ref, 0);
	zassert_equal(packet_event_process(&borrow_events, K_NO_WAIT), -EINVAL);
	zassert_equal(packet_event_process(&borrow_events, K_NO_WAIT), -EAGAIN);
	zassert_str_equal(trace(), "Xz");
}

ZTEST(packet_borrow, test_queued)
{
	struct net_buf *buf = packet_new(0);

	zassert_equal(packet_source_send_consume(&to_queued_thief, buf, K_NO_WAIT), 1);
	zassert_equal(packet_event_process(&borrow_events, K_NO_WAIT), -EFAULT);
	zassert_equal(buf->ref, 0);
	zassert_true(sink_counts_are(&queued_thief, 1, 0));
	zassert_true(queue_count_is(&borrow_events, 1));
	zassert_equal(packet_event_process(&queued_thief, K_NO_WAIT), -EAGAIN);
}

ZTEST(packet_borrow, test_queued_batch)
{
	zassert_equal(packet_source_send_consume(&to_queued_thief, packet_new(0), K_NO_WAIT), 1);
	zassert_equal(packet_source_send_consume(&to_queued_thief, packet_new(0), K_NO_WAIT), 1);
	zassert_equal(packet_event_process_batch(&borrow_events, 8, K_NO_WAIT), 2);
	zassert_str_equal(trace(), "XX");
}

ZTEST(packet_borrow, test_deliver)
{
	struct net_buf *buf = packet_new(0);

	zassert_equal(packet_sink_deliver(&thief, buf, K_NO_WAIT), -EFAULT);
	zassert_equal(buf->ref, 0);
	buf = packet_new(0);
	zassert_equal(packet_sink_deliver_consume(&thief, buf, K_NO_WAIT), -EFAULT);
	zassert_equal(buf->ref, 0);
	zassert_true(sink_counts_are(&thief, 2, 0));
}

/* The packets behind the stolen one are sent, and each is stolen, too. */
ZTEST(packet_borrow, test_batch)
{
	struct net_buf *bufs[3];

	for (size_t i = 0; i < ARRAY_SIZE(bufs); i++) {
		bufs[i] = packet_new(0);
	}
	zassert_equal(packet_source_send_batch_consume(&to_thief_amid, bufs, 3, K_NO_WAIT), 6);
	zassert_str_equal(trace(), "aXaXaX");
	zassert_equal(bufs[2]->ref, 0);
}
