/* SPDX-License-Identifier: Apache-2.0 */
/** @file The processor and the validator by themselves: no threads, no system. */
#include <zephyr/net_buf/watch.h>
#include <zephyr/ztest.h>

#include "../../src/packet.h"
#include "../../src/processor.h"
#include "../../src/validator.h"

#define BUFFERS (PROCESSOR_HEADERS + 2)

NET_BUF_POOL_DEFINE(pool, BUFFERS, RECORD_SIZE_MAX, 0, NULL);

PACKET_SOURCE_DEFINE(records); /* to the processor, as sensors do */
PACKET_SOURCE_DEFINE(packets); /* straight to the validator */

static struct net_buf *seen; /* the last packet the processor made; a reference of its own */

static void keep(struct packet_sink *sink, struct net_buf *packet)
{
	ARG_UNUSED(sink);
	if (seen != NULL) {
		net_buf_unref(seen);
	}
	seen = net_buf_ref(packet);
}

PACKET_SINK_DEFINE_IMMEDIATE(keeper, keep);

PACKET_CONNECT(&records, &processor_in);
PACKET_CONNECT(&processor_out, &keeper);
PACKET_CONNECT(&packets, &validator_in);

static uint32_t failures_before;
static uint32_t bad_before;

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	failures_before = processor_failures();
	bad_before = validator_bad();
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	net_buf_drop(&seen);
	zassert_equal(net_buf_pool_free_count(&pool), BUFFERS);
	zassert_equal(net_buf_pool_free_count(processor_pool()), PROCESSOR_HEADERS);
}

ZTEST_SUITE(pipeline, NULL, NULL, before, after, NULL);

static struct net_buf *make_record(uint8_t sensor, uint32_t sequence, size_t payload_len)
{
	struct net_buf *record = net_buf_alloc(&pool, K_NO_WAIT);

	zassert_not_null(record);
	net_buf_add_u8(record, sensor);
	net_buf_add_le24(record, 0);
	net_buf_add_le32(record, sequence);
	for (size_t i = 0; i < payload_len; i++) {
		net_buf_add_u8(record, packet_payload_byte(sensor, sequence, (uint32_t)i));
	}
	return record;
}

ZTEST(pipeline, test_header_is_chained_not_copied)
{
	struct net_buf *record = make_record(1, 7, 40);
	uint8_t *data = record->data;

	zassert_equal(packet_source_send(&records, record, K_NO_WAIT), 1);
	zassert_not_null(seen);
	zassert_equal(seen->len, PACKET_HEADER_SIZE);
	zassert_equal_ptr(seen->frags, record);
	zassert_equal_ptr(seen->frags->data, data);
	zassert_is_null(record->frags);
	zassert_equal(net_buf_frags_len(seen), PACKET_HEADER_SIZE + RECORD_HEAD_SIZE + 40);
	zassert_equal(net_buf_pull_le32(seen), PACKET_MAGIC);
	zassert_equal(net_buf_pull_le32(seen), RECORD_HEAD_SIZE + 40);
	net_buf_unref(record);
}

ZTEST(pipeline, test_record_in_fragments)
{
	struct net_buf *record = make_record(0, 0, 10);

	record = net_buf_frag_add(record, make_record(0, 0, 20));
	zassert_equal(packet_source_send_consume(&records, record, K_NO_WAIT), 1);
	(void)net_buf_pull_le32(seen);
	zassert_equal(net_buf_pull_le32(seen), 2 * RECORD_HEAD_SIZE + 30);
	zassert_equal(net_buf_frags_len(seen), 2 * RECORD_HEAD_SIZE + 30);
}

