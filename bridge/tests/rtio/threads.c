/* SPDX-License-Identifier: Apache-2.0 */
/** @file Somebody feeds, somebody processes, others let go: nothing is lost, whatever runs dry. */
#include "fixture.h"

#include <zephyr/net_buf/ref_many.h>
#include <zephyr/packet_io/deliver.h>
#include <zephyr/packet_io/restart.h>

#include <errno.h>
#include <string.h>

#define MESSAGES 6000

#define TEAM       4
#define STACK_SIZE 32768

static K_THREAD_STACK_ARRAY_DEFINE(stacks, TEAM, STACK_SIZE);
static struct k_thread threads[TEAM];
static unsigned int started;

static void crew_start(k_thread_entry_t entry)
{
	(void)k_thread_create(&threads[started], stacks[started], STACK_SIZE, entry, NULL, NULL,
			      NULL, 0, 0, K_NO_WAIT);
	started++;
}

static void crew_join(void)
{
	for (; started > 0; started--) {
		zassert_ok(k_thread_join(&threads[started - 1], K_FOREVER));
	}
}

static struct line line;
static struct line out_line;
static uint32_t seen_count;
static uint32_t next_text;
static uint32_t skipped;
static uint32_t fed_count;
static uint32_t late_count;
static uint32_t fed_all;
static uint32_t stop;

/* Messages by their number. */
static char texts[64][4];

static void look(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	while (memcmp(buf->data, texts[next_text % 64], 3) != 0) {
		next_text++;
		skipped++;
	}
	next_text++;
	(void)atomic32_add_relaxed(&seen_count, 1);
}

static void drop_it(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	ARG_UNUSED(buf);
	(void)atomic32_add_relaxed(&late_count, 1);
}

PACKET_SOURCE_RTIO_DEFINE(fed, &the_reader, &line.iodev);
PACKET_EVENT_QUEUE_DEFINE(queue, 8);
PACKET_SINK_DEFINE_IMMEDIATE(looker, look);
PACKET_SINK_DEFINE_QUEUED(late, drop_it, queue);
PACKET_SINK_RTIO_DEFINE(out, &out_line.iodev, 1, 1);
PACKET_CONNECT(&fed, &looker);
PACKET_CONNECT(&fed, &late);
PACKET_CONNECT(&fed, &out);

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	line_init(&line);
	line_init(&out_line);
	seen_count = 0;
	next_text = 0;
	skipped = 0;
	fed_all = 0;
	fed_count = 0;
	late_count = 0;
	stop = 0;
	for (unsigned int i = 0; i < 64; i++) {
		texts[i][0] = (char)('0' + i / 8);
		texts[i][1] = (char)('0' + i % 8);
		texts[i][2] = '\n';
	}
}

ZTEST_SUITE(bridge_rtio_threads, NULL, NULL, before, NULL, NULL);

static void feeder(void *p1, void *p2, void *p3)
{
	int64_t deadline = k_uptime_get() + 1000;

	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	/* A busy machine takes its time for each of them. */
	while (fed_count < MESSAGES && k_uptime_get() < deadline) {
		if (line_waiting(&line) < ARRAY_SIZE(line.in)) {
			line_feed(&line, texts[fed_count++ % 64]);
		} else {
			k_yield();
		}
	}
	atomic32_store_release(&fed_all, 1);
}

/* Process what comes until all that was fed is gone from the line, and @p all: seen as well. */
static void process_fed(bool all)
{
	int64_t last = k_uptime_get();

	while (atomic32_load_acquire(&fed_all) == 0 || line_waiting(&line) != 0 ||
	       (all && seen_count < fed_count)) {
		int ret = packet_rtio_process(reader, K_MSEC(100));

		zassert_true(ret == 0 || ret == -EAGAIN, "%d after %u messages", ret,
			     (unsigned int)seen_count);
		last = ret == 0 ? k_uptime_get() : last;
		zassert_true(k_uptime_get() - last < 20000, "it stands still after %u messages",
			     (unsigned int)seen_count);
	}
}

