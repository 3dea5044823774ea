/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Three things about any bytes: a scanner comes to the same however they come; it agrees with a decoder
 * that was written another way; and what is encoded of them is a good frame, which gives them back.
 */
#include "target.h"

#include "../../src/frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zephyr/sys/crc.h>

#define MOST 4096

static void check(bool holds, const char *what)
{
	if (!holds) {
		(void)fprintf(stderr, "%s\n", what);
		abort();
	}
}

/* The verdict on the @p len bytes before a zero, with everything at hand. */
static enum frame_verdict judge(const uint8_t *frame, size_t len)
{
	static uint8_t plain[MOST];
	size_t n = 0;

	if (len == 0) {
		return FRAME_IDLE;
	}
	if (len >= FRAME_MAX) {
		return FRAME_TOO_LONG;
	}
	for (size_t at = 0; at < len;) {
		size_t group = frame[at] - 1U;

		if (at + 1 + group > len) {
			return FRAME_CUT;
		}
		memcpy(&plain[n], &frame[at + 1], group);
		n += group;
		at += 1 + group;
		if (group != 254 && at < len) {
			plain[n++] = 0;
		}
	}
	if (n < 3) {
		return FRAME_CUT;
	}
	if (crc16_itu_t(0xffff, plain, n - 2) != (uint16_t)(plain[n - 2] << 8 | plain[n - 1])) {
		return FRAME_BAD_CRC;
	}
	return n > FRAME_PAYLOAD_MAX + 2 ? FRAME_TOO_LONG : FRAME_GOOD;
}

static void scan_in_steps(const uint8_t *data, size_t size, size_t step)
{
	struct frame_scanner scanner;
	size_t from = 0;

	frame_scanner_begin(&scanner);
	for (size_t at = 0; at < size;) {
		size_t len = step < size - at ? step : size - at;
		enum frame_verdict verdict;
		size_t n = frame_scan(&scanner, &data[at], len, &verdict);

		check(n > 0 && n <= len, "it looked at too much, or nothing");
		at += n;
		if (verdict == FRAME_OPEN) {
			check(n == len && data[at - 1] != 0, "it went past an end");
		} else {
			check(data[at - 1] == 0, "it ended without a zero");
			check(verdict == judge(&data[from], at - 1 - from), "it judged otherwise");
			from = at;
		}
	}
}

static void there_and_back(const uint8_t *data, size_t size)
{
	static uint8_t frame[FRAME_MAX + 1];
	struct cobs_decoder decoder = {0};
	uint8_t plain[FRAME_PAYLOAD_MAX + 2];
	size_t len = size < FRAME_PAYLOAD_MAX ? size : FRAME_PAYLOAD_MAX;
	size_t n = frame_encode(data, len, frame);
	size_t out = 0;

	check((n == 0) == (len == 0), "what has no payload is no frame");
	if (n == 0) {
		return;
	}
	check(n <= FRAME_MAX && frame[n - 1] == 0 && memchr(frame, 0, n - 1) == NULL,
	      "a zero inside");
	check(judge(frame, n - 1) == FRAME_GOOD, "what was encoded is not good");
	for (size_t i = 0; i + 1 < n; i++) {
		uint8_t byte;

		if (cobs_decode(&decoder, frame[i], &byte)) {
			check(out < sizeof(plain), "it grew");
			plain[out++] = byte;
		}
	}
	check(cobs_complete(&decoder) && out == len + 2 && memcmp(plain, data, len) == 0,
	      "it is not what it was");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size <= MOST) {
		scan_in_steps(data, size, MOST);
		scan_in_steps(data, size, 1);
		scan_in_steps(data, size, size != 0 ? 1U + data[0] % 61 : 1);
		there_and_back(data, size);
	}
	return 0;
}
