/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Senders, ISRs and processors at once on one source, one pool and two queues, the wiring fixed: in
 * the end sent x sinks = delivered + dropped, handled = queued, for each sink and in all.
 */
#include "balance.h"

#define QUEUED 4

PACKET_EVENT_QUEUE_DEFINE(narrow, 4);
PACKET_EVENT_QUEUE_DEFINE(wide, 16);

static struct tally tallies[6];

PACKET_SOURCE_DEFINE(busy);
PACKET_SINK_DEFINE_WITH_DATA(immediate_1, balance_handler, NULL, &tallies[0]);
PACKET_SINK_DEFINE_QUEUED(narrow_1, balance_handler, narrow);
PACKET_SINK_DEFINE_QUEUED(wide_1, balance_handler, wide);
PACKET_SINK_DEFINE_WITH_DATA(immediate_2, balance_handler, NULL, &tallies[1]);
PACKET_SINK_DEFINE_QUEUED(narrow_2, balance_handler, narrow);
PACKET_SINK_DEFINE_QUEUED(wide_2, balance_handler, wide);
PACKET_CONNECT(&busy, &immediate_1);
PACKET_CONNECT(&busy, &narrow_1);
PACKET_CONNECT(&busy, &wide_1);
PACKET_CONNECT(&busy, &immediate_2);
PACKET_CONNECT(&busy, &narrow_2);
PACKET_CONNECT(&busy, &wide_2);

static struct packet_sink *const queued[QUEUED] = {&narrow_1, &wide_1, &narrow_2, &wide_2};

static struct sender_tally sent;
static struct isr_sender isr_senders[2];

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	memset(tallies, 0, sizeof(tallies));
	for (size_t i = 0; i < QUEUED; i++) {
		queued[i]->user_data = &tallies[2 + i];
	}
	sent = (struct sender_tally){0};
	(void)atomic_set(&balance_damaged, 0);
	for (size_t i = 0; i < ARRAY_SIZE(isr_senders); i++) {
		isr_sender_init(&isr_senders[i], &busy, &sent);
	}
}

ZTEST_SUITE(packet_fan_out, NULL, NULL, before, NULL, NULL);

static void no_wait_work(struct crew_member *me)
{
	balance_send(&busy, &sent, crew_random(me, 4), K_NO_WAIT);
}

static void short_wait_work(struct crew_member *me)
{
	balance_send(&busy, &sent, crew_random(me, 4), K_USEC(crew_random(me, 100)));
}

static void forever_work(struct crew_member *me)
{
	balance_send(&busy, &sent, crew_random(me, 4), K_FOREVER);
}

/* In one of many rounds through irq_offload(), which waits for the ISR. */
static void offload_send(const void *arg)
{
	ARG_UNUSED(arg);
	balance_send(&busy, &sent, shared_random(4), K_NO_WAIT);
}

static void offload_work(struct crew_member *me)
{
	ARG_UNUSED(me);
	port_irq_offload(offload_send, NULL);
}

static void check_balance(void)
{
	uint32_t packets;
	uint32_t deliveries;
	uint32_t handled_queued = 0;
	uint32_t dropped = 0;

	balance_settle(&narrow);
	balance_settle(&wide);
	packets = (uint32_t)atomic_get(&sent.packets);
	deliveries = (uint32_t)atomic_get(&sent.deliveries);
	zassert_equal(atomic_get(&balance_damaged), 0);
	zassert_true(source_counts_are(&busy, packets, deliveries));
	zassert_equal(balance_handled(&immediate_1), packets);
	zassert_equal(balance_handled(&immediate_2), packets);
	for (size_t i = 0; i < QUEUED; i++) {
		uint32_t handled = balance_handled(queued[i]);

		zassert_equal(handled + balance_dropped(queued[i]), packets, "queued sink %u",
			      (unsigned int)i);
		handled_queued += handled;
		dropped += balance_dropped(queued[i]);
	}
	zassert_equal(2 * packets + handled_queued, deliveries);
	zassert_equal((2 + QUEUED) * packets, deliveries + dropped);
	zassert_true(
		queue_count_is(&narrow, balance_handled(&narrow_1) + balance_handled(&narrow_2)));
	zassert_true(queue_count_is(&wide, balance_handled(&wide_1) + balance_handled(&wide_2)));
	TC_PRINT("%u packets, %u deliveries, %u drops\n", (unsigned int)packets,
		 (unsigned int)deliveries, (unsigned int)dropped);
}

ZTEST(packet_fan_out, test_threads)
{
	(void)crew_add(0, no_wait_work, NULL);
	(void)crew_add(0, no_wait_work, NULL);
	(void)crew_add(0, short_wait_work, NULL);
	(void)crew_add(1, process_work, &narrow);
	(void)crew_add(1, process_work, &wide);
	(void)crew_add(1, process_batch_work, &wide);
	crew_run();
	check_balance();
}

ZTEST(packet_fan_out, test_threads_and_isrs)
{
	(void)crew_add(0, no_wait_work, NULL);
	(void)crew_add(0, short_wait_work, NULL);
	(void)crew_add(0, raise_work, &isr_senders[0]);
	(void)crew_add(0, raise_work, &isr_senders[1]);
	(void)crew_add(0, offload_work, NULL);
	(void)crew_add(1, process_work, &narrow);
	(void)crew_add(1, process_batch_work, &wide);
	crew_run();
	check_balance();
}

/* Senders that wait as long as it takes lose nothing. */
ZTEST(packet_fan_out, test_backpressure)
{
	(void)crew_add(0, forever_work, NULL);
	(void)crew_add(0, forever_work, NULL);
	(void)crew_add(0, forever_work, NULL);
	(void)crew_add(1, process_work, &narrow);
	(void)crew_add(1, process_work, &narrow);
	(void)crew_add(1, process_batch_work, &wide);
	crew_run();
	check_balance();
	for (size_t i = 0; i < QUEUED; i++) {
		zassert_equal(balance_dropped(queued[i]), 0);
	}
}

/* Events are processed in ISRs while threads and ISRs send. */
static void isr_process(const void *arg)
{
	int ret = packet_event_process((struct packet_event_queue *)(uintptr_t)arg, K_NO_WAIT);

	if (ret != 0 && ret != -EAGAIN) {
		(void)atomic_inc(&balance_damaged);
	}
}

static void isr_process_work(struct crew_member *me)
{
	port_irq_offload(isr_process, me->arg);
}

ZTEST(packet_fan_out, test_processing_in_isrs)
{
	(void)crew_add(0, no_wait_work, NULL);
	(void)crew_add(0, raise_work, &isr_senders[0]);
	(void)crew_add(1, isr_process_work, &narrow);
	(void)crew_add(1, process_work, &narrow);
	(void)crew_add(1, isr_process_work, &wide);
	crew_run();
	check_balance();
}
