/* SPDX-License-Identifier: Apache-2.0 */
/** @file The counters: exact, and every argument may be NULL. */
#include "packets.h"

#ifdef CONFIG_PACKET_IO_STATS

PACKET_EVENT_QUEUE_DEFINE(stats_events, 2);

PACKET_SOURCE_DEFINE(counted);
PACKET_SINK_DEFINE_WITH_DATA(counted_immediate, trace_handler, NULL, "i");
PACKET_SINK_DEFINE_QUEUED(counted_queued, trace_handler, stats_events);
PACKET_CONNECT(&counted, &counted_immediate);
PACKET_CONNECT(&counted, &counted_queued);

static void *setup(void)
{
	counted_queued.user_data = "q";
	return NULL;
}

ZTEST_SUITE(packet_statistics, NULL, setup, NULL, NULL, NULL);

ZTEST(packet_statistics, test_exact)
{
	for (int i = 0; i < 5; i++) {
		zassert_equal(packet_source_send_consume(&counted, packet_new(0), K_NO_WAIT),
			      i < 2 ? 2 : 1);
	}
	zassert_true(source_counts_are(&counted, 5, 7));
	zassert_true(sink_counts_are(&counted_immediate, 5, 0));
	zassert_true(sink_counts_are(&counted_queued, 0, 3));
	zassert_true(queue_count_is(&stats_events, 0));

	zassert_equal(queue_drain(&stats_events), 2);
	zassert_true(source_counts_are(&counted, 5, 7));
	zassert_true(sink_counts_are(&counted_queued, 2, 3));
	zassert_true(queue_count_is(&stats_events, 2));
}

/* The counters are fields that applications read. */
ZTEST(packet_statistics, test_fields)
{
	zassert_equal(packet_source_send_consume(&counted, packet_new(0), K_NO_WAIT), 2);
	zassert_equal(atomic_get(&counted.send_count), 1);
	zassert_equal(atomic_get(&counted.queued_total), 2);
	zassert_equal(queue_drain(&stats_events), 1);
	zassert_equal(atomic_get(&counted_queued.handled_count), 1);
	zassert_equal(atomic_get(&counted_queued.dropped_count), 0);
	zassert_equal(atomic_get(&stats_events.processed_count), 1);
	zassert_equal_ptr(counted_queued.queue, &stats_events);
}

ZTEST(packet_statistics, test_null_results)
{
	uint32_t value = 77;

	zassert_equal(packet_source_send_consume(&counted, packet_new(0), K_NO_WAIT), 2);
	zassert_equal(queue_drain(&stats_events), 1);
	packet_source_get_stats(&counted, NULL, NULL);
	packet_source_get_stats(&counted, &value, NULL);
	zassert_equal(value, 1);
	packet_source_get_stats(&counted, NULL, &value);
	zassert_equal(value, 2);
	packet_sink_get_stats(&counted_queued, NULL, NULL);
	packet_sink_get_stats(&counted_queued, &value, NULL);
	zassert_equal(value, 1);
	packet_sink_get_stats(&counted_queued, NULL, &value);
	zassert_equal(value, 0);
}

ZTEST(packet_statistics, test_null_objects)
{
	uint32_t first = 77;
	uint32_t second = 77;

	packet_source_get_stats(NULL, &first, &second);
	zassert_equal(first, 0);
	zassert_equal(second, 0);
	first = 77;
	second = 77;
	packet_sink_get_stats(NULL, &first, &second);
	zassert_equal(first, 0);
	zassert_equal(second, 0);
	packet_source_get_stats(NULL, NULL, NULL);
	packet_sink_get_stats(NULL, NULL, NULL);
	packet_source_reset_stats(NULL);
	packet_sink_reset_stats(NULL);
}

ZTEST(packet_statistics, test_reset)
{
	for (int i = 0; i < 3; i++) {
		(void)packet_source_send_consume(&counted, packet_new(0), K_NO_WAIT);
	}
	packet_source_reset_stats(&counted);
	zassert_true(source_counts_are(&counted, 0, 0));
	zassert_true(sink_counts_are(&counted_queued, 0, 1), "sinks are reset by themselves");
	packet_sink_reset_stats(&counted_queued);
	zassert_true(sink_counts_are(&counted_queued, 0, 0));
	zassert_true(sink_counts_are(&counted_immediate, 3, 0));
	zassert_equal(queue_drain(&stats_events), 2);
	zassert_true(sink_counts_are(&counted_queued, 2, 0));
}

/* Counters wrap like the 32-bit numbers in which they are read. */
ZTEST(packet_statistics, test_wrap)
{
	atomic_set(&counted.send_count, (atomic_val_t)UINT32_MAX);
	atomic_set(&counted.queued_total, (atomic_val_t)UINT32_MAX);
	atomic_set(&counted_immediate.handled_count, (atomic_val_t)UINT32_MAX);
	zassert_equal(packet_source_send_consume(&counted, packet_new(0), K_NO_WAIT), 2);
	zassert_true(source_counts_are(&counted, 0, 1));
	zassert_true(sink_counts_are(&counted_immediate, 0, 0));
	zassert_equal(queue_drain(&stats_events), 1);
}

#endif /* CONFIG_PACKET_IO_STATS */
