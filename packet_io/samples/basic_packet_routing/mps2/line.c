/* SPDX-License-Identifier: Apache-2.0 */
#include "line.h"

#include <zephyr/sys/atomic.h>
#include <zephyr/sys/crc.h>

#include "../src/packet.h"

#define CRC_SIZE 2U
#define CRC_SEED 0xffffU
#define SIZE_MAX_ON_LINE (RECORD_SIZE_MAX + CRC_SIZE)

PACKET_SOURCE_DEFINE(sensor1);
PACKET_SOURCE_DEFINE(sensor2);

NET_BUF_POOL_DEFINE(sensor1_pool, LINE_BUFFERS_1, SIZE_MAX_ON_LINE, 0, NULL);
NET_BUF_POOL_DEFINE(sensor2_pool, LINE_BUFFERS_2, SIZE_MAX_ON_LINE, 0, NULL);

/* What came since the last LINE_END. */
static struct {
	struct net_buf *buf; /* takes the bytes; NULL if there is none, or need be none */
	uint32_t len;        /* bytes, without escapes */
	uint16_t crc;        /* of those bytes */
	uint8_t first;       /* of those bytes */
	bool escaped;        /* LINE_ESC came last */
	bool broken;         /* whatever comes, it is no record */
} run = {.crc = CRC_SEED};

static struct line_counters counters;
static atomic_t stopped;

static struct packet_source *source_of(uint8_t sensor)
{
	return sensor == 0 ? &sensor1 : &sensor2;
}

struct net_buf_pool *line_pool(uint8_t sensor)
{
	return sensor == 0 ? &sensor1_pool : &sensor2_pool;
}

bool line_stopped(void)
{
	return atomic_get(&stopped) != 0;
}

static void begin(uint8_t first)
{
	run.first = first;
	if (first < SENSOR_COUNT) {
		/* Without one the record is looked at all the same, so that its loss is counted. */
		run.buf = net_buf_alloc(line_pool(first), K_NO_WAIT);
	}
}

/* The next byte of a record, without its escape. */
static void take(uint8_t byte)
{
	if (run.len == SIZE_MAX_ON_LINE) {
		run.broken = true;
		return;
	}
	if (run.len == 0) {
		begin(byte);
	}
	run.len++;
	run.crc = crc16_itu_t(run.crc, &byte, 1);
	if (run.buf != NULL) {
		net_buf_add_u8(run.buf, byte);
	}
}

static void send_record(void)
{
	struct net_buf *record = run.buf;

	counters.records++;
	if (record == NULL) {
		counters.no_buffer++;
		return;
	}
	run.buf = NULL;
	(void)net_buf_remove_be16(record); /* the CRC */
	(void)packet_source_send_consume(source_of(run.first), record, K_NO_WAIT);
}

static void end(void)
{
	/* The CRC of something with its own CRC behind it is 0. */
	bool whole = !run.broken && !run.escaped && run.len > CRC_SIZE && run.crc == 0;

	if (run.len == 0 && !run.broken && !run.escaped) {
		return; /* nothing came: LINE_END twice */
	}
	if (whole && run.first < SENSOR_COUNT && run.len >= RECORD_HEAD_SIZE + CRC_SIZE) {
		send_record();
	} else if (whole && run.first == LINE_STOP && run.len == 1 + CRC_SIZE) {
		(void)atomic_set(&stopped, 1);
	} else {
		counters.damaged++;
	}
}

static void start_over(void)
{
	if (run.buf != NULL) {
		net_buf_unref(run.buf);
	}
	run.buf = NULL;
	run.len = 0;
	run.crc = CRC_SEED;
	run.escaped = false;
	run.broken = false;
}

void line_receive(uint8_t byte)
{
	if (line_stopped()) {
		return;
	}
	counters.bytes++;
	if (byte == LINE_END) {
		end();
		start_over();
	} else if (run.broken) {
		return;
	} else if (run.escaped) {
		run.escaped = false;
		if (byte == LINE_ESC_END) {
			take(LINE_END);
		} else if (byte == LINE_ESC_ESC) {
			take(LINE_ESC);
		} else {
			run.broken = true;
		}
	} else if (byte == LINE_ESC) {
		run.escaped = true;
	} else {
		take(byte);
	}
}

const struct line_counters *line_counters(void)
{
	return &counters;
}
