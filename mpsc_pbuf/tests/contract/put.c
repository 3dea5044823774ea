/* SPDX-License-Identifier: Apache-2.0 */
/** @file Packets put in at once. */
#include <string.h>

#include "../support/packets.h"

static struct mpsc_pbuf_buffer buffer;

/* What put_word_ext() stores, read as the header says it must be. */
static void expect_ext(uint32_t id, const void *data)
{
	const union mpsc_pbuf_generic *packet = mpsc_pbuf_claim(&buffer);
	const void *stored;

	zassert_not_null(packet);
	zassert_equal(((const union item *)packet)->packet.id, id);
	memcpy(&stored, packet + 1, sizeof(stored));
	zassert_equal_ptr(stored, data);
	mpsc_pbuf_free(&buffer, packet);
}

/* A pointer that tells @p i. */
static void *pointer(uint32_t i)
{
	return (char *)memory + i;
}

static void words_go_through(uint32_t size)
{
	buffer_init(&buffer, size, 0);
	for (uint32_t i = 0; i < 2 * size; i++) {
		zassert_ok(mpsc_pbuf_put_word(&buffer, packet_header(1, i)));
		zassert_true(mpsc_pbuf_is_pending(&buffer));
		packet_expect(&buffer, 1, i);
		zassert_false(mpsc_pbuf_is_pending(&buffer));
	}
	buffer_check_whole(&buffer);
}

ZTEST(mpsc_pbuf_put, test_words)
{
	words_go_through(4);
	words_go_through(3);
	words_go_through(1);
}

static void words_overwrite(uint32_t size)
{
	buffer_init(&buffer, size, MPSC_PBUF_MODE_OVERWRITE);
	for (uint32_t i = 0; i < size + 1; i++) {
		zassert_ok(mpsc_pbuf_put_word(&buffer, packet_header(1, i)));
	}
	DROPPED(0);
	zassert_equal(mpsc_pbuf_dropped_get(&buffer), 1);
	for (uint32_t i = 1; i < size + 1; i++) {
		packet_expect(&buffer, 1, i);
	}
	buffer_check_whole(&buffer);
}

ZTEST(mpsc_pbuf_put, test_words_overwrite)
{
	words_overwrite(4);
	words_overwrite(3);
}

static void words_saturate(uint32_t size)
{
	buffer_init(&buffer, size, 0);
	for (uint32_t i = 0; i < size / 2; i++) {
		zassert_ok(mpsc_pbuf_put_word(&buffer, packet_header(1, i)));
		packet_expect(&buffer, 1, i);
	}
	for (uint32_t i = 0; i < size; i++) {
		zassert_ok(mpsc_pbuf_put_word(&buffer, packet_header(1, i)));
	}
	zassert_equal(mpsc_pbuf_put_word(&buffer, packet_header(1, size)), -ENOSPC);
	for (uint32_t i = 0; i < size; i++) {
		packet_expect(&buffer, 1, i);
	}
	zassert_is_null(mpsc_pbuf_claim(&buffer));
	zassert_equal(mpsc_pbuf_dropped_get(&buffer), 0);
	buffer_check_whole(&buffer);
}

ZTEST(mpsc_pbuf_put, test_words_saturate)
{
	words_saturate(4);
	words_saturate(3);
}

static void pointers_go_through(uint32_t size)
{
	buffer_init(&buffer, size, 0);
	for (uint32_t i = 0; i < 2 * size; i++) {
		zassert_ok(mpsc_pbuf_put_word_ext(&buffer, packet_header(EXT_WLEN, i), pointer(i)));
		expect_ext(i, pointer(i));
	}
	for (uint32_t i = 0; i < size / EXT_WLEN; i++) {
		zassert_ok(mpsc_pbuf_put_word_ext(&buffer, packet_header(EXT_WLEN, i), pointer(i)));
	}
	zassert_equal(mpsc_pbuf_put_word_ext(&buffer, packet_header(EXT_WLEN, 0), NULL), -ENOSPC);
	for (uint32_t i = 0; i < size / EXT_WLEN; i++) {
		expect_ext(i, pointer(i));
	}
	zassert_is_null(mpsc_pbuf_claim(&buffer));
}

