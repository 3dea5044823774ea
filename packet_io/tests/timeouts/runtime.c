/* SPDX-License-Identifier: Apache-2.0 */
/** @file Runtime connections: the same timeout goes on with them, and removal has one of its own. */
#include "scene.h"

#include <zephyr/packet_io/connection.h>

PACKET_SOURCE_DEFINE(to_connected);
PACKET_SOURCE_DEFINE(to_wired_and_connected);
PACKET_EVENT_QUEUE_DEFINE(wired_queue, 1);
PACKET_SINK_DEFINE_WITH_DATA(wired_sink, trace_packet_handler, &wired_queue_msgq, "w");
PACKET_CONNECT(&to_wired_and_connected, &wired_sink);

static struct packet_connection conn[QUEUES];

static void connect_all(struct packet_source *src)
{
	for (size_t i = 0; i < QUEUES; i++) {
		conn[i] = (struct packet_connection){.source = src, .sink = sinks[i]};
		zassert_ok(packet_connection_add(&conn[i]));
	}
}

static void after(void *fixture)
{
	for (size_t i = 0; i < QUEUES; i++) {
		(void)packet_connection_remove(&conn[i]);
	}
	scene_after(fixture);
}

ZTEST_SUITE(packet_runtime_timeout, NULL, NULL, scene_before, after, NULL);

static void check_send(struct packet_source *src, k_timeout_t timeout, const char *full,
		       const struct step *steps, size_t n, int delivered, int elapsed)
{
	scene_begin(full, steps, n);
	zassert_equal(packet_source_send_consume(src, packet_new('p'), timeout), delivered);
	zassert_equal(scene_elapsed(), elapsed, "%d ms", scene_elapsed());
	scene_end();
}

ZTEST(packet_runtime_timeout, test_send)
{
	connect_all(&to_connected);
	check_send(&to_connected, K_NO_WAIT, "abcd", NO_STEPS, 0, 0);
	check_send(&to_connected, K_MSEC(10), "abcd", NO_STEPS, 0, 10);
	check_send(&to_connected, K_MSEC(10), "ac", NO_STEPS, 2, 10);
	check_send(&to_connected, K_MSEC(10), "ab", STEPS({4, PROCESS, 0}), 3, 10);
	check_send(&to_connected, K_MSEC(10), "ab", STEPS({4, PROCESS, 0}, {7, PROCESS, 1}), 4, 7);
	check_send(&to_connected, K_FOREVER, "abcd",
		   STEPS({5, PROCESS, 0}, {15, PROCESS, 1}, {25, PROCESS, 2}, {35, PROCESS, 3}), 4,
		   35);
	check_send(&to_connected, K_FOREVER, "a", STEPS({6, PURGE, 0}), 3, 6);
}

/* The wired sink uses the time up. */
ZTEST(packet_runtime_timeout, test_send_wired_first)
{
	connect_all(&to_wired_and_connected);
	zassert_equal(
		packet_source_send_consume(&to_wired_and_connected, packet_new('1'), K_NO_WAIT), 5);
	check_send(&to_wired_and_connected, K_MSEC(10), "", NO_STEPS, 0, 10);
	check_send(&to_wired_and_connected, K_MSEC(10), "a", NO_STEPS, 3, 10);
	zassert_equal(queue_drain(&wired_queue), 1);
	check_send(&to_wired_and_connected, K_MSEC(10), "a", NO_STEPS, 4, 10);
	zassert_equal(queue_drain(&wired_queue), 1);
}

/* ---- removal ---------------------------------------------------------------------------------- */

static K_THREAD_STACK_DEFINE(sender_stack, 16384);
static struct k_thread sender_thread;

/* Waits for room in queue a, sends to the others. */
static void sender(void *p1, void *p2, void *p3)
{
	int64_t timeout_ms = (int64_t)(intptr_t)p1;
	k_timeout_t timeout = timeout_ms < 0 ? K_FOREVER : K_MSEC(timeout_ms);

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	(void)packet_source_send_consume(&to_connected, packet_new('s'), timeout);
}

