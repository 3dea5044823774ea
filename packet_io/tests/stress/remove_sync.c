/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * packet_connection_remove_sync() against running handlers: connection, sink and what the handler
 * uses are one piece of memory, allocated for each connection and freed as soon as the call is back.
 * A handler that still ran then would use freed memory: the mark it looks for is gone, and the
 * sanitizers see it.
 */
#include "balance.h"

#include <stdlib.h>

#include <zephyr/packet_io/connection.h>

#define ALIVE 0x600dcafeU
#define DEAD  0xdeaddeadU

PACKET_EVENT_QUEUE_DEFINE(sync_events, 2);

PACKET_SOURCE_DEFINE(synced);

/* All that exists for one connection. */
struct attachment {
	struct packet_connection conn;
	struct packet_sink sink;
	struct tally tally;
	uint32_t mark; /* ALIVE until it is freed */
};

static struct sender_tally sent;
static struct isr_sender isr_senders[1];
static atomic_t used_when_dead;
static atomic_t handled;
static atomic_t deadlocks;
static atomic_t timeouts;
static atomic_t surprises;

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	sent = (struct sender_tally){0};
	(void)atomic_set(&balance_damaged, 0);
	(void)atomic_set(&used_when_dead, 0);
	(void)atomic_set(&handled, 0);
	(void)atomic_set(&deadlocks, 0);
	(void)atomic_set(&timeouts, 0);
	(void)atomic_set(&surprises, 0);
	isr_sender_init(&isr_senders[0], &synced, &sent);
}

ZTEST_SUITE(packet_remove_sync, NULL, NULL, before, NULL, NULL);

/* Uses its memory long enough for others to free it meanwhile. */
static void attached_handler(struct packet_sink *sink, struct net_buf *buf)
{
	struct attachment *attachment = CONTAINER_OF(sink, struct attachment, sink);

	balance_handler(sink, buf);
	for (int i = 0; i < 50; i++) {
		if (*(volatile uint32_t *)&attachment->mark != ALIVE) {
			(void)atomic_inc(&used_when_dead);
		}
	}
	(void)atomic_inc(&handled);
}

/* The same, and tries what must not wait for itself. */
static void impatient_handler(struct packet_sink *sink, struct net_buf *buf)
{
	struct attachment *attachment = CONTAINER_OF(sink, struct attachment, sink);

	attached_handler(sink, buf);
	if (shared_random(4) == 0) {
		int ret = packet_connection_remove_sync(&attachment->conn, K_FOREVER);

		(void)atomic_inc(ret == -EDEADLK ? &deadlocks : &surprises);
	}
}

static struct attachment *attach(packet_handler_t handler)
{
	struct attachment *attachment = calloc(1, sizeof(*attachment));

	zassert_not_null(attachment);
	attachment->mark = ALIVE;
	attachment->sink.handler = handler;
	attachment->sink.user_data = &attachment->tally;
	attachment->conn.source = &synced;
	attachment->conn.sink = &attachment->sink;
	if (packet_connection_add(&attachment->conn) != 0) {
		(void)atomic_inc(&surprises);
	}
	return attachment;
}

static void attachment_free(struct attachment *attachment)
{
	*(volatile uint32_t *)&attachment->mark = DEAD;
	free(attachment);
}

static void send_work(struct crew_member *me)
{
	balance_send(&synced, &sent, crew_random(me, 4), K_NO_WAIT);
}

static void attach_work(struct crew_member *me)
{
	struct attachment *attachment = attach((packet_handler_t)(uintptr_t)me->arg);

	k_busy_wait(crew_random(me, 30));
	if (packet_connection_remove_sync(&attachment->conn, K_FOREVER) != 0) {
		(void)atomic_inc(&surprises);
	}
	attachment_free(attachment);
}

static void check_end(void)
{
	balance_settle(&sync_events);
	zassert_equal(atomic_get(&used_when_dead), 0, "a handler ran after its removal");
	zassert_equal(atomic_get(&surprises), 0);
	zassert_equal(atomic_get(&balance_damaged), 0);
	zassert_equal(atomic_get(&handled), atomic_get(&sent.deliveries));
	TC_PRINT("%u deliveries, %u refused in handlers, %u timeouts\n",
		 (unsigned int)atomic_get(&handled), (unsigned int)atomic_get(&deadlocks),
		 (unsigned int)atomic_get(&timeouts));
}

ZTEST(packet_remove_sync, test_memory_may_go)
{
	(void)crew_add(0, send_work, NULL);
	(void)crew_add(0, send_work, NULL);
	(void)crew_add(0, raise_work, &isr_senders[0]);
	(void)crew_add(1, attach_work, (void *)(uintptr_t)attached_handler);
	(void)crew_add(1, attach_work, (void *)(uintptr_t)attached_handler);
	(void)crew_add(1, attach_work, (void *)(uintptr_t)attached_handler);
	crew_run();
	check_end();
}

