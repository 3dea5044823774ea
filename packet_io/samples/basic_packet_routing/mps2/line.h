/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The line that the sensors are at: makes records of its bytes, in an ISR, and sends them.
 *
 * A record (packet.h) travels with a CRC behind it, between two bytes 0xc0, as in SLIP (RFC 1055):
 *
 *     0xc0   record, 8 to 256 bytes   CRC, 2 bytes, high byte first   0xc0
 *
 * The CRC is CRC-16 with the polynomial 0x1021 that starts from 0xffff. Within record and CRC, 0xc0
 * is sent as 0xdb 0xdc, and 0xdb as 0xdb 0xdd. As 0xc0 stands nowhere else, a byte that is lost,
 * damaged or too many costs at most the records it touches; noise between records costs none.
 *
 * In place of a record there can be the single byte LINE_STOP: what comes after it is ignored.
 */
#ifndef BASIC_PACKET_ROUTING_LINE_H_
#define BASIC_PACKET_ROUTING_LINE_H_

#include <zephyr/packet_io/packet_io.h>

/**
 * Buffers for the records of each sensor. One is being filled; the first sensor's fill the queue of
 * the frames, the second's do not.
 */
#define LINE_BUFFERS_1 12U
#define LINE_BUFFERS_2 4U

#define LINE_END     0xc0U /* between records */
#define LINE_ESC     0xdbU /* before a byte that stands for another one */
#define LINE_ESC_END 0xdcU
#define LINE_ESC_ESC 0xddU
#define LINE_STOP    0xffU /* no sensor has this number */

/** Records out, of sensors 0 and 1. */
PACKET_SOURCE_DECLARE(sensor1);
PACKET_SOURCE_DECLARE(sensor2);

/** What came until LINE_STOP, each from 0. Whoever calls line_receive() writes them. */
struct line_counters {
	uint32_t bytes;
	uint32_t records;   /**< that arrived whole */
	uint32_t no_buffer; /**< of those, the ones for which there was no buffer: lost */
	uint32_t damaged;   /**< what came between two bytes 0xc0 and was no record */
};

/**
 * A byte has come. The last byte of a record sends it.
 * Context: ISR, or anything else that is alone in calling this.
 */
void line_receive(uint8_t byte);

/** @return whether LINE_STOP came. Context: any. */
bool line_stopped(void);

/** @return the counters; they stand still while nobody calls line_receive(). */
const struct line_counters *line_counters(void);

/** @return the pool of sensor number @p sensor. */
struct net_buf_pool *line_pool(uint8_t sensor);

#endif /* BASIC_PACKET_ROUTING_LINE_H_ */
