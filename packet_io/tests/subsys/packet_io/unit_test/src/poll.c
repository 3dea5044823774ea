/* SPDX-License-Identifier: Apache-2.0 */
/** @file The application's own k_poll() on a packet event queue. */
#include "packets.h"

#ifdef CONFIG_POLL

PACKET_EVENT_QUEUE_DEFINE(polled_events, 4);
PACKET_EVENT_QUEUE_DEFINE(silent_events, 4);

PACKET_SOURCE_DEFINE(to_polled);
PACKET_SINK_DEFINE_WITH_DATA(polled_1, trace_packet_handler, &polled_events_msgq, "1");
PACKET_SINK_DEFINE_WITH_DATA(polled_2, trace_packet_handler, &polled_events_msgq, "2");
PACKET_CONNECT(&to_polled, &polled_1);
PACKET_CONNECT(&to_polled, &polled_2);

static struct k_sem shutdown;

static struct k_poll_event events[3];

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	(void)k_sem_init(&shutdown, 0, 1);
	k_poll_event_init(&events[0], K_POLL_TYPE_MSGQ_DATA_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY,
			  &polled_events_msgq);
	k_poll_event_init(&events[1], K_POLL_TYPE_MSGQ_DATA_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY,
			  silent_events.msgq);
	k_poll_event_init(&events[2], K_POLL_TYPE_SEM_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY,
			  &shutdown);
}

ZTEST_SUITE(packet_poll, NULL, NULL, before, NULL, NULL);

ZTEST(packet_poll, test_nothing)
{
	zassert_equal(k_poll(events, ARRAY_SIZE(events), K_NO_WAIT), -EAGAIN);
	zassert_equal(k_poll(events, ARRAY_SIZE(events), K_MSEC(1)), -EAGAIN);
	zassert_equal(events[0].state, K_POLL_STATE_NOT_READY);
}

ZTEST(packet_poll, test_packets)
{
	zassert_equal(packet_source_send_consume(&to_polled, packet_new('a'), K_NO_WAIT), 2);
	zassert_ok(k_poll(events, ARRAY_SIZE(events), K_FOREVER));
	zassert_equal(events[0].state, K_POLL_STATE_MSGQ_DATA_AVAILABLE);
	zassert_equal(events[1].state, K_POLL_STATE_NOT_READY);
	zassert_equal(events[2].state, K_POLL_STATE_NOT_READY);
	while (packet_event_process(&polled_events, K_NO_WAIT) == 0) {
	}
	zassert_str_equal(trace(), "1a2a");

	events[0].state = K_POLL_STATE_NOT_READY;
	zassert_equal(k_poll(events, ARRAY_SIZE(events), K_NO_WAIT), -EAGAIN);
}

/* Events left in the queue are there for the next call, too. */
ZTEST(packet_poll, test_some_left)
{
	zassert_equal(packet_source_send_consume(&to_polled, packet_new('a'), K_NO_WAIT), 2);
	for (int i = 0; i < 2; i++) {
		events[0].state = K_POLL_STATE_NOT_READY;
		zassert_ok(k_poll(events, ARRAY_SIZE(events), K_FOREVER));
		zassert_equal(events[0].state, K_POLL_STATE_MSGQ_DATA_AVAILABLE);
		zassert_ok(packet_event_process(&polled_events, K_NO_WAIT));
	}
	events[0].state = K_POLL_STATE_NOT_READY;
	zassert_equal(k_poll(events, ARRAY_SIZE(events), K_NO_WAIT), -EAGAIN);
}

ZTEST(packet_poll, test_packet_and_shutdown)
{
	zassert_equal(packet_source_send_consume(&to_polled, packet_new('a'), K_NO_WAIT), 2);
	k_sem_give(&shutdown);
	zassert_ok(k_poll(events, ARRAY_SIZE(events), K_FOREVER));
	zassert_equal(events[0].state, K_POLL_STATE_MSGQ_DATA_AVAILABLE);
	zassert_equal(events[2].state, K_POLL_STATE_SEM_AVAILABLE);
	zassert_equal(queue_drain(&polled_events), 2);
}

#endif /* CONFIG_POLL */
