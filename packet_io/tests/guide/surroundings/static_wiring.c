/* SPDX-License-Identifier: Apache-2.0 */
#include "surroundings.h"

static char order[16];
static size_t ordered;

static void note(char who)
{
	order[ordered++] = who;
}

static void handler(struct packet_sink *sink, struct net_buf *buf)
{
	const char *who = sink->user_data != NULL ? sink->user_data : "m";

	ARG_UNUSED(buf);
	note(*who);
}

static void network_handler(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	ARG_UNUSED(buf);
	note('n');
}

static void log_handler(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	ARG_UNUSED(buf);
	note('l');
}

PACKET_EVENT_QUEUE_DEFINE(net_queue, 4);
PACKET_SINK_DEFINE_WITH_DATA(sink1, handler, NULL, "1");
PACKET_SINK_DEFINE_WITH_DATA(sink2, handler, NULL, "2");
PACKET_SINK_DEFINE_WITH_DATA(sink3, handler, NULL, "3");

#include "definitions.inc"

NET_BUF_POOL_DEFINE(pool, 1, 16, 4, NULL);

ZTEST(guide, test_static_wiring)
{
	struct net_buf *buf = packet_of(&pool, "x", 1);

	zassert_equal(packet_source_send(&my_source, buf, K_NO_WAIT), 1);
	zassert_equal(packet_source_send(&sensor_source, buf, K_NO_WAIT), 5);
	net_buf_unref(buf);
	zassert_ok(packet_event_process(&net_queue, K_NO_WAIT));
	zassert_str_equal(order, "ml123n");
	check_all_home(&pool);
}
