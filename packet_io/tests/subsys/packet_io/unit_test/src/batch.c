/* SPDX-License-Identifier: Apache-2.0 */
/** @file Several packets, or events, in one call. */
#include "packets.h"

#include <zephyr/packet_io/batch.h>

PACKET_EVENT_QUEUE_DEFINE(batch_events, 4);

PACKET_SOURCE_DEFINE(batched);
PACKET_SINK_DEFINE_WITH_DATA(batched_immediate, trace_packet_handler, NULL, "i");
PACKET_SINK_DEFINE_QUEUED(batched_queued, trace_packet_handler, batch_events);
PACKET_CONNECT(&batched, &batched_immediate);
PACKET_CONNECT(&batched, &batched_queued);

/* One sink alone, a queued one. */
#define ALONE 36 /* its places: more than are taken at once */
PACKET_EVENT_QUEUE_DEFINE(alone_events, ALONE);
PACKET_SOURCE_DEFINE(alone);
PACKET_SINK_DEFINE_QUEUED(alone_queued, trace_packet_handler, alone_events);
PACKET_CONNECT(&alone, &alone_queued);

static struct net_buf *bufs[6];

static void *setup(void)
{
	batched_queued.user_data = "q";
	alone_queued.user_data = "a";
	return NULL;
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	for (size_t i = 0; i < ARRAY_SIZE(bufs); i++) {
		bufs[i] = packet_new((uint8_t)('0' + i));
	}
}

/* Every test leaves the references in bufs to this, NULL where it has none. */
static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	for (size_t i = 0; i < ARRAY_SIZE(bufs); i++) {
		if (bufs[i] != NULL) {
			net_buf_unref(bufs[i]);
		}
	}
}

ZTEST_SUITE(packet_batch, NULL, setup, before, after, NULL);

static void check_refs(const char *wanted)
{
	for (size_t i = 0; i < ARRAY_SIZE(bufs); i++) {
		zassert_equal(bufs[i]->ref, wanted[i] - '0', "packet %u has %u", (unsigned int)i,
			      (unsigned int)bufs[i]->ref);
	}
}

static void forget(size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bufs[i] = NULL;
	}
}

ZTEST(packet_batch, test_send)
{
	zassert_equal(packet_source_send_batch(&batched, bufs, 3, K_NO_WAIT), 6);
	zassert_str_equal(trace(), "i0i1i2");
	check_refs("222111");
	zassert_equal(queue_drain(&batch_events), 3);
	zassert_str_equal(trace(), "i0i1i2q0q1q2");
	check_refs("111111");
	zassert_true(source_counts_are(&batched, 3, 6));
}

ZTEST(packet_batch, test_send_consume)
{
	zassert_equal(packet_source_send_batch_consume(&batched, bufs, 3, K_NO_WAIT), 6);
	check_refs("111111");
	zassert_equal(queue_drain(&batch_events), 3);
	check_refs("000111");
	forget(3);
}

/* The queue has room for four of six: the order in which they get it is that of the packets. */
ZTEST(packet_batch, test_full)
{
	zassert_equal(packet_source_send_batch(&batched, bufs, 6, K_NO_WAIT), 10);
	check_refs("222211");
	zassert_equal(queue_drain(&batch_events), 4);
	zassert_str_equal(trace(), "i0i1i2i3i4i5q0q1q2q3");
	zassert_true(sink_counts_are(&batched_queued, 4, 2));
	zassert_true(source_counts_are(&batched, 6, 10));
}

ZTEST(packet_batch, test_full_consume)
{
	zassert_equal(packet_source_send_batch_consume(&batched, bufs, 6, K_NO_WAIT), 10);
	check_refs("111100");
	zassert_equal(queue_drain(&batch_events), 4);
	check_refs("000000");
	forget(6);
}

