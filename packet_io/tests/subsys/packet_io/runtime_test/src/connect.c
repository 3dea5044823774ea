/* SPDX-License-Identifier: Apache-2.0 */
/** @file Connecting and disconnecting between packets: results, order, statistics. */
#include "packets.h"

#include <zephyr/packet_io/batch.h>
#include <zephyr/packet_io/connection.h>

PACKET_EVENT_QUEUE_DEFINE(connect_events, 4);

PACKET_SOURCE_DEFINE(plain);
PACKET_SOURCE_DEFINE(plain_too);
PACKET_SOURCE_DEFINE(with_wires);
PACKET_SINK_DEFINE_WITH_DATA(sink_w, trace_handler, NULL, "w");
PACKET_SINK_DEFINE_WITH_DATA(sink_v, trace_handler, &connect_events_msgq, "v");
PACKET_CONNECT(&with_wires, &sink_w);
PACKET_CONNECT(&with_wires, &sink_v);

PACKET_SINK_DEFINE_WITH_DATA(sink_a, trace_handler, NULL, "a");
PACKET_SINK_DEFINE_WITH_DATA(sink_b, trace_handler, NULL, "b");
PACKET_SINK_DEFINE_WITH_DATA(sink_c, trace_handler, NULL, "c");
PACKET_SINK_DEFINE_QUEUED(sink_q, trace_refs_handler, connect_events);
PACKET_SINK_DEFINE_QUEUED(sink_r, trace_refs_handler, connect_events);

PACKET_SOURCE_DEFINE(with_wire);
PACKET_CONNECT(&with_wire, &sink_v);

static struct packet_connection conn_a;
static struct packet_connection conn_b;
static struct packet_connection conn_c;

static void *setup(void)
{
	sink_q.user_data = "q";
	sink_r.user_data = "r";
	return NULL;
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	conn_a = (struct packet_connection){.source = &plain, .sink = &sink_a};
	conn_b = (struct packet_connection){.source = &plain, .sink = &sink_b};
	conn_c = (struct packet_connection){.source = &plain, .sink = &sink_c};
}

ZTEST_SUITE(packet_connect, NULL, setup, before, NULL, NULL);

static int send_one(struct packet_source *src)
{
	return packet_source_send_consume(src, packet_new(0), K_NO_WAIT);
}

ZTEST(packet_connect, test_add_remove)
{
	zassert_equal(send_one(&plain), 0);
	zassert_ok(packet_connection_add(&conn_a));
	zassert_equal(send_one(&plain), 1);
	zassert_equal(send_one(&plain_too), 0);
	zassert_ok(packet_connection_remove(&conn_a));
	zassert_equal(send_one(&plain), 0);
	zassert_str_equal(trace(), "a");
	zassert_true(source_counts_are(&plain, 3, 1));
	zassert_true(sink_counts_are(&sink_a, 1, 0));
}

ZTEST(packet_connect, test_again)
{
	for (int i = 0; i < 5; i++) {
		zassert_ok(packet_connection_add(&conn_a));
		zassert_equal(send_one(&plain), 1);
		zassert_ok(packet_connection_remove(&conn_a));
	}
	zassert_str_equal(trace(), "aaaaa");
}

/* A single queued sink is wired, and another sink connected: it has its share of a batch. */
ZTEST(packet_connect, test_batch_beside_a_wire)
{
	struct net_buf *bufs[] = {packet_new(0), packet_new(1), packet_new(2)};

	conn_a.source = &with_wire;
	zassert_ok(packet_connection_add(&conn_a));
	zassert_equal(packet_source_send_batch(&with_wire, bufs, ARRAY_SIZE(bufs), K_NO_WAIT), 6);
	zassert_equal(queue_drain(&connect_events), 3);
	zassert_str_equal(trace(), "aaavvv");
	zassert_ok(packet_connection_remove(&conn_a));
	zassert_equal(
		packet_source_send_batch_consume(&with_wire, bufs, ARRAY_SIZE(bufs), K_NO_WAIT), 3);
	zassert_equal(queue_drain(&connect_events), 3);
	zassert_str_equal(trace(), "aaavvvvvv");
	zassert_true(source_counts_are(&with_wire, 6, 9));
}

