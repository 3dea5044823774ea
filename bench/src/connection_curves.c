/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * How cost grows with sources and with connections that are made at run time. What a size needs is
 * connected once and stays for larger ones.
 */
#include <zephyr/packet_io/packet_io.h>

#include "bench.h"

#define SOURCES_MAX     4096U
#define CONNECTIONS_MAX 100000U
#define SINKS           100U /* of a source, where connections are spread over many */
#define CROWD_MAX       10000U

NET_BUF_POOL_FIXED_DEFINE(connection_pool, 1, 64, 0, NULL);

static unsigned long handled;

static void handler(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	handled += buf->len;
}

/* Sources with their connections: as many as are `connected` lead to sinks. */
struct web {
	struct packet_source *sources;
	struct packet_connection *connections;
	unsigned int sinks; /* of each source */
	unsigned int connected;
};

static struct packet_sink sinks[CROWD_MAX + 1];

static void web_grow(struct web *web, unsigned int count)
{
	while (web->connected < count) {
		unsigned int i = web->connected++;

		sinks[i % web->sinks] = (struct packet_sink){.handler = handler};
		web->connections[i].source = &web->sources[i / web->sinks];
		web->connections[i].sink = &sinks[i % web->sinks];
		(void)packet_connection_add(&web->connections[i]);
	}
}

/* Send to the first @p count of its connections: through whole sources, and the last one as it is. */
static double web_send(struct web *web, unsigned int count, unsigned long n)
{
	struct net_buf *buf = net_buf_alloc(&connection_pool, K_NO_WAIT);
	unsigned int used = DIV_ROUND_UP(count, web->sinks);
	double begin;

	web_grow(web, count);
	begin = bench_now();
	while (n-- > 0) {
		for (unsigned int i = 0; i < used; i++) {
			(void)packet_source_send(&web->sources[i], buf, K_NO_WAIT);
		}
	}
	begin = bench_now() - begin;
	net_buf_unref(buf);
	return begin;
}

static struct packet_source single_sources[SOURCES_MAX];
static struct packet_connection single_connections[SOURCES_MAX];
static struct web singles = {single_sources, single_connections, 1, 0};

static double send_from_each(unsigned int x, unsigned long n)
{
	return web_send(&singles, x, n);
}

static struct packet_source spread_sources[CONNECTIONS_MAX / SINKS];
static struct packet_connection spread_connections[CONNECTIONS_MAX];
static struct web spread = {spread_sources, spread_connections, SINKS, 0};

static double send_through_all(unsigned int x, unsigned long n)
{
	return web_send(&spread, x, n);
}

/* One more connection, beside @p x others of the same source: made and removed. */
static struct packet_source crowd_source;
static struct packet_connection crowd_connections[CROWD_MAX];
static struct web crowd = {&crowd_source, crowd_connections, CROWD_MAX, 0};

static double connect_beside(unsigned int x, unsigned long n)
{
	static struct packet_connection one_more;
	double begin;

	web_grow(&crowd, x);
	one_more.source = &crowd_source;
	one_more.sink = &sinks[CROWD_MAX];
	begin = bench_now();
	while (n-- > 0) {
		(void)packet_connection_add(&one_more);
		(void)packet_connection_remove(&one_more);
	}
	return bench_now() - begin;
}

/* The bound: as many calls through tables of function pointers. */

struct entry {
	void (*call)(struct packet_sink *sink, struct net_buf *buf);
	struct packet_sink *sink;
};

static struct entry table[CONNECTIONS_MAX];

static double table_calls(unsigned int x, unsigned long n)
{
	struct net_buf *buf = net_buf_alloc(&connection_pool, K_NO_WAIT);
	double begin;

	for (unsigned int i = 0; i < x; i++) {
		table[i] = (struct entry){handler, &sinks[i % SINKS]};
	}
	begin = bench_now();
	while (n-- > 0) {
		for (unsigned int i = 0; i < x; i++) {
			table[i].call(table[i].sink, buf);
		}
		compiler_barrier();
	}
	begin = bench_now() - begin;
	net_buf_unref(buf);
	return begin;
}

#define TABLE "table of function pointers"

static const unsigned int sources_x[] = {1, 4, 16, 64, 256, 1024, 4096, 0};
static const unsigned int connections_x[] = {1, 10, 100, 1000, 10000, 100000, 0};
static const unsigned int crowd_x[] = {1, 10, 100, 1000, 10000, 0};

const struct bench_curve bench_connection_curves[] = {
	{
		.work = "send from each of many sources, one runtime sink each",
		.x_name = "sources",
		.x = sources_x,
		.per_x = true,
		.sides = {{.name = "ours", .run = send_from_each},
			  {.name = TABLE, .run = table_calls}},
	},
	{
		.work = "send through runtime connections, 100 a source, of one",
		.x_name = "connections",
		.x = connections_x,
		.per_x = true,
		.sides = {{.name = "ours", .run = send_through_all},
			  {.name = TABLE, .run = table_calls}},
	},
	{
		.work = "connect and disconnect one more sink",
		.x_name = "connections of the source",
		.x = crowd_x,
		.sides = {{.name = "ours", .run = connect_beside}},
	},
	{.work = NULL},
};
