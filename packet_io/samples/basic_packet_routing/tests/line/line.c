/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The line and the UART of the program for the mps2 board: bytes lost, damaged and too many, at every
 * place. The emulator's UART never loses one, so registers in memory stand for it.
 */
#include <string.h>

#include <zephyr/net_buf/watch.h>
#include <zephyr/sys/byteorder.h>
#include <zephyr/sys/crc.h>
#include <zephyr/ztest.h>

#include <cmsdk_uart.h>

#include "../../mps2/line.h"
#include "../../src/packet.h"

#define PAYLOAD 16U
#define RECORDS 3U
#define STREAM_MAX ((size_t)RECORDS * 2 * (RECORD_SIZE_MAX + 4))

/* Of the record that came last, and of how many. */
static uint32_t came;
static uint32_t wrong;
static uint32_t last_number;

static void take(struct packet_sink *sink, struct net_buf *record)
{
	uint32_t number = sys_get_le32(record->data + 4);

	ARG_UNUSED(sink);
	came++;
	last_number = number;
	for (uint32_t i = 0; i < record->len - RECORD_HEAD_SIZE; i++) {
		if (record->data[RECORD_HEAD_SIZE + i] !=
		    packet_payload_byte(record->data[0], number, i)) {
			wrong++;
			break;
		}
	}
}

PACKET_SINK_DEFINE_IMMEDIATE(taker, take);
PACKET_CONNECT(&sensor1, &taker);
PACKET_CONNECT(&sensor2, &taker);

static uint8_t stream[STREAM_MAX];
static size_t stream_len;

static void put(uint8_t byte)
{
	zassert_true(stream_len < STREAM_MAX);
	stream[stream_len++] = byte;
}

static void put_escaped(const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (data[i] == LINE_END || data[i] == LINE_ESC) {
			put(LINE_ESC);
			put(data[i] == LINE_END ? LINE_ESC_END : LINE_ESC_ESC);
		} else {
			put(data[i]);
		}
	}
}

/* Anything of @p len bytes, as it travels. */
static void put_whole(const uint8_t *data, size_t len)
{
	uint8_t crc[2];

	sys_put_be16(crc16_itu_t(0xffff, data, len), crc);
	put(LINE_END);
	put_escaped(data, len);
	put_escaped(crc, sizeof(crc));
	put(LINE_END);
}

static void put_record(uint8_t sensor, uint32_t number, uint32_t payload)
{
	uint8_t record[RECORD_SIZE_MAX + 1] = {sensor};

	sys_put_le32(number, record + 4);
	for (uint32_t i = 0; i < payload; i++) {
		record[RECORD_HEAD_SIZE + i] = packet_payload_byte(sensor, number, i);
	}
	put_whole(record, RECORD_HEAD_SIZE + payload);
}

static void put_records(void)
{
	stream_len = 0;
	for (uint32_t i = 0; i < RECORDS; i++) {
		put_record((uint8_t)(i % SENSOR_COUNT), 5 + i, PAYLOAD);
	}
}

static void receive(const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		line_receive(data[i]);
	}
}

static struct line_counters at_start;

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	came = 0;
	wrong = 0;
	stream_len = 0;
	at_start = *line_counters();
}

static void expect_home(void)
{
	for (uint8_t i = 0; i < SENSOR_COUNT; i++) {
		zassert_equal(net_buf_pool_free_count(line_pool(i)), line_pool(i)->buf_count);
	}
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	line_receive(LINE_END);
	zassert_equal(wrong, 0);
	expect_home();
}

ZTEST_SUITE(line, NULL, NULL, before, after, NULL);

static void expect(uint32_t records, uint32_t no_buffer, uint32_t damaged)
{
	const struct line_counters *now = line_counters();

	zassert_equal(now->records - at_start.records, records);
	zassert_equal(now->no_buffer - at_start.no_buffer, no_buffer);
	zassert_equal(now->damaged - at_start.damaged, damaged);
	zassert_equal(came, records - no_buffer);
}

ZTEST(line, test_records)
{
	put_records();
	receive(stream, stream_len);
	expect(RECORDS, 0, 0);
	zassert_equal(last_number, 5 + RECORDS - 1);
	zassert_equal(line_counters()->bytes - at_start.bytes, stream_len);
}

ZTEST(line, test_sizes)
{
	put_record(0, 0xdbc0c0db, 0);
	put_record(1, 0xc0dbdbc0, RECORD_SIZE_MAX - RECORD_HEAD_SIZE);
	receive(stream, stream_len);
	expect(2, 0, 0);
	stream_len = 0;
	put_record(0, 1, RECORD_SIZE_MAX - RECORD_HEAD_SIZE + 1);
	put_whole((const uint8_t[7]){0}, 7);
	put_whole((const uint8_t[8]){SENSOR_COUNT}, 8);
	put_whole((const uint8_t[2]){LINE_STOP, LINE_STOP}, 2);
	put_whole(NULL, 0);
	receive(stream, stream_len);
	expect(2, 0, 5);
	zassert_false(line_stopped());
}

