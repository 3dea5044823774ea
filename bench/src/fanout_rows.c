/* SPDX-License-Identifier: Apache-2.0 */
/** @file One packet to 1, 4 and 16 sinks; results are per sink. */
#include <zephyr/packet_io/batch.h>

#include "bench.h"

NET_BUF_POOL_FIXED_DEFINE(fanout_pool, 4, 64, 0, NULL);
PACKET_EVENT_QUEUE_DEFINE(fanout_queue, 64);

static unsigned long handled;

static void handler(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	handled += buf->len;
}

#define IMMEDIATE_SINK(i, _) PACKET_SINK_DEFINE_IMMEDIATE(immediate_##i, handler)
#define QUEUED_SINK(i, _)    PACKET_SINK_DEFINE_QUEUED(queued_##i, handler, fanout_queue)
LISTIFY(16, IMMEDIATE_SINK, (;));
LISTIFY(16, QUEUED_SINK, (;));

#define WIRE(i, source, kind) PACKET_CONNECT(&source, &kind##_##i)
#define FANOUT(n, kind)                                                                            \
	PACKET_SOURCE_DEFINE(kind##_source_##n);                                                   \
	LISTIFY(n, WIRE, (;), kind##_source_##n, kind)

FANOUT(1, immediate);
FANOUT(4, immediate);
FANOUT(16, immediate);
FANOUT(1, queued);
FANOUT(4, queued);
FANOUT(16, queued);

static double immediate(struct packet_source *source, unsigned long n)
{
	struct net_buf *buf = net_buf_alloc(&fanout_pool, K_NO_WAIT);
	double begin = bench_now();

	while (n-- > 0) {
		(void)packet_source_send(source, buf, K_NO_WAIT);
	}
	begin = bench_now() - begin;
	net_buf_unref(buf);
	return begin;
}

static double send_immediate_1(unsigned long n)
{
	return immediate(&immediate_source_1, n);
}

static double send_immediate_4(unsigned long n)
{
	return immediate(&immediate_source_4, n);
}

static double send_immediate_16(unsigned long n)
{
	return immediate(&immediate_source_16, n);
}

/* Sent, taken off the queue, handled, released; the buffer itself is taken once. */
static double queued(struct packet_source *source, unsigned long n)
{
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

static double send_queued_1(unsigned long n)
{
	return queued(&queued_source_1, n);
}

static double send_queued_4(unsigned long n)
{
	return queued(&queued_source_4, n);
}

static double send_queued_16(unsigned long n)
{
	return queued(&queued_source_16, n);
}

/* The bound for immediate sinks: a table of function pointers with an argument each. */

struct entry {
	void (*call)(struct packet_sink *sink, struct net_buf *buf);
	struct packet_sink *sink;
};

#define ENTRY(i, _) {handler, &immediate_##i}
static struct entry table[] = {LISTIFY(16, ENTRY, (, ))};

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

static double table_1(unsigned long n)
{
	return table_calls(1, n);
}

static double table_4(unsigned long n)
{
	return table_calls(4, n);
}

static double table_16(unsigned long n)
{
	return table_calls(16, n);
}

#define TABLE "table of function pointers"
#define RING  "rte_ring MP/MC, count raised once"

const struct bench_row bench_fanout_rows[] = {
	{
		.work = "immediate sink, 1",
		.run = send_immediate_1,
		.peers = {{.name = TABLE, .run = table_1, .target = 3, .aim = 1.5}},
	},
	{
		.work = "immediate sink, of 4",
		.run = send_immediate_4,
		.per_op = 4,
		.peers = {{.name = TABLE, .run = table_4, .target = 3, .aim = 1.5}},
	},
	{
		.work = "immediate sink, of 16",
		.run = send_immediate_16,
		.per_op = 16,
		.peers = {{.name = TABLE, .run = table_16, .target = 3, .aim = 1.5}},
	},
	{
		.work = "queued sink, 1",
		.run = send_queued_1,
		.peers = {{.name = RING, .run = dpdk_fanout_queued_1}},
	},
	{
		.work = "queued sink, of 4",
		.run = send_queued_4,
		.per_op = 4,
		.peers = {{.name = RING, .run = dpdk_fanout_queued_4}},
	},
	{
		.work = "queued sink, of 16",
		.run = send_queued_16,
		.per_op = 16,
		.peers = {{.name = RING, .run = dpdk_fanout_queued_16, .target = 1.5, .aim = 1.0}},
	},
	{.work = NULL},
};
