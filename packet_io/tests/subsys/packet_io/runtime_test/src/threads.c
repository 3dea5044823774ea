/* SPDX-License-Identifier: Apache-2.0 */
/** @file Removing a connection while its handler runs in another thread. */
#include "packets.h"

#include <zephyr/packet_io/connection.h>
#include <zephyr/packet_io/inspect.h>

#define STACK_SIZE 1024
#define SENDERS    2

PACKET_SOURCE_DEFINE(shared);
PACKET_EVENT_QUEUE_DEFINE(shared_events, 1);

/* A handler that says it has begun, and ends when it is told to. */
struct gate {
	struct k_sem begun;
	struct k_sem may_end;
	atomic_t ended;
};

static struct gate gates[2];

static void gated_handler(struct packet_sink *sink, struct net_buf *buf)
{
	struct gate *gate = sink->user_data;

	ARG_UNUSED(buf);
	k_sem_give(&gate->begun);
	(void)k_sem_take(&gate->may_end, K_FOREVER);
	(void)atomic_inc(&gate->ended);
}

PACKET_SINK_DEFINE_WITH_DATA(gated_0, gated_handler, NULL, &gates[0]);
PACKET_SINK_DEFINE_WITH_DATA(gated_1, gated_handler, NULL, &gates[1]);
PACKET_SINK_DEFINE_WITH_DATA(gated_queued, trace_handler, &shared_events_msgq, "q");

static struct packet_connection conn[2];

static K_THREAD_STACK_ARRAY_DEFINE(stacks, SENDERS + 1, STACK_SIZE);
static struct k_thread threads[SENDERS + 1];

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	for (size_t i = 0; i < ARRAY_SIZE(gates); i++) {
		(void)k_sem_init(&gates[i].begun, 0, 10);
		(void)k_sem_init(&gates[i].may_end, 0, 10);
		(void)atomic_set(&gates[i].ended, 0);
	}
	memset(conn, 0, sizeof(conn));
	conn[0].source = &shared;
	conn[0].sink = &gated_0;
	conn[1].source = &shared;
	conn[1].sink = &gated_1;
}

ZTEST_SUITE(packet_threads, NULL, NULL, before, NULL, NULL);

static void thread_start(size_t i, k_thread_entry_t entry, void *arg)
{
	zassert_not_null(k_thread_create(&threads[i], stacks[i], STACK_SIZE, entry, arg, NULL, NULL,
					 K_PRIO_PREEMPT(1), 0, K_NO_WAIT));
}

static void sender(void *arg, void *p2, void *p3)
{
	struct net_buf *buf = arg;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	(void)packet_source_send_consume(&shared, buf, K_FOREVER);
}

/* Two threads, each in the handler of conn[0]. */
static void two_in_handler(void)
{
	zassert_ok(packet_connection_add(&conn[0]));
	for (size_t i = 0; i < SENDERS; i++) {
		thread_start(i, sender, packet_new(0));
		zassert_ok(k_sem_take(&gates[0].begun, K_SECONDS(5)));
	}
}

static void join_all(size_t n)
{
	for (size_t i = 0; i < n; i++) {
		zassert_ok(k_thread_join(&threads[i], K_SECONDS(5)));
	}
}

ZTEST(packet_threads, test_plain_remove_does_not_wait)
{
	two_in_handler();
	zassert_ok(packet_connection_remove(&conn[0]));
	memset(&conn[0], 0xff, sizeof(conn[0]));
	zassert_equal(atomic_get(&gates[0].ended), 0);
	k_sem_give(&gates[0].may_end);
	k_sem_give(&gates[0].may_end);
	join_all(2);
}

ZTEST(packet_threads, test_timeout)
{
	int64_t begin = k_uptime_ticks();

	two_in_handler();
	zassert_equal(packet_connection_remove_sync(&conn[0], K_MSEC(20)), -EAGAIN);
	zassert_true(k_uptime_ticks() - begin >= (int64_t)k_ms_to_ticks_floor64(20));
	zassert_equal(packet_connection_remove(&conn[0]), -ENOENT, "disconnected all the same");
	zassert_equal(packet_source_send_consume(&shared, packet_new(0), K_NO_WAIT), 0);
	k_sem_give(&gates[0].may_end);
	k_sem_give(&gates[0].may_end);
	join_all(2);
}

ZTEST(packet_threads, test_no_wait)
{
	two_in_handler();
	zassert_equal(packet_connection_remove_sync(&conn[0], K_NO_WAIT), -EAGAIN);
	k_sem_give(&gates[0].may_end);
	k_sem_give(&gates[0].may_end);
	join_all(2);
	zassert_ok(packet_connection_add(&conn[0]), "its memory was the caller's again");
	zassert_ok(packet_connection_remove_sync(&conn[0], K_NO_WAIT));
}

