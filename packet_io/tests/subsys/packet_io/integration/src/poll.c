/* SPDX-License-Identifier: Apache-2.0 */
/** @file The guide's consumer: a thread that waits on two queues and a shutdown semaphore at once. */
#include "pattern.h"

#ifdef CONFIG_POLL

#define STACK_SIZE 1024
#define PACKETS    600U

PACKET_EVENT_QUEUE_DEFINE(polled_odd, 2);
PACKET_EVENT_QUEUE_DEFINE(polled_even, 3);

static struct receiver odd;
static struct receiver even;

PACKET_SOURCE_DEFINE(odd_source);
PACKET_SOURCE_DEFINE(even_source);
PACKET_SINK_DEFINE_WITH_DATA(odd_sink, receiver_handler, &polled_odd_msgq, &odd);
PACKET_SINK_DEFINE_WITH_DATA(even_sink, receiver_handler, &polled_even_msgq, &even);
PACKET_CONNECT(&odd_source, &odd_sink);
PACKET_CONNECT(&even_source, &even_sink);

static K_SEM_DEFINE(shutdown, 0, 1);
static struct k_poll_event events[3];

static K_THREAD_STACK_DEFINE(stack, STACK_SIZE);
static struct k_thread thread;

static void take_all(struct k_poll_event *event, struct packet_event_queue *queue)
{
	if (event->state == K_POLL_STATE_MSGQ_DATA_AVAILABLE) {
		while (packet_event_process(queue, K_NO_WAIT) == 0) {
		}
	}
	event->state = K_POLL_STATE_NOT_READY;
}

static void consumer(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (;;) {
		(void)k_poll(events, ARRAY_SIZE(events), K_FOREVER);
		take_all(&events[0], &polled_odd);
		take_all(&events[1], &polled_even);
		if (events[2].state == K_POLL_STATE_SEM_AVAILABLE) {
			break;
		}
	}
}

ZTEST_SUITE(packet_polling, NULL, NULL, NULL, NULL, NULL);

ZTEST(packet_polling, test_consumer)
{
	odd = (struct receiver){.stream = 1};
	even = (struct receiver){.stream = 2};
	k_poll_event_init(&events[0], K_POLL_TYPE_MSGQ_DATA_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY,
			  &polled_odd_msgq);
	k_poll_event_init(&events[1], K_POLL_TYPE_MSGQ_DATA_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY,
			  &polled_even_msgq);
	k_poll_event_init(&events[2], K_POLL_TYPE_SEM_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY,
			  &shutdown);
	zassert_not_null(k_thread_create(&thread, stack, STACK_SIZE, consumer, NULL, NULL, NULL,
					 K_PRIO_PREEMPT(1), 0, K_NO_WAIT));

	for (uint32_t i = 0; i < PACKETS; i++) {
		struct net_buf *buf = packet_new(0);

		net_buf_reset(buf);
		pattern_add(buf, i % 3 == 0 ? 2 : 1, (i % 3 == 0 ? i / 3 : i - i / 3 - 1) * 10, 10);
		zassert_equal(packet_source_send_consume(i % 3 == 0 ? &even_source : &odd_source,
							 buf, K_FOREVER),
			      1);
	}
	while (k_msgq_num_used_get(&polled_odd_msgq) > 0 ||
	       k_msgq_num_used_get(&polled_even_msgq) > 0) {
		k_msleep(1);
	}
	k_sem_give(&shutdown);
	zassert_ok(k_thread_join(&thread, K_SECONDS(10)));

	zassert_equal(odd.packets, PACKETS - PACKETS / 3);
	zassert_equal(even.packets, PACKETS / 3);
	zassert_equal(odd.errors, 0);
	zassert_equal(even.errors, 0);
}

#endif /* CONFIG_POLL */