/* In the order in which they were added; from the start, the middle and the end they leave a rest. */
ZTEST(packet_connect, test_order)
{
	zassert_ok(packet_connection_add(&conn_c));
	zassert_ok(packet_connection_add(&conn_a));
	zassert_ok(packet_connection_add(&conn_b));
	zassert_equal(send_one(&plain), 3);
	zassert_str_equal(trace(), "cab");

	trace_clear();
	zassert_ok(packet_connection_remove(&conn_a));
	zassert_equal(send_one(&plain), 2);
	zassert_str_equal(trace(), "cb");

	trace_clear();
	zassert_ok(packet_connection_add(&conn_a));
	zassert_ok(packet_connection_remove(&conn_c));
	zassert_equal(send_one(&plain), 2);
	zassert_str_equal(trace(), "ba");

	trace_clear();
	zassert_ok(packet_connection_remove(&conn_a));
	zassert_equal(send_one(&plain), 1);
	zassert_str_equal(trace(), "b");
	zassert_ok(packet_connection_remove(&conn_b));
}

ZTEST(packet_connect, test_after_wired)
{
	conn_a.source = &with_wires;
	conn_b.source = &with_wires;
	conn_b.sink = &sink_q;
	zassert_ok(packet_connection_add(&conn_b));
	zassert_ok(packet_connection_add(&conn_a));
	zassert_equal(send_one(&with_wires), 4);
	zassert_str_equal(trace(), "wa");
	zassert_equal(queue_drain(&connect_events), 2);
	zassert_str_equal(trace(), "wavq1");
	zassert_ok(packet_connection_remove(&conn_a));
	zassert_ok(packet_connection_remove(&conn_b));
	zassert_equal(send_one(&with_wires), 2);
	zassert_equal(queue_drain(&connect_events), 1);
}

/* References: one for each queued sink, none for immediate ones, the caller's gone or not. */
ZTEST(packet_connect, test_references)
{
	struct net_buf *buf = packet_new(0);

	conn_a.sink = &sink_q;
	conn_c.sink = &sink_r;
	zassert_ok(packet_connection_add(&conn_a));
	zassert_ok(packet_connection_add(&conn_b));
	zassert_ok(packet_connection_add(&conn_c));
	zassert_equal(packet_source_send(&plain, buf, K_NO_WAIT), 3);
	zassert_equal(buf->ref, 3);
	zassert_equal(packet_source_send_consume(&plain, buf, K_NO_WAIT), 3);
	zassert_equal(buf->ref, 4);
	zassert_equal(queue_drain(&connect_events), 4);
	zassert_str_equal(trace(), "bbq4r3q2r1");
	zassert_equal(buf->ref, 0);
	zassert_ok(packet_connection_remove(&conn_a));
	zassert_ok(packet_connection_remove(&conn_b));
	zassert_ok(packet_connection_remove(&conn_c));
}

/* The queue of two connected sinks fills in the middle. */
ZTEST(packet_connect, test_full)
{
	struct net_buf *buf = packet_new(0);

	conn_a.sink = &sink_q;
	conn_c.sink = &sink_r;
	zassert_ok(packet_connection_add(&conn_a));
	zassert_ok(packet_connection_add(&conn_b));
	zassert_ok(packet_connection_add(&conn_c));
	zassert_equal(packet_source_send(&plain, buf, K_NO_WAIT), 3);
	zassert_ok(packet_event_process(&connect_events, K_NO_WAIT));
	zassert_equal(packet_source_send(&plain, buf, K_NO_WAIT), 3);
	zassert_equal(packet_source_send(&plain, buf, K_NO_WAIT), 2);
	zassert_equal(packet_source_send_consume(&plain, buf, K_NO_WAIT), 1);
	zassert_true(sink_counts_are(&sink_q, 1, 1));
	zassert_true(sink_counts_are(&sink_r, 0, 2));
	zassert_true(source_counts_are(&plain, 4, 9));
	zassert_equal(queue_drain(&connect_events), 4);
	zassert_equal(buf->ref, 0);
	zassert_ok(packet_connection_remove(&conn_a));
	zassert_ok(packet_connection_remove(&conn_b));
	zassert_ok(packet_connection_remove(&conn_c));
}

