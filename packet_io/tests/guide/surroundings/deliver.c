/* SPDX-License-Identifier: Apache-2.0 */
#include "surroundings.h"

static atomic_t seen;

PACKET_EVENT_QUEUE_DEFINE(fast_queue, 1);
PACKET_EVENT_QUEUE_DEFINE(slow_queue, 1);
PACKET_SINK_DEFINE_WITH_DATA(fast_link, count_packet, &fast_queue_msgq, &seen);
PACKET_SINK_DEFINE_WITH_DATA(slow_link, count_packet, &slow_queue_msgq, &seen);
NET_BUF_POOL_DEFINE(pool, 1, 16, 4, NULL);

#include "definitions.inc"

ZTEST(guide, test_deliver)
{
	struct net_buf *buf = packet_of(&pool, "x", 1);

	zassert_ok(send_urgent(buf));
	zassert_equal(k_msgq_num_used_get(&fast_queue_msgq), 1);
	zassert_ok(send_urgent(buf));
	zassert_equal(k_msgq_num_used_get(&slow_queue_msgq), 1);
	zassert_equal(send_urgent(buf), -EAGAIN);
	zassert_equal(send_urgent(NULL), -EINVAL);
	zassert_equal(buf->ref, 3);
	net_buf_unref(buf);

	zassert_ok(packet_event_process(&fast_queue, K_NO_WAIT));
	zassert_ok(packet_event_process(&slow_queue, K_NO_WAIT));
	zassert_equal(atomic_get(&seen), 2);
	check_all_home(&pool);
}
