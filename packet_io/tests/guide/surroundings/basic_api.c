/* SPDX-License-Identifier: Apache-2.0 */
#include "surroundings.h"

#include "definitions.inc"

NET_BUF_POOL_DEFINE(pool, 2, 16, 4, NULL);

static atomic_t handled[2];

void my_handler(struct packet_sink *sink, struct net_buf *buf)
{
	zassert_equal(buf->len, 1);
	(void)atomic_inc(&handled[sink == &my_sink_queued]);
}

ZTEST(guide, test_basic_api)
{
	struct net_buf *buf = packet_of(&pool, "1", 1);
	struct net_buf *buf2 = packet_of(&pool, "2", 1);

#include "step_1.inc"

	zassert_equal(atomic_get(&handled[0]), 2, "the immediate sink gets both at once");
	zassert_equal(atomic_get(&handled[1]), 0);
	zassert_equal(buf->ref, 2, "the sender's and the event's");
	net_buf_unref(buf);
	zassert_equal(buf2->ref, 1, "the event's");

	zassert_ok(packet_event_process(&my_queue, K_NO_WAIT));
	zassert_ok(packet_event_process(&my_queue, K_NO_WAIT));
	zassert_equal(packet_event_process(&my_queue, K_NO_WAIT), -EAGAIN);
	zassert_equal(atomic_get(&handled[1]), 2);
	zassert_equal(my_queue_msgq.max_msgs, 32);
	check_all_home(&pool);
}
