/* SPDX-License-Identifier: Apache-2.0 */
/** @file The introductory example: allocate, fill, commit, claim, dump, free; and a drop told of. */
#include <string.h>

#include <zephyr/logging/log.h>

#include "../support/packets.h"

LOG_MODULE_REGISTER(mpsc_sample);

struct mpsc_sample_header {
	MPSC_PBUF_HDR;
	uint32_t length: 32 - MPSC_PBUF_HDR_BITS; /* words, the header included */
};

struct mpsc_sample_packet {
	struct mpsc_sample_header hdr;
	uint8_t data[];
};

union mpsc_packet {
	union mpsc_pbuf_generic hdr;
	struct mpsc_sample_packet packet;
};

#define DATA_LEN   32U
#define PACKET_LEN ((DATA_LEN + sizeof(struct mpsc_sample_header)) / sizeof(uint32_t))

static uint32_t buf32[128];
static struct mpsc_pbuf_buffer buffer;
static unsigned int drops;

static void drop(const struct mpsc_pbuf_buffer *b, const union mpsc_pbuf_generic *item)
{
	const struct mpsc_sample_header *t_item = (const struct mpsc_sample_header *)item;

	ARG_UNUSED(b);
	zassert_equal(t_item->length, PACKET_LEN);
	LOG_INF("drop packet length %u", (unsigned int)t_item->length);
	drops++;
}

static uint32_t get_wlen(const union mpsc_pbuf_generic *item)
{
	return ((const struct mpsc_sample_header *)item)->length;
}

static void produce(uint8_t content)
{
	union mpsc_packet *packet =
		(union mpsc_packet *)mpsc_pbuf_alloc(&buffer, PACKET_LEN, K_NO_WAIT);

	zassert_not_null(packet);
	packet->packet.hdr.length = PACKET_LEN;
	memset(packet->packet.data, content, DATA_LEN);
	mpsc_pbuf_commit(&buffer, &packet->hdr);
}

static void consume(uint8_t content)
{
	const union mpsc_packet *packet = (const union mpsc_packet *)mpsc_pbuf_claim(&buffer);

	zassert_not_null(packet);
	zassert_equal(packet->packet.hdr.length, PACKET_LEN);
	LOG_HEXDUMP_INF(packet->packet.data, DATA_LEN, "packet");
	for (size_t i = 0; i < DATA_LEN; i++) {
		zassert_equal(packet->packet.data[i], content);
	}
	mpsc_pbuf_free(&buffer, &packet->hdr);
}

ZTEST(mpsc_pbuf_example, test_example)
{
	struct mpsc_pbuf_buffer_config mpsc_buf_cfg = {
		.buf = buf32,
		.size = ARRAY_SIZE(buf32),
		.notify_drop = drop,
		.get_wlen = get_wlen,
		.flags = MPSC_PBUF_MODE_OVERWRITE,
	};

	mpsc_pbuf_init(&buffer, &mpsc_buf_cfg);
	produce(0x5a);
	consume(0x5a);
	/* 14 of them have room; the word at the end is too little. */
	for (uint8_t i = 0; i < 16; i++) {
		produce(i);
	}
	zassert_equal(drops, 2);
	for (uint8_t i = 2; i < 16; i++) {
		consume(i);
	}
	zassert_is_null(mpsc_pbuf_claim(&buffer));
}

ZTEST_SUITE(mpsc_pbuf_example, NULL, NULL, NULL, NULL, NULL);
