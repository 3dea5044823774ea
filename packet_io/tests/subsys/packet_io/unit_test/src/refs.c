/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * More references than the count holds: a delivery that would pass the limit is a drop for that
 * sink, and the limit is reached exactly, whether references are taken one by one or many at once.
 *
 * The count is set from outside, for references that nobody has, and set back at the end.
 */
#include "packets.h"

#include <zephyr/packet_io/batch.h>
#include <zephyr/packet_io/deliver.h>

#define SINKS 4

PACKET_EVENT_QUEUE_DEFINE(refs_events, 8);

PACKET_SOURCE_DEFINE(to_four);
PACKET_SINK_DEFINE_QUEUED(refs_a, trace_handler, refs_events);
PACKET_SINK_DEFINE_QUEUED(refs_b, trace_handler, refs_events);
PACKET_SINK_DEFINE_QUEUED(refs_c, trace_handler, refs_events);
PACKET_SINK_DEFINE_QUEUED(refs_d, trace_handler, refs_events);
PACKET_CONNECT(&to_four, &refs_a);
PACKET_CONNECT(&to_four, &refs_b);
PACKET_CONNECT(&to_four, &refs_c);
PACKET_CONNECT(&to_four, &refs_d);

PACKET_SOURCE_DEFINE(to_one);
PACKET_CONNECT(&to_one, &refs_a);

/* The queued sink is followed by one that needs no reference of its own. */
PACKET_SOURCE_DEFINE(to_queued_and_immediate);
PACKET_SINK_DEFINE_WITH_DATA(refs_immediate, trace_handler, NULL, "i");
PACKET_CONNECT(&to_queued_and_immediate, &refs_a);
PACKET_CONNECT(&to_queued_and_immediate, &refs_immediate);

static void *setup(void)
{
	refs_a.user_data = "a";
	refs_b.user_data = "b";
	refs_c.user_data = "c";
	refs_d.user_data = "d";
	return NULL;
}

ZTEST_SUITE(packet_refs, NULL, setup, NULL, NULL, NULL);

/* A packet with room for @p room more references; the caller holds one of those it has. */
static struct net_buf *packet_with_room(uint16_t room)
{
	struct net_buf *buf = packet_new(0);

	buf->ref = PACKET_REFS_MAX - room;
	return buf;
}

/* Take the references away that nobody has, leaving @p real. */
static void packet_settle(struct net_buf *buf, uint16_t real)
{
	buf->ref = real;
}

static uint32_t dropped_in_all(void)
{
	uint32_t total = 0;

#ifdef CONFIG_PACKET_IO_STATS
	struct packet_sink *sinks[] = {&refs_a, &refs_b, &refs_c, &refs_d};

	for (size_t i = 0; i < ARRAY_SIZE(sinks); i++) {
		uint32_t dropped;

		packet_sink_get_stats(sinks[i], NULL, &dropped);
		total += dropped;
	}
#endif
	return total;
}

#define DROPS(n) (IS_ENABLED(CONFIG_PACKET_IO_STATS) ? (uint32_t)(n) : 0)

ZTEST(packet_refs, test_send)
{
	uint32_t dropped = 0;

	for (uint16_t room = 0; room <= SINKS + 1; room++) {
		struct net_buf *buf = packet_with_room(room);
		int fit = MIN(room, SINKS);

		zassert_equal(packet_source_send(&to_four, buf, K_NO_WAIT), fit, "room for %u",
			      (unsigned int)room);
		zassert_equal(buf->ref, PACKET_REFS_MAX - room + fit);
		dropped += DROPS(SINKS - fit);
		zassert_equal(dropped_in_all(), dropped);
		packet_settle(buf, (uint16_t)(1 + fit));
		zassert_equal(queue_drain(&refs_events), fit);
		zassert_equal(buf->ref, 1);
		net_buf_unref(buf);
	}
}