/* A single queued sink, its queue beginning anywhere. */
ZTEST(packet_batch, test_alone)
{
	for (uint32_t i = 1; i <= 8; i++) {
		trace_clear();
		zassert_equal(packet_source_send_batch(&alone, bufs, 6, K_NO_WAIT), 6);
		check_refs("222222");
		zassert_equal(queue_drain(&alone_events), 6);
		zassert_str_equal(trace(), "a0a1a2a3a4a5");
		check_refs("111111");
		zassert_true(source_counts_are(&alone, 6 * i, 6 * i));
		zassert_true(sink_counts_are(&alone_queued, 6 * i, 0));
	}
	zassert_equal(packet_source_send_batch_consume(&alone, bufs, 6, K_NO_WAIT), 6);
	zassert_equal(queue_drain(&alone_events), 6);
	check_refs("000000");
	forget(6);
}

/* More packets than it has places. */
ZTEST(packet_batch, test_alone_full)
{
	struct net_buf *same[ALONE + 4];

	for (size_t i = 0; i < ARRAY_SIZE(same); i++) {
		same[i] = bufs[i < 2 ? i : 2];
	}
	zassert_equal(packet_source_send_batch(&alone, same, ARRAY_SIZE(same), K_NO_WAIT), ALONE);
	zassert_equal(bufs[0]->ref, 2);
	zassert_equal(bufs[2]->ref, 1 + ALONE - 2);
	zassert_true(source_counts_are(&alone, ALONE + 4, ALONE));
	zassert_equal(queue_drain(&alone_events), ALONE);
	zassert_mem_equal(trace(), "a0a1a2a2", 8);
	zassert_true(sink_counts_are(&alone_queued, ALONE, 4));
	check_refs("111111");
	for (size_t i = 2; i < ARRAY_SIZE(same); i++) {
		packet_keep(bufs[2]);
	}
	zassert_equal(packet_source_send_batch_consume(&alone, same, ARRAY_SIZE(same), K_NO_WAIT),
		      ALONE);
	zassert_equal(bufs[2]->ref, 1 + ALONE - 2, "what did not fit was released");
	zassert_equal(queue_drain(&alone_events), ALONE);
	check_refs("001111");
	forget(2);
}

ZTEST(packet_batch, test_same_packet)
{
	struct net_buf *same[3] = {bufs[0], bufs[0], bufs[0]};

	packet_keep(bufs[0]);
	packet_keep(bufs[0]);
	zassert_equal(packet_source_send_batch_consume(&batched, same, 3, K_NO_WAIT), 6);
	zassert_equal(bufs[0]->ref, 3);
	zassert_equal(queue_drain(&batch_events), 3);
	zassert_equal(bufs[0]->ref, 0);
	bufs[0] = NULL;
}

ZTEST(packet_batch, test_none)
{
	zassert_equal(packet_source_send_batch(&batched, bufs, 0, K_FOREVER), 0);
	zassert_equal(packet_source_send_batch_consume(&batched, bufs, 0, K_FOREVER), 0);
	zassert_true(source_counts_are(&batched, 0, 0));
	check_refs("111111");
}

/* One bad packet, wherever it stands: nothing is sent, and all are still the caller's. */
static void check_refused(struct packet_source *src, struct net_buf *const *packets, size_t n)
{
	zassert_equal(packet_source_send_batch(src, packets, n, K_FOREVER), -EINVAL);
	zassert_equal(packet_source_send_batch_consume(src, packets, n, K_FOREVER), -EINVAL);
	check_refs("111111");
	zassert_str_equal(trace(), "");
	zassert_equal(queue_drain(&batch_events), 0);
	zassert_true(source_counts_are(&batched, 0, 0));
}

ZTEST(packet_batch, test_invalid)
{
	struct net_buf *home = packet_at_home();

	check_refused(NULL, bufs, 6);
	check_refused(&batched, NULL, 6);
	check_refused(NULL, NULL, 0);
	for (size_t i = 0; i < 6; i++) {
		struct net_buf *packets[6];

		memcpy(packets, bufs, sizeof(packets));
		packets[i] = NULL;
		check_refused(&batched, packets, 6);
		packets[i] = home;
		check_refused(&batched, packets, 6);
	}
}

