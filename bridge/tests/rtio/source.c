/* SPDX-License-Identifier: Apache-2.0 */
/** @file Reads as sources: what comes is sent by reference; no memory, a pause, and on again. */
#include "fixture.h"

#include <zephyr/irq_offload.h>

#include <errno.h>
#include <string.h>

static struct line line;
static struct line second_line;
static struct net_buf *kept[BLOCKS + 1];
static unsigned int kept_count;
static char seen[64]; /* all that the keeping sink got */
static bool keeps;
static unsigned int ends;
static int last_end;

static void note(struct packet_sink *sink, struct net_buf *buf)
{
	size_t used = strlen(seen);

	ARG_UNUSED(sink);
	zassert_true(used + buf->len < sizeof(seen));
	memcpy(&seen[used], buf->data, buf->len);
	if (keeps) {
		zassert_true(kept_count < ARRAY_SIZE(kept));
		kept[kept_count++] = net_buf_ref(buf);
	}
}

PACKET_SOURCE_RTIO_DEFINE(messages, &the_reader, &line.iodev);
PACKET_SOURCE_RTIO_DEFINE(others, &the_reader, &second_line.iodev);
PACKET_SINK_DEFINE_IMMEDIATE(keeper, note);
PACKET_EVENT_QUEUE_DEFINE(one_only, 1);
PACKET_SINK_DEFINE_QUEUED(later, note, one_only);
PACKET_CONNECT(&messages, &keeper);
PACKET_CONNECT(&others, &later);

static void note_end(struct packet_source_rtio *src, int result)
{
	zassert_equal(packet_source_rtio_state_get(src), PACKET_SOURCE_RTIO_IDLE);
	ends++;
	last_end = result;
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	line_init(&line);
	line_init(&second_line);
	memset(seen, 0, sizeof(seen));
	kept_count = 0;
	keeps = false;
	ends = 0;
	messages_rtio.ended = note_end;
	messages_rtio.packets = 0;
	messages_rtio.pauses = 0;
	others_rtio.ended = note_end;
	others_rtio.pauses = 0;
}

static void process_all(void)
{
	while (packet_rtio_process(reader, K_NO_WAIT) == 0) {
	}
}

static void let_go(unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		net_buf_unref(kept[--kept_count]);
	}
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	keeps = false;
	let_go(kept_count);
	process_all();
	(void)packet_source_rtio_stop(&messages_rtio);
	(void)packet_source_rtio_stop(&others_rtio);
	process_all();
	while (packet_event_process(&one_only, K_NO_WAIT) == 0) {
	}
}

ZTEST_SUITE(bridge_rtio_source, NULL, NULL, before, after, NULL);

static void start(struct packet_source_rtio *src)
{
	zassert_ok(packet_source_rtio_start(src));
}

static void expect_state(struct packet_source_rtio *src, enum packet_source_rtio_state state)
{
	zassert_equal(packet_source_rtio_state_get(src), state);
}

static void expect_seen(const char *text)
{
	zassert_equal(strcmp(seen, text), 0, "'%s' instead of '%s'", seen, text);
}

ZTEST(bridge_rtio_source, test_what_comes_is_sent)
{
	keeps = true;
	start(&messages_rtio);
	zassert_equal(packet_source_rtio_start(&messages_rtio), -EALREADY);
	zassert_equal(packet_rtio_process(reader, K_NO_WAIT), -EAGAIN);
	line_feed(&line, "one ");
	line_feed(&line, "two");
	zassert_ok(packet_rtio_process(reader, K_NO_WAIT));
	expect_seen("one ");
	zassert_ok(packet_rtio_process(reader, K_FOREVER));
	expect_seen("one two");
	zassert_equal(messages_rtio.packets, 2);
	/* Where it was read is where it is. */
	zassert_true(kept[0]->data == reader->r->block_pool->memory);
	zassert_equal(rtio_net_buf_blocks_free(pool), BLOCKS - 2);
	let_go(2);
	expect_state(&messages_rtio, PACKET_SOURCE_RTIO_READING);
}

/* More than there is memory for: the rest stays with the device, and comes in its order. */
ZTEST(bridge_rtio_source, test_pauses_and_goes_on)
{
	static const char *const digits[] = {"0", "1", "2", "3", "4", "5", "6", "7"};

	keeps = true;
	start(&messages_rtio);
	for (unsigned int i = 0; i < ARRAY_SIZE(digits); i++) {
		line_feed(&line, digits[i]);
	}
	process_all();
	expect_seen("0123");
	expect_state(&messages_rtio, PACKET_SOURCE_RTIO_PAUSED);
	zassert_equal(messages_rtio.pauses, 1);
	zassert_equal(line_waiting(&line), 4);
	/* The device has work again before anybody processes. */
	let_go(1);
	expect_state(&messages_rtio, PACKET_SOURCE_RTIO_READING);
	zassert_equal(line_waiting(&line), 3);
	process_all();
	expect_seen("01234");
	expect_state(&messages_rtio, PACKET_SOURCE_RTIO_PAUSED);
	let_go(2);
	keeps = false;
	process_all();
	expect_seen("01234567");
	process_all();
	zassert_equal(packet_source_rtio_state_get(&messages_rtio), PACKET_SOURCE_RTIO_READING);
	zassert_equal(packet_rtio_reader_lost(reader), 0);
}

static void let_go_in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	let_go(1);
}

ZTEST(bridge_rtio_source, test_goes_on_from_an_isr)
{
	keeps = true;
	start(&messages_rtio);
	for (int i = 0; i < BLOCKS + 1; i++) {
		line_feed(&line, "x");
	}
	process_all();
	expect_state(&messages_rtio, PACKET_SOURCE_RTIO_PAUSED);
	irq_offload(let_go_in_isr, NULL);
	zassert_equal(line_waiting(&line), 0);
	process_all();
	expect_seen("xxxxx");
}

