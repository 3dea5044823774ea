/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Every fallible call of a scenario fails, one in each run; then that one and all behind it. Whatever
 * fails: no leak, all counts balanced.
 */
#include "inject.h"
#include "packets.h"

#include <zephyr/packet_io/batch.h>
#include <zephyr/packet_io/deliver.h>

ZTEST_SUITE(packet_nth_failure, NULL, NULL, NULL, NULL, NULL);

/* @return a packet, NULL if that fails. */
static struct net_buf *try_packet(struct net_buf_pool *pool, uint8_t content)
{
	struct net_buf *buf = net_buf_alloc(pool, K_NO_WAIT);

	if (buf != NULL) {
		(void)net_buf_add_u8(buf, content);
	}
	return buf;
}

static void send(struct packet_source *src, struct net_buf *buf)
{
	if (buf != NULL) {
		zassert_true(packet_source_send(src, buf, K_NO_WAIT) >= 0);
		net_buf_unref(buf);
	}
}

static void send_consume(struct packet_source *src, struct net_buf *buf)
{
	if (buf != NULL) {
		zassert_true(packet_source_send_consume(src, buf, K_NO_WAIT) >= 0);
	}
}

/* ---- the counts ------------------------------------------------------------------------------- */

static uint32_t sent_of(struct packet_source *src)
{
	uint32_t sent;

	packet_source_get_stats(src, &sent, NULL);
	return sent;
}

static uint32_t delivered_of(struct packet_source *src)
{
	uint32_t delivered;

	packet_source_get_stats(src, NULL, &delivered);
	return delivered;
}

/* @return what @p n sinks handled and dropped together; all that was queued has been handled. */
static uint32_t handled_by(struct packet_sink *const *sinks, size_t n, uint32_t *dropped)
{
	uint32_t handled = 0;

	*dropped = 0;
	for (size_t i = 0; i < n; i++) {
		uint32_t h;
		uint32_t d;

		packet_sink_get_stats(sinks[i], &h, &d);
		handled += h;
		*dropped += d;
	}
	return handled;
}

static void reset(struct packet_source *src, struct packet_sink *const *sinks, size_t n)
{
	packet_source_reset_stats(src);
	for (size_t i = 0; i < n; i++) {
		packet_sink_reset_stats(sinks[i]);
	}
	trace_clear();
}

/* ---- running a scenario ----------------------------------------------------------------------- */

struct scenario {
	void (*run)(void);
	void (*check)(void); /* with nothing failing any more */
};

static uint32_t run_once(const struct scenario *scenario, uint32_t nth, bool stay)
{
	uint32_t calls;

	inject_begin(nth, stay);
	scenario->run();
	calls = inject_end();
	scenario->check();
	zassert_true(packets_all_home(), "call %u%s", (unsigned int)nth, stay ? " and on" : "");
	return calls;
}

static void run_all(const struct scenario *scenario, uint32_t expected_calls)
{
	uint32_t calls = run_once(scenario, 0, false);

	zassert_true(calls >= expected_calls, "only %u calls that may fail", (unsigned int)calls);
	for (uint32_t nth = 1; nth <= calls; nth++) {
		(void)run_once(scenario, nth, false);
		(void)run_once(scenario, nth, true);
	}
	zassert_equal(run_once(scenario, 0, false), calls, "as at the beginning");
}

/* ---- sending ---------------------------------------------------------------------------------- */

NET_BUF_POOL_DEFINE(send_pool, 4, 8, 0, NULL);
PACKET_EVENT_QUEUE_DEFINE(send_queue, 6);

PACKET_SOURCE_DEFINE(fan);
PACKET_SINK_DEFINE_WITH_DATA(fan_1, trace_handler, &send_queue_msgq, "1");
PACKET_SINK_DEFINE_WITH_DATA(fan_2, trace_handler, NULL, "2");
PACKET_SINK_DEFINE_WITH_DATA(fan_3, trace_handler, &send_queue_msgq, "3");
PACKET_SINK_DEFINE_WITH_DATA(fan_4, trace_handler, &send_queue_msgq, "4");
PACKET_CONNECT(&fan, &fan_1);
PACKET_CONNECT(&fan, &fan_2);
PACKET_CONNECT(&fan, &fan_3);
PACKET_CONNECT(&fan, &fan_4);

static struct packet_sink *const fan_sinks[] = {&fan_1, &fan_2, &fan_3, &fan_4};
static uint32_t delivered_directly;
static uint32_t tried_directly;

