/* SPDX-License-Identifier: Apache-2.0 */
#include "packet.h"

#include <stddef.h>

#include <zephyr/sys/byteorder.h>

const char *packet_check_record(const uint8_t *record, uint32_t length,
				const uint32_t next[SENSOR_COUNT])
{
	uint32_t sequence = sys_get_le32(record + 4);

	if (record[0] >= SENSOR_COUNT) {
		return "it comes from a sensor that there is not";
	}
	if (sys_get_le24(record + 1) != 0) {
		return "its record is damaged";
	}
	if (sequence != next[record[0]]) {
		return "it is not the next one of its sensor";
	}
	for (uint32_t i = 0; i < length - RECORD_HEAD_SIZE; i++) {
		if (record[RECORD_HEAD_SIZE + i] != packet_payload_byte(record[0], sequence, i)) {
			return "its payload is damaged";
		}
	}
	return NULL;
}
