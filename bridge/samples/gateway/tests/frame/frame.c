/* SPDX-License-Identifier: Apache-2.0 */
/** @file Frames: what others encode alike, and what is refused. */
#include "../../src/frame.h"

#include <zephyr/ztest.h>

#include <string.h>

ZTEST_SUITE(gateway_frame, NULL, NULL, NULL, NULL, NULL);

static void expect_encoded(const char *plain, size_t len, const char *encoded, size_t encoded_len)
{
	uint8_t out[COBS_ENCODED_MAX(8)];

	zassert_equal(cobs_encode((const uint8_t *)plain, len, out), encoded_len);
	zassert_mem_equal(out, encoded, encoded_len);
}

#define EXPECT_ENCODED(plain, encoded)                                                             \
	expect_encoded(plain, sizeof(plain) - 1, encoded, sizeof(encoded) - 1)

/* The examples that everybody gives. */
ZTEST(gateway_frame, test_encoding)
{
	EXPECT_ENCODED("", "\x01");
	EXPECT_ENCODED("\x00", "\x01\x01");
	EXPECT_ENCODED("\x00\x00", "\x01\x01\x01");
	EXPECT_ENCODED("\x00\x11\x00", "\x01\x02\x11\x01");
	EXPECT_ENCODED("\x11\x22\x00\x33", "\x03\x11\x22\x02\x33");
	EXPECT_ENCODED("\x11\x22\x33\x44", "\x05\x11\x22\x33\x44");
	EXPECT_ENCODED("\x11\x00\x00\x00", "\x02\x11\x01\x01\x01");
}

static void bytes_from(uint8_t *bytes, size_t len, unsigned int first)
{
	for (size_t i = 0; i < len; i++) {
		bytes[i] = (uint8_t)(first + i);
	}
}

static size_t decode(const uint8_t *encoded, size_t len, uint8_t *out)
{
	struct cobs_decoder decoder = {0};
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		n += cobs_decode(&decoder, encoded[i], &out[n]) ? 1 : 0;
	}
	zassert_true(cobs_complete(&decoder));
	return n;
}

/* Around the length of a group. */
ZTEST(gateway_frame, test_long_groups)
{
	uint8_t encoded[COBS_ENCODED_MAX(600) + 1];
	uint8_t plain[600];
	uint8_t out[600];

	bytes_from(plain, 254, 1);
	zassert_equal(cobs_encode(plain, 254, encoded), 255);
	zassert_equal(encoded[0], 0xff);
	bytes_from(plain, 255, 0);
	zassert_equal(cobs_encode(plain, 255, encoded), 256);
	zassert_equal(encoded[0], 0x01);
	zassert_equal(encoded[1], 0xff);
	memset(plain, 7, sizeof(plain));
	zassert_equal(cobs_encode(plain, 255, encoded), 257);
	zassert_equal(encoded[255], 0x02);
	for (size_t len = 0; len <= sizeof(plain); len++) {
		for (unsigned int kind = 0; kind < 3; kind++) {
			size_t n;

			memset(plain, kind == 0 ? 0 : 9, sizeof(plain));
			if (kind == 2) {
				bytes_from(plain, len, (unsigned int)len);
			}
			n = cobs_encode(plain, len, encoded);
			zassert_true(n <= COBS_ENCODED_MAX(len));
			zassert_is_null(memchr(encoded, 0, n));
			zassert_equal(decode(encoded, n, out), len);
			zassert_mem_equal(out, plain, len);
		}
	}
}

static enum frame_verdict scan_all(const uint8_t *data, size_t len)
{
	struct frame_scanner scanner;
	enum frame_verdict verdict = FRAME_OPEN;

	frame_scanner_begin(&scanner);
	zassert_equal(frame_scan(&scanner, data, len, &verdict), len);
	return verdict;
}

ZTEST(gateway_frame, test_known_frame)
{
	/* The check value of this CRC is 0x29b1. */
	static const uint8_t known[] = "\x0c"
				       "123456789\x29\xb1";
	uint8_t frame[FRAME_MAX];

	zassert_equal(frame_encode((const uint8_t *)"123456789", 9, frame), 13);
	zassert_mem_equal(frame, known, 13);
	zassert_equal(scan_all(known, 13), FRAME_GOOD);
}

