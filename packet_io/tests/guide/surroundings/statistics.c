/* SPDX-License-Identifier: Apache-2.0 */
#include "surroundings.h"

static atomic_t seen;

/* What the block prints goes through here; the log would hide it where it is off. */
static char printed[512];
static size_t printed_len;

__printf_like(1, 2) static void print_text(const char *fmt, ...)
{
	size_t room = sizeof(printed) - printed_len;
	va_list args;

	va_start(args, fmt);
	printed_len += (size_t)vsnprintk(printed + printed_len, room, fmt, args);
	va_end(args);
}

#undef LOG_INF
#define LOG_INF(fmt, ...) print_text(fmt "|", ##__VA_ARGS__)

PACKET_SOURCE_DEFINE(my_source);
PACKET_EVENT_QUEUE_DEFINE(my_queue, 2);
PACKET_SINK_DEFINE_WITH_DATA(my_sink, count_packet, &my_queue_msgq, &seen);
PACKET_CONNECT(&my_source, &my_sink);
NET_BUF_POOL_DEFINE(pool, 1, 16, 4, NULL);

#include "definitions.inc"

ZTEST(guide, test_statistics)
{
	struct net_buf *buf = packet_of(&pool, "x", 1);

	for (int i = 0; i < 5; i++) {
		(void)packet_source_send(&my_source, buf, K_NO_WAIT);
	}
	net_buf_unref(buf);
	zassert_ok(packet_event_process(&my_queue, K_NO_WAIT));
	print_statistics();
	zassert_str_equal(printed, "Source statistics:|  Messages sent: 5|  Queued total: 2|"
				   "Sink statistics:|  Messages handled: 1|  Messages dropped: 3|"
				   "  Queue: 1 used, 1 free|");
	zassert_ok(packet_event_process(&my_queue, K_NO_WAIT));
	check_all_home(&pool);
}