/* With 3 words each, the pointers of a 64-bit machine lie at odd words. */
ZTEST(mpsc_pbuf_put, test_pointers)
{
	pointers_go_through(8);
	pointers_go_through(7);
}

static void no_content(const struct mpsc_pbuf_buffer *b, const union mpsc_pbuf_generic *generic)
{
	ARG_UNUSED(b);
	drop_ids[drop_count++] = ((const union item *)generic)->packet.id;
}

static void pointers_overwrite(uint32_t size)
{
	uint32_t count = 1 + size / EXT_WLEN;

	buffer_init(&buffer, size, MPSC_PBUF_MODE_OVERWRITE);
	buffer.notify_drop = no_content;
	for (uint32_t i = 0; i < count; i++) {
		zassert_ok(mpsc_pbuf_put_word_ext(&buffer, packet_header(EXT_WLEN, i), pointer(i)));
	}
	DROPPED(0);
	for (uint32_t i = 1; i < count; i++) {
		expect_ext(i, pointer(i));
	}
	zassert_is_null(mpsc_pbuf_claim(&buffer));
}

ZTEST(mpsc_pbuf_put, test_pointers_overwrite)
{
	pointers_overwrite(8);
	pointers_overwrite(7);
}

static void data_goes_through(uint32_t size, uint32_t flags)
{
	uint32_t data[8];

	for (uint32_t wlen = 1; wlen <= size; wlen++) {
		buffer_init(&buffer, size, flags);
		for (uint32_t i = 0; i < 3 * size; i++) {
			data[0] = 0;
			packet_fill((union mpsc_pbuf_generic *)(void *)data, wlen, i);
			/* The two bits are not the user's business. */
			data[0] |= i & 3;
			zassert_ok(mpsc_pbuf_put_data(&buffer, data, wlen));
			packet_expect(&buffer, wlen, i);
		}
		zassert_equal(drop_count, 0);
		buffer_check_whole(&buffer);
	}
}

ZTEST(mpsc_pbuf_put, test_data)
{
	data_goes_through(8, 0);
	data_goes_through(7, 0);
	data_goes_through(8, MPSC_PBUF_MODE_OVERWRITE);
	data_goes_through(7, MPSC_PBUF_MODE_OVERWRITE);
}

static void data_overwrite(uint32_t size)
{
	uint32_t data[3];
	uint32_t count = 1 + size / 3;

	buffer_init(&buffer, size, MPSC_PBUF_MODE_OVERWRITE);
	for (uint32_t i = 0; i < count; i++) {
		data[0] = 0;
		packet_fill((union mpsc_pbuf_generic *)(void *)data, 3, i);
		zassert_ok(mpsc_pbuf_put_data(&buffer, data, 3));
	}
	DROPPED(0);
	for (uint32_t i = 1; i < count; i++) {
		packet_expect(&buffer, 3, i);
	}
	buffer_check_whole(&buffer);
}

ZTEST(mpsc_pbuf_put, test_data_overwrite)
{
	data_overwrite(8);
	data_overwrite(7);
}

/* Larger than the buffer: told so at once, with nothing dropped, in both modes. */
static void oversize(uint32_t flags)
{
	static const uint32_t data[64];

	buffer_init(&buffer, 16, flags);
	zassert_true(packet_put(&buffer, 5, 1));
	zassert_equal(mpsc_pbuf_put_data(&buffer, data, 17), -EMSGSIZE);
	zassert_equal(mpsc_pbuf_put_data(&buffer, data, 64), -EMSGSIZE);
	zassert_equal(mpsc_pbuf_put_data(&buffer, data, SIZE_MAX), -EMSGSIZE);
	zassert_equal(drop_count, 0);
	packet_expect(&buffer, 5, 1);
	buffer_check_whole(&buffer);

	buffer_init(&buffer, EXT_WLEN - 1, flags);
	zassert_equal(mpsc_pbuf_put_word_ext(&buffer, packet_header(EXT_WLEN, 1), NULL), -EMSGSIZE);
	buffer_check_whole(&buffer);
}

ZTEST(mpsc_pbuf_put, test_oversize)
{
	oversize(0);
	oversize(MPSC_PBUF_MODE_OVERWRITE);
}

ZTEST_SUITE(mpsc_pbuf_put, NULL, NULL, NULL, NULL, NULL);
