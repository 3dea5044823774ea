/* SPDX-License-Identifier: Apache-2.0 */
/** @file One packet to 1 to 256 sinks, by constant wiring; results are per sink. */
#include <zephyr/packet_io/batch.h>

#include "bench.h"
#include "peer_dpdk.h"

#define SINKS_MAX 256
#define PLACES    511 /* as many as the peer's ring holds */

NET_BUF_POOL_FIXED_DEFINE(fanout_pool, 4, 64, 0, NULL);
PACKET_EVENT_QUEUE_DEFINE(fanout_queue, PLACES);

static unsigned long handled;

static void handler(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	handled += buf->len;
}

#define IMMEDIATE_SINK(i, _)      PACKET_SINK_DEFINE_IMMEDIATE(immediate_##i, handler)
#define QUEUED_SINK(i, _)         PACKET_SINK_DEFINE_QUEUED(queued_##i, handler, fanout_queue)
#define MORE_IMMEDIATE_SINK(i, _) PACKET_SINK_DEFINE_IMMEDIATE(immediate_more_##i, handler)
#define MORE_QUEUED_SINK(i, _)    PACKET_SINK_DEFINE_QUEUED(queued_more_##i, handler, fanout_queue)
LISTIFY(128, IMMEDIATE_SINK, (;));
LISTIFY(128, QUEUED_SINK, (;));
LISTIFY(128, MORE_IMMEDIATE_SINK, (;));
LISTIFY(128, MORE_QUEUED_SINK, (;));

