/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The guide's pipeline: sensors -> processor that puts a header in front by chaining -> a queued
 * sink that takes the bytes apart and an immediate one that looks at the whole. Nothing is copied.
 */
#include "pattern.h"

#include <zephyr/sys/byteorder.h>

#define MAGIC       0x12345678U
#define HEADER_SIZE 8
#define SAMPLE_SIZE 24

NET_BUF_POOL_DEFINE(header_pool, 6, HEADER_SIZE, 4, NULL);

PACKET_SOURCE_DEFINE(sensor_1);
PACKET_SOURCE_DEFINE(sensor_2);

static void processor_handler(struct packet_sink *sink, struct net_buf *data_buf);

PACKET_SINK_DEFINE_IMMEDIATE(processor_input, processor_handler);
PACKET_CONNECT(&sensor_1, &processor_input);
PACKET_CONNECT(&sensor_2, &processor_input);
PACKET_SOURCE_DEFINE(processor_output);

static uint32_t not_forwarded;

static void processor_handler(struct packet_sink *sink, struct net_buf *data_buf)
{
	struct net_buf *header = net_buf_alloc(&header_pool, K_NO_WAIT);

	ARG_UNUSED(sink);
	if (header == NULL) {
		not_forwarded++;
		return;
	}
	net_buf_add_le32(header, MAGIC);
	net_buf_add_le32(header, data_buf->len);
	packet_keep(data_buf);
	net_buf_frag_add(header, data_buf);
	(void)packet_source_send_consume(&processor_output, header, K_NO_WAIT);
}

/* What the validator sees is what the sensor sent: the same memory. */
static const uint8_t *sent_data;
static uint32_t validated;

static void validator_handler(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	zassert_equal(buf->len, HEADER_SIZE);
	zassert_not_null(buf->frags);
	zassert_is_null(buf->frags->frags);
	zassert_equal_ptr(buf->frags->data, sent_data, "not copied");
	zassert_equal(net_buf_frags_len(buf), HEADER_SIZE + SAMPLE_SIZE);
	validated++;
}

/* Takes the header off a copy of the bytes, and checks that the rest are the sensor's next. */
static struct receiver from_sensor[3];

static void tcp_handler(struct packet_sink *sink, struct net_buf *buf)
{
	uint8_t bytes[HEADER_SIZE + SAMPLE_SIZE];
	size_t len = net_buf_linearize(bytes, sizeof(bytes), buf, 0, sizeof(bytes));
	uint32_t id = bytes[HEADER_SIZE];
	struct receiver *receiver = &from_sensor[id];

	ARG_UNUSED(sink);
	zassert_equal(len, sizeof(bytes));
	zassert_equal(sys_get_le32(&bytes[0]), MAGIC);
	zassert_equal(sys_get_le32(&bytes[4]), SAMPLE_SIZE);
	zassert_true(id == 1 || id == 2);
	receiver->errors +=
		pattern_errors(&bytes[HEADER_SIZE + 1], id, receiver->offset, SAMPLE_SIZE - 1);
	receiver->offset += SAMPLE_SIZE - 1;
	receiver->packets++;
}

PACKET_EVENT_QUEUE_DEFINE(tcp_events, 4);
PACKET_SINK_DEFINE_QUEUED(tcp_sink, tcp_handler, tcp_events);
PACKET_SINK_DEFINE_IMMEDIATE(validator, validator_handler);
PACKET_CONNECT(&processor_output, &tcp_sink);
PACKET_CONNECT(&processor_output, &validator);

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	memset(from_sensor, 0, sizeof(from_sensor));
	not_forwarded = 0;
	validated = 0;
}

ZTEST_SUITE(packet_pipeline, NULL, NULL, before, NULL, NULL);

/* A sample is the sensor's number and the next bytes of its stream. */
static void sense(uint32_t id, uint32_t *offset)
{
	struct net_buf *buf = packet_new((uint8_t)id);

	pattern_add(buf, id, *offset, SAMPLE_SIZE - 1);
	*offset += SAMPLE_SIZE - 1;
	sent_data = buf->data;
	zassert_equal(packet_source_send_consume(id == 1 ? &sensor_1 : &sensor_2, buf, K_NO_WAIT),
		      1);
}

ZTEST(packet_pipeline, test_two_sensors)
{
	uint32_t offset_1 = 0;
	uint32_t offset_2 = 0;

	/* Sensor 1 is three times as fast. */
	for (int i = 0; i < 500; i++) {
		for (int j = 0; j < 3; j++) {
			sense(1, &offset_1);
		}
		sense(2, &offset_2);
		zassert_equal(queue_drain(&tcp_events), 4);
	}
	zassert_equal(validated, 2000);
	zassert_equal(from_sensor[1].packets, 1500);
	zassert_equal(from_sensor[2].packets, 500);
	zassert_equal(from_sensor[1].errors, 0);
	zassert_equal(from_sensor[2].errors, 0);
	zassert_true(source_counts_are(&sensor_1, 1500, 1500));
	zassert_true(source_counts_are(&sensor_2, 500, 500));
	zassert_true(source_counts_are(&processor_output, 2000, 4000));
	zassert_true(sink_counts_are(&processor_input, 2000, 0));
	zassert_true(sink_counts_are(&tcp_sink, 2000, 0));
}

/* The queue fills: header and data of a dropped packet go home, the validator saw it all the same. */
ZTEST(packet_pipeline, test_tcp_is_slow)
{
	uint32_t offset = 0;

	for (int i = 0; i < 20; i++) {
		sense(1, &offset);
	}
	zassert_equal(validated, 20);
	zassert_true(sink_counts_are(&tcp_sink, 0, 16));
	zassert_equal(queue_drain(&tcp_events), 4);
	zassert_equal(from_sensor[1].errors, 0, "the first four, in order");
	zassert_equal(not_forwarded, 0);
}

/* No header to be had: the processor drops, the sample goes home. */
ZTEST(packet_pipeline, test_no_headers)
{
	struct net_buf *held[6];
	uint32_t offset = 0;

	for (size_t i = 0; i < ARRAY_SIZE(held); i++) {
		held[i] = net_buf_alloc(&header_pool, K_NO_WAIT);
		zassert_not_null(held[i]);
	}
	sense(1, &offset);
	sense(1, &offset);
	zassert_equal(not_forwarded, 2);
	zassert_equal(validated, 0);
	for (size_t i = 0; i < ARRAY_SIZE(held); i++) {
		net_buf_unref(held[i]);
	}
	offset = 0;
	sense(1, &offset);
	zassert_equal(validated, 1);
	zassert_equal(queue_drain(&tcp_events), 1);
	zassert_equal(from_sensor[1].errors, 0);
}
