/* SPDX-License-Identifier: Apache-2.0 */
#include "surroundings.h"

static atomic_t seen;
static char printed[256];
static size_t printed_len;

__printf_like(1, 2) static void print_text(const char *fmt, ...)
{
	size_t room = sizeof(printed) - printed_len;
	va_list args;

	va_start(args, fmt);
	printed_len += (size_t)vsnprintk(printed + printed_len, room, fmt, args);
	va_end(args);
}

#define printk(...) print_text(__VA_ARGS__)

PACKET_SOURCE_DEFINE(radio);
PACKET_SOURCE_DEFINE(wire);
PACKET_SINK_DEFINE_WITH_DATA(monitor, count_packet, NULL, &seen);
PACKET_SINK_DEFINE_WITH_DATA(network, count_packet, NULL, &seen);
PACKET_CONNECT(&wire, &network);
PACKET_CONNECT(&radio, &network);

#include "definitions.inc"

ZTEST(guide, test_inspect)
{
	static struct packet_connection conn = {.source = &radio, .sink = &monitor};

	zassert_ok(packet_connection_add(&conn));
	print_topology();
	zassert_str_equal(printed, "radio -> network\nradio -> monitor (run time)\n"
				   "wire -> network\n");
	zassert_ok(packet_connection_remove(&conn));
}
