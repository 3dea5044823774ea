/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What a packet looks like. Numbers are little-endian.
 *
 *     bytes  0..3    4..7     8       9..11  12..15    16..
 *            magic   length   sensor  0      sequence  payload
 *            `-- header ---'  `------------ record -----------'
 *
 * A sensor makes the record, the processor puts the header before it. The length is that of the
 * record. Each sensor numbers its records from 0 and fills the payload with a pattern that differs
 * from byte to byte, record to record and sensor to sensor, so that a receiver can tell whether
 * anything is missing, doubled or moved.
 */
#ifndef BASIC_PACKET_ROUTING_PACKET_H_
#define BASIC_PACKET_ROUTING_PACKET_H_

#include <stdint.h>

#define PACKET_MAGIC       0x12345678U
#define PACKET_HEADER_SIZE 8U   /* bytes: magic, length */
#define RECORD_HEAD_SIZE   8U   /* bytes: sensor, zeros, sequence */
#define RECORD_SIZE_MAX    256U /* bytes: head and payload */

/** Sensors are numbered from 0. */
#define SENSOR_COUNT 2U

/** @return byte number @p index of the payload of a record. */
static inline uint8_t packet_payload_byte(uint8_t sensor, uint32_t sequence, uint32_t index)
{
	return (uint8_t)(sensor * 101U + sequence * 31U + (sequence >> 8) + index * 7U);
}

/**
 * Check every byte of a record of @p length bytes, RECORD_HEAD_SIZE or more. @p next: the number of
 * the next record of each sensor.   @return what is wrong with it, NULL if nothing is.
 */
const char *packet_check_record(const uint8_t *record, uint32_t length,
				const uint32_t next[SENSOR_COUNT]);

#endif /* BASIC_PACKET_ROUTING_PACKET_H_ */
