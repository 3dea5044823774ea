/* SPDX-License-Identifier: Apache-2.0 */
/** @file Inspecting a source that has wires and runtime connections; visitors that rewire it. */
#include "packets.h"

#include <zephyr/packet_io/connection.h>
#include <zephyr/packet_io/inspect.h>

#define CONNECTIONS 3

PACKET_SOURCE_DEFINE(watched);
PACKET_SINK_DEFINE_WITH_DATA(watched_w, trace_handler, NULL, "w");
PACKET_SINK_DEFINE_WITH_DATA(watched_a, trace_handler, NULL, "a");
PACKET_SINK_DEFINE_WITH_DATA(watched_b, trace_handler, NULL, "b");
PACKET_SINK_DEFINE_WITH_DATA(watched_c, trace_handler, NULL, "c");
PACKET_CONNECT(&watched, &watched_w);

static struct packet_connection conn[CONNECTIONS];

static void before(void *fixture)
{
	static struct packet_sink *const sinks[CONNECTIONS] = {&watched_a, &watched_b, &watched_c};

	ARG_UNUSED(fixture);
	for (size_t i = 0; i < CONNECTIONS; i++) {
		conn[i] = (struct packet_connection){.source = &watched, .sink = sinks[i]};
	}
	zassert_ok(packet_connection_add(&conn[0]));
	zassert_ok(packet_connection_add(&conn[1]));
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	for (size_t i = 0; i < CONNECTIONS; i++) {
		(void)packet_connection_remove(&conn[i]);
	}
}

ZTEST_SUITE(packet_watched, NULL, NULL, before, after, NULL);

/* Adds the mark of each sink to the trace. */
static void note(struct packet_source *src, const struct packet_sink *sink,
		 const struct packet_connection *connection)
{
	zassert_equal_ptr(src, &watched);
	zassert_equal(connection == NULL, sink == &watched_w);
	if (connection != NULL) {
		zassert_equal_ptr(connection->sink, sink);
	}
	trace_add(*(const char *)sink->user_data);
}

/* @p user_data: the mark at which it stops. */
static int visit(struct packet_source *src, struct packet_sink *sink,
		 struct packet_connection *connection, void *user_data)
{
	note(src, sink, connection);
	return *(const char *)sink->user_data == *(const char *)user_data ? 7 : 0;
}

ZTEST(packet_watched, test_all)
{
	zassert_ok(packet_source_foreach_sink(&watched, visit, "-"));
	zassert_str_equal(trace(), "wab");
}

ZTEST(packet_watched, test_stop)
{
	zassert_equal(packet_source_foreach_sink(&watched, visit, "w"), 7);
	zassert_str_equal(trace(), "w");
	zassert_equal(packet_source_foreach_sink(&watched, visit, "a"), 7);
	zassert_str_equal(trace(), "wwa");
	zassert_equal(packet_source_foreach_sink(&watched, visit, "b"), 7);
	zassert_str_equal(trace(), "wwawab");
}

/* At the mark in @p user_data it removes conn[0] and adds conn[2]. */
static int rewiring_visit(struct packet_source *src, struct packet_sink *sink,
			  struct packet_connection *connection, void *user_data)
{
	note(src, sink, connection);
	if (*(const char *)sink->user_data == *(const char *)user_data) {
		zassert_ok(packet_connection_remove(&conn[0]));
		zassert_ok(packet_connection_add(&conn[2]));
	}
	return 0;
}

ZTEST(packet_watched, test_rewired_at_runtime_connection)
{
	zassert_ok(packet_source_foreach_sink(&watched, rewiring_visit, "a"));
	zassert_str_equal(trace(), "wab", "what is new is not visited");
	zassert_ok(packet_source_foreach_sink(&watched, visit, "-"));
	zassert_str_equal(trace(), "wabwbc");
}

ZTEST(packet_watched, test_rewired_at_wire)
{
	zassert_ok(packet_source_foreach_sink(&watched, rewiring_visit, "w"));
	zassert_str_equal(trace(), "wbc");
}

/* A visit counts as a delivery: it cannot wait for itself. */
static int removing_visit(struct packet_source *src, struct packet_sink *sink,
			  struct packet_connection *connection, void *user_data)
{
	ARG_UNUSED(user_data);
	note(src, sink, connection);
	zassert_equal(packet_connection_remove_sync(&conn[1], K_FOREVER),
		      connection != NULL ? -EDEADLK : -ENOENT);
	return 0;
}

ZTEST(packet_watched, test_remove_sync)
{
	zassert_ok(packet_connection_remove(&conn[1]));
	zassert_ok(packet_connection_add(&conn[2]));
	zassert_ok(packet_source_foreach_sink(&watched, removing_visit, NULL));
	zassert_str_equal(trace(), "wac");
}