/* ---- processing ------------------------------------------------------------------------------- */

ZTEST(packet_batch, test_process)
{
	zassert_equal(packet_source_send_batch(&batched, bufs, 4, K_NO_WAIT), 8);
	trace_clear();
	zassert_equal(packet_event_process_batch(&batch_events, 3, K_NO_WAIT), 3);
	zassert_str_equal(trace(), "q0q1q2");
	zassert_equal(packet_event_process_batch(&batch_events, 3, K_FOREVER), 1,
		      "one came, so it waits for no more");
	zassert_str_equal(trace(), "q0q1q2q3");
	zassert_equal(packet_event_process_batch(&batch_events, 3, K_NO_WAIT), -EAGAIN);
	zassert_equal(packet_event_process_batch(&batch_events, 3, K_MSEC(1)), -EAGAIN);
	zassert_true(queue_count_is(&batch_events, 4));
}

ZTEST(packet_batch, test_process_all)
{
	zassert_equal(packet_source_send_batch(&batched, bufs, 4, K_NO_WAIT), 8);
	zassert_equal(packet_event_process_batch(&batch_events, SIZE_MAX, K_FOREVER), 4);
}

ZTEST(packet_batch, test_process_none)
{
	zassert_equal(packet_event_process_batch(&batch_events, 0, K_FOREVER), 0);
	zassert_equal(packet_source_send_batch(&batched, bufs, 1, K_NO_WAIT), 2);
	zassert_equal(packet_event_process_batch(&batch_events, 0, K_FOREVER), 0);
	zassert_equal(k_msgq_num_used_get(batch_events.msgq), 1);
	zassert_equal(queue_drain(&batch_events), 1);
}

ZTEST(packet_batch, test_process_invalid)
{
	struct packet_event_queue none = {.msgq = NULL};

	zassert_equal(packet_event_process_batch(NULL, 1, K_FOREVER), -EINVAL);
	zassert_equal(packet_event_process_batch(NULL, 0, K_FOREVER), -EINVAL);
	zassert_equal(packet_event_process_batch(&none, 1, K_FOREVER), -EINVAL);
}

/* A damaged event counts as taken off, and those behind it are processed. */
ZTEST(packet_batch, test_process_damaged)
{
	struct packet_event damaged = {.sink = NULL, .buf = bufs[0]};

	zassert_ok(k_msgq_put(batch_events.msgq, &damaged, K_NO_WAIT));
	bufs[0] = NULL;
	zassert_equal(packet_source_send_batch(&batched, &bufs[1], 2, K_NO_WAIT), 4);
	zassert_equal(packet_event_process_batch(&batch_events, 4, K_FOREVER), 3);
	zassert_str_equal(trace(), "i1i2q1q2");
}

/* What handlers put into the queue meanwhile is taken off as well, up to the maximum. */
static void batch_circle_handler(struct packet_sink *sink, struct net_buf *buf);

PACKET_SOURCE_DEFINE(batch_circle);
PACKET_SINK_DEFINE_WITH_DATA(batch_circle_sink, batch_circle_handler, &batch_events_msgq, "c");
PACKET_CONNECT(&batch_circle, &batch_circle_sink);

static void batch_circle_handler(struct packet_sink *sink, struct net_buf *buf)
{
	trace_handler(sink, buf);
	zassert_equal(packet_source_send(&batch_circle, buf, K_NO_WAIT), 1);
}

ZTEST(packet_batch, test_process_endless)
{
	struct packet_event event;

	zassert_equal(packet_source_send(&batch_circle, bufs[0], K_NO_WAIT), 1);
	zassert_equal(packet_event_process_batch(&batch_events, 10, K_NO_WAIT), 10);
	zassert_str_equal(trace(), "cccccccccc");
	zassert_ok(k_msgq_get(batch_events.msgq, &event, K_NO_WAIT));
	net_buf_unref(event.buf);
}
