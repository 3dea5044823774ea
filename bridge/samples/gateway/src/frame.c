/* SPDX-License-Identifier: Apache-2.0 */
#include "frame.h"

#include <zephyr/sys/crc.h>

#include <string.h>

#define CRC_SEED 0xffff
#define CRC_LEN  2

void frame_scanner_begin(struct frame_scanner *scanner)
{
	memset(scanner, 0, sizeof(*scanner));
	scanner->crc = CRC_SEED;
}

bool frame_is_too_long(const struct frame_scanner *scanner)
{
	return scanner->encoded >= FRAME_MAX;
}

/* The frame that is open ends here. */
static enum frame_verdict frame_close(struct frame_scanner *scanner)
{
	enum frame_verdict verdict = FRAME_GOOD;

	if (scanner->encoded == 0) {
		verdict = FRAME_IDLE;
	} else if (frame_is_too_long(scanner)) {
		verdict = FRAME_TOO_LONG;
	} else if (!cobs_complete(&scanner->cobs) || scanner->decoded <= CRC_LEN) {
		verdict = FRAME_CUT;
	} else if (scanner->crc != 0) {
		verdict = FRAME_BAD_CRC;
	} else if (scanner->decoded > FRAME_PAYLOAD_MAX + CRC_LEN) {
		verdict = FRAME_TOO_LONG;
	}
	frame_scanner_begin(scanner);
	return verdict;
}

size_t frame_scan(struct frame_scanner *scanner, const uint8_t *data, size_t len,
		  enum frame_verdict *verdict)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t byte;

		if (data[i] == 0) {
			*verdict = frame_close(scanner);
			return i + 1;
		}
		if (frame_is_too_long(scanner)) {
			continue;
		}
		scanner->encoded++;
		if (cobs_decode(&scanner->cobs, data[i], &byte)) {
			scanner->crc = crc16_itu_t(scanner->crc, &byte, 1);
			scanner->decoded++;
		}
	}
	*verdict = FRAME_OPEN;
	return len;
}

enum frame_verdict frame_scan_end(struct frame_scanner *scanner)
{
	enum frame_verdict verdict = frame_close(scanner);

	return verdict == FRAME_GOOD ? FRAME_CUT : verdict; /* its zero is missing */
}

size_t frame_encode(const uint8_t *payload, size_t len, uint8_t *dst)
{
	uint8_t plain[FRAME_PAYLOAD_MAX + CRC_LEN];
	uint16_t crc;
	size_t n;

	if (len == 0 || len > FRAME_PAYLOAD_MAX) {
		return 0;
	}
	crc = crc16_itu_t(CRC_SEED, payload, len);
	memcpy(plain, payload, len);
	plain[len] = (uint8_t)(crc >> 8);
	plain[len + 1] = (uint8_t)crc;
	n = cobs_encode(plain, len + CRC_LEN, dst);
	dst[n] = 0;
	return n + 1;
}