/* More references than the count holds, as for wired sinks. */
ZTEST(packet_connect, test_count_limit)
{
	conn_a.sink = &sink_q;
	conn_b.sink = &sink_r;
	zassert_ok(packet_connection_add(&conn_a));
	zassert_ok(packet_connection_add(&conn_b));
	for (uint16_t room = 0; room <= 3; room++) {
		int fit = MIN(room, 2);
		struct net_buf *buf = packet_new(0);

		buf->ref = (uint16_t)(PACKET_REFS_MAX - room);
		zassert_equal(packet_source_send(&plain, buf, K_NO_WAIT), fit);
		zassert_equal(buf->ref, PACKET_REFS_MAX - room + fit);
		buf->ref = (uint16_t)(1 + fit);
		zassert_equal(queue_drain(&connect_events), fit);

		buf->ref = (uint16_t)(PACKET_REFS_MAX - room);
		zassert_equal(packet_source_send_consume(&plain, buf, K_NO_WAIT), fit);
		zassert_equal(buf->ref, PACKET_REFS_MAX - room + fit - 1);
		buf->ref = (uint16_t)fit;
		if (fit == 0) {
			buf->ref = 1;
			net_buf_unref(buf);
		}
		zassert_equal(queue_drain(&connect_events), fit);
	}
	zassert_ok(packet_connection_remove(&conn_a));
	zassert_ok(packet_connection_remove(&conn_b));
}

ZTEST(packet_connect, test_damaged_sink)
{
	static struct packet_sink damaged;

	conn_a.sink = &damaged;
	zassert_ok(packet_connection_add(&conn_a));
	zassert_ok(packet_connection_add(&conn_b));
	zassert_equal(send_one(&plain), 1);
	zassert_str_equal(trace(), "b");
	zassert_ok(packet_connection_remove(&conn_a));
	zassert_ok(packet_connection_remove(&conn_b));
}

/* An event that is queued survives the connection it came through. */
ZTEST(packet_connect, test_queued_event_outlives)
{
	conn_a.sink = &sink_q;
	zassert_ok(packet_connection_add(&conn_a));
	zassert_equal(send_one(&plain), 1);
	zassert_ok(packet_connection_remove_sync(&conn_a, K_NO_WAIT));
	memset(&conn_a, 0xa5, sizeof(conn_a));
	zassert_equal(queue_drain(&connect_events), 1);
	zassert_str_equal(trace(), "q1");
}

/* A source of zeros, in a struct, connected at run time. */
ZTEST(packet_connect, test_source_of_zeros)
{
	static struct {
		int number;
		struct packet_source out;
	} router;

	conn_a.source = &router.out;
	zassert_equal(packet_connection_remove(&conn_a), -ENOENT);
	zassert_ok(packet_connection_add(&conn_a));
	zassert_equal(send_one(&router.out), 1);
	zassert_ok(packet_connection_remove(&conn_a));
	zassert_equal(send_one(&router.out), 0);
	zassert_str_equal(trace(), "a");
}

/* ---- what is refused -------------------------------------------------------------------------- */

ZTEST(packet_connect, test_null)
{
	static struct packet_connection none;
	static struct packet_connection no_source = {.sink = &sink_a};
	static struct packet_connection no_sink = {.source = &plain};

	zassert_equal(packet_connection_add(NULL), -EINVAL);
	zassert_equal(packet_connection_add(&none), -EINVAL);
	zassert_equal(packet_connection_add(&no_source), -EINVAL);
	zassert_equal(packet_connection_add(&no_sink), -EINVAL);
	zassert_equal(packet_connection_remove(NULL), -EINVAL);
	zassert_equal(packet_connection_remove(&none), -EINVAL);
	zassert_equal(packet_connection_remove(&no_source), -EINVAL);
	zassert_equal(packet_connection_remove(&no_sink), -ENOENT);
	zassert_equal(packet_connection_remove_sync(NULL, K_FOREVER), -EINVAL);
	zassert_equal(packet_connection_remove_sync(&none, K_FOREVER), -EINVAL);
	zassert_equal(packet_connection_remove_sync(&no_source, K_FOREVER), -EINVAL);
	zassert_equal(packet_connection_remove_sync(&no_sink, K_FOREVER), -ENOENT);
}

ZTEST(packet_connect, test_added_twice)
{
	zassert_ok(packet_connection_add(&conn_a));
	zassert_equal(packet_connection_add(&conn_a), -EBUSY);
	zassert_equal(send_one(&plain), 1);
	zassert_ok(packet_connection_remove(&conn_a));
	zassert_equal(packet_connection_remove(&conn_a), -ENOENT);
	zassert_equal(send_one(&plain), 0);
}

