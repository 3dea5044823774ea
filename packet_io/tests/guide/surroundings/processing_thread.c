/* SPDX-License-Identifier: Apache-2.0 */
#include "surroundings.h"

static atomic_t handled;

static void process_handler(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	zassert_equal(buf->len, 4);
	(void)atomic_inc(&handled);
}

PACKET_EVENT_QUEUE_DEFINE(udp_queue, 32);
PACKET_SINK_DEFINE_QUEUED(queued_sink, process_handler, udp_queue);
PACKET_SOURCE_DEFINE(data_source);
PACKET_SOURCE_CONNECT(data_source, queued_sink);
NET_BUF_POOL_DEFINE(pool, 4, 16, 4, NULL);

#include "definitions.inc"

ZTEST(guide, test_processing_thread)
{
	start(processor_thread);
	for (int i = 1; i <= 8; i++) {
		zassert_equal(send_bytes(&data_source, &pool, "four", 4), 1);
		if (i % 4 == 0) {
			wait_until(&handled, i);
			stop();
			check_all_home(&pool);
			start(processor_thread);
		}
	}
	stop();
}
