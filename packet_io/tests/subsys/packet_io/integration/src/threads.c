/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Streaming between threads: two producers that wait for room, a stage in a thread of its own, and a
 * consumer; nothing is dropped, every byte arrives, in order per producer.
 */
#include "pattern.h"

#define STACK_SIZE 1024
#define PRODUCERS  2
#define TOTAL      20000U
#define CHUNK      40U

PACKET_EVENT_QUEUE_DEFINE(stage_events, 2);
PACKET_EVENT_QUEUE_DEFINE(sink_events, 3);
NET_BUF_POOL_DEFINE(tag_pool, 4, 4, 0, NULL);

PACKET_SOURCE_DEFINE(produced);
PACKET_SOURCE_DEFINE(staged);

/* Puts a tag in front; waits for a tag and for room. */
static void tagging_handler(struct packet_sink *sink, struct net_buf *buf)
{
	struct net_buf *tag = net_buf_alloc(&tag_pool, K_FOREVER);

	ARG_UNUSED(sink);
	(void)net_buf_add_u8(tag, 0x5a);
	packet_keep(buf);
	net_buf_frag_add(tag, buf);
	zassert_equal(packet_source_send_consume(&staged, tag, K_FOREVER), 1);
}

static struct receiver streams[PRODUCERS];
static uint32_t bad_tags;

static void consuming_handler(struct packet_sink *sink, struct net_buf *buf)
{
	struct net_buf *data = buf->frags;
	struct receiver *receiver;

	ARG_UNUSED(sink);
	bad_tags += buf->data[0] != 0x5a ? 1 : 0;
	receiver = &streams[data->data[0]];
	receiver->errors +=
		pattern_errors(data->data + 1, receiver->stream, receiver->offset, data->len - 1U);
	receiver->offset += data->len - 1U;
	receiver->packets++;
}

PACKET_SINK_DEFINE_QUEUED(stage_sink, tagging_handler, stage_events);
PACKET_SINK_DEFINE_QUEUED(consumer_sink, consuming_handler, sink_events);
PACKET_CONNECT(&produced, &stage_sink);
PACKET_CONNECT(&staged, &consumer_sink);

static K_THREAD_STACK_ARRAY_DEFINE(stacks, PRODUCERS + 1, STACK_SIZE);
static struct k_thread threads[PRODUCERS + 1];

NET_BUF_POOL_DEFINE(producer_pool, 5, CHUNK + 1U, 0, NULL);

static void producer(void *p1, void *p2, void *p3)
{
	uint32_t id = (uint32_t)(uintptr_t)p1;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (uint32_t offset = 0; offset < TOTAL; offset += CHUNK) {
		struct net_buf *buf = net_buf_alloc(&producer_pool, K_FOREVER);

		(void)net_buf_add_u8(buf, (uint8_t)id);
		pattern_add(buf, id, offset, CHUNK);
		zassert_equal(packet_source_send_consume(&produced, buf, K_FOREVER), 1);
	}
}

static void stage(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (uint32_t i = 0; i < PRODUCERS * TOTAL / CHUNK; i++) {
		zassert_ok(packet_event_process(&stage_sink, K_FOREVER));
	}
}

ZTEST_SUITE(packet_streaming, NULL, NULL, NULL, NULL, NULL);

ZTEST(packet_streaming, test_backpressure)
{
	const uint32_t each = TOTAL / CHUNK;

	bad_tags = 0;
	for (uint32_t i = 0; i < PRODUCERS; i++) {
		streams[i] = (struct receiver){.stream = i};
		zassert_not_null(k_thread_create(&threads[i], stacks[i], STACK_SIZE, producer,
						 (void *)(uintptr_t)i, NULL, NULL,
						 K_PRIO_PREEMPT(2), 0, K_NO_WAIT));
	}
	zassert_not_null(k_thread_create(&threads[PRODUCERS], stacks[PRODUCERS], STACK_SIZE, stage,
					 NULL, NULL, NULL, K_PRIO_PREEMPT(1), 0, K_NO_WAIT));

	for (uint32_t i = 0; i < PRODUCERS * each; i++) {
		zassert_ok(packet_event_process(&sink_events, K_SECONDS(10)));
	}
	for (uint32_t i = 0; i <= PRODUCERS; i++) {
		zassert_ok(k_thread_join(&threads[i], K_SECONDS(10)));
	}
	for (uint32_t i = 0; i < PRODUCERS; i++) {
		zassert_equal(streams[i].packets, each);
		zassert_equal(streams[i].offset, TOTAL);
		zassert_equal(streams[i].errors, 0);
	}
	zassert_equal(bad_tags, 0);
	zassert_true(source_counts_are(&produced, PRODUCERS * each, PRODUCERS * each));
	zassert_true(sink_counts_are(&stage_sink, PRODUCERS * each, 0));
	zassert_true(sink_counts_are(&consumer_sink, PRODUCERS * each, 0));
	zassert_true(queue_count_is(&sink_events, PRODUCERS * each));
}