ZTEST(packet_remove_sync, test_deadlock_is_refused)
{
	(void)crew_add(0, send_work, NULL);
	(void)crew_add(0, send_work, NULL);
	(void)crew_add(1, attach_work, (void *)(uintptr_t)impatient_handler);
	(void)crew_add(1, attach_work, (void *)(uintptr_t)attached_handler);
	crew_run_until(&deadlocks);
	check_end();
	zassert_true(atomic_get(&deadlocks) > 0);
}

/* With hardly any time to wait: what a delivery may still use is freed at the very end only. */
static struct attachment *undead[100000];
static atomic_t undead_count;

static void impatient_work(struct crew_member *me)
{
	struct attachment *attachment = attach(attached_handler);
	k_timeout_t timeout = crew_random(me, 2) == 0 ? K_NO_WAIT : K_USEC(1);
	int ret;

	/* A sender without a core for seconds makes many of them. */
	if ((size_t)atomic_get(&undead_count) + CREW_MAX > ARRAY_SIZE(undead)) {
		timeout = K_FOREVER;
	}
	k_busy_wait(crew_random(me, 30));
	ret = packet_connection_remove_sync(&attachment->conn, timeout);
	if (ret == 0) {
		attachment_free(attachment);
	} else if (ret == -EAGAIN) {
		atomic_val_t i = atomic_inc(&undead_count);

		(void)atomic_inc(&timeouts);
		zassert_true(i < (atomic_val_t)ARRAY_SIZE(undead));
		undead[i] = attachment;
	} else {
		(void)atomic_inc(&surprises);
	}
}

ZTEST(packet_remove_sync, test_timeouts)
{
	(void)atomic_set(&undead_count, 0);
	(void)crew_add(0, send_work, NULL);
	(void)crew_add(0, send_work, NULL);
	(void)crew_add(0, raise_work, &isr_senders[0]);
	(void)crew_add(1, impatient_work, NULL);
	(void)crew_add(1, impatient_work, NULL);
	crew_run();
	balance_settle(&sync_events);
	for (atomic_val_t i = 0; i < atomic_get(&undead_count); i++) {
		attachment_free(undead[i]);
	}
	check_end();
}

/* Several threads remove the same connection: one does, and none is back while a handler runs. */
static struct attachment *contested;
static atomic_t removed;

static void contest_work(struct crew_member *me)
{
	int ret = packet_connection_remove_sync(&contested->conn, K_FOREVER);

	if (ret == 0) {
		(void)atomic_inc(&removed);
		if (packet_connection_add(&contested->conn) != 0) {
			(void)atomic_inc(&surprises);
		}
	} else if (ret != -ENOENT) {
		(void)atomic_inc(&surprises);
	}
	k_busy_wait(crew_random(me, 10));
}

ZTEST(packet_remove_sync, test_several_removers)
{
	(void)atomic_set(&removed, 0);
	contested = attach(attached_handler);
	(void)crew_add(0, send_work, NULL);
	(void)crew_add(0, send_work, NULL);
	(void)crew_add(0, contest_work, NULL);
	(void)crew_add(0, contest_work, NULL);
	(void)crew_add(0, contest_work, NULL);
	crew_run();
	zassert_ok(packet_connection_remove_sync(&contested->conn, K_NO_WAIT));
	attachment_free(contested);
	zassert_true(atomic_get(&removed) > 0);
	check_end();
}

/* Deliveries that wait for room in a queue are under way, too. */
static void queued_work(struct crew_member *me)
{
	struct packet_sink *sink = me->arg;
	static struct packet_connection conn;

	conn.source = &synced;
	conn.sink = sink;
	if (packet_connection_add(&conn) != 0) {
		(void)atomic_inc(&surprises);
	}
	k_busy_wait(crew_random(me, 50));
	if (packet_connection_remove_sync(&conn, K_FOREVER) != 0) {
		(void)atomic_inc(&surprises);
	}
	memset(&conn, 0, sizeof(conn));
}

static void waiting_send_work(struct crew_member *me)
{
	balance_send(&synced, &sent, crew_random(me, 4), K_FOREVER);
}

ZTEST(packet_remove_sync, test_waiting_senders)
{
	static struct tally tally;
	static struct packet_sink sink = {
		.mode = SINK_MODE_QUEUED,
		.handler = balance_handler,
		.user_data = &tally,
		.msgq = &sync_events_msgq,
	};

	tally = (struct tally){0};
	packet_sink_reset_stats(&sink);
	(void)crew_add(0, waiting_send_work, NULL);
	(void)crew_add(0, waiting_send_work, NULL);
	(void)crew_add(1, queued_work, &sink);
	(void)crew_add(2, process_work, &sync_events);
	crew_run();
	(void)queue_drain(&sync_events);
	(void)atomic_set(&handled, (atomic_val_t)balance_handled(&sink));
	check_end();
	zassert_equal(balance_dropped(&sink), 0);
}