#define WIRE(i, source, kind)      PACKET_CONNECT(&source, &kind##_##i)
#define WIRE_MORE(i, source, kind) PACKET_CONNECT(&source, &kind##_more_##i)
#define FANOUT(n, kind)                                                                            \
	PACKET_SOURCE_DEFINE(kind##_source_##n);                                                   \
	LISTIFY(n, WIRE, (;), kind##_source_##n, kind)
#define FANOUTS(kind)                                                                              \
	FANOUT(1, kind);                                                                           \
	FANOUT(2, kind);                                                                           \
	FANOUT(4, kind);                                                                           \
	FANOUT(8, kind);                                                                           \
	FANOUT(16, kind);                                                                          \
	FANOUT(32, kind);                                                                          \
	FANOUT(64, kind);                                                                          \
	FANOUT(128, kind);                                                                         \
	PACKET_SOURCE_DEFINE(kind##_source_256);                                                   \
	LISTIFY(128, WIRE, (;), kind##_source_256, kind);                                          \
	LISTIFY(128, WIRE_MORE, (;), kind##_source_256, kind)

FANOUTS(immediate);
FANOUTS(queued);

#define SOURCES(kind)                                                                              \
	{                                                                                          \
		&kind##_source_1,  &kind##_source_2,  &kind##_source_4,                            \
		&kind##_source_8,  &kind##_source_16, &kind##_source_32,                           \
		&kind##_source_64, &kind##_source_128, &kind##_source_256,                         \
	}

static struct packet_source *const immediate_sources[] = SOURCES(immediate);
static struct packet_source *const queued_sources[] = SOURCES(queued);

/* @return the one of @p sources with @p sinks, a power of two. */
static struct packet_source *with_sinks(struct packet_source *const *sources, unsigned int sinks)
{
	return sources[__builtin_ctz(sinks)];
}

static double immediate(unsigned int sinks, unsigned long n)
{
	struct packet_source *source = with_sinks(immediate_sources, sinks);
	struct net_buf *buf = net_buf_alloc(&fanout_pool, K_NO_WAIT);
	double begin = bench_now();

	while (n-- > 0) {
		(void)packet_source_send(source, buf, K_NO_WAIT);
	}
	begin = bench_now() - begin;
	net_buf_unref(buf);
	return begin;
}

/* Sent, taken off the queue, handled, released; the buffer itself is taken once. */
static double queued(unsigned int sinks, unsigned long n)
{
	struct packet_source *source = with_sinks(queued_sources, sinks);
	struct net_buf *buf = net_buf_alloc(&fanout_pool, K_NO_WAIT);
	double begin = bench_now();

	while (n-- > 0) {
		(void)packet_source_send(source, buf, K_NO_WAIT);
		while (packet_event_process(&fanout_queue, K_NO_WAIT) == 0) {
			/* until it is empty */
		}
	}
	begin = bench_now() - begin;
	net_buf_unref(buf);
	return begin;
}

/* The bound for immediate sinks: a table of function pointers with an argument each. */

struct entry {
	void (*call)(struct packet_sink *sink, struct net_buf *buf);
	struct packet_sink *sink;
};

#define ENTRY(i, _)      {handler, &immediate_##i}
#define MORE_ENTRY(i, _) {handler, &immediate_more_##i}
static struct entry table[] = {LISTIFY(128, ENTRY, (, )), LISTIFY(128, MORE_ENTRY, (, ))};

static double table_calls(unsigned int entries, unsigned long n)
{
	struct net_buf *buf = net_buf_alloc(&fanout_pool, K_NO_WAIT);
	double begin = bench_now();

	while (n-- > 0) {
		for (unsigned int i = 0; i < entries; i++) {
			table[i].call(table[i].sink, buf);
		}
		compiler_barrier();
	}
	begin = bench_now() - begin;
	net_buf_unref(buf);
	return begin;
}

/* ---- rows ------------------------------------------------------------------------------------ */

#define TABLE "table of function pointers"
#define RING  "rte_ring MP/MC, count raised once"

#define SIZE(n)                                                                                    \
	static double immediate_##n##_sinks(unsigned long times)                                   \
	{                                                                                          \
		return immediate(n, times);                                                        \
	}                                                                                          \
	static double queued_##n##_sinks(unsigned long times)                                      \
	{                                                                                          \
		return queued(n, times);                                                           \
	}                                                                                          \
	static double table_##n##_entries(unsigned long times)                                     \
	{                                                                                          \
		return table_calls(n, times);                                                      \
	}                                                                                          \
	static double ring_##n##_events(unsigned long times)                                       \
	{                                                                                          \
		return dpdk_fanout(n, times);                                                      \
	}

SIZE(1)
SIZE(4)
SIZE(16)
SIZE(64)

#define IMMEDIATE_ROW(n, title)                                                                    \
	{                                                                                          \
		.work = (title), .run = immediate_##n##_sinks, .per_op = (n),                      \
		.peers = {                                                                         \
			{.name = TABLE, .run = table_##n##_entries, .target = 3, .aim = 1.5},      \
		},                                                                                 \
	}
#define QUEUED_ROW(n, title, most, wanted)                                                         \
	{                                                                                          \
		.work = (title), .run = queued_##n##_sinks, .per_op = (n),                         \
		.peers = {                                                                         \
			{.name = RING, .run = ring_##n##_events, .target = (most), .aim = (wanted)}, \
		},                                                                                 \
	}

const struct bench_row bench_fanout_rows[] = {
	IMMEDIATE_ROW(1, "immediate sink, 1"),
	IMMEDIATE_ROW(4, "immediate sink, of 4"),
	IMMEDIATE_ROW(16, "immediate sink, of 16"),
	IMMEDIATE_ROW(64, "immediate sink, of 64"),
	QUEUED_ROW(1, "queued sink, 1", 0, 0),
	QUEUED_ROW(4, "queued sink, of 4", 0, 0),
	QUEUED_ROW(16, "queued sink, of 16", 1.5, 1.0),
	QUEUED_ROW(64, "queued sink, of 64", 0, 0),
	{.work = NULL},
};

static const unsigned int sinks[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 0};

BUILD_ASSERT(ARRAY_SIZE(table) == SINKS_MAX, "one entry a sink");

const struct bench_curve bench_fanout_curves[] = {
	{
		.work = "send to immediate sinks, of one",
		.x_name = "sinks of the source",
		.x = sinks,
		.per_x = true,
		.sides = {{.name = "ours", .run = immediate}, {.name = TABLE, .run = table_calls}},
	},
	{
		.work = "send to queued sinks, process and release, of one",
		.x_name = "sinks of the source",
		.x = sinks,
		.per_x = true,
		.sides = {{.name = "ours", .run = queued}, {.name = RING, .run = dpdk_fanout}},
	},
	{.work = NULL},
};