static void deliver(struct packet_sink *sink, bool consume)
{
	struct net_buf *buf = try_packet(&send_pool, 0);
	int ret;

	if (buf == NULL) {
		return;
	}
	tried_directly++;
	if (consume) {
		ret = packet_sink_deliver_consume(sink, buf, K_NO_WAIT);
	} else {
		ret = packet_sink_deliver(sink, buf, K_NO_WAIT);
		net_buf_unref(buf);
	}
	zassert_true(ret == 0 || ret == -ENOBUFS);
	delivered_directly += ret == 0 ? 1 : 0;
}

static void run_send(void)
{
	struct net_buf *bufs[2] = {NULL, NULL};

	delivered_directly = 0;
	tried_directly = 0;
	reset(&fan, fan_sinks, ARRAY_SIZE(fan_sinks));
	send(&fan, try_packet(&send_pool, 0));
	send_consume(&fan, try_packet(&send_pool, 0));
	(void)packet_event_process_batch(&send_queue, 6, K_NO_WAIT);

	for (size_t i = 0; i < 2; i++) {
		bufs[i] = try_packet(&send_pool, 0);
		if (bufs[i] == NULL) {
			if (i == 1) {
				net_buf_unref(bufs[0]);
			}
			return;
		}
	}
	zassert_true(packet_source_send_batch_consume(&fan, bufs, 2, K_NO_WAIT) >= 0);
	deliver(&fan_2, true);
	(void)packet_event_process(&fan_1, K_NO_WAIT);
	deliver(&fan_3, true);
	(void)packet_event_process(&send_queue, K_NO_WAIT);
	deliver(&fan_4, false);
}

static void check_send(void)
{
	uint32_t dropped;
	uint32_t handled;

	(void)queue_drain(&send_queue);
	handled = handled_by(fan_sinks, ARRAY_SIZE(fan_sinks), &dropped);
	zassert_equal(handled, delivered_of(&fan) + delivered_directly);
	zassert_equal(handled + dropped, 4 * sent_of(&fan) + tried_directly);
	zassert_equal(strlen(trace()), handled);
}

ZTEST(packet_nth_failure, test_send)
{
	run_all(&(struct scenario){run_send, check_send}, 30);
}

/* ---- chaining: header + data, twice ----------------------------------------------------------- */

NET_BUF_POOL_DEFINE(header_pool, 4, 8, 0, NULL);
PACKET_EVENT_QUEUE_DEFINE(chain_queue, 4);

PACKET_SOURCE_DEFINE(raw);
PACKET_SOURCE_DEFINE(framed);
PACKET_SOURCE_DEFINE(wrapped);
static uint32_t stages_entered;
static uint32_t stages_left;

static void framing_handler(struct packet_sink *sink, struct net_buf *buf)
{
	struct net_buf *header = try_packet(&header_pool, 'h');

	stages_entered++;
	if (header == NULL) {
		return;
	}
	if (net_buf_ref(buf) == NULL) {
		net_buf_unref(header);
		return;
	}
	net_buf_frag_add(header, buf);
	stages_left++;
	send_consume(sink->user_data, header);
}

static void end_handler(struct packet_sink *sink, struct net_buf *buf)
{
	uint8_t bytes[4];

	ARG_UNUSED(sink);
	zassert_equal(net_buf_linearize(bytes, sizeof(bytes), buf, 0, 4), 3);
	zassert_mem_equal(bytes, "hhd", 3);
}

PACKET_SINK_DEFINE_WITH_DATA(framer, framing_handler, NULL, &framed);
PACKET_SINK_DEFINE_WITH_DATA(wrapper, framing_handler, &chain_queue_msgq, &wrapped);
PACKET_SINK_DEFINE_WITH_DATA(chain_end, end_handler, &chain_queue_msgq, NULL);
PACKET_SINK_DEFINE_WITH_DATA(chain_watch, end_handler, NULL, NULL);
PACKET_CONNECT(&raw, &framer);
PACKET_CONNECT(&framed, &wrapper);
PACKET_CONNECT(&wrapped, &chain_end);
PACKET_CONNECT(&wrapped, &chain_watch);

static void run_chain(void)
{
	stages_entered = 0;
	stages_left = 0;
	reset(&raw, (struct packet_sink *const[]){&framer, &wrapper, &chain_end, &chain_watch}, 4);
	packet_source_reset_stats(&framed);
	packet_source_reset_stats(&wrapped);
	for (int i = 0; i < 3; i++) {
		send_consume(&raw, try_packet(&send_pool, 'd'));
		(void)packet_event_process(&chain_queue, K_NO_WAIT);
	}
	(void)packet_event_process_batch(&chain_queue, 2, K_NO_WAIT);
}