ZTEST(pipeline, test_no_header_left)
{
	struct net_buf *headers[PROCESSOR_HEADERS];

	for (size_t i = 0; i < PROCESSOR_HEADERS; i++) {
		headers[i] = net_buf_alloc(processor_pool(), K_NO_WAIT);
		zassert_not_null(headers[i]);
	}
	zassert_equal(packet_source_send_consume(&records, make_record(0, 0, 8), K_NO_WAIT), 1);
	zassert_is_null(seen);
	zassert_equal(processor_failures(), failures_before + 1);
	for (size_t i = 0; i < PROCESSOR_HEADERS; i++) {
		net_buf_unref(headers[i]);
	}
}

ZTEST(pipeline, test_record_with_all_its_references)
{
	struct net_buf *record = make_record(0, 0, 8);

	record->ref = NET_BUF_REF_MAX;
	zassert_equal(packet_source_send(&records, record, K_NO_WAIT), 1);
	zassert_is_null(seen);
	zassert_equal(processor_failures(), failures_before + 1);
	record->ref = 1;
	net_buf_unref(record);
}

/* Send the validator a packet with this header. */
static void validate(uint32_t magic, uint32_t length, struct net_buf *record)
{
	struct net_buf *header = net_buf_alloc(processor_pool(), K_NO_WAIT);

	zassert_not_null(header);
	net_buf_add_le32(header, magic);
	net_buf_add_le32(header, length);
	net_buf_frag_insert(header, record);
	zassert_equal(packet_source_send_consume(&packets, header, K_NO_WAIT), 1);
}

ZTEST(pipeline, test_validator_follows_each_sensor)
{
	uint32_t good[] = {validator_good(0), validator_good(1)};
	uint32_t bad = bad_before;

	for (uint32_t i = 0; i < 5; i++) {
		validate(PACKET_MAGIC, 16, make_record(0, i, 8));
	}
	validate(PACKET_MAGIC, 8, make_record(1, 0, 0));
	zassert_equal(validator_good(0), good[0] + 5);
	zassert_equal(validator_good(1), good[1] + 1);
	zassert_equal(validator_bad(), bad);

	validate(PACKET_MAGIC, 8, make_record(1, 2, 0)); /* one is missing; it goes on from here */
	zassert_equal(validator_bad(), ++bad);
	validate(PACKET_MAGIC, 8, make_record(1, 3, 0));
	zassert_equal(validator_good(1), good[1] + 2);
	validate(PACKET_MAGIC, 8, make_record(1, 3, 0)); /* one comes twice */
	zassert_equal(validator_bad(), ++bad);
	validate(PACKET_MAGIC, 8, make_record(0, 4, 0));
	zassert_equal(validator_bad(), ++bad);
	zassert_equal(validator_good(0), good[0] + 5);
}

ZTEST(pipeline, test_validator_refuses)
{
	uint32_t good;
	struct net_buf *cut;

	/* From here on number 1 of sensor 0 is what it waits for: nothing else is wrong with these. */
	validate(PACKET_MAGIC, 8, make_record(0, 0, 0));
	good = validator_good(0);
	bad_before = validator_bad();
	validate(PACKET_MAGIC + 1, 8, make_record(0, 1, 0));
	validate(PACKET_MAGIC, 7, make_record(0, 1, 0));
	validate(PACKET_MAGIC, 9, make_record(0, 1, 0));
	validate(PACKET_MAGIC, 0xffffffff, make_record(0, 1, 0));
	validate(PACKET_MAGIC, 8, make_record(SENSOR_COUNT, 1, 0));
	validate(PACKET_MAGIC, 8, make_record(255, 1, 0));
	cut = make_record(0, 1, 0);
	(void)net_buf_remove_u8(cut);
	validate(PACKET_MAGIC, 7, cut);
	zassert_equal(packet_source_send_consume(&packets, make_record(0, 1, 0), K_NO_WAIT), 1);
	zassert_equal(validator_bad(), bad_before + 8);
	validate(PACKET_MAGIC, 8, make_record(0, 1, 0));
	zassert_equal(validator_bad(), bad_before + 8);
	zassert_equal(validator_good(0), good + 1);
}
