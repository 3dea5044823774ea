/* SPDX-License-Identifier: Apache-2.0 */
/** @file Straight to one sink, with every reason for which that fails. */
#include "packets.h"

#include <zephyr/packet_io/deliver.h>

PACKET_EVENT_QUEUE_DEFINE(deliver_events, 1);
PACKET_SINK_DEFINE_WITH_DATA(deliver_immediate, trace_refs_handler, NULL, "i");
PACKET_SINK_DEFINE_QUEUED(deliver_queued, trace_refs_handler, deliver_events);

static void *setup(void)
{
	deliver_queued.user_data = "q";
	return NULL;
}

ZTEST_SUITE(packet_deliver, NULL, setup, NULL, NULL, NULL);

ZTEST(packet_deliver, test_immediate)
{
	struct net_buf *buf = packet_new(0);

	zassert_ok(packet_sink_deliver(&deliver_immediate, buf, K_NO_WAIT));
	zassert_equal(buf->ref, 1);
	zassert_ok(packet_sink_deliver_consume(&deliver_immediate, buf, K_FOREVER));
	zassert_equal(buf->ref, 0);
	zassert_str_equal(trace(), "i1i1");
	zassert_true(sink_counts_are(&deliver_immediate, 2, 0));
}

ZTEST(packet_deliver, test_queued)
{
	struct net_buf *buf = packet_new(0);

	zassert_ok(packet_sink_deliver(&deliver_queued, buf, K_NO_WAIT));
	zassert_equal(buf->ref, 2);
	zassert_equal(queue_drain(&deliver_events), 1);
	zassert_ok(packet_sink_deliver_consume(&deliver_queued, buf, K_NO_WAIT));
	zassert_equal(buf->ref, 1);
	zassert_equal(queue_drain(&deliver_events), 1);
	zassert_equal(buf->ref, 0);
	zassert_str_equal(trace(), "q2q1");
	zassert_true(sink_counts_are(&deliver_queued, 2, 0));
	zassert_true(queue_count_is(&deliver_events, 2));
}

ZTEST(packet_deliver, test_full)
{
	struct net_buf *filler = packet_new(0);
	struct net_buf *buf = packet_new(0);

	zassert_ok(packet_sink_deliver_consume(&deliver_queued, filler, K_NO_WAIT));
	zassert_equal(packet_sink_deliver(&deliver_queued, buf, K_NO_WAIT), -ENOBUFS);
	zassert_equal(buf->ref, 1);
	zassert_equal(packet_sink_deliver(&deliver_queued, buf, K_MSEC(1)), -EAGAIN);
	zassert_equal(buf->ref, 1);
	zassert_true(sink_counts_are(&deliver_queued, 0, 2));
	packet_keep(buf);
	zassert_equal(packet_sink_deliver_consume(&deliver_queued, buf, K_NO_WAIT), -ENOBUFS);
	zassert_equal(buf->ref, 1, "gone, although it was not delivered");
	zassert_equal(packet_sink_deliver_consume(&deliver_queued, buf, K_MSEC(1)), -EAGAIN);
	zassert_equal(buf->ref, 0);
	zassert_true(sink_counts_are(&deliver_queued, 0, 4));
	zassert_equal(queue_drain(&deliver_events), 1);
}

ZTEST(packet_deliver, test_invalid)
{
	struct net_buf *home = packet_at_home();
	struct net_buf *buf = packet_new(0);

	zassert_equal(packet_sink_deliver(NULL, buf, K_NO_WAIT), -EINVAL);
	zassert_equal(packet_sink_deliver_consume(NULL, buf, K_FOREVER), -EINVAL);
	zassert_equal(buf->ref, 1, "still the caller's");
	zassert_equal(packet_sink_deliver(&deliver_immediate, NULL, K_NO_WAIT), -EINVAL);
	zassert_equal(packet_sink_deliver_consume(&deliver_immediate, NULL, K_NO_WAIT), -EINVAL);
	zassert_equal(packet_sink_deliver(NULL, NULL, K_NO_WAIT), -EINVAL);
	zassert_equal(packet_sink_deliver_consume(NULL, NULL, K_NO_WAIT), -EINVAL);
	net_buf_unref(buf);
	zassert_equal(packet_sink_deliver(&deliver_immediate, home, K_NO_WAIT), -EINVAL);
	zassert_equal(packet_sink_deliver_consume(&deliver_queued, home, K_NO_WAIT), -EINVAL);
	zassert_str_equal(trace(), "");
	zassert_true(sink_counts_are(&deliver_immediate, 0, 0));
	zassert_true(sink_counts_are(&deliver_queued, 0, 0));
}

static void check_not_supported(struct packet_sink sink)
{
	struct net_buf *buf = packet_new(0);

	zassert_equal(packet_sink_deliver(&sink, buf, K_FOREVER), -ENOTSUP);
	zassert_equal(buf->ref, 1);
	zassert_equal(packet_sink_deliver_consume(&sink, buf, K_FOREVER), -ENOTSUP);
	zassert_equal(buf->ref, 0);
	zassert_true(sink_counts_are(&sink, 0, 0));
	zassert_str_equal(trace(), "");
}

ZTEST(packet_deliver, test_no_handler)
{
	check_not_supported((struct packet_sink){.mode = SINK_MODE_IMMEDIATE});
	check_not_supported(
		(struct packet_sink){.mode = SINK_MODE_QUEUED, .msgq = deliver_events.msgq});
}

ZTEST(packet_deliver, test_no_queue)
{
	check_not_supported(
		(struct packet_sink){.mode = SINK_MODE_QUEUED, .handler = trace_handler});
}

ZTEST(packet_deliver, test_unknown_mode)
{
	check_not_supported((struct packet_sink){
		.mode = (enum packet_sink_mode)7,
		.handler = trace_handler,
		.msgq = deliver_events.msgq,
	});
}
