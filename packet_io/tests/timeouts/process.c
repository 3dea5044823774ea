/* SPDX-License-Identifier: Apache-2.0 */
/** @file The timeout of processing: until an event comes, and in a batch for the first one only. */
#include "scene.h"

#include <zephyr/packet_io/batch.h>

ZTEST_SUITE(packet_process_timeout, NULL, NULL, scene_before, scene_after, NULL);

static void check_process(const char *full, const struct step *steps, size_t n, k_timeout_t timeout,
			  int result, int elapsed)
{
	scene_begin(full, steps, n);
	zassert_equal(packet_event_process(queues[0], timeout), result);
	zassert_equal(scene_elapsed(), elapsed, "queue: %d ms", scene_elapsed());
	scene_end();

	scene_begin(full, steps, n);
	zassert_equal(packet_event_process(sinks[0], timeout), result);
	zassert_equal(scene_elapsed(), elapsed, "sink: %d ms", scene_elapsed());
	scene_end();
}

ZTEST(packet_process_timeout, test_empty)
{
	check_process("", NO_STEPS, K_NO_WAIT, -EAGAIN, 0);
	check_process("", NO_STEPS, K_MSEC(10), -EAGAIN, 10);
}

ZTEST(packet_process_timeout, test_there)
{
	check_process("a", NO_STEPS, K_NO_WAIT, 0, 0);
	check_process("a", NO_STEPS, K_MSEC(10), 0, 0);
	check_process("a", NO_STEPS, K_FOREVER, 0, 0);
}

ZTEST(packet_process_timeout, test_comes)
{
	check_process("", STEPS({4, SEND, 0}), K_MSEC(10), 0, 4);
	check_process("", STEPS({4000, SEND, 0}), K_FOREVER, 0, 4000);
	check_process("", STEPS({11, SEND, 0}), K_MSEC(10), -EAGAIN, 10);
}

static void check_batch(const char *full, const struct step *steps, size_t n, k_timeout_t timeout,
			int result, int elapsed)
{
	scene_begin(full, steps, n);
	zassert_equal(packet_event_process_batch(queues[0], 5, timeout), result);
	zassert_equal(scene_elapsed(), elapsed, "%d ms", scene_elapsed());
	scene_end();
}

ZTEST(packet_process_timeout, test_batch_empty)
{
	check_batch("", NO_STEPS, K_NO_WAIT, -EAGAIN, 0);
	check_batch("", NO_STEPS, K_MSEC(10), -EAGAIN, 10);
}

/* One is there: no wait for more, although more come in time. */
ZTEST(packet_process_timeout, test_batch_there)
{
	check_batch("a", STEPS({2, SEND, 0}), K_MSEC(10), 1, 0);
	check_batch("a", STEPS({2, SEND, 0}), K_FOREVER, 1, 0);
}

ZTEST(packet_process_timeout, test_batch_comes)
{
	check_batch("", STEPS({4, SEND, 0}, {6, SEND, 0}), K_MSEC(10), 1, 4);
	check_batch("", STEPS({4, SEND, 0}, {6, SEND, 0}), K_FOREVER, 1, 4);
	check_batch("", STEPS({11, SEND, 0}), K_MSEC(10), -EAGAIN, 10);
}

/* Senders that wait for room put their events in as soon as there is some: those are taken, too. */
static void sender(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	zassert_equal(packet_source_send_consume(&to_one, packet_new('s'), K_FOREVER), 1);
}

ZTEST(packet_process_timeout, test_batch_with_waiting_senders)
{
	static K_THREAD_STACK_ARRAY_DEFINE(stacks, 2, 16384);
	static struct k_thread threads[2];

	scene_begin("a", NO_STEPS);
	for (size_t i = 0; i < 2; i++) {
		zassert_not_null(k_thread_create(&threads[i], stacks[i], 16384, sender, NULL, NULL,
						 NULL, K_PRIO_PREEMPT(1), 0, K_NO_WAIT));
	}
	k_msleep(1);
	zassert_equal(packet_event_process_batch(queues[0], 5, K_FOREVER), 3);
	zassert_equal(scene_elapsed(), 1);
	for (size_t i = 0; i < 2; i++) {
		zassert_ok(k_thread_join(&threads[i], K_FOREVER));
	}
	zassert_str_equal(trace(), "afasas");
	scene_end();
}

static void batch_sender(void *p1, void *p2, void *p3)
{
	struct net_buf *bufs[2] = {packet_new('1'), packet_new('2')};

	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	zassert_equal(packet_source_send_batch_consume(&to_one, bufs, 2, K_NO_WAIT), 2);
}

/* The first of a batch wakes who waits. */
ZTEST(packet_process_timeout, test_a_batch_is_waited_for)
{
	static K_THREAD_STACK_DEFINE(stack, 16384);
	static struct k_thread thread;

	scene_begin("", NO_STEPS);
	zassert_not_null(k_thread_create(&thread, stack, 16384, batch_sender, NULL, NULL, NULL,
					 K_PRIO_PREEMPT(1), 0, K_MSEC(4)));
	zassert_ok(packet_event_process(queues[0], K_MSEC(10)));
	zassert_equal(scene_elapsed(), 4);
	zassert_ok(k_thread_join(&thread, K_FOREVER));
	zassert_ok(packet_event_process(queues[0], K_NO_WAIT));
	zassert_str_equal(trace(), "a1a2");
	scene_end();
}