/* The caller's own reference is one to give away: one more sink gets the packet. */
ZTEST(packet_refs, test_send_consume)
{
	uint32_t dropped = 0;

	for (uint16_t room = 0; room <= SINKS + 1; room++) {
		struct net_buf *buf = packet_with_room(room);
		int fit = MIN(room + 1, SINKS);

		zassert_equal(packet_source_send_consume(&to_four, buf, K_NO_WAIT), fit,
			      "room for %u", (unsigned int)room);
		zassert_equal(buf->ref, PACKET_REFS_MAX - room - 1 + fit);
		dropped += DROPS(SINKS - fit);
		zassert_equal(dropped_in_all(), dropped);
		packet_settle(buf, (uint16_t)fit);
		zassert_equal(queue_drain(&refs_events), fit);
		zassert_equal(buf->ref, 0);
	}
}

/* Which sinks miss it is not arbitrary: the first get what there is, and the last what was kept. */
ZTEST(packet_refs, test_who_gets_it)
{
	struct net_buf *buf = packet_with_room(2);

	zassert_equal(packet_source_send(&to_four, buf, K_NO_WAIT), 2);
	packet_settle(buf, 3);
	zassert_equal(queue_drain(&refs_events), 2);
	zassert_str_equal(trace(), "ab");
	packet_settle(buf, PACKET_REFS_MAX - 1);
	zassert_equal(packet_source_send_consume(&to_four, buf, K_NO_WAIT), 2);
	packet_settle(buf, 2);
	zassert_equal(queue_drain(&refs_events), 2);
	zassert_str_equal(trace(), "abad");
}

ZTEST(packet_refs, test_one_sink)
{
	struct net_buf *buf = packet_with_room(1);

	zassert_equal(packet_source_send(&to_one, buf, K_NO_WAIT), 1);
	zassert_equal(buf->ref, PACKET_REFS_MAX);
	zassert_equal(packet_source_send(&to_one, buf, K_NO_WAIT), 0);
	zassert_equal(buf->ref, PACKET_REFS_MAX);
	zassert_true(sink_counts_are(&refs_a, 0, 1));

	/* Handing on what one has takes no more. */
	zassert_equal(packet_source_send_consume(&to_one, buf, K_NO_WAIT), 1);
	zassert_equal(buf->ref, PACKET_REFS_MAX);
	zassert_true(sink_counts_are(&refs_a, 0, 1));
	packet_settle(buf, 2);
	zassert_equal(queue_drain(&refs_events), 2);
}

/* A consuming call keeps its reference as long as a sink is to come. */
ZTEST(packet_refs, test_immediate_behind)
{
	struct net_buf *buf = packet_with_room(0);

	zassert_equal(packet_source_send_consume(&to_queued_and_immediate, buf, K_NO_WAIT), 1);
	zassert_str_equal(trace(), "i");
	zassert_equal(buf->ref, PACKET_REFS_MAX - 1);
	zassert_true(sink_counts_are(&refs_a, 0, 1));

	zassert_equal(packet_source_send_consume(&to_queued_and_immediate, buf, K_NO_WAIT), 2);
	zassert_equal(buf->ref, PACKET_REFS_MAX - 1);
	packet_settle(buf, 1);
	zassert_equal(queue_drain(&refs_events), 1);
}

/* A full queue and the limit at once: what was taken for the sink that is full serves the next. */
ZTEST(packet_refs, test_full_queue_and_limit)
{
	struct net_buf *filler = packet_new(0);
	struct net_buf *buf = packet_with_room(1);

	for (int i = 0; i < 2; i++) {
		zassert_equal(packet_source_send(&to_four, filler, K_NO_WAIT), 4);
	}
	zassert_equal(packet_source_send(&to_four, buf, K_NO_WAIT), 0);
	zassert_equal(buf->ref, PACKET_REFS_MAX - 1);
	zassert_ok(packet_event_process(&refs_events, K_NO_WAIT));
	zassert_equal(packet_source_send(&to_four, buf, K_NO_WAIT), 1);
	zassert_equal(buf->ref, PACKET_REFS_MAX);
	packet_settle(buf, 2);
	zassert_equal(queue_drain(&refs_events), 8);
	net_buf_unref(filler);
	net_buf_unref(buf);
}