/* Lets the handlers end, one after the other, while the main thread waits. */
static void opener(void *p1, void *p2, void *p3)
{
	struct gate *gate = p1;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (int i = 0; i < SENDERS; i++) {
		k_msleep(5);
		k_sem_give(&gate->may_end);
	}
}

ZTEST(packet_threads, test_waits_for_all)
{
	two_in_handler();
	thread_start(2, opener, &gates[0]);
	zassert_ok(packet_connection_remove_sync(&conn[0], K_FOREVER));
	zassert_equal(atomic_get(&gates[0].ended), 2, "no handler runs any more");
	memset(&conn[0], 0xff, sizeof(conn[0]));
	join_all(3);
}

/* Only deliveries through the connection count, not others of its source. */
ZTEST(packet_threads, test_does_not_wait_for_others)
{
	two_in_handler();
	zassert_ok(packet_connection_add(&conn[1]));
	zassert_ok(packet_connection_remove_sync(&conn[1], K_FOREVER));
	zassert_equal(atomic_get(&gates[0].ended), 0);
	thread_start(2, opener, &gates[0]);
	zassert_ok(packet_connection_remove_sync(&conn[0], K_SECONDS(5)));
	join_all(3);
	zassert_equal(atomic_get(&gates[1].ended), 0);
}

/* Removed and added again while a delivery through it runs: that delivery is waited for, too. */
ZTEST(packet_threads, test_waits_for_older_delivery)
{
	two_in_handler();
	zassert_ok(packet_connection_remove(&conn[0]));
	zassert_ok(packet_connection_add(&conn[0]));
	zassert_equal(packet_connection_remove_sync(&conn[0], K_MSEC(5)), -EAGAIN);
	zassert_ok(packet_connection_add(&conn[0]));
	thread_start(2, opener, &gates[0]);
	zassert_ok(packet_connection_remove_sync(&conn[0], K_SECONDS(5)));
	zassert_equal(atomic_get(&gates[0].ended), 2);
	join_all(3);
}

#ifdef __ZEPHYR__ /* on one core, priorities say who runs */

static bool send_returned;
static bool removed_later;

static void low_sender(void *arg, void *p2, void *p3)
{
	struct net_buf *buf = arg;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	(void)packet_source_send(&shared, buf, K_FOREVER);
	send_returned = true;
	net_buf_unref(buf); /* which would have the kernel look who is to run */
}

static void high_remover(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	(void)packet_connection_remove_sync(&conn[0], K_FOREVER);
	removed_later = send_returned;
}

/* The sender that it waited for does not run on before it. */
ZTEST(packet_threads, test_remover_runs_at_once)
{
	send_returned = false;
	removed_later = true;
	zassert_ok(packet_connection_add(&conn[0]));
	thread_start(0, low_sender, packet_new(0));
	zassert_ok(k_sem_take(&gates[0].begun, K_SECONDS(5)));
	thread_start(1, high_remover, NULL);
	k_thread_priority_set(&threads[1], K_PRIO_PREEMPT(0));
	k_msleep(5);
	k_sem_give(&gates[0].may_end);
	join_all(2);
	zassert_true(send_returned);
	zassert_false(removed_later);
}

#endif

/* ---- several removers ------------------------------------------------------------------------- */

struct removal {
	struct packet_connection *conn;
	int result;
};

static void remover(void *p1, void *p2, void *p3)
{
	struct removal *removal = p1;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	removal->result = packet_connection_remove_sync(removal->conn, K_FOREVER);
}

static int meet(struct packet_source *src, struct packet_sink *sink, struct packet_connection *c,
		void *user_data)
{
	ARG_UNUSED(src);
	ARG_UNUSED(sink);
	ARG_UNUSED(c);
	ARG_UNUSED(user_data);
	return 1;
}

/* One of them removes it and waits; to the other it is not connected. */
ZTEST(packet_threads, test_two_removers_of_one)
{
	static struct removal removal;

	removal = (struct removal){.conn = &conn[0], .result = 1};
	zassert_ok(packet_connection_add(&conn[0]));
	thread_start(0, sender, packet_new(0));
	zassert_ok(k_sem_take(&gates[0].begun, K_SECONDS(5)));
	thread_start(1, remover, &removal);
	while (packet_source_foreach_sink(&shared, meet, NULL) != 0) {
		k_msleep(1);
	}
	zassert_equal(packet_connection_remove_sync(&conn[0], K_SECONDS(5)), -ENOENT);
	zassert_equal(atomic_get(&gates[0].ended), 0);
	k_sem_give(&gates[0].may_end);
	join_all(2);
	zassert_ok(removal.result);
}

