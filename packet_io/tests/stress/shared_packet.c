/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * One packet, sent by several threads and ISRs at once, close to the most references that it can
 * have: never beyond, none lost, each delivery or drop accounted for.
 */
#include "balance.h"

#include <zephyr/irq_offload.h>

#define SINKS 4

PACKET_EVENT_QUEUE_DEFINE(shared_events, 64);

static struct tally tallies[SINKS];

PACKET_SOURCE_DEFINE(crowded);
PACKET_SINK_DEFINE_QUEUED(crowded_1, balance_handler, shared_events);
PACKET_SINK_DEFINE_QUEUED(crowded_2, balance_handler, shared_events);
PACKET_SINK_DEFINE_QUEUED(crowded_3, balance_handler, shared_events);
PACKET_SINK_DEFINE_QUEUED(crowded_4, balance_handler, shared_events);
PACKET_CONNECT(&crowded, &crowded_1);
PACKET_CONNECT(&crowded, &crowded_2);
PACKET_CONNECT(&crowded, &crowded_3);
PACKET_CONNECT(&crowded, &crowded_4);

static struct packet_sink *const sinks[SINKS] = {&crowded_1, &crowded_2, &crowded_3, &crowded_4};
static struct sender_tally sent;
static struct net_buf *packet;

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	memset(tallies, 0, sizeof(tallies));
	for (size_t i = 0; i < SINKS; i++) {
		sinks[i]->user_data = &tallies[i];
	}
	sent = (struct sender_tally){0};
	(void)atomic_set(&balance_damaged, 0);
}

ZTEST_SUITE(packet_shared, NULL, NULL, before, NULL, NULL);

static void count_result(int result)
{
	if (result < 0) {
		(void)atomic_inc(&balance_damaged);
		return;
	}
	(void)atomic_inc(&sent.packets);
	(void)atomic_add(&sent.deliveries, result);
}

static void send_work(struct crew_member *me)
{
	ARG_UNUSED(me);
	count_result(packet_source_send(&crowded, packet, K_NO_WAIT));
}

/* The reference that the call consumes is taken first, if there is one to be had. */
static void consume_work(struct crew_member *me)
{
	ARG_UNUSED(me);
	if (net_buf_ref(packet) != NULL) {
		count_result(packet_source_send_consume(&crowded, packet, K_NO_WAIT));
	}
}

static void isr_send(const void *arg)
{
	ARG_UNUSED(arg);
	count_result(packet_source_send(&crowded, packet, K_NO_WAIT));
}

static void isr_work(struct crew_member *me)
{
	ARG_UNUSED(me);
	port_irq_offload(isr_send, NULL);
}

/* @p room: references that fit beside those that nobody has; SINKS + 1 and less make drops. */
static void check_room(uint16_t room)
{
	uint32_t packets;
	uint32_t deliveries;
	uint32_t handled = 0;
	uint32_t dropped = 0;

	packet = balance_packet();
	zassert_not_null(packet);
	packet->ref = (uint16_t)(PACKET_REFS_MAX - room);
	(void)crew_add(0, send_work, NULL);
	(void)crew_add(0, consume_work, NULL);
	(void)crew_add(0, isr_work, NULL);
	(void)crew_add(1, process_work, &shared_events);
	(void)crew_add(1, process_batch_work, &shared_events);
	crew_run();
	balance_settle(&shared_events);

	zassert_equal(packet->ref, PACKET_REFS_MAX - room, "no reference lost, none too many");
	packet->ref = 1;
	net_buf_unref(packet);
	packets = (uint32_t)atomic_get(&sent.packets);
	deliveries = (uint32_t)atomic_get(&sent.deliveries);
	for (size_t i = 0; i < SINKS; i++) {
		zassert_equal(balance_handled(sinks[i]) + balance_dropped(sinks[i]), packets);
		handled += balance_handled(sinks[i]);
		dropped += balance_dropped(sinks[i]);
	}
	zassert_equal(atomic_get(&balance_damaged), 0);
	zassert_equal(handled, deliveries);
	zassert_equal(handled + dropped, SINKS * packets);
	zassert_true(source_counts_are(&crowded, packets, deliveries));
	TC_PRINT("%u packets, %u drops\n", (unsigned int)packets, (unsigned int)dropped);
}

ZTEST(packet_shared, test_room_for_few)
{
	check_room(SINKS + 1);
}

ZTEST(packet_shared, test_room_for_many)
{
	check_room(40);
}
