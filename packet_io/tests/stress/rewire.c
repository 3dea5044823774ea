/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Connectors and disconnectors, in threads, ISRs and in the handlers themselves, while others send.
 * In the end every add that succeeded has its remove, and every delivery was handled.
 */
#include "balance.h"

#include <zephyr/irq_offload.h>
#include <zephyr/packet_io/inspect.h>

#define CONNECTIONS 6

PACKET_EVENT_QUEUE_DEFINE(rewired_events, 32);

static struct tally wired_tally;
static struct tally queued_tally;
static struct tally tallies[CONNECTIONS];
static struct packet_connection conn[CONNECTIONS];
static struct packet_sink sinks[CONNECTIONS];

PACKET_SOURCE_DEFINE(rewired);
PACKET_SINK_DEFINE_WITH_DATA(rewired_wired, balance_handler, NULL, &wired_tally);
PACKET_SINK_DEFINE_WITH_DATA(rewired_queued, balance_handler, &rewired_events_msgq, &queued_tally);
PACKET_CONNECT(&rewired, &rewired_wired);
PACKET_CONNECT(&rewired, &rewired_queued);

static struct sender_tally sent;
static struct isr_sender isr_senders[1];
static atomic_t adds;
static atomic_t removes;
static atomic_t surprises;

static void try_add(size_t i)
{
	int ret = packet_connection_add(&conn[i]);

	if (ret == 0) {
		(void)atomic_inc(&adds);
	} else if (ret != -EBUSY) {
		(void)atomic_inc(&surprises);
	}
}

static void try_remove(size_t i)
{
	int ret = packet_connection_remove(&conn[i]);

	if (ret == 0) {
		(void)atomic_inc(&removes);
	} else if (ret != -ENOENT) {
		(void)atomic_inc(&surprises);
	}
}

/* Now and then it disconnects itself, its neighbour, or reconnects itself or any other. */
static void rewiring_handler(struct packet_sink *sink, struct net_buf *buf)
{
	size_t i = (size_t)(sink - sinks);

	balance_handler(sink, buf);
	switch (shared_random(32)) {
	case 0:
		try_remove(i);
		break;
	case 1:
		try_remove((i + 1) % CONNECTIONS);
		break;
	case 2:
		try_remove(i);
		try_add(i);
		break;
	case 3:
		i = shared_random(CONNECTIONS);
		try_remove(i);
		try_add(i);
		break;
	case 4:
		try_add(shared_random(CONNECTIONS));
		break;
	default:
		break;
	}
}

/* Of the wired sink: keeps connections coming. */
static void connecting_handler(struct packet_sink *sink, struct net_buf *buf)
{
	balance_handler(sink, buf);
	if (shared_random(8) == 0) {
		try_add(shared_random(CONNECTIONS));
	}
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	rewired_wired.handler = balance_handler;
	memset(tallies, 0, sizeof(tallies));
	memset(sinks, 0, sizeof(sinks));
	memset(conn, 0, sizeof(conn));
	for (size_t i = 0; i < CONNECTIONS; i++) {
		sinks[i].handler = balance_handler;
		sinks[i].mode = i % 2 == 0 ? SINK_MODE_IMMEDIATE : SINK_MODE_QUEUED;
		sinks[i].msgq = i % 2 == 0 ? NULL : rewired_events.msgq;
		sinks[i].user_data = &tallies[i];
		conn[i].source = &rewired;
		conn[i].sink = &sinks[i];
	}
	wired_tally = (struct tally){0};
	queued_tally = (struct tally){0};
	sent = (struct sender_tally){0};
	(void)atomic_set(&balance_damaged, 0);
	(void)atomic_set(&adds, 0);
	(void)atomic_set(&removes, 0);
	(void)atomic_set(&surprises, 0);
	isr_sender_init(&isr_senders[0], &rewired, &sent);
}

ZTEST_SUITE(packet_rewire, NULL, NULL, before, NULL, NULL);

static void send_work(struct crew_member *me)
{
	balance_send(&rewired, &sent, crew_random(me, 4), K_NO_WAIT);
}

static void waiting_send_work(struct crew_member *me)
{
	balance_send(&rewired, &sent, crew_random(me, 4), K_USEC(crew_random(me, 50)));
}

static void connect_work(struct crew_member *me)
{
	try_add(crew_random(me, CONNECTIONS));
}

static void disconnect_work(struct crew_member *me)
{
	try_remove(crew_random(me, CONNECTIONS));
}

