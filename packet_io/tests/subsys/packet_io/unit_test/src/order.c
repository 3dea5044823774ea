/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Within a file sinks are served in the order of PACKET_CONNECT(), whatever the order in which they
 * are defined, what else is wired between them, and whatever a compiler or linker likes to sort.
 */
#include "order.h"

#include <string.h>

#include "packets.h"

PACKET_SOURCE_DEFINE(ordered);
PACKET_SOURCE_DEFINE(reversed);
PACKET_SOURCE_DEFINE(wired_elsewhere);
PACKET_SOURCE_DEFINE(wired_by_modules);

PACKET_SINK_DEFINE_WITH_DATA(order_d, trace_handler, NULL, "d");
PACKET_SINK_DEFINE_WITH_DATA(order_a, trace_handler, NULL, "a");
PACKET_SINK_DEFINE_WITH_DATA(order_f, trace_handler, NULL, "f");
PACKET_SINK_DEFINE_WITH_DATA(order_b, trace_handler, NULL, "b");
PACKET_SINK_DEFINE_WITH_DATA(order_g, trace_handler, NULL, "g");
PACKET_SINK_DEFINE_WITH_DATA(order_e, trace_handler, NULL, "e");
PACKET_SINK_DEFINE_WITH_DATA(order_c, trace_handler, NULL, "c");

PACKET_CONNECT(&ordered, &order_a);
PACKET_CONNECT(&reversed, &order_g);
PACKET_CONNECT(&ordered, &order_b);
PACKET_CONNECT(&ordered, &order_c);
PACKET_CONNECT(&reversed, &order_f);
PACKET_CONNECT(&reversed, &order_e);
PACKET_CONNECT(&ordered, &order_d);
PACKET_CONNECT(&reversed, &order_d);
PACKET_CONNECT(&reversed, &order_c);
PACKET_CONNECT(&ordered, &order_e);
PACKET_CONNECT(&reversed, &order_b);
PACKET_CONNECT(&ordered, &order_f);
PACKET_CONNECT(&ordered, &order_g);
PACKET_CONNECT(&reversed, &order_a);

/* Many wires, so that more than one digit distinguishes their names. */
PACKET_SOURCE_DEFINE(long_line);
#define LONG_LINE(i, _)                                                                            \
	PACKET_CONNECT(&long_line, &order_a);                                                      \
	PACKET_CONNECT(&long_line, &order_b);                                                      \
	PACKET_CONNECT(&long_line, &order_c)
LISTIFY(40, LONG_LINE, (;), _);

ZTEST_SUITE(packet_order, NULL, NULL, NULL, NULL, NULL);

ZTEST(packet_order, test_in_a_file)
{
	zassert_equal(packet_source_send_consume(&reversed, packet_new(0), K_NO_WAIT), 7);
	zassert_str_equal(trace(), "gfedcba");
}

ZTEST(packet_order, test_many_in_a_file)
{
	zassert_equal(packet_source_send_consume(&long_line, packet_new(0), K_NO_WAIT), 120);
	for (size_t i = 0; i < 120; i++) {
		zassert_equal(trace()[i], "abc"[i % 3], "wire %u", (unsigned int)i);
	}
}

/* Between files there is no order, but each keeps its own. */
ZTEST(packet_order, test_over_two_files)
{
	const char *here;
	const char *there;

	zassert_equal(packet_source_send_consume(&ordered, packet_new(0), K_NO_WAIT), 10);
	here = strstr(trace(), "abcdefg");
	there = strstr(trace(), "xyz");
	zassert_not_null(here, "%s", trace());
	zassert_not_null(there, "%s", trace());
}

ZTEST(packet_order, test_all_of_two_files)
{
	zassert_equal(packet_source_send_consume(&ordered, packet_new(0), K_NO_WAIT), 10);
	for (const char *mark = "abcdefgxyz"; *mark != '\0'; mark++) {
		zassert_not_null(strchr(trace(), *mark), "no %c in %s", *mark, trace());
	}
}

/* Neither source nor sink is in the file of the wire, or only one of them. */
PACKET_CONNECT(&wired_by_modules, &elsewhere_y);

ZTEST(packet_order, test_wired_elsewhere)
{
	zassert_equal(packet_source_send_consume(&wired_elsewhere, packet_new(0), K_NO_WAIT), 2);
	zassert_equal(packet_source_send_consume(&wired_by_modules, packet_new(0), K_NO_WAIT), 1);
	zassert_equal(strlen(trace()), 3);
	zassert_equal(trace()[2], 'y');
}

/* A queue of another file, declared. */
ZTEST(packet_order, test_queue_elsewhere)
{
	struct packet_sink sink = {
		.mode = SINK_MODE_QUEUED,
		.handler = trace_handler,
		.user_data = "s",
		.msgq = &elsewhere_events_msgq,
	};
	struct packet_event event = {.sink = &sink, .buf = packet_new(0)};

	zassert_ok(k_msgq_put(&elsewhere_events_msgq, &event, K_NO_WAIT));
	zassert_equal(queue_drain(&elsewhere_events), 1);
	zassert_str_equal(trace(), "s");
}
