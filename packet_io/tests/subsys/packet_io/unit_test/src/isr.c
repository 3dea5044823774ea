/* SPDX-License-Identifier: Apache-2.0 */
/** @file Everything that is legal in an ISR, in one. */
#include "packets.h"

#include <zephyr/irq_offload.h>
#include <zephyr/packet_io/batch.h>
#include <zephyr/packet_io/deliver.h>
#include <zephyr/packet_io/inspect.h>

PACKET_EVENT_QUEUE_DEFINE(isr_events, 3);

static uint32_t handled_in_isr;

static void isr_handler(struct packet_sink *sink, struct net_buf *buf)
{
	trace_handler(sink, buf);
	handled_in_isr += k_is_in_isr() ? 1 : 0;
}

PACKET_SOURCE_DEFINE(from_isr);
PACKET_SINK_DEFINE_WITH_DATA(isr_immediate, isr_handler, NULL, "i");
PACKET_SINK_DEFINE_WITH_DATA(isr_queued, isr_handler, &isr_events_msgq, "q");
PACKET_CONNECT(&from_isr, &isr_immediate);
PACKET_CONNECT(&from_isr, &isr_queued);

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	handled_in_isr = 0;
}

ZTEST_SUITE(packet_isr, NULL, NULL, before, NULL, NULL);

/* What a routine did; checks belong to the thread. */
struct result {
	struct net_buf *buf;
	int values[4];
};

static struct result result;

static void isr_send(const void *arg)
{
	ARG_UNUSED(arg);
	result.values[0] = packet_source_send(&from_isr, result.buf, K_NO_WAIT);
	result.values[1] = packet_source_send_consume(&from_isr, result.buf, K_NO_WAIT);
}

ZTEST(packet_isr, test_send)
{
	result.buf = packet_new(0);
	irq_offload(isr_send, NULL);
	zassert_equal(result.values[0], 2);
	zassert_equal(result.values[1], 2);
	zassert_equal(result.buf->ref, 2);
	zassert_str_equal(trace(), "ii");
	zassert_equal(handled_in_isr, 2);
	zassert_equal(queue_drain(&isr_events), 2);
	zassert_equal(handled_in_isr, 2, "queued sinks run in the thread that processes");
	zassert_equal(result.buf->ref, 0);
}

static void isr_send_full(const void *arg)
{
	ARG_UNUSED(arg);
	for (size_t i = 0; i < 4; i++) {
		result.values[i] = packet_source_send(&from_isr, result.buf, K_NO_WAIT);
	}
}

ZTEST(packet_isr, test_full)
{
	result.buf = packet_new(0);
	irq_offload(isr_send_full, NULL);
	zassert_equal(result.values[2], 2);
	zassert_equal(result.values[3], 1);
	zassert_true(sink_counts_are(&isr_queued, 0, 1));
	zassert_equal(queue_drain(&isr_events), 3);
	net_buf_unref(result.buf);
}

static void isr_process(const void *arg)
{
	ARG_UNUSED(arg);
	result.values[0] = packet_event_process(&isr_events, K_NO_WAIT);
	result.values[1] = packet_event_process(&isr_queued, K_NO_WAIT);
	result.values[2] = packet_event_process_batch(&isr_events, 4, K_NO_WAIT);
	result.values[3] = packet_event_process_batch(&isr_events, 4, K_NO_WAIT);
}

ZTEST(packet_isr, test_process)
{
	struct net_buf *buf = packet_new(0);

	for (int i = 0; i < 3; i++) {
		zassert_equal(packet_source_send(&from_isr, buf, K_NO_WAIT), 2);
	}
	irq_offload(isr_process, NULL);
	zassert_ok(result.values[0]);
	zassert_ok(result.values[1]);
	zassert_equal(result.values[2], 1);
	zassert_equal(result.values[3], -EAGAIN);
	zassert_equal(handled_in_isr, 3);
	zassert_equal(buf->ref, 1);
	net_buf_unref(buf);
}

static void isr_deliver(const void *arg)
{
	struct net_buf *bufs[2] = {result.buf, result.buf};

	ARG_UNUSED(arg);
	result.values[0] = packet_sink_deliver(&isr_immediate, result.buf, K_NO_WAIT);
	result.values[1] = packet_sink_deliver(&isr_queued, result.buf, K_NO_WAIT);
	result.values[2] = packet_source_send_batch(&from_isr, bufs, 2, K_NO_WAIT);
	result.values[3] = packet_sink_deliver_consume(&isr_queued, result.buf, K_NO_WAIT);
}

ZTEST(packet_isr, test_deliver_and_batch)
{
	result.buf = packet_new(0);
	irq_offload(isr_deliver, NULL);
	zassert_ok(result.values[0]);
	zassert_ok(result.values[1]);
	zassert_equal(result.values[2], 4);
	zassert_equal(result.values[3], -ENOBUFS);
	zassert_equal(result.buf->ref, 3);
	zassert_equal(queue_drain(&isr_events), 3);
	zassert_equal(result.buf->ref, 0);
}

/* An ISR that allocates, fills and sends, as a driver does. */
NET_BUF_POOL_DEFINE(isr_pool, 2, 8, 0, NULL);

static void isr_driver(const void *arg)
{
	struct net_buf *buf = net_buf_alloc(&isr_pool, K_NO_WAIT);

	ARG_UNUSED(arg);
	if (buf == NULL) {
		result.values[0] = -ENOMEM;
		return;
	}
	(void)net_buf_add_mem(buf, "12345678", 8);
	result.values[0] = packet_source_send_consume(&from_isr, buf, K_NO_WAIT);
}

ZTEST(packet_isr, test_driver)
{
	irq_offload(isr_driver, NULL);
	zassert_equal(result.values[0], 2);
	irq_offload(isr_driver, NULL);
	zassert_equal(result.values[0], 2);
	irq_offload(isr_driver, NULL);
	zassert_equal(result.values[0], -ENOMEM, "both buffers are in the queue");
	zassert_equal(queue_drain(&isr_events), 2);
	irq_offload(isr_driver, NULL);
	zassert_equal(result.values[0], 2);
	zassert_equal(queue_drain(&isr_events), 1);
}