ZTEST(gateway_frame, test_lengths)
{
	uint8_t payload[FRAME_PAYLOAD_MAX + 1] = {0};
	uint8_t frame[FRAME_MAX];

	zassert_equal(frame_encode(payload, 0, frame), 0);
	zassert_equal(frame_encode(payload, sizeof(payload), frame), 0);
	for (unsigned int value = 0; value < 2; value++) {
		memset(payload, (int)value, sizeof(payload));
		for (size_t len = 1; len <= FRAME_PAYLOAD_MAX; len++) {
			size_t n = frame_encode(payload, len, frame);

			zassert_true(n > len + 2 && n <= FRAME_MAX);
			zassert_equal(scan_all(frame, n), FRAME_GOOD, "%u bytes",
				      (unsigned int)len);
		}
	}
}

/* However the bytes come, it is the same; several frames in a row are told apart. */
ZTEST(gateway_frame, test_pieces)
{
	uint8_t stream[4 * FRAME_MAX];
	uint8_t payload[300];
	size_t len = 0;

	bytes_from(payload, sizeof(payload), 0);
	for (size_t i = 0; i < 5; i++) {
		len += frame_encode(payload, 1 + i * 70, &stream[len]);
		stream[len++] = 0;
	}
	for (size_t step = 1; step < 40; step++) {
		struct frame_scanner scanner;
		unsigned int good = 0;
		unsigned int idle = 0;

		frame_scanner_begin(&scanner);
		for (size_t at = 0; at < len;) {
			enum frame_verdict verdict;

			at += frame_scan(&scanner, &stream[at], MIN(step, len - at), &verdict);
			good += verdict == FRAME_GOOD ? 1 : 0;
			idle += verdict == FRAME_IDLE ? 1 : 0;
			zassert_true(verdict <= FRAME_IDLE);
		}
		zassert_equal(good, 5);
		zassert_equal(idle, 5);
		zassert_equal(frame_scan_end(&scanner), FRAME_IDLE);
	}
}

/* Each single bit that is wrong is found. */
ZTEST(gateway_frame, test_damage)
{
	uint8_t payload[40];
	uint8_t frame[FRAME_MAX];
	size_t n;

	bytes_from(payload, sizeof(payload), 250);
	n = frame_encode(payload, sizeof(payload), frame);
	for (size_t bit = 0; bit < 8 * (n - 1); bit++) {
		struct frame_scanner scanner;
		enum frame_verdict verdict;

		frame[bit / 8] ^= (uint8_t)(1U << bit % 8);
		frame_scanner_begin(&scanner);
		(void)frame_scan(&scanner, frame, n, &verdict);
		zassert_true(verdict == FRAME_BAD_CRC || verdict == FRAME_CUT ||
				     verdict == FRAME_IDLE,
			     "bit %u: %d", (unsigned int)bit, verdict);
		frame[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
	zassert_equal(scan_all(frame, n), FRAME_GOOD);
}

ZTEST(gateway_frame, test_what_is_none)
{
	static uint8_t noise[2 * FRAME_MAX];
	struct frame_scanner scanner;
	enum frame_verdict verdict;

	zassert_equal(scan_all((const uint8_t *)"\x05zz", 4), FRAME_CUT);
	zassert_equal(scan_all((const uint8_t *)"\x01", 2), FRAME_CUT);
	zassert_equal(scan_all((const uint8_t *)"\x03\xff\xff", 4), FRAME_CUT, "no payload");
	zassert_equal(scan_all((const uint8_t *)"\x04zzz", 5), FRAME_BAD_CRC);
	memset(noise, 1, sizeof(noise));
	noise[FRAME_MAX - 1] = 0;
	zassert_equal(scan_all(noise, FRAME_MAX), FRAME_BAD_CRC, "as long as can be");
	noise[FRAME_MAX - 1] = 1;
	noise[FRAME_MAX] = 0;
	zassert_equal(scan_all(noise, FRAME_MAX + 1), FRAME_TOO_LONG);
	/* And the next one is fine. */
	noise[FRAME_MAX] = 1;
	frame_scanner_begin(&scanner);
	zassert_equal(frame_scan(&scanner, noise, sizeof(noise), &verdict), sizeof(noise));
	zassert_equal(verdict, FRAME_OPEN);
	zassert_true(frame_is_too_long(&scanner));
	(void)frame_scan(&scanner, (const uint8_t *)"", 1, &verdict);
	zassert_equal(verdict, FRAME_TOO_LONG);
	zassert_equal(frame_scan(&scanner,
				 (const uint8_t *)"\x0c"
						  "123456789\x29\xb1",
				 13, &verdict),
		      13);
	zassert_equal(verdict, FRAME_GOOD);
	/* One without its end. */
	(void)frame_scan(&scanner,
			 (const uint8_t *)"\x0c"
					  "123456789\x29\xb1",
			 12, &verdict);
	zassert_equal(verdict, FRAME_OPEN);
	zassert_equal(frame_scan_end(&scanner), FRAME_CUT);
}