/* While the first waits it is connected again, and removed again: the delivery is that of both. */
ZTEST(packet_threads, test_removed_again_while_one_waits)
{
	static struct removal removal;

	removal = (struct removal){.conn = &conn[0], .result = 1};
	zassert_ok(packet_connection_add(&conn[0]));
	thread_start(0, sender, packet_new(0));
	zassert_ok(k_sem_take(&gates[0].begun, K_SECONDS(5)));
	thread_start(1, remover, &removal);
	while (packet_source_foreach_sink(&shared, meet, NULL) != 0) {
		k_msleep(1);
	}
	zassert_ok(packet_connection_add(&conn[0]));
	thread_start(2, opener, &gates[0]);
	zassert_ok(packet_connection_remove_sync(&conn[0], K_FOREVER));
	zassert_equal(atomic_get(&gates[0].ended), 1);
	join_all(3);
	zassert_ok(removal.result);
}

/* A delivery through each connection, and a thread that waits for each: they do not mix. */
ZTEST(packet_threads, test_removers_of_two)
{
	static struct removal removal;

	removal = (struct removal){.conn = &conn[1], .result = 1};
	zassert_ok(packet_connection_add(&conn[0]));
	thread_start(0, sender, packet_new(0));
	zassert_ok(k_sem_take(&gates[0].begun, K_SECONDS(5)));
	zassert_ok(packet_connection_remove(&conn[0]));
	zassert_ok(packet_connection_add(&conn[1]));
	thread_start(1, sender, packet_new(0));
	zassert_ok(k_sem_take(&gates[1].begun, K_SECONDS(5)));
	zassert_ok(packet_connection_add(&conn[0]));

	thread_start(2, remover, &removal);
	k_msleep(5);
	zassert_equal(packet_connection_remove_sync(&conn[0], K_MSEC(5)), -EAGAIN);
	k_sem_give(&gates[1].may_end);
	zassert_ok(k_thread_join(&threads[2], K_SECONDS(5)));
	zassert_ok(removal.result);
	zassert_equal(atomic_get(&gates[0].ended), 0);
	k_sem_give(&gates[0].may_end);
	join_all(2);
}

/* ---- a handler that breaks the rule ----------------------------------------------------------- */

static void gated_thief_handler(struct packet_sink *sink, struct net_buf *buf)
{
	gated_handler(sink, buf);
	net_buf_unref(buf);
}

PACKET_SINK_DEFINE_WITH_DATA(gated_thief, gated_thief_handler, NULL, &gates[0]);

/* The send stops there: the delivery has ended all the same. */
ZTEST(packet_threads, test_waits_for_thief)
{
	conn[0].sink = &gated_thief;
	zassert_ok(packet_connection_add(&conn[0]));
	thread_start(0, sender, packet_new(0));
	zassert_ok(k_sem_take(&gates[0].begun, K_SECONDS(5)));
	thread_start(1, opener, &gates[0]);
	zassert_ok(packet_connection_remove_sync(&conn[0], K_FOREVER));
	zassert_equal(atomic_get(&gates[0].ended), 1);
	join_all(2);
}

/* ---- a sender that waits for room in a queue -------------------------------------------------- */

/* Wait until a thread waits for room in @p queue. */
static void let_one_wait_for_room(struct packet_event_queue *queue)
{
#ifndef __ZEPHYR__
	int64_t end = k_uptime_get() + 20000;
	bool nobody;

	do {
		k_spinlock_key_t key = k_spin_lock(&queue->msgq->put.lock);

		nobody = wait_q_empty(&queue->msgq->putters);
		k_spin_unlock(&queue->msgq->put.lock, key);
		k_msleep(1);
	} while (nobody && k_uptime_get() < end);
#else
	ARG_UNUSED(queue);
	k_msleep(5); /* priorities say who runs */
#endif
}

ZTEST(packet_threads, test_waits_for_queued_delivery)
{
	conn[0].sink = &gated_queued;
	zassert_ok(packet_connection_add(&conn[0]));
	zassert_equal(packet_source_send_consume(&shared, packet_new(0), K_NO_WAIT), 1);
	thread_start(0, sender, packet_new(0));
	let_one_wait_for_room(&shared_events);
	zassert_equal(packet_connection_remove_sync(&conn[0], K_MSEC(5)), -EAGAIN);
	zassert_true(queue_drain(&shared_events) > 0);
	join_all(1);
	(void)queue_drain(&shared_events);
	zassert_str_equal(trace(), "qq");
}

#ifdef CONFIG_PACKET_IO_RUNTIME_STACK_CHECK

static void add_and_remove(void *arg, void *p2, void *p3)
{
	struct packet_connection *of_another = arg;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	zassert_ok(packet_connection_add(of_another));
	zassert_ok(packet_connection_remove(of_another));
}

/* What is refused is the caller's own stack. */
ZTEST(packet_threads, test_connection_on_the_stack_of_another_thread)
{
	struct packet_connection local = {.source = &shared, .sink = &gated_0};

	thread_start(0, add_and_remove, &local);
	zassert_ok(k_thread_join(&threads[0], K_FOREVER));
}

#endif
