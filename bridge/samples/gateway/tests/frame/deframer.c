/* SPDX-License-Identifier: Apache-2.0 */
/** @file Frames out of what was read: in however many reads they come, they come out whole. */
#include "../../src/deframer.h"

#include <zephyr/net_buf.h>
#include <zephyr/net_buf/watch.h>
#include <zephyr/ztest.h>

#include <string.h>

#define BUFS 40
#define SIZE 2048

NET_BUF_POOL_VAR_DEFINE(bufs, BUFS, BUFS *(SIZE + 64), 0, NULL); /* clones share their memory */

static struct deframer deframer;
static uint8_t got[4 * FRAME_MAX];
static size_t got_len;
static unsigned int got_frames;
static unsigned int most_pieces;

static void keep_bytes(struct packet_sink *sink, struct net_buf *buf)
{
	unsigned int pieces = 0;

	ARG_UNUSED(sink);
	for (const struct net_buf *piece = buf; piece != NULL; piece = piece->frags) {
		zassert_true(got_len + piece->len <= sizeof(got));
		memcpy(&got[got_len], piece->data, piece->len);
		got_len += piece->len;
		pieces++;
	}
	most_pieces = MAX(most_pieces, pieces);
	got_frames++;
}

PACKET_SOURCE_DEFINE(whole);
PACKET_SINK_DEFINE_IMMEDIATE(bytes_sink, keep_bytes);
PACKET_CONNECT(&whole, &bytes_sink);

static void begin(bool datagrams)
{
	deframer_init(&deframer, &whole, datagrams);
	got_len = 0;
	got_frames = 0;
	most_pieces = 0;
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	begin(false);
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	deframer_end(&deframer);
	zexpect_equal(net_buf_pool_free_count(&bufs), BUFS);
}

ZTEST_SUITE(gateway_deframer, NULL, NULL, before, after, NULL);

/* One read has brought these bytes. */
static void take(const uint8_t *data, size_t len)
{
	struct net_buf *buf = net_buf_alloc_len(&bufs, SIZE, K_NO_WAIT);

	zassert_not_null(buf);
	(void)net_buf_add_mem(buf, data, len);
	deframer_take(&deframer, buf);
	net_buf_unref(buf);
}

static size_t stream_make(uint8_t *stream)
{
	uint8_t payload[700];
	size_t len = 0;

	for (size_t i = 0; i < sizeof(payload); i++) {
		payload[i] = (uint8_t)(i * 31 + i / 256);
	}
	len += frame_encode(payload, 40, &stream[len]);
	len += frame_encode(payload, 700, &stream[len]);
	len += frame_encode(payload, 1, &stream[len]);
	len += frame_encode(payload, 300, &stream[len]);
	return len;
}

ZTEST(gateway_deframer, test_reads_of_any_size)
{
	uint8_t stream[4 * FRAME_MAX];
	size_t len = stream_make(stream);

	for (size_t step = 1; step < len; step += 1 + step / 8) {
		begin(false);
		for (size_t at = 0; at < len; at += step) {
			take(&stream[at], MIN(step, len - at));
		}
		zassert_equal(got_frames, 4, "%u bytes at once", (unsigned int)step);
		zassert_equal(got_len, len);
		zassert_mem_equal(got, stream, len);
		zassert_true(most_pieces <= FRAME_PIECES_MAX);
		zassert_equal(deframer.counters.good, 4);
		zassert_is_null(deframer.pieces);
		zassert_equal(net_buf_pool_free_count(&bufs), BUFS);
	}
}

ZTEST(gateway_deframer, test_datagrams_stand_alone)
{
	uint8_t stream[4 * FRAME_MAX];
	size_t len = stream_make(stream);

	begin(true);
	take(stream, 20);
	take(&stream[20], len - 20); /* the end of one, and three whole ones */
	zassert_equal(got_frames, 3);
	zassert_equal(deframer.counters.cut + deframer.counters.bad_crc, 2);
	take(stream, len);
	zassert_equal(got_frames, 7);
}

/* What never ends keeps no memory. */
ZTEST(gateway_deframer, test_noise_without_an_end)
{
	uint8_t noise[100];

	memset(noise, 5, sizeof(noise));
	for (int i = 0; i < 1000; i++) {
		take(noise, sizeof(noise));
		zassert_true(net_buf_pool_free_count(&bufs) >= BUFS - FRAME_PIECES_MAX);
	}
	zassert_is_null(deframer.pieces);
	take((const uint8_t *)"", 1);
	zassert_equal(deframer.counters.too_long, 1);
	zassert_equal(got_frames, 0);
}
