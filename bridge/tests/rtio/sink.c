/* SPDX-License-Identifier: Apache-2.0 */
/** @file Writes as sinks: from where the bytes are, gathered, as many at once as there is room for. */
#include "fixture.h"

#include <zephyr/irq_offload.h>
#include <zephyr/net_buf/ref_many.h>

#include <errno.h>
#include <string.h>

static struct line line;
static struct line echo_line;
static unsigned int ends;
static int last_end;
static struct net_buf *again;

PACKET_SOURCE_DEFINE(source);
PACKET_SINK_RTIO_DEFINE(writer, &line.iodev, 2, 3);
PACKET_CONNECT(&source, &writer);

PACKET_SOURCE_RTIO_DEFINE(heard, &the_reader, &echo_line.iodev);
PACKET_SINK_RTIO_DEFINE(echo, &echo_line.iodev, 2, 1);
PACKET_CONNECT(&heard, &echo);

static void note_end(struct packet_sink_rtio *half, struct net_buf *buf, int result)
{
	ARG_UNUSED(half);
	zassert_true(net_buf_ref_get(buf) > 0);
	ends++;
	last_end = result;
	if (result < 0 && again == NULL) {
		again = net_buf_ref(buf);
	}
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	line_init(&line);
	line_init(&echo_line);
	writer_rtio.written = 0;
	writer_rtio.failed = 0;
	writer_rtio.dropped = 0;
	writer_rtio.ended = NULL;
	ends = 0;
	again = NULL;
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	zexpect_equal(packet_sink_rtio_pending(&writer_rtio), 0);
	zexpect_equal(rtio_sqe_acquirable(writer_rtio.r), writer_rtio.r->sq_size);
	zexpect_is_null(rtio_cqe_consume(writer_rtio.r));
	zexpect_equal((uint32_t)atomic_get(&writer_rtio.r->cq_count), 0, "nobody has to consume");
}

ZTEST_SUITE(bridge_rtio_sink, NULL, NULL, before, after, NULL);

static void send(struct net_buf *buf)
{
	zassert_equal(packet_source_send_consume(&source, buf, K_NO_WAIT), 1);
}

static void expect_counts(uint32_t written, uint32_t failed, uint32_t dropped)
{
	zassert_equal(writer_rtio.written, written, "%u", (unsigned int)writer_rtio.written);
	zassert_equal(writer_rtio.failed, failed, "%u", (unsigned int)writer_rtio.failed);
	zassert_equal(writer_rtio.dropped, dropped, "%u", (unsigned int)writer_rtio.dropped);
}

ZTEST(bridge_rtio_sink, test_one_fragment)
{
	struct net_buf *buf = packet_make("hello", NULL, NULL);
	const uint8_t *at = buf->data;

	send(buf);
	line_expect(&line, "hello");
	zassert_equal_ptr(line.at[0], at, "it was copied");
	zassert_equal(line.calls, 1);
	expect_counts(1, 0, 0);
	expect_all_home();
}

ZTEST(bridge_rtio_sink, test_a_chain_is_one_write)
{
	struct net_buf *buf = packet_make("one ", "two ", "three");
	const uint8_t *at[] = {buf->data, buf->frags->data, buf->frags->frags->data};

	send(buf);
	line_expect(&line, "one two three");
	zassert_equal(line.calls, 1);
	zassert_equal(line.pieces, 3);
	for (int i = 0; i < 3; i++) {
		zassert_equal_ptr(line.at[i], at[i], "it was copied");
	}
	expect_counts(1, 0, 0);
}

ZTEST(bridge_rtio_sink, test_empty_fragments)
{
	send(packet_make("", "a", ""));
	send(packet_make("b", "", "c"));
	zassert_equal(line.pieces, 3);
	line_expect(&line, "abc");
	/* One that is all empty is a write of nothing: a datagram, say. */
	send(packet_make("", "", NULL));
	zassert_equal(line.calls, 3);
	zassert_equal(line.pieces, 4);
	line_expect(&line, "");
	expect_counts(3, 0, 0);
}

ZTEST(bridge_rtio_sink, test_no_room)
{
	line_stall(&line, true);
	send(packet_make("1", NULL, NULL));
	send(packet_make("2", NULL, NULL));
	zassert_equal(packet_sink_rtio_pending(&writer_rtio), 2);
	send(packet_make("3", NULL, NULL));
	expect_counts(0, 0, 1);
	zassert_equal(rtio_net_buf_blocks_free(pool), BLOCKS - 2);
	line_stall(&line, false);
	line_expect(&line, "12");
	expect_counts(2, 0, 1);
	send(packet_make("4", NULL, NULL));
	line_expect(&line, "4");
}

static void send_in_isr(const void *arg)
{
	send(*(struct net_buf *const *)arg);
}