static void check_chain(void)
{
	uint32_t wrapper_dropped;
	uint32_t end_dropped;

	(void)queue_drain(&chain_queue);
	zassert_equal(sent_of(&raw), delivered_of(&raw));
	zassert_equal(handled_by((struct packet_sink *const[]){&wrapper}, 1, &wrapper_dropped),
		      delivered_of(&framed));
	zassert_equal(handled_by((struct packet_sink *const[]){&chain_end, &chain_watch}, 2,
				 &end_dropped),
		      delivered_of(&wrapped));
	zassert_equal(sent_of(&framed), delivered_of(&framed) + wrapper_dropped);
	zassert_equal(2 * sent_of(&wrapped), delivered_of(&wrapped) + end_dropped);
	zassert_equal(stages_entered, sent_of(&raw) + delivered_of(&framed));
	zassert_equal(stages_left, sent_of(&framed) + sent_of(&wrapped));
}

ZTEST(packet_nth_failure, test_chain)
{
	run_all(&(struct scenario){run_chain, check_chain}, 25);
}

/* ---- runtime wiring --------------------------------------------------------------------------- */

PACKET_EVENT_QUEUE_DEFINE(runtime_queue, 8);
PACKET_SOURCE_DEFINE(rewired);

static struct packet_connection conn[3];

/* Answers, and connects itself anew. */
static void restless_handler(struct packet_sink *sink, struct net_buf *buf)
{
	trace_handler(sink, buf);
	zassert_ok(packet_connection_remove(&conn[1]));
	if (buf->data[0] == 'd') {
		send_consume(&rewired, try_packet(&send_pool, 'r'));
	}
	zassert_ok(packet_connection_add(&conn[1]));
}

PACKET_SINK_DEFINE_WITH_DATA(wired_always, trace_handler, &runtime_queue_msgq, "w");
PACKET_SINK_DEFINE_WITH_DATA(connected_1, trace_handler, &runtime_queue_msgq, "1");
PACKET_SINK_DEFINE_WITH_DATA(connected_2, restless_handler, NULL, "2");
PACKET_SINK_DEFINE_WITH_DATA(connected_3, trace_handler, &runtime_queue_msgq, "3");
PACKET_CONNECT(&rewired, &wired_always);

static struct packet_sink *const rewired_sinks[] = {&connected_1, &connected_2, &connected_3,
						    &wired_always};

static void run_rewired(void)
{
	reset(&rewired, rewired_sinks, ARRAY_SIZE(rewired_sinks));
	for (size_t i = 0; i < ARRAY_SIZE(conn); i++) {
		conn[i] = (struct packet_connection){.source = &rewired, .sink = rewired_sinks[i]};
		zassert_ok(packet_connection_add(&conn[i]));
	}
	send(&rewired, try_packet(&send_pool, 'd'));
	send_consume(&rewired, try_packet(&send_pool, 'd'));
	(void)packet_event_process_batch(&runtime_queue, 4, K_NO_WAIT);
	zassert_ok(packet_connection_remove(&conn[0]));
	send_consume(&rewired, try_packet(&send_pool, 'd'));
	zassert_ok(packet_connection_remove(&conn[1]));
	send(&rewired, try_packet(&send_pool, 'd'));
	zassert_ok(packet_connection_remove(&conn[2]));
	send_consume(&rewired, try_packet(&send_pool, 'd'));
}

static void check_rewired(void)
{
	uint32_t dropped;
	uint32_t handled;

	(void)queue_drain(&runtime_queue);
	handled = handled_by(rewired_sinks, ARRAY_SIZE(rewired_sinks), &dropped);
	zassert_equal(handled, delivered_of(&rewired));
	zassert_equal(strlen(trace()), handled);
}

ZTEST(packet_nth_failure, test_runtime_wiring)
{
	run_all(&(struct scenario){run_rewired, check_rewired}, 35);
}

/* ---- afterwards ------------------------------------------------------------------------------- */

/* Sorts behind the others: each kind of failure was met. */
ZTEST(packet_nth_failure, test_zz_every_kind_failed)
{
	for (int kind = 0; kind < INJECT_KINDS; kind++) {
		zassert_true(inject_failures((enum inject_kind)kind) > 0, "kind %d", kind);
	}
}