/* A byte that is lost costs the record that it is of, no other. */
ZTEST(line, test_every_byte_lost)
{
	put_records();
	for (size_t lost = 0; lost < stream_len; lost++) {
		bool end = stream[lost] == LINE_END;

		before(NULL);
		put_records();
		receive(stream, lost);
		receive(stream + lost + 1, stream_len - lost - 1);
		line_receive(LINE_END); /* of the next one */
		expect(end ? RECORDS : RECORDS - 1, 0, end ? 0 : 1);
		expect_home();
	}
}

/* A bit that is wrong costs one record, or two if it makes one of them. */
ZTEST(line, test_every_bit_wrong)
{
	put_records();
	for (size_t bit = 0; bit < 8 * stream_len; bit++) {
		before(NULL);
		put_records();
		stream[bit / 8] ^= (uint8_t)(1U << bit % 8);
		receive(stream, stream_len);
		line_receive(LINE_END);
		zassert_true(came >= RECORDS - 1 && came <= RECORDS);
		zassert_equal(line_counters()->records - at_start.records, came);
		zassert_true(line_counters()->damaged != at_start.damaged);
		expect_home();
	}
}

/* What is too many, at any place, costs at most the record that it is in. */
ZTEST(line, test_noise_everywhere)
{
	static const uint8_t noises[] = {0, LINE_END, LINE_ESC, LINE_ESC_END, LINE_STOP};

	put_records();
	for (size_t place = 0; place < stream_len; place++) {
		for (size_t i = 0; i < ARRAY_SIZE(noises); i++) {
			before(NULL);
			put_records();
			receive(stream, place);
			line_receive(noises[i]);
			receive(stream + place, stream_len - place);
			zassert_true(came >= RECORDS - 1 && came <= RECORDS);
			expect_home();
		}
	}
}

ZTEST(line, test_no_buffer)
{
	struct net_buf *held[LINE_BUFFERS_2];

	for (size_t i = 0; i < LINE_BUFFERS_2; i++) {
		held[i] = net_buf_alloc(line_pool(1), K_NO_WAIT);
		zassert_not_null(held[i]);
	}
	put_record(1, 0, 8);
	put_record(0, 0, 8);
	put_record(1, 1, 8);
	stream[stream_len - 2] ^= 1; /* nothing was lost that was not whole */
	receive(stream, stream_len);
	expect(2, 1, 1);
	for (size_t i = 0; i < LINE_BUFFERS_2; i++) {
		net_buf_unref(held[i]);
	}
	receive(stream, stream_len);
	expect(4, 1, 2);
}

ZTEST(line, test_a_buffer_for_what_may_be_a_record)
{
	line_receive(0);
	zassert_equal(net_buf_pool_free_count(line_pool(0)), LINE_BUFFERS_1 - 1);
	line_receive(LINE_END);
	expect_home();
	line_receive(SENSOR_COUNT);
	expect_home();
}

/* The last one: nothing comes through any more. */
ZTEST(line, test_z_stop)
{
	uint8_t stop = LINE_STOP;

	zassert_false(line_stopped());
	put_whole(&stop, 1);
	receive(stream, stream_len);
	zassert_true(line_stopped());
	zassert_equal(line_counters()->bytes - at_start.bytes, stream_len);
	put_records();
	receive(stream, stream_len - 10);
	expect(0, 0, 0);
	expect_home();
}

ZTEST(line, test_uart_receives)
{
	struct uart uart = {.data = 'x', .state = UART_STATE_RX_FULL};
	uint32_t overruns = 0;
	uint8_t byte = 0;

	uart_start_receiver(&uart);
	zassert_equal(uart.ctrl, UART_CTRL_RX | UART_CTRL_RX_INTERRUPT);
	zassert_true(uart_receive(&uart, &byte, &overruns));
	zassert_equal(byte, 'x');
	zassert_equal(overruns, 0);
	zassert_equal(uart.interrupt, UART_INTERRUPT_RX);
	zassert_equal(uart.state, UART_STATE_RX_FULL); /* not written to */
	uart.state = 0;
	zassert_false(uart_receive(&uart, &byte, &overruns));
	uart_start_transmitter(&uart);
	uart_stop_receiver(&uart);
	zassert_equal(uart.ctrl, UART_CTRL_TX);
}

ZTEST(line, test_uart_overrun)
{
	struct uart uart = {.data = 'x', .state = UART_STATE_RX_FULL | UART_STATE_RX_OVERRUN};
	uint32_t overruns = 0;
	uint8_t byte = 0;

	zassert_true(uart_receive(&uart, &byte, &overruns));
	zassert_equal(byte, 'x'); /* the byte that came last is good */
	zassert_equal(overruns, 1);
	zassert_equal(uart.state, UART_STATE_RX_OVERRUN); /* written back: that ends it */
	uart.state = UART_STATE_RX_OVERRUN;
	zassert_false(uart_receive(&uart, &byte, &overruns));
	zassert_equal(overruns, 2);
}
