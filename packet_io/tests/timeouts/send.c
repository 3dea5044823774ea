/* SPDX-License-Identifier: Apache-2.0 */
/** @file The timeout of a send: a total over all its sinks, shared, exact. */
#include "scene.h"

#include <zephyr/packet_io/batch.h>
#include <zephyr/packet_io/deliver.h>

ZTEST_SUITE(packet_send_timeout, NULL, NULL, scene_before, scene_after, NULL);

/* Send one packet, both ways, in the same scene. */
static void check_send(struct packet_source *src, k_timeout_t timeout, const char *full,
		       const struct step *steps, size_t n, int delivered, int elapsed)
{
	struct net_buf *buf;

	scene_begin(full, steps, n);
	buf = packet_new('p');
	zassert_equal(packet_source_send(src, buf, timeout), delivered);
	zassert_equal(scene_elapsed(), elapsed, "send: %d ms", scene_elapsed());
	scene_end();
	zassert_equal(buf->ref, 1);

	trace_clear();
	scene_begin(full, steps, n);
	zassert_equal(packet_source_send_consume(src, buf, timeout), delivered);
	zassert_equal(scene_elapsed(), elapsed, "consume: %d ms", scene_elapsed());
	scene_end();
}

/* Drops of each sink in the two sends of check_send(). */
static void check_drops(uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
	const uint32_t wanted[QUEUES] = {a, b, c, d};

	for (size_t i = 0; i < QUEUES; i++) {
		uint32_t dropped;

		packet_sink_get_stats(sinks[i], NULL, &dropped);
		zassert_equal(dropped, wanted[i], "sink %u: %u", (unsigned int)i,
			      (unsigned int)dropped);
	}
}

/* ---- no time ---------------------------------------------------------------------------------- */

ZTEST(packet_send_timeout, test_no_wait_one)
{
	check_send(&to_one, K_NO_WAIT, "a", NO_STEPS, 0, 0);
	check_drops(2, 0, 0, 0);
}

ZTEST(packet_send_timeout, test_no_wait_four)
{
	check_send(&to_four, K_NO_WAIT, "abcd", NO_STEPS, 0, 0);
	check_drops(2, 2, 2, 2);
}

ZTEST(packet_send_timeout, test_no_wait_some)
{
	check_send(&to_four, K_NO_WAIT, "ac", NO_STEPS, 2, 0);
	check_drops(2, 0, 2, 0);
}

/* There is room: a timeout costs no time. */
ZTEST(packet_send_timeout, test_room)
{
	check_send(&to_four, K_MSEC(10), "", NO_STEPS, 4, 0);
	check_send(&to_four, K_FOREVER, "", NO_STEPS, 4, 0);
}

/* ---- a short time ----------------------------------------------------------------------------- */

ZTEST(packet_send_timeout, test_short_one)
{
	check_send(&to_one, K_MSEC(10), "a", NO_STEPS, 0, 10);
	check_drops(2, 0, 0, 0);
}

/* Ten milliseconds for all four, not for each. */
ZTEST(packet_send_timeout, test_short_four)
{
	check_send(&to_four, K_MSEC(10), "abcd", NO_STEPS, 0, 10);
	check_drops(2, 2, 2, 2);
}

/* The time is spent on the first; those behind it are still tried. */
ZTEST(packet_send_timeout, test_short_first_full)
{
	check_send(&to_four, K_MSEC(10), "a", NO_STEPS, 3, 10);
	check_drops(2, 0, 0, 0);
}

ZTEST(packet_send_timeout, test_short_some_full)
{
	check_send(&to_four, K_MSEC(10), "ac", NO_STEPS, 2, 10);
	check_drops(2, 0, 2, 0);
}

ZTEST(packet_send_timeout, test_short_last_full)
{
	check_send(&to_four, K_MSEC(10), "d", NO_STEPS, 3, 10);
	check_drops(0, 0, 0, 2);
}

ZTEST(packet_send_timeout, test_one_tick)
{
	int64_t now;

	scene_begin("abcd", NO_STEPS);
	now = k_uptime_ticks();
	zassert_equal(packet_source_send_consume(&to_four, packet_new(0), K_TICKS(1)), 0);
	zassert_equal(k_uptime_ticks() - now, 1);
	scene_end();
}