/* The same source and sink through another object; wired or connected. */
ZTEST(packet_connect, test_same_pair)
{
	conn_b.sink = &sink_a;
	zassert_ok(packet_connection_add(&conn_a));
	zassert_equal(packet_connection_add(&conn_b), -EALREADY);
	conn_c.source = &with_wires;
	conn_c.sink = &sink_v;
	zassert_equal(packet_connection_add(&conn_c), -EALREADY);
	conn_c.sink = &sink_w;
	zassert_equal(packet_connection_add(&conn_c), -EALREADY);
	zassert_equal(packet_connection_remove(&conn_b), -ENOENT);
	zassert_equal(packet_connection_remove(&conn_c), -ENOENT);
	zassert_equal(send_one(&plain), 1);

	/* The sink of another source is no obstacle. */
	conn_c.source = &plain_too;
	conn_c.sink = &sink_a;
	zassert_ok(packet_connection_add(&conn_c));
	zassert_equal(send_one(&plain_too), 1);
	zassert_ok(packet_connection_remove(&conn_c));
	zassert_ok(packet_connection_remove(&conn_a));
	zassert_ok(packet_connection_add(&conn_b));
	zassert_ok(packet_connection_remove(&conn_b));
}

/* The fields are the application's, and it writes to them at the wrong time. */
ZTEST(packet_connect, test_source_changed_after_add)
{
	zassert_ok(packet_connection_add(&conn_a));
	conn_a.source = NULL;
	zassert_equal(packet_connection_remove(&conn_a), -EINVAL);
	conn_a.source = &plain_too;
	zassert_equal(packet_connection_remove(&conn_a), -ENOENT);
	zassert_equal(packet_connection_remove_sync(&conn_a, K_FOREVER), -ENOENT);
	zassert_equal(packet_connection_add(&conn_a), -EBUSY);
	zassert_equal(send_one(&plain), 1, "it is where it was");
	zassert_equal(send_one(&plain_too), 0);
	conn_a.source = &plain;
	zassert_ok(packet_connection_remove(&conn_a));
}

ZTEST(packet_connect, test_never_added)
{
	zassert_ok(packet_connection_add(&conn_b));
	zassert_equal(packet_connection_remove(&conn_a), -ENOENT);
	zassert_equal(packet_connection_remove_sync(&conn_a, K_FOREVER), -ENOENT);
	zassert_equal(send_one(&plain), 1);
	zassert_ok(packet_connection_remove(&conn_b));
}

/* After a removal the memory is the caller's: it may be anything, and connect anything, next. */
ZTEST(packet_connect, test_memory_is_the_callers)
{
	zassert_ok(packet_connection_add(&conn_a));
	zassert_ok(packet_connection_add(&conn_b));
	zassert_ok(packet_connection_remove(&conn_a));
	memset(&conn_a, 0xff, sizeof(conn_a));
	zassert_equal(send_one(&plain), 1);
	conn_a = (struct packet_connection){.source = &plain_too, .sink = &sink_c};
	zassert_ok(packet_connection_add(&conn_a));
	zassert_equal(send_one(&plain_too), 1);
	zassert_str_equal(trace(), "bc");
	zassert_ok(packet_connection_remove(&conn_a));
	zassert_ok(packet_connection_remove(&conn_b));
}

#ifdef CONFIG_PACKET_IO_RUNTIME_STACK_CHECK

/* The address sanitizer would put the object elsewhere. */
static __attribute__((noinline, no_sanitize_address)) void add_from_stack(int *added, int *removed)
{
	struct packet_connection local = {.source = &plain, .sink = &sink_a};

	*added = packet_connection_add(&local);
	*removed = packet_connection_remove(&local);
}

ZTEST(packet_connect, test_on_the_stack)
{
	int added;
	int removed;

	add_from_stack(&added, &removed);
	zassert_equal(added, -EINVAL);
	zassert_equal(removed, -ENOENT);
	zassert_equal(send_one(&plain), 0);
}

#endif

/* Removing with a wait, where there is nothing to wait for. */
ZTEST(packet_connect, test_remove_sync_idle)
{
	zassert_ok(packet_connection_add(&conn_a));
	zassert_ok(packet_connection_remove_sync(&conn_a, K_FOREVER));
	zassert_ok(packet_connection_add(&conn_a));
	zassert_ok(packet_connection_remove_sync(&conn_a, K_NO_WAIT));
	zassert_ok(packet_connection_add(&conn_a));
	zassert_ok(packet_connection_remove_sync(&conn_a, K_MSEC(5)));
	zassert_equal(packet_connection_remove_sync(&conn_a, K_MSEC(5)), -ENOENT);
	zassert_equal(send_one(&plain), 0);
}
