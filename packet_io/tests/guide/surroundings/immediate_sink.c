/* SPDX-License-Identifier: Apache-2.0 */
#include "surroundings.h"

static size_t bytes;

static void process_packet(const uint8_t *data, uint16_t len)
{
	zassert_mem_equal(data, "seven b", 7);
	bytes += len;
}

#include "definitions.inc"

PACKET_SOURCE_DEFINE(source);
PACKET_CONNECT(&source, &logger_sink);
NET_BUF_POOL_DEFINE(pool, 1, 16, 4, NULL);

ZTEST(guide, test_immediate_sink)
{
	struct net_buf *buf = packet_of(&pool, "seven b", 7);

	zassert_equal(packet_source_send(&source, buf, K_NO_WAIT), 1);
	zassert_equal(bytes, 7);
	zassert_equal(buf->ref, 1);
	net_buf_unref(buf);
	check_all_home(&pool);
}