/* Memory came home between the failed read and the pause. */
ZTEST(bridge_rtio_source, test_does_not_pause_for_nothing)
{
	keeps = true;
	start(&messages_rtio);
	for (int i = 0; i < BLOCKS + 2; i++) {
		line_feed(&line, "x");
	}
	for (int i = 0; i < BLOCKS; i++) {
		zassert_ok(packet_rtio_process(reader, K_NO_WAIT));
	}
	let_go(1); /* nobody waits yet */
	zassert_ok(packet_rtio_process(reader, K_NO_WAIT));
	zassert_equal(messages_rtio.pauses, 1);
	expect_state(&messages_rtio, PACKET_SOURCE_RTIO_READING);
	process_all();
	expect_seen("xxxxx");
}

ZTEST(bridge_rtio_source, test_no_net_buf)
{
	struct net_buf *all[BUFS];

	start(&messages_rtio);
	for (int i = 0; i < BUFS; i++) {
		all[i] = net_buf_alloc_len(pool, 0, K_NO_WAIT);
	}
	line_feed(&line, "a");
	line_feed(&line, "b");
	zassert_equal(packet_rtio_process(reader, K_NO_WAIT), -ENOBUFS);
	zassert_equal(packet_rtio_process(reader, K_NO_WAIT), -ENOBUFS);
	expect_seen("");
	for (int i = 0; i < BUFS; i++) {
		net_buf_unref(all[i]);
	}
	process_all();
	expect_seen("ab");
}

ZTEST(bridge_rtio_source, test_ends)
{
	start(&messages_rtio);
	line_feed(&line, "last");
	line_end(&line, -ENODATA);
	process_all();
	expect_seen("last");
	zassert_equal(ends, 1);
	zassert_equal(last_end, -ENODATA);
	/* And again. */
	line_end(&line, 0);
	start(&messages_rtio);
	line_feed(&line, " words");
	process_all();
	expect_seen("last words");
	line_end(&line, -EIO);
	process_all();
	zassert_equal(ends, 2);
	zassert_equal(last_end, -EIO);
}

ZTEST(bridge_rtio_source, test_stop)
{
	zassert_equal(packet_source_rtio_stop(&messages_rtio), -EALREADY);
	start(&messages_rtio);
	line_feed(&line, "read");
	zassert_ok(packet_source_rtio_stop(&messages_rtio));
	zassert_equal(packet_source_rtio_stop(&messages_rtio), -EALREADY);
	zassert_equal(packet_source_rtio_start(&messages_rtio), -EALREADY);
	process_all();
	expect_seen("read");
	zassert_equal(ends, 1);
	zassert_equal(last_end, -ECANCELED);
	line_feed(&line, "; more");
	process_all();
	expect_seen("read");
	start(&messages_rtio);
	process_all();
	expect_seen("read; more");
}

ZTEST(bridge_rtio_source, test_stop_without_memory)
{
	keeps = true;
	start(&messages_rtio);
	for (int i = 0; i < BLOCKS + 1; i++) {
		line_feed(&line, "x");
	}
	/* Its read has failed, and nobody has processed that. */
	for (int i = 0; i < BLOCKS; i++) {
		zassert_ok(packet_rtio_process(reader, K_NO_WAIT));
	}
	zassert_ok(packet_source_rtio_stop(&messages_rtio));
	process_all();
	zassert_equal(ends, 1);
	zassert_equal(last_end, -ECANCELED);
	/* It is paused. */
	start(&messages_rtio);
	process_all();
	expect_state(&messages_rtio, PACKET_SOURCE_RTIO_PAUSED);
	zassert_ok(packet_source_rtio_stop(&messages_rtio));
	process_all();
	zassert_equal(ends, 2);
	zassert_equal(last_end, -ECANCELED);
	let_go(BLOCKS);
	zassert_equal(line_waiting(&line), 1, "it does not go on");
}

/* Two sources, one pool: what one has no memory for, the other's release brings. */
ZTEST(bridge_rtio_source, test_two_share_a_pool)
{
	keeps = true;
	start(&messages_rtio);
	start(&others_rtio);
	for (int i = 0; i < BLOCKS; i++) {
		line_feed(&line, "a");
	}
	line_feed(&second_line, "b");
	line_feed(&line, "a");
	process_all();
	expect_seen("aaaa");
	expect_state(&messages_rtio, PACKET_SOURCE_RTIO_PAUSED);
	expect_state(&others_rtio, PACKET_SOURCE_RTIO_PAUSED);
	let_go(1);
	keeps = false;
	process_all();
	zassert_ok(packet_event_process(&one_only, K_NO_WAIT));
	let_go(kept_count);
	process_all();
	(void)packet_event_process(&one_only, K_NO_WAIT);
	zassert_equal(strlen(seen), 6, "%s", seen);
	expect_state(&messages_rtio, PACKET_SOURCE_RTIO_READING);
	expect_state(&others_rtio, PACKET_SOURCE_RTIO_READING);
}

/* A full queue costs that sink the packet, and nothing else. */
ZTEST(bridge_rtio_source, test_full_queue)
{
	start(&others_rtio);
	line_feed(&second_line, "1");
	line_feed(&second_line, "2");
	process_all();
	zassert_equal(rtio_net_buf_blocks_free(pool), BLOCKS - 1);
	zassert_ok(packet_event_process(&one_only, K_NO_WAIT));
	expect_seen("1");
#ifdef CONFIG_PACKET_IO_STATS
	zassert_equal((uint32_t)atomic_get(&later.dropped_count), 1);
	packet_sink_reset_stats(&later);
#endif
}
