/* SPDX-License-Identifier: Apache-2.0 */
#include "surroundings.h"

#include "definitions.inc"

NET_BUF_POOL_DEFINE(pool, 1, 16, 4, NULL);

ZTEST(guide, test_basic_usage)
{
	struct net_buf *buf = packet_of(&pool, "four", 4);
	uint32_t handled;

#include "step_1.inc"

	packet_sink_get_stats(&immediate_sink, &handled, NULL);
	zassert_equal(handled, 1);
	zassert_equal(k_msgq_num_used_get(&udp_queue_msgq), 1);
	net_buf_unref(buf);

	zassert_ok(packet_event_process(&queued_sink, K_NO_WAIT));
	packet_sink_get_stats(&queued_sink, &handled, NULL);
	zassert_equal(handled, 1);
	check_all_home(&pool);
}