ZTEST(packet_refs, test_deliver)
{
	struct net_buf *buf = packet_with_room(0);

	zassert_equal(packet_sink_deliver(&refs_a, buf, K_NO_WAIT), -ENOBUFS);
	zassert_equal(buf->ref, PACKET_REFS_MAX);
	zassert_true(sink_counts_are(&refs_a, 0, 1));
	zassert_ok(packet_sink_deliver(&refs_immediate, buf, K_NO_WAIT));
	zassert_ok(packet_sink_deliver_consume(&refs_a, buf, K_NO_WAIT));
	zassert_equal(buf->ref, PACKET_REFS_MAX);
	packet_settle(buf, 1);
	zassert_equal(queue_drain(&refs_events), 1);
}

/* The same packet several times in a batch. */
ZTEST(packet_refs, test_batch)
{
	struct net_buf *buf = packet_with_room(2);
	struct net_buf *bufs[3] = {buf, buf, buf};

	zassert_equal(packet_source_send_batch(&to_one, bufs, 3, K_NO_WAIT), 2);
	zassert_equal(buf->ref, PACKET_REFS_MAX);
	zassert_true(sink_counts_are(&refs_a, 0, 1));
	packet_settle(buf, 3);
	zassert_equal(queue_drain(&refs_events), 2);
	net_buf_unref(buf);
}

/* The real thing, without setting the count: as many events as the count holds, and one more. */
#ifdef CONFIG_PORT_POSIX

static char long_queue_buffer[(PACKET_REFS_MAX + 4) * sizeof(struct packet_event)] __aligned(
	__alignof__(struct packet_event));
static struct k_msgq long_queue;

static void long_queue_empty(void)
{
	struct packet_event event;

	while (k_msgq_get(&long_queue, &event, K_NO_WAIT) == 0) {
		net_buf_unref(event.buf);
	}
}

static void long_queue_prepare(void)
{
	k_msgq_init(&long_queue, long_queue_buffer, sizeof(struct packet_event),
		    PACKET_REFS_MAX + 4);
}

ZTEST(packet_refs, test_every_single_one)
{
	struct packet_sink sink = {
		.mode = SINK_MODE_QUEUED,
		.handler = trace_handler,
		.msgq = &long_queue,
	};
	struct net_buf *buf = packet_new(0);

	long_queue_prepare();
	for (unsigned int i = 1; i < PACKET_REFS_MAX; i++) {
		zassert_ok(packet_sink_deliver(&sink, buf, K_NO_WAIT));
	}
	zassert_equal(buf->ref, PACKET_REFS_MAX);
	zassert_equal(packet_sink_deliver(&sink, buf, K_NO_WAIT), -ENOBUFS);
	zassert_ok(packet_sink_deliver_consume(&sink, buf, K_NO_WAIT));
	zassert_equal(buf->ref, PACKET_REFS_MAX);
	zassert_true(sink_counts_are(&sink, 0, 1));
	long_queue_empty();
	zassert_equal(buf->ref, 0);
}

/* One source with more sinks than the count holds; nobody would write the wires down. */
ZTEST(packet_refs, test_more_sinks_than_references)
{
	static struct packet_sink *slots[PACKET_REFS_MAX + 2];
	struct packet_source source = {.wired = slots, .wired_count = ARRAY_SIZE(slots)};
	struct packet_sink sink = {
		.mode = SINK_MODE_QUEUED,
		.handler = trace_handler,
		.msgq = &long_queue,
	};
	struct net_buf *buf = packet_new(0);

	long_queue_prepare();
	for (size_t i = 0; i < ARRAY_SIZE(slots); i++) {
		slots[i] = &sink;
	}
	zassert_equal(packet_source_send(&source, buf, K_NO_WAIT), PACKET_REFS_MAX - 1);
	zassert_equal(buf->ref, PACKET_REFS_MAX);
	zassert_true(sink_counts_are(&sink, 0, 3));
	long_queue_empty();
	zassert_equal(buf->ref, 1);

	zassert_equal(packet_source_send_consume(&source, buf, K_NO_WAIT), PACKET_REFS_MAX);
	zassert_equal(buf->ref, PACKET_REFS_MAX);
	zassert_true(sink_counts_are(&sink, 0, 5));
	long_queue_empty();
	zassert_equal(buf->ref, 0);
}

#endif
