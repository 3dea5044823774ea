/* SPDX-License-Identifier: Apache-2.0 */
/** @file The headers in C++. */
#include <bridge/net_buf_iob.h>
#include <bridge/net_buf_mpsc.h>
#include <bridge/packet_rtio.h>

#include <zephyr/ztest.h>
#include <zephyr/net_buf/watch.h>

NET_BUF_POOL_EXTERNAL_DEFINE(pool, 2, 0, nullptr);
IOB_NET_BUF_SLAB_DEFINE(headers, 2);

ZTEST(bridge_language, test_cxx)
{
	net_buf *buf = net_buf_from_iob(&pool, iob_tryalloc(false), K_NO_WAIT);
	iob_s *iob = iob_from_net_buf(&headers, buf, false, K_NO_WAIT);

	zassert_not_null(iob);
	iob_free_chain(iob);
	zassert_equal(net_buf_pool_free_count(&pool), 2);
	zassert_true(IOB_FROM_NET_BUF_COPIES == !IS_ENABLED(CONFIG_IOB_ALLOC));
}

static uint32_t one_word(const union mpsc_pbuf_generic *packet)
{
	(void)packet;
	return 1;
}

ZTEST(bridge_language, test_ring)
{
	static uint32_t memory[4];
	static mpsc_pbuf_buffer ring;
	mpsc_pbuf_buffer_config config = {};
	mpsc_pbuf_generic word = {};

	config.buf = memory;
	config.size = 4;
	config.get_wlen = one_word;
	mpsc_pbuf_init(&ring, &config);
	zassert_ok(mpsc_pbuf_put_word(&ring, word));

	net_buf *buf = net_buf_from_mpsc(&pool, &ring, mpsc_pbuf_claim(&ring), K_NO_WAIT);

	zassert_not_null(buf);
	zassert_equal(buf->len, 4);
	net_buf_unref(buf);
}

ZTEST_SUITE(bridge_language, NULL, NULL, NULL, NULL, NULL);

RTIO_NET_BUF_POOL_DEFINE(blocks, 2, 2, 32, 4, 0, nullptr);
PACKET_RTIO_READER_DEFINE(blocks_reader, blocks, 1);
static rtio_iodev nothing;
PACKET_SOURCE_RTIO_DEFINE(reads, &blocks_reader, &nothing);
PACKET_SINK_RTIO_DEFINE(writes, &nothing, 1, 1);
PACKET_CONNECT(&reads, &writes);

ZTEST(bridge_language, test_rtio)
{
	net_buf *buf = net_buf_alloc(&blocks, K_NO_WAIT);

	zassert_not_null(buf);
	zassert_equal(rtio_net_buf_blocks_free(&blocks), 1);
	net_buf_unref(buf);
	zassert_equal(rtio_net_buf_blocks_free(&blocks), 2);
	zassert_equal(packet_rtio_process(&blocks_reader, K_NO_WAIT), -EAGAIN);
	zassert_equal(packet_source_rtio_stop(&reads_rtio), -EALREADY);
	zassert_ok(packet_sink_rtio_hold(&writes_rtio, K_NO_WAIT));
	packet_sink_rtio_resume(&writes_rtio);
}
