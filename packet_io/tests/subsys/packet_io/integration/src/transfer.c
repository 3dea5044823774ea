/* SPDX-License-Identifier: Apache-2.0 */
/** @file Large transfers in one thread: every byte of every packet, in order, at every sink. */
#include "pattern.h"

#define TOTAL     200000U
#define CHUNK_MAX PACKET_SIZE

PACKET_EVENT_QUEUE_DEFINE(transfer_events, 4);

static struct receiver at_immediate;
static struct receiver at_queued;

PACKET_SOURCE_DEFINE(transfer);
PACKET_SINK_DEFINE_WITH_DATA(transfer_immediate, receiver_handler, NULL, &at_immediate);
PACKET_SINK_DEFINE_WITH_DATA(transfer_queued, receiver_handler, &transfer_events_msgq, &at_queued);
PACKET_CONNECT(&transfer, &transfer_immediate);
PACKET_CONNECT(&transfer, &transfer_queued);

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	at_immediate = (struct receiver){.stream = 1};
	at_queued = (struct receiver){.stream = 1};
}

ZTEST_SUITE(packet_transfer, NULL, NULL, before, NULL, NULL);

static struct net_buf *chunk(uint32_t offset, uint32_t len)
{
	struct net_buf *buf = packet_new(0);

	net_buf_reset(buf);
	pattern_add(buf, 1, offset, len);
	return buf;
}

/* Lengths from nothing to all that fits, none a divisor of the other. */
static uint32_t next_len(uint32_t i, uint32_t left)
{
	uint32_t len = (i * 37U + 11U) % (CHUNK_MAX + 1U);

	return MIN(len, left);
}

ZTEST(packet_transfer, test_large)
{
	uint32_t packets = 0;

	for (uint32_t offset = 0; offset < TOTAL; packets++) {
		uint32_t len = next_len(packets, TOTAL - offset);

		zassert_equal(packet_source_send_consume(&transfer, chunk(offset, len), K_NO_WAIT),
			      2);
		offset += len;
		if (packets % 4 == 3) {
			zassert_equal(queue_drain(&transfer_events), 4);
		}
	}
	(void)queue_drain(&transfer_events);

	zassert_equal(at_immediate.offset, TOTAL);
	zassert_equal(at_immediate.errors, 0);
	zassert_equal(at_immediate.packets, packets);
	zassert_equal(at_queued.offset, TOTAL);
	zassert_equal(at_queued.errors, 0);
	zassert_equal(at_queued.packets, packets);
	zassert_true(source_counts_are(&transfer, packets, 2 * packets));
}

/*
 * The consumer is too slow: it takes three events for every five packets. What it misses is counted,
 * what it gets is whole, and the sink beside it misses nothing.
 */
static uint32_t whole;
static uint32_t last_number;

static void overrun_handler(struct packet_sink *sink, struct net_buf *buf)
{
	uint32_t number = net_buf_pull_le32(buf);

	ARG_UNUSED(sink);
	zassert_true(whole == 0 || number > last_number, "order is kept");
	last_number = number;
	zassert_equal(pattern_errors(buf->data, number, 0, buf->len), 0);
	zassert_equal(buf->len, number % 50);
	whole++;
}

PACKET_SOURCE_DEFINE(overrun);
PACKET_SINK_DEFINE_WITH_DATA(overrun_queued, overrun_handler, &transfer_events_msgq, NULL);
PACKET_SINK_DEFINE_WITH_DATA(overrun_counted, receiver_handler, NULL, &at_immediate);
PACKET_CONNECT(&overrun, &overrun_queued);
PACKET_CONNECT(&overrun, &overrun_counted);

ZTEST(packet_transfer, test_overrun)
{
	uint32_t delivered = 0;
	const uint32_t packets = 2000;

	whole = 0;
	for (uint32_t number = 0; number < packets; number++) {
		struct net_buf *buf = packet_new(0);

		net_buf_reset(buf);
		net_buf_add_le32(buf, number);
		pattern_add(buf, number, 0, number % 50);
		delivered += (uint32_t)packet_source_send_consume(&overrun, buf, K_NO_WAIT);
		if (number % 5 == 4) {
			for (int i = 0; i < 3; i++) {
				zassert_ok(packet_event_process(&transfer_events, K_NO_WAIT));
			}
		}
	}
	(void)queue_drain(&transfer_events);
	zassert_equal(at_immediate.packets, packets);
	zassert_equal(whole, delivered - packets);
	zassert_true(whole < packets);
	zassert_true(sink_counts_are(&overrun_queued, whole, packets - whole));
	zassert_true(source_counts_are(&overrun, packets, delivered));
}

/* All packets of the pool in flight, none left, then all home, and again. */
ZTEST(packet_transfer, test_all_packets_in_flight)
{
	for (uint32_t round = 0; round < 50; round++) {
		for (uint32_t i = 0; i < 4; i++) {
			uint32_t offset = at_queued.offset + i * 10;

			zassert_equal(
				packet_source_send_consume(&transfer, chunk(offset, 10), K_NO_WAIT),
				2);
		}
		zassert_false(packets_all_home());
		zassert_equal(queue_drain(&transfer_events), 4);
		zassert_true(packets_all_home());
	}
	zassert_equal(at_queued.errors, 0);
	zassert_equal(at_queued.offset, 2000);
	zassert_equal(at_immediate.errors, 0);
}
