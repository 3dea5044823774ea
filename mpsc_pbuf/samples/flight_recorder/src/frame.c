/* SPDX-License-Identifier: Apache-2.0 */
#include "frame.h"

#include <string.h>

#include <zephyr/sys/byteorder.h>
#include <zephyr/sys/crc.h>

#define MARK 0x52544c46U /* "FLTR" */

size_t frame_write(uint8_t *to, const struct frame *frame)
{
	const uint32_t fields[] = {MARK,          frame->len,     frame->run, frame->source,
				   frame->number, frame->time_ms, frame->lost};
	size_t size = FRAME_HEADER + frame->len;

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		sys_put_le32(fields[i], to + 4 * i);
	}
	memcpy(to + FRAME_HEADER, frame->text, frame->len);
	sys_put_le32(crc32_ieee(to, size), to + size);
	return size + 4;
}

enum frame_kind frame_read(const uint8_t *at, size_t left, struct frame *frame, size_t *size)
{
	uint8_t mark[4];
	uint32_t len;

	sys_put_le32(MARK, mark);
	if (memcmp(at, mark, MIN(left, sizeof(mark))) != 0) {
		return FRAME_NONE;
	}
	if (left < FRAME_HEADER) {
		return FRAME_TORN;
	}
	len = sys_get_le32(at + 4);
	if (len > RECORD_TEXT_MAX) {
		return FRAME_NONE;
	}
	if (left < FRAME_HEADER + len + 4) {
		return FRAME_TORN;
	}
	if (crc32_ieee(at, FRAME_HEADER + len) != sys_get_le32(at + FRAME_HEADER + len)) {
		return FRAME_NONE;
	}
	*frame = (struct frame){
		.len = len,
		.run = sys_get_le32(at + 8),
		.source = sys_get_le32(at + 12),
		.number = sys_get_le32(at + 16),
		.time_ms = sys_get_le32(at + 20),
		.lost = sys_get_le32(at + 24),
		.text = (const char *)(at + FRAME_HEADER),
	};
	*size = FRAME_HEADER + len + 4;
	return FRAME_WHOLE;
}