ZTEST(packet_send_timeout, test_absolute)
{
	int64_t now;

	scene_begin("abcd", NO_STEPS);
	now = k_uptime_ticks();
	zassert_equal(
		packet_source_send_consume(&to_four, packet_new(0), K_TIMEOUT_ABS_TICKS(now + 777)),
		0);
	zassert_equal(k_uptime_ticks(), now + 777);
	zassert_equal(
		packet_source_send_consume(&to_four, packet_new(0), K_TIMEOUT_ABS_TICKS(now + 5)),
		0);
	zassert_equal(k_uptime_ticks(), now + 777, "a moment that has passed is no wait");
	scene_end();
}

/* ---- room that comes in time ------------------------------------------------------------------ */

ZTEST(packet_send_timeout, test_room_comes)
{
	check_send(&to_one, K_MSEC(10), "a", STEPS({4, PROCESS, 0}), 1, 4);
	zassert_str_equal(trace(), "afap", "what was there first comes first");
	check_drops(0, 0, 0, 0);
}

ZTEST(packet_send_timeout, test_room_comes_in_isr)
{
	check_send(&to_one, K_MSEC(10), "a", STEPS({4, PROCESS_IN_ISR, 0}), 1, 4);
}

/* What the first wait leaves is all that the next one has. */
ZTEST(packet_send_timeout, test_room_for_first_only)
{
	check_send(&to_four, K_MSEC(10), "ab", STEPS({4, PROCESS, 0}), 3, 10);
	check_drops(0, 2, 0, 0);
}

ZTEST(packet_send_timeout, test_room_for_two)
{
	check_send(&to_four, K_MSEC(10), "ab", STEPS({4, PROCESS, 0}, {7, PROCESS, 1}), 4, 7);
}

/* Room that has come while it waited for another is found. */
ZTEST(packet_send_timeout, test_room_comes_behind)
{
	check_send(&to_four, K_MSEC(10), "abcd",
		   STEPS({2, PROCESS, 3}, {3, PROCESS, 2}, {4, PROCESS, 1}, {5, PROCESS, 0}), 4, 5);
}

ZTEST(packet_send_timeout, test_room_comes_too_late_for_first)
{
	check_send(&to_four, K_MSEC(10), "ab", STEPS({9, PROCESS, 1}, {11, PROCESS, 0}), 3, 10);
	check_drops(2, 0, 0, 0);
}

/* ---- for ever --------------------------------------------------------------------------------- */

ZTEST(packet_send_timeout, test_forever_one)
{
	check_send(&to_one, K_FOREVER, "a", STEPS({100000, PROCESS, 0}), 1, 100000);
}

ZTEST(packet_send_timeout, test_forever_four)
{
	check_send(&to_four, K_FOREVER, "abcd",
		   STEPS({5, PROCESS, 0}, {15, PROCESS, 1}, {25, PROCESS, 2}, {35, PROCESS, 3}), 4,
		   35);
	check_drops(0, 0, 0, 0);
}

ZTEST(packet_send_timeout, test_forever_four_backwards)
{
	check_send(&to_four, K_FOREVER, "abcd",
		   STEPS({5, PROCESS, 3}, {15, PROCESS, 2}, {25, PROCESS, 1}, {35, PROCESS, 0}), 4,
		   35);
}

/* The queue is emptied by force: the wait ends there, the sink misses the packet. */
ZTEST(packet_send_timeout, test_purge)
{
	check_send(&to_four, K_FOREVER, "a", STEPS({6, PURGE, 0}), 3, 6);
	check_drops(2, 0, 0, 0);
}

/* ---- handlers take time, too ------------------------------------------------------------------ */

static void sleeping_handler(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	ARG_UNUSED(buf);
	k_msleep(6);
}

PACKET_SOURCE_DEFINE(to_slow);
PACKET_SINK_DEFINE_IMMEDIATE(slow, sleeping_handler);
PACKET_EVENT_QUEUE_DEFINE(behind_slow, 1);
PACKET_SINK_DEFINE_WITH_DATA(queued_behind_slow, trace_handler, &behind_slow_msgq, "q");
PACKET_CONNECT(&to_slow, &slow);
PACKET_CONNECT(&to_slow, &queued_behind_slow);

