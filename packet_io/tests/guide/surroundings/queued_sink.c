/* SPDX-License-Identifier: Apache-2.0 */
#include "surroundings.h"

static atomic_t handled;

static void logger_handler(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	zassert_equal(buf->data[0], (uint8_t)atomic_inc(&handled), "out of order");
}

#include "definitions.inc"

PACKET_SOURCE_DEFINE(source);
PACKET_CONNECT(&source, &processor_sink);
NET_BUF_POOL_DEFINE(pool, 64, 1, 4, NULL);

ZTEST(guide, test_queued_sink)
{
	for (uint8_t i = 0; i < 64; i++) {
		zassert_equal(send_bytes(&source, &pool, &i, 1), 1);
	}
	zassert_equal(atomic_get(&handled), 0, "nobody processes yet");
	start(processor_thread);
	wait_until(&handled, 64);
	stop();
	check_all_home(&pool);
}
