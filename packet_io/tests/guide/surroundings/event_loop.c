/* SPDX-License-Identifier: Apache-2.0 */
#include "surroundings.h"

#include <unistd.h>

NET_BUF_POOL_DEFINE(pool, 2, 16, 0, NULL);
PACKET_SOURCE_DEFINE(rx_source);
PACKET_EVENT_QUEUE_DEFINE(rx_queue, 2);

static int handled;

static void handler(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	handled += buf->len;
}

PACKET_SINK_DEFINE_QUEUED(rx_sink, handler, rx_queue);
PACKET_CONNECT(&rx_source, &rx_sink);

#include "definitions.inc"

ZTEST(guide, test_event_loop)
{
	struct net_buf *buf = net_buf_alloc(&pool, K_NO_WAIT);
	int loop = epoll_create1(0);
	struct epoll_event event;

	zassert_ok(add_queue(loop));
	zassert_equal(epoll_wait(loop, &event, 1, 0), 0);
	net_buf_add_u8(buf, 1);
	zassert_equal(packet_source_send_consume(&rx_source, buf, K_NO_WAIT), 1);
	zassert_equal(epoll_wait(loop, &event, 1, 0), 1);
	on_readable();
	zassert_equal(handled, 1);
	zassert_equal(epoll_wait(loop, &event, 1, 0), 0);
	zassert_ok(packet_event_queue_fd_close(&rx_queue));
	zassert_ok(close(loop));
	check_all_home(&pool);
}