static void releaser(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	while (atomic32_load_acquire(&stop) == 0) {
		(void)packet_event_process(&queue, K_MSEC(1));
	}
	while (packet_event_process(&queue, K_NO_WAIT) == 0) {
	}
}

/* The writer is as slow as this. */
static void writer(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	while (atomic32_load_acquire(&stop) == 0) {
		line_stall(&out_line, false);
		line_stall(&out_line, true);
		k_yield();
	}
	line_stall(&out_line, false);
}

ZTEST(bridge_rtio_threads, test_nothing_is_lost)
{
	fed_rtio.timeout = K_FOREVER; /* full queues push back, and so does the writer */
	out_rtio.timeout = K_FOREVER;
	out_rtio.written = 0;
	zassert_ok(packet_source_rtio_start(&fed_rtio));
	crew_start(feeder);
	crew_start(releaser);
	crew_start(releaser);
	crew_start(writer);
	process_fed(true);
	zassert_ok(packet_source_rtio_stop(&fed_rtio));
	atomic32_store_release(&stop, 1);
	crew_join();
	zassert_ok(packet_rtio_process(reader, K_SECONDS(20)));
	zassert_ok(packet_sink_rtio_hold(&out_rtio, K_SECONDS(20)));
	packet_sink_rtio_resume(&out_rtio);
	zassert_equal(skipped, 0, "in order");
	zassert_equal(late_count, fed_count, "full queues push back");
	zassert_equal(out_rtio.written, fed_count);
	zassert_equal(out_line.out_total, 3 * fed_count);
	zassert_equal(out_rtio.dropped, 0);
	zassert_equal(packet_rtio_reader_lost(reader), 0);
	TC_PRINT("%u messages, %u pauses\n", (unsigned int)fed_count,
		 (unsigned int)fed_rtio.pauses);
}

/* A queue that is full holds up who processes, for as long as the source says. */
ZTEST(bridge_rtio_threads, test_a_full_queue_is_waited_for)
{
	struct net_buf *buf = net_buf_alloc(pool, K_NO_WAIT);
	int64_t began;

	for (int i = 0; i < 8; i++) {
		zassert_ok(packet_sink_deliver(&late, buf, K_NO_WAIT));
	}
	fed_rtio.timeout = K_MSEC(20);
	out_rtio.timeout = K_NO_WAIT;
	zassert_ok(packet_source_rtio_start(&fed_rtio));
	line_feed(&line, texts[0]);
	began = k_uptime_get();
	zassert_ok(packet_rtio_process(reader, K_SECONDS(20)));
	zassert_true(k_uptime_get() - began >= 20);
	zassert_equal(seen_count, 1);
	while (packet_event_process(&queue, K_NO_WAIT) == 0) {
	}
	zassert_equal(late_count, 8);
	net_buf_unref(buf);
	zassert_ok(packet_source_rtio_stop(&fed_rtio));
	zassert_ok(packet_rtio_process(reader, K_SECONDS(20)));
}

static void stopper(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	while (atomic32_load_acquire(&stop) == 0) {
		(void)packet_source_rtio_stop(&fed_rtio);
		k_yield();
	}
}

static uint32_t stopped;

static void start_again(struct packet_source_rtio *src, int result)
{
	zassert_equal(result, -ECANCELED);
	stopped++;
	if (atomic32_load_acquire(&stop) == 0) {
		zassert_ok(packet_source_rtio_start(src));
	}
}