static void check_slow(k_timeout_t timeout, int elapsed)
{
	scene_begin("", NO_STEPS);
	zassert_ok(packet_sink_deliver_consume(&queued_behind_slow, packet_new(0), K_NO_WAIT));
	zassert_equal(packet_source_send_consume(&to_slow, packet_new(0), timeout), 1);
	zassert_equal(scene_elapsed(), elapsed, "%d ms", scene_elapsed());
	zassert_equal(queue_drain(&behind_slow), 1);
	scene_end();
}

ZTEST(packet_send_timeout, test_slow_handler)
{
	check_slow(K_MSEC(10), 10);
	check_slow(K_MSEC(6), 6);
	check_slow(K_MSEC(3), 6);
	check_slow(K_NO_WAIT, 6);
}

/* ---- batches ---------------------------------------------------------------------------------- */

static void check_batch(const char *full, const struct step *steps, size_t n, k_timeout_t timeout,
			int delivered, int elapsed)
{
	struct net_buf *bufs[3] = {packet_new('1'), packet_new('2'), packet_new('3')};

	scene_begin(full, steps, n);
	zassert_equal(packet_source_send_batch_consume(&to_four, bufs, 3, timeout), delivered);
	zassert_equal(scene_elapsed(), elapsed, "%d ms", scene_elapsed());
	scene_end();
}

/* One packet fits in each queue; ten milliseconds for the other two together. */
ZTEST(packet_send_timeout, test_batch)
{
	check_batch("", NO_STEPS, K_MSEC(10), 4, 10);
	check_drops(2, 2, 2, 2);
}

ZTEST(packet_send_timeout, test_batch_full)
{
	check_batch("abcd", NO_STEPS, K_MSEC(10), 0, 10);
	check_drops(3, 3, 3, 3);
}

ZTEST(packet_send_timeout, test_batch_no_wait)
{
	check_batch("a", NO_STEPS, K_NO_WAIT, 3, 0);
	check_drops(3, 2, 2, 2);
}

ZTEST(packet_send_timeout, test_batch_room_comes)
{
	check_batch("", STEPS({4, PROCESS, 0}, {5, PROCESS, 1}, {6, PROCESS, 2}, {7, PROCESS, 3}),
		    K_MSEC(10), 8, 10);
	zassert_str_equal(trace(), "a1b1c1d1a2b2c2d2");
}

ZTEST(packet_send_timeout, test_batch_forever)
{
	check_batch("",
		    STEPS({1, PROCESS, 0}, {2, PROCESS, 1}, {3, PROCESS, 2}, {4, PROCESS, 3},
			  {5, PROCESS, 0}, {6, PROCESS, 1}, {7, PROCESS, 2}, {8, PROCESS, 3}),
		    K_FOREVER, 12, 8);
}

/* ---- one sink --------------------------------------------------------------------------------- */

static void check_deliver(k_timeout_t timeout, const struct step *steps, size_t n, int result,
			  int elapsed)
{
	scene_begin("a", steps, n);
	zassert_equal(packet_sink_deliver_consume(sinks[0], packet_new('p'), timeout), result);
	zassert_equal(scene_elapsed(), elapsed, "%d ms", scene_elapsed());
	scene_end();
}

ZTEST(packet_send_timeout, test_deliver)
{
	check_deliver(K_NO_WAIT, NO_STEPS, -ENOBUFS, 0);
	check_deliver(K_MSEC(10), NO_STEPS, -EAGAIN, 10);
	check_deliver(K_MSEC(10), STEPS({4, PROCESS, 0}), 0, 4);
	check_deliver(K_TIMEOUT_ABS_TICKS(1), NO_STEPS, -EAGAIN, 0);
	check_deliver(K_FOREVER, STEPS({40, PROCESS, 0}), 0, 40);
	check_deliver(K_FOREVER, STEPS({3, PURGE, 0}), -ENOBUFS, 3);
	check_drops(4, 0, 0, 0);
}
