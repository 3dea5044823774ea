/* SPDX-License-Identifier: Apache-2.0 */
#include "surroundings.h"

static atomic_t handled;
static atomic_t bursts;
static int longest_burst;

static void handle_frame(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	zassert_equal(buf->data[0], (uint8_t)atomic_inc(&handled), "out of order");
}

static void end_of_burst(int n)
{
	longest_burst = MAX(longest_burst, n);
	(void)atomic_add(&bursts, n);
}

PACKET_SOURCE_DEFINE(rx_source);
PACKET_EVENT_QUEUE_DEFINE(rx_queue, 32);
PACKET_SINK_DEFINE_QUEUED(rx_sink, handle_frame, rx_queue);
PACKET_CONNECT(&rx_source, &rx_sink);
NET_BUF_POOL_DEFINE(pool, 20, 1, 4, NULL);

#include "definitions.inc"

ZTEST(guide, test_batch)
{
	struct net_buf *frames[20];

	for (size_t i = 0; i < ARRAY_SIZE(frames); i++) {
		uint8_t number = (uint8_t)i;

		frames[i] = packet_of(&pool, &number, 1);
	}
	zassert_equal(send_burst(frames, ARRAY_SIZE(frames)), 20);
	start(worker_thread);
	wait_until(&bursts, 20);
	stop();
	zassert_equal(longest_burst, 16);
	check_all_home(&pool);
}