static void isr_rewire(const void *arg)
{
	ARG_UNUSED(arg);
	try_remove(shared_random(CONNECTIONS));
	try_add(shared_random(CONNECTIONS));
}

static void isr_rewire_work(struct crew_member *me)
{
	ARG_UNUSED(me);
	port_irq_offload(isr_rewire, NULL);
}

static int count_connection(struct packet_source *src, struct packet_sink *sink,
			    struct packet_connection *connection, void *user_data)
{
	uint32_t *count = user_data;

	*count +=
		connection != NULL && connection->source == src && connection->sink == sink ? 1 : 0;
	return 0;
}

/* Somebody who looks, meanwhile. */
static void inspect_work(struct crew_member *me)
{
	uint32_t count = 0;

	ARG_UNUSED(me);
	(void)packet_source_foreach_sink(&rewired, count_connection, &count);
}

static void check_balance(void)
{
	uint32_t packets;
	uint32_t deliveries;
	uint32_t handled;
	uint32_t left = 0;

	balance_settle(&rewired_events);
	zassert_ok(packet_source_foreach_sink(&rewired, count_connection, &left));
	zassert_equal((uint32_t)(atomic_get(&adds) - atomic_get(&removes)), left);
	for (size_t i = 0; i < CONNECTIONS; i++) {
		try_remove(i);
	}
	zassert_equal(atomic_get(&adds), atomic_get(&removes));
	zassert_equal(atomic_get(&surprises), 0);
	zassert_equal(atomic_get(&balance_damaged), 0);

	packets = (uint32_t)atomic_get(&sent.packets);
	deliveries = (uint32_t)atomic_get(&sent.deliveries);
	handled = balance_handled(&rewired_wired);
	zassert_equal(handled, packets);
	zassert_equal(balance_handled(&rewired_queued) + balance_dropped(&rewired_queued), packets);
	handled += balance_handled(&rewired_queued);
	for (size_t i = 0; i < CONNECTIONS; i++) {
		handled += balance_handled(&sinks[i]);
	}
	zassert_equal(handled, deliveries);
	zassert_true(source_counts_are(&rewired, packets, deliveries));
	TC_PRINT("%u packets, %u deliveries, %u connections made\n", (unsigned int)packets,
		 (unsigned int)deliveries, (unsigned int)atomic_get(&adds));
}

ZTEST(packet_rewire, test_connectors_and_disconnectors)
{
	(void)crew_add(0, send_work, NULL);
	(void)crew_add(0, waiting_send_work, NULL);
	(void)crew_add(0, connect_work, NULL);
	(void)crew_add(0, disconnect_work, NULL);
	(void)crew_add(0, isr_rewire_work, NULL);
	(void)crew_add(0, raise_work, &isr_senders[0]);
	(void)crew_add(0, inspect_work, NULL);
	(void)crew_add(1, process_work, &rewired_events);
	(void)crew_add(1, process_batch_work, &rewired_events);
	crew_run();
	check_balance();
}

ZTEST(packet_rewire, test_handlers_that_rewire)
{
	for (size_t i = 0; i < CONNECTIONS; i++) {
		sinks[i].handler = rewiring_handler;
		try_add(i);
	}
	rewired_wired.handler = connecting_handler;
	(void)crew_add(0, send_work, NULL);
	(void)crew_add(0, send_work, NULL);
	(void)crew_add(0, raise_work, &isr_senders[0]);
	(void)crew_add(0, connect_work, NULL);
	(void)crew_add(1, process_work, &rewired_events);
	crew_run();
	check_balance();
}

/* Handlers, threads and ISRs rewire, threads and ISRs send. */
ZTEST(packet_rewire, test_all_at_once)
{
	for (size_t i = 0; i < CONNECTIONS; i += 2) {
		sinks[i].handler = rewiring_handler;
	}
	rewired_wired.handler = connecting_handler;
	(void)crew_add(0, send_work, NULL);
	(void)crew_add(0, send_work, NULL);
	(void)crew_add(0, waiting_send_work, NULL);
	(void)crew_add(0, raise_work, &isr_senders[0]);
	(void)crew_add(0, connect_work, NULL);
	(void)crew_add(0, connect_work, NULL);
	(void)crew_add(0, disconnect_work, NULL);
	(void)crew_add(0, isr_rewire_work, NULL);
	(void)crew_add(1, process_work, &rewired_events);
	(void)crew_add(1, process_batch_work, &rewired_events);
	crew_run();
	check_balance();
}