/* An ISR does not wait, whatever the timeout says. */
ZTEST(bridge_rtio_sink, test_from_an_isr)
{
	struct net_buf *bufs[4];
	struct net_buf *const *arg = bufs;

	writer_rtio.timeout = K_FOREVER;
	line_stall(&line, true);
	for (int i = 0; i < 3; i++, arg++) {
		bufs[i] = packet_make("x", NULL, NULL);
		irq_offload(send_in_isr, arg);
	}
	writer_rtio.timeout = K_NO_WAIT;
	line_stall(&line, false);
	line_expect(&line, "xx");
	expect_counts(2, 0, 1);
}

static struct net_buf *chain_of(unsigned int count)
{
	struct net_buf *head = NULL;

	/* All of them around the same memory. */
	for (unsigned int i = 0; i < count; i++) {
		struct net_buf *buf =
			net_buf_alloc_with_data(pool, (void *)(uintptr_t) "y", 1, K_NO_WAIT);

		zassert_not_null(buf);
		buf->frags = head;
		head = buf;
	}
	return head;
}

/* More requests than the sink has: it is as if it had no room. */
ZTEST(bridge_rtio_sink, test_more_fragments_than_requests)
{
	line_stall(&line, true);
	send(chain_of(4));
	send(chain_of(1));
	expect_counts(0, 0, 0);
	line_stall(&line, false);
	line_expect(&line, "yyyyy");
	if (CONFIG_BRIDGE_RTIO_FRAGMENTS < BUFS) {
		send(chain_of(BUFS));
		expect_counts(2, 0, 1);
	}
}

ZTEST(bridge_rtio_sink, test_failures)
{
	writer_rtio.ended = note_end;
	line.result = -EPIPE;
	send(packet_make("one", "two", NULL));
	zassert_equal(ends, 1);
	zassert_equal(last_end, -EPIPE);
	expect_counts(0, 1, 0);
	line.result = 0;
	zassert_not_null(again);
	send(again);
	line_expect(&line, "onetwo");
	zassert_equal(ends, 2);
	zassert_equal(last_end, 6);
	expect_counts(1, 1, 0);
}

ZTEST(bridge_rtio_sink, test_hold)
{
	line_stall(&line, true);
	send(packet_make("1", NULL, NULL));
	zassert_equal(packet_sink_rtio_hold(&writer_rtio, K_NO_WAIT), -EAGAIN);
	zassert_equal(packet_sink_rtio_pending(&writer_rtio), 1);
	line_stall(&line, false);
	zassert_ok(packet_sink_rtio_hold(&writer_rtio, K_NO_WAIT));
	send(packet_make("2", NULL, NULL));
	expect_counts(1, 0, 1);
	writer_rtio.iodev = &echo_line.iodev; /* another device in its place */
	packet_sink_rtio_resume(&writer_rtio);
	send(packet_make("3", NULL, NULL));
	writer_rtio.iodev = &line.iodev;
	line_expect(&line, "1");
	line_expect(&echo_line, "3");
}

ZTEST(bridge_rtio_sink, test_cancel)
{
	writer_rtio.ended = note_end;
	line_stall(&line, true);
	send(packet_make("1", "2", NULL));
	send(packet_make("3", NULL, NULL));
	zassert_true(packet_sink_rtio_cancel(&writer_rtio) >= 2);
	zassert_equal(ends, 2);
	zassert_equal(last_end, -ECANCELED);
	expect_counts(0, 2, 0);
	net_buf_unref(again);
	again = NULL;
	line_stall(&line, false);
	line_expect(&line, "");
}

ZTEST(bridge_rtio_sink, test_made_at_run_time)
{
	static struct packet_sink sink;
	static struct packet_sink_rtio half;
	struct net_buf *buf = packet_make("made", NULL, NULL);

	zassert_equal(packet_sink_rtio_init(&half, &sink, writer_rtio.r, &line.iodev, 0), -EINVAL);
	zassert_ok(packet_sink_rtio_init(&half, &sink, writer_rtio.r, &line.iodev, 1));
	sink.handler(&sink, buf);
	net_buf_unref(buf);
	line_expect(&line, "made");
	zassert_equal(half.written, 1);
}

/* In and out again, in the same memory. */
ZTEST(bridge_rtio_sink, test_from_a_read_to_a_write)
{
	zassert_ok(packet_source_rtio_start(&heard_rtio));
	line_feed(&echo_line, "hello");
	zassert_ok(packet_rtio_process(reader, K_NO_WAIT));
	line_expect(&echo_line, "hello");
	zassert_equal_ptr(echo_line.at[0], reader->r->block_pool->memory, "it was copied");
	zassert_equal(rtio_net_buf_blocks_free(pool), BLOCKS);
	/* As many as the writer has room for. */
	line_stall(&echo_line, true);
	line_feed(&echo_line, "a");
	line_feed(&echo_line, "b");
	zassert_ok(packet_rtio_process(reader, K_NO_WAIT));
	zassert_ok(packet_rtio_process(reader, K_NO_WAIT));
	line_stall(&echo_line, false);
	line_expect(&echo_line, "ab");
	zassert_ok(packet_source_rtio_stop(&heard_rtio));
	zassert_ok(packet_rtio_process(reader, K_NO_WAIT));
}