/* Stopped and started while it reads, pauses and goes on: each stop is one end, and costs one read at most. */
ZTEST(bridge_rtio_threads, test_stopped_again_and_again)
{
	stopped = 0;
	fed_rtio.timeout = K_FOREVER;
	fed_rtio.ended = start_again;
	out_rtio.timeout = K_NO_WAIT;
	zassert_ok(packet_source_rtio_start(&fed_rtio));
	crew_start(feeder);
	crew_start(releaser);
	crew_start(stopper);
	process_fed(false);
	atomic32_store_release(&stop, 1);
	crew_join();
	(void)packet_source_rtio_stop(&fed_rtio);
	while (packet_source_rtio_state_get(&fed_rtio) != PACKET_SOURCE_RTIO_IDLE) {
		zassert_ok(packet_rtio_process(reader, K_SECONDS(20)));
	}
	fed_rtio.ended = NULL;
	while (packet_event_process(&queue, K_NO_WAIT) == 0) {
	}
	zassert_true(fed_count - seen_count <= stopped);
	zassert_true(skipped <= stopped);
	TC_PRINT("stopped %u times, %u reads were lost, %u pauses\n", (unsigned int)stopped,
		 (unsigned int)(fed_count - seen_count), (unsigned int)fed_rtio.pauses);
}

/* ---- a pipeline that stops and starts again --------------------------------------------------- */

static uint32_t sent_by_static;

PACKET_SOURCE_DEFINE(by_static);
PACKET_CONNECT(&by_static, &out);

static void send_and_sleep(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (;;) {
		struct net_buf *buf = net_buf_alloc(pool, K_FOREVER);

		(void)net_buf_add_mem(buf, "abc", 3);
		(void)atomic32_add_relaxed(&sent_by_static, 1);
		(void)packet_source_send_consume(&by_static, buf, K_NO_WAIT);
		k_usleep(100);
	}
}

static void serve_reader(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (;;) {
		(void)packet_rtio_process(reader, K_FOREVER);
	}
}

K_THREAD_DEFINE(static_sender, STACK_SIZE, send_and_sleep, NULL, NULL, NULL, 5, 0, K_TICKS_FOREVER);
K_THREAD_DEFINE(static_server, STACK_SIZE, serve_reader, NULL, NULL, NULL, 5, 0, K_TICKS_FOREVER);

static bool is_soon(const uint32_t *counter, uint32_t least)
{
	int64_t deadline = k_uptime_get() + 20000;

	while (atomic32_load_relaxed(counter) < least && k_uptime_get() < deadline) {
		k_usleep(100);
	}
	return atomic32_load_relaxed(counter) >= least;
}

/* Who waits for the writer has a packet in its hands, and is not ended there; who waits for a read is. */
ZTEST(bridge_rtio_threads, test_the_pipeline_stops_and_starts)
{
	sent_by_static = 0;
	out_rtio.timeout = K_FOREVER;
	out_rtio.written = 0;
	fed_rtio.timeout = K_NO_WAIT;
	zassert_ok(packet_source_rtio_start(&fed_rtio));
	for (uint32_t round = 1; round <= 3; round++) {
		uint32_t sent = sent_by_static;

		line_stall(&out_line, true);
		k_thread_start(static_sender);
		/* One is being written, the next one waits for that. */
		zassert_true(is_soon(&sent_by_static, sent + 2));
		zassert_equal(packet_io_stop(PACKET_IO_DRAIN, K_MSEC(30)), -EAGAIN);
		line_stall(&out_line, false);
		zassert_ok(packet_io_stop(PACKET_IO_DRAIN, K_SECONDS(20)));
		zassert_equal(net_buf_pool_free_count(pool), BUFS);
		zassert_equal(out_rtio.written, sent_by_static + seen_count, "none is lost");
		zassert_ok(packet_io_start());
		k_thread_start(static_server);
		line_feed(&line, texts[round - 1]);
		zassert_true(is_soon(&seen_count, round));
		zassert_ok(packet_io_stop(PACKET_IO_DRAIN, K_SECONDS(20)));
		zassert_equal(late_count, round);
		zassert_ok(packet_io_start());
	}
	zassert_equal(packet_sink_rtio_pending(&out_rtio), 0);
	zassert_equal(out_rtio.dropped, 0);
	zassert_ok(packet_source_rtio_stop(&fed_rtio));
	zassert_ok(packet_rtio_process(reader, K_SECONDS(20)));
}
