/* SPDX-License-Identifier: Apache-2.0 */
/** @file Names, and what there is: sources, sinks, and the sinks of a source. */
#include "packets.h"

#include <zephyr/packet_io/inspect.h>

PACKET_EVENT_QUEUE_DEFINE(inspect_events, 1);

PACKET_SOURCE_DEFINE(inspected);
PACKET_SOURCE_DEFINE(inspected_alone);
PACKET_SINK_DEFINE_IMMEDIATE(inspected_first, trace_handler);
PACKET_SINK_DEFINE_QUEUED(inspected_second, trace_handler, inspect_events);
PACKET_SINK_DEFINE_WITH_DATA(inspected_third, trace_handler, NULL, NULL);
PACKET_SINK_DEFINE_IMMEDIATE(inspected_unused, trace_handler);
PACKET_SOURCE_CONNECT(inspected, inspected_first);
PACKET_SOURCE_CONNECT(inspected, inspected_second);
PACKET_SOURCE_CONNECT(inspected, inspected_third);

ZTEST_SUITE(packet_inspect, NULL, NULL, NULL, NULL, NULL);

/* ---- names ------------------------------------------------------------------------------------ */

#define NAME(name) (IS_ENABLED(CONFIG_PACKET_IO_NAMES) ? (name) : "?")

ZTEST(packet_inspect, test_names)
{
	zassert_str_equal(packet_source_name(&inspected), NAME("inspected"));
	zassert_str_equal(packet_sink_name(&inspected_first), NAME("inspected_first"));
	zassert_str_equal(packet_sink_name(&inspected_second), NAME("inspected_second"));
	zassert_str_equal(packet_sink_name(&inspected_third), NAME("inspected_third"));
	zassert_str_equal(packet_event_queue_name(&inspect_events), NAME("inspect_events"));
}

ZTEST(packet_inspect, test_no_names)
{
	static struct packet_source source;
	static struct packet_sink sink;
	static struct packet_event_queue queue;

	zassert_str_equal(packet_source_name(&source), "?");
	zassert_str_equal(packet_sink_name(&sink), "?");
	zassert_str_equal(packet_event_queue_name(&queue), "?");
	zassert_str_equal(packet_source_name(NULL), "(null)");
	zassert_str_equal(packet_sink_name(NULL), "(null)");
	zassert_str_equal(packet_event_queue_name(NULL), "(null)");
}

#ifdef CONFIG_PACKET_IO_NAMES
ZTEST(packet_inspect, test_name_fields)
{
	zassert_str_equal(inspected.name, "inspected");
	zassert_str_equal(inspected_first.name, "inspected_first");
	zassert_str_equal(inspect_events.name, "inspect_events");
}
#endif

/* ---- what there is ---------------------------------------------------------------------------- */

/* How often each of them was met, and what all visits return together. */
struct census {
	int inspected;
	int alone;
	int first;
	int unused;
	int visits;
	int stop_at; /* the visit that returns -ECANCELED; 0: none */
};

static int census_result(struct census *census)
{
	return ++census->visits == census->stop_at ? -ECANCELED : 0;
}

static int meet_source(struct packet_source *src, void *user_data)
{
	struct census *census = user_data;

	census->inspected += src == &inspected;
	census->alone += src == &inspected_alone;
	return census_result(census);
}

static int meet_sink(struct packet_sink *sink, void *user_data)
{
	struct census *census = user_data;

	census->first += sink == &inspected_first;
	census->unused += sink == &inspected_unused;
	return census_result(census);
}

ZTEST(packet_inspect, test_sources)
{
	struct census census = {0};

	zassert_ok(packet_source_foreach(meet_source, &census));
	zassert_equal(census.inspected, 1);
	zassert_equal(census.alone, 1, "wired or not");
	zassert_true(census.visits > 2, "those of other files, too");
}

ZTEST(packet_inspect, test_sinks)
{
	struct census census = {0};

	zassert_ok(packet_sink_foreach(meet_sink, &census));
	zassert_equal(census.first, 1);
	zassert_equal(census.unused, 1);
	zassert_true(census.visits > 4);
}

ZTEST(packet_inspect, test_stop)
{
	struct census census = {.stop_at = 2};

	zassert_equal(packet_source_foreach(meet_source, &census), -ECANCELED);
	zassert_equal(census.visits, 2);
	census = (struct census){.stop_at = 3};
	zassert_equal(packet_sink_foreach(meet_sink, &census), -ECANCELED);
	zassert_equal(census.visits, 3);
}

ZTEST(packet_inspect, test_null)
{
	zassert_equal(packet_source_foreach(NULL, NULL), -EINVAL);
	zassert_equal(packet_sink_foreach(NULL, NULL), -EINVAL);
	zassert_equal(packet_source_foreach_sink(&inspected, NULL, NULL), -EINVAL);
}

/* ---- the sinks of a source -------------------------------------------------------------------- */

struct visited {
	struct packet_sink *sinks[4];
	size_t count;
	size_t stop_at;
};

static int visit_sink(struct packet_source *src, struct packet_sink *sink,
		      struct packet_connection *conn, void *user_data)
{
	struct visited *visited = user_data;

	zassert_equal_ptr(src, &inspected);
	zassert_is_null(conn, "wired, not connected");
	zassert_true(visited->count < ARRAY_SIZE(visited->sinks));
	visited->sinks[visited->count++] = sink;
	return visited->count == visited->stop_at ? 5 : 0;
}

ZTEST(packet_inspect, test_sinks_of_source)
{
	struct visited visited = {.count = 0};

	zassert_ok(packet_source_foreach_sink(&inspected, visit_sink, &visited));
	zassert_equal(visited.count, 3);
	zassert_equal_ptr(visited.sinks[0], &inspected_first);
	zassert_equal_ptr(visited.sinks[1], &inspected_second);
	zassert_equal_ptr(visited.sinks[2], &inspected_third);
}

ZTEST(packet_inspect, test_sinks_of_source_stop)
{
	struct visited visited = {.stop_at = 2};

	zassert_equal(packet_source_foreach_sink(&inspected, visit_sink, &visited), 5);
	zassert_equal(visited.count, 2);
	visited = (struct visited){.stop_at = 3};
	zassert_equal(packet_source_foreach_sink(&inspected, visit_sink, &visited), 5);
}

ZTEST(packet_inspect, test_sinks_of_nobody)
{
	struct visited visited = {.count = 0};

	zassert_ok(packet_source_foreach_sink(&inspected_alone, visit_sink, &visited));
	zassert_equal(visited.count, 0);
	zassert_equal(packet_source_foreach_sink(NULL, visit_sink, &visited), -EINVAL);
}

/* A visitor may send. */
static int visit_and_send(struct packet_source *src, struct packet_sink *sink,
			  struct packet_connection *conn, void *user_data)
{
	ARG_UNUSED(sink);
	ARG_UNUSED(conn);
	ARG_UNUSED(user_data);
	zassert_equal(packet_source_send_consume(&inspected_alone, packet_new(0), K_NO_WAIT), 0);
	zassert_not_equal(src, &inspected_alone);
	return 0;
}

ZTEST(packet_inspect, test_visitor_that_sends)
{
	zassert_ok(packet_source_foreach_sink(&inspected, visit_and_send, NULL));
	zassert_true(source_counts_are(&inspected_alone, 3, 0));
}