static void sender_start(int timeout_ms)
{
	zassert_not_null(k_thread_create(&sender_thread, sender_stack, 16384, sender,
					 (void *)(intptr_t)timeout_ms, NULL, NULL,
					 K_PRIO_PREEMPT(1), 0, K_NO_WAIT));
	k_msleep(1);
}

static void check_remove_sync(int sender_ms, const struct step *steps, size_t n,
			      k_timeout_t timeout, int result, int elapsed)
{
	connect_all(&to_connected);
	scene_begin("a", steps, n);
	sender_start(sender_ms);
	zassert_equal(packet_connection_remove_sync(&conn[0], timeout), result);
	zassert_equal(scene_elapsed(), elapsed, "%d ms", scene_elapsed());
	zassert_equal(packet_connection_remove(&conn[0]), -ENOENT);
	zassert_ok(k_thread_join(&sender_thread, K_FOREVER));
	scene_end();
	for (size_t i = 1; i < QUEUES; i++) {
		zassert_ok(packet_connection_remove(&conn[i]));
	}
}

/* The delivery ends because there is room, because the sender's time is up, or not in time. */
ZTEST(packet_runtime_timeout, test_remove_sync)
{
	check_remove_sync(-1, STEPS({8, PROCESS, 0}), K_FOREVER, 0, 8);
	check_remove_sync(5, NO_STEPS, K_FOREVER, 0, 5);
	check_remove_sync(5, NO_STEPS, K_MSEC(10), 0, 5);
	check_remove_sync(-1, STEPS({30, PROCESS, 0}), K_MSEC(10), -EAGAIN, 11);
	check_remove_sync(-1, STEPS({30, PROCESS, 0}), K_NO_WAIT, -EAGAIN, 1);
}

/* Two deliveries through it: the end of one is not the end, and no reason to wait longer. */
ZTEST(packet_runtime_timeout, test_remove_sync_two_senders)
{
	static K_THREAD_STACK_DEFINE(second_stack, 16384);
	static struct k_thread second;

	connect_all(&to_connected);
	scene_begin("a",
		    STEPS({30, PROCESS, 0}, {31, PROCESS, 1}, {32, PROCESS, 2}, {33, PROCESS, 3}));
	sender_start(-1);
	zassert_not_null(k_thread_create(&second, second_stack, 16384, sender, (void *)5, NULL,
					 NULL, K_PRIO_PREEMPT(1), 0, K_NO_WAIT));
	k_msleep(1);
	zassert_equal(packet_connection_remove_sync(&conn[0], K_MSEC(9)), -EAGAIN);
	zassert_equal(scene_elapsed(), 11, "%d ms", scene_elapsed());

	/* It ends before its time when both have ended. */
	zassert_ok(packet_connection_add(&conn[0]));
	zassert_ok(packet_connection_remove_sync(&conn[0], K_MSEC(100)));
	zassert_equal(scene_elapsed(), 30, "%d ms", scene_elapsed());
	zassert_ok(k_thread_join(&sender_thread, K_FOREVER));
	zassert_ok(k_thread_join(&second, K_FOREVER));
	scene_end();
}

/* A connection that the sender has not come to yet, or has left behind, is gone at once. */
ZTEST(packet_runtime_timeout, test_remove_sync_elsewhere)
{
	connect_all(&to_connected);
	scene_begin("b", STEPS({20, PROCESS, 1}));
	sender_start(-1);
	zassert_ok(packet_connection_remove_sync(&conn[0], K_FOREVER));
	zassert_ok(packet_connection_remove_sync(&conn[2], K_FOREVER));
	zassert_equal(scene_elapsed(), 1);
	zassert_ok(packet_connection_remove_sync(&conn[1], K_FOREVER));
	zassert_equal(scene_elapsed(), 20);
	zassert_ok(k_thread_join(&sender_thread, K_FOREVER));
	scene_end();
	zassert_str_equal(trace(), "bfasbsds");
}
