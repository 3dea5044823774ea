/* SPDX-License-Identifier: Apache-2.0 */
#include <zephyr/ztest.h>
#include <zephyr/net_buf/watch.h>
#include <zephyr/packet_io/packet_io.h>
#include <zephyr/sys/mpsc_pbuf.h>

static struct mpsc_pbuf_buffer ring;
static unsigned int bytes;

static void count_bytes(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	bytes += buf->len;
}

PACKET_SOURCE_DEFINE(source);
PACKET_SINK_DEFINE_IMMEDIATE(counter, count_bytes);
PACKET_CONNECT(&source, &counter);

#include "definitions.inc"

static uint32_t two_words(const union mpsc_pbuf_generic *packet)
{
	ARG_UNUSED(packet);
	return 2;
}

ZTEST(documents, test_bridge_forward)
{
	static uint32_t memory[8];
	const struct mpsc_pbuf_buffer_config config = {
		.buf = memory,
		.size = ARRAY_SIZE(memory),
		.get_wlen = two_words,
	};
	struct iob_s *chain = iob_tryalloc(false);

	zassert_not_null(chain);
	zassert_equal(iob_trycopyin(chain, (const uint8_t *)"five", 5, 0, false), 5);
	mpsc_pbuf_init(&ring, &config);
	mpsc_pbuf_commit(&ring, mpsc_pbuf_alloc(&ring, 2, K_NO_WAIT));
	forward(chain, mpsc_pbuf_claim(&ring));
	zassert_equal(bytes, 5 + 8);
	zassert_equal(net_buf_pool_free_count(&views), views.buf_count);
}
