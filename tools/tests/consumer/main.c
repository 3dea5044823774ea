/* SPDX-License-Identifier: Apache-2.0 */

/* A packet goes from a source to two sinks, one in a shared library; 0 if it arrived. */

#include <zephyr/packet_io/packet_io.h>

#if defined(CONFIG_PACKET_IO_STATS) || CONFIG_PACKET_IO_PRIORITY != 77
#error "app.conf has no effect"
#endif

static int received;

void handler(struct packet_sink *sink, struct net_buf *buf);

void handler(struct packet_sink *sink, struct net_buf *buf)
{
	(void)sink;
	received += buf->len;
}

NET_BUF_POOL_DEFINE(pool, 1, 16, 4, NULL);
PACKET_SOURCE_DEFINE(source);
PACKET_SINK_DEFINE_IMMEDIATE(sink, handler);
PACKET_CONNECT(&source, &sink);

int main(void)
{
	struct net_buf *buf = net_buf_alloc(&pool, K_NO_WAIT);

	if (buf == NULL) {
		return 1;
	}
	net_buf_add_u8(buf, 1);
	if (packet_source_send_consume(&source, buf, K_NO_WAIT) != 2) {
		return 2;
	}
	return received == 2 ? 0 : 3;
}
