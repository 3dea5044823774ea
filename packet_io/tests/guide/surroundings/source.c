/* SPDX-License-Identifier: Apache-2.0 */
#include "surroundings.h"

#include "definitions.inc"

static K_SEM_DEFINE(arrived, 0, 10);

static void check_reading(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	zassert_equal(buf->len, 64);
	for (size_t i = 0; i < buf->len; i++) {
		zassert_equal(buf->data[i], 0x42);
	}
	k_sem_give(&arrived);
}

PACKET_SINK_DEFINE_IMMEDIATE(checking_sink, check_reading);
PACKET_CONNECT(&sensor_source, &checking_sink);

ZTEST(guide, test_source)
{
	struct net_buf *taken[10];

	/* At first there is no buffer: the thread waits for one and goes on. */
	for (size_t i = 0; i < ARRAY_SIZE(taken); i++) {
		taken[i] = net_buf_alloc(&sensor_pool, K_NO_WAIT);
		zassert_not_null(taken[i]);
	}
	start(sensor_thread);
	zassert_equal(k_sem_take(&arrived, K_MSEC(25)), -EAGAIN);
	for (size_t i = 0; i < ARRAY_SIZE(taken); i++) {
		net_buf_unref(taken[i]);
	}
	zassert_ok(k_sem_take(&arrived, K_SECONDS(10)));
	zassert_ok(k_sem_take(&arrived, K_SECONDS(10)));
	stop();
	check_all_home(&sensor_pool);
}
