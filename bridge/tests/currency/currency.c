/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * One currency: net_bufs, chains of I/O buffers and packets of a ring go through one source to the
 * same sinks. One looks at once, one from its queue, one keeps what it gets for a second. All of
 * them see the bytes where they were made, and everything goes home to where it came from.
 */
#include "../support/fixture.h"

#include <zephyr/irq_offload.h>
#include <zephyr/net_buf/ref_many.h>
#include <zephyr/packet_io/packet_io.h>

#include <string.h>

#define MOST_PLACES 16

/* Where the content of packets was, fragment by fragment. */
struct places {
	unsigned int count;
	const uint8_t *data[MOST_PLACES];
	uint16_t len[MOST_PLACES];
};

static struct places made;
static struct places seen_at_once;
static struct places seen_later;

static void note(struct places *places, const struct net_buf *buf)
{
	for (; buf != NULL; buf = buf->frags) {
		zassert_true(places->count < MOST_PLACES);
		places->data[places->count] = buf->data;
		places->len[places->count] = buf->len;
		places->count++;
	}
}

static void note_place(const void *data, size_t len)
{
	made.data[made.count] = data;
	made.len[made.count] = (uint16_t)len;
	made.count++;
}

static void expect_same(const struct places *places)
{
	zassert_equal(places->count, made.count);
	for (unsigned int i = 0; i < made.count; i++) {
		zassert_equal_ptr(places->data[i], made.data[i], "fragment %u was copied", i);
		zassert_equal(places->len[i], made.len[i]);
	}
}

/* ---- the sinks ------------------------------------------------------------------------------- */

static struct net_buf *kept[8];
static int64_t kept_since[8];
static unsigned int kept_count;

static void look_at_once(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	note(&seen_at_once, buf);
}

static void look_later(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	note(&seen_later, buf);
}

static void keep(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	zassert_true(kept_count < ARRAY_SIZE(kept));
	kept[kept_count] = net_buf_ref(buf);
	kept_since[kept_count] = k_uptime_get();
	kept_count++;
}

/* Let go what was kept for a second. */
static void let_go(void)
{
	for (unsigned int i = 0; i < kept_count; i++) {
		if (kept[i] != NULL && k_uptime_get() - kept_since[i] >= 1000) {
			net_buf_drop(&kept[i]);
		}
	}
}

PACKET_SOURCE_DEFINE(source);
PACKET_EVENT_QUEUE_DEFINE(later, 8);
PACKET_SINK_DEFINE_IMMEDIATE(at_once_sink, look_at_once);
PACKET_SINK_DEFINE_QUEUED(later_sink, look_later, later);
PACKET_SINK_DEFINE_IMMEDIATE(keeping_sink, keep);
PACKET_CONNECT(&source, &at_once_sink);
PACKET_CONNECT(&source, &later_sink);
PACKET_CONNECT(&source, &keeping_sink);

static void process(void)
{
	while (packet_event_process(&later, K_NO_WAIT) == 0) {
	}
}

/* ---- the packets ----------------------------------------------------------------------------- */

static struct net_buf *from_net_bufs(void)
{
	struct net_buf *buf = frags_make(2);

	note_place(buf->data, 20);
	note_place(buf->frags->data, 20);
	return buf;
}

static struct net_buf *from_iobs(void)
{
	struct iob_s *chain = chain_make(LENS(12, 6));

	note_place(IOB_DATA(chain), 12);
	note_place(IOB_DATA(chain->io_flink), 6);
	return net_buf_from_iob(views, chain, K_NO_WAIT);
}

static struct net_buf *from_ring(uint32_t wlen, uint32_t id)
{
	const union mpsc_pbuf_generic *packet;

	zassert_true(record_put(wlen, id));
	packet = record_claim();
	note_place(packet, wlen * sizeof(uint32_t));
	return net_buf_from_mpsc(views, &ring, packet, K_NO_WAIT);
}

static void send(struct net_buf *buf)
{
	zassert_not_null(buf);
	zassert_equal(packet_source_send_consume(&source, buf, K_NO_WAIT), 3);
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
#ifdef CONFIG_PORT_VIRTUAL_CLOCK
	port_clock_virtual_start();
#endif
	memset(&made, 0, sizeof(made));
	memset(&seen_at_once, 0, sizeof(seen_at_once));
	memset(&seen_later, 0, sizeof(seen_later));
	kept_count = 0;
	ring_begin(0);
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
#ifdef CONFIG_PORT_VIRTUAL_CLOCK
	port_clock_virtual_stop();
#endif
}

ZTEST_SUITE(one_currency, NULL, NULL, before, after, NULL);

static void expect_home(bool home)
{
	zassert_equal(net_buf_pool_free_count(fixed) == FIXED, home);
	zassert_equal(iob_nfree() == CONFIG_IOB_NBUFFERS, home);
	zassert_equal(ring_used() == 0, home);
	zassert_equal(net_buf_pool_free_count(views) == VIEWS, home);
}

ZTEST(one_currency, test_all_kinds_to_all_sinks)
{
	send(from_net_bufs());
	send(from_iobs());
	send(from_ring(9, 1));
	expect_same(&seen_at_once);
	zassert_equal(seen_later.count, 0);
	zassert_true(record_is(kept[2], 9, 1));

	process();
	expect_same(&seen_later);
	let_go();
	expect_home(false);

	k_sleep(K_MSEC(990));
	let_go();
	expect_home(false);
	for (unsigned int i = 0; i < kept_count; i++) {
		zassert_equal(net_buf_ref_get(kept[i]), 1, "only who keeps it has it");
	}
	k_sleep(K_MSEC(20));
	let_go();
	expect_home(true);
}

/* The queue is the last to let go. */
ZTEST(one_currency, test_kept_shorter_than_queued)
{
	send(from_ring(5, 1));
	send(from_iobs());
	send(from_net_bufs());
	k_sleep(K_MSEC(1010));
	let_go();
	expect_home(false);
	process();
	expect_same(&seen_later);
	expect_home(true);
}

/* Packets of one kind, sent one behind the other, kept and let go in another order. */
ZTEST(one_currency, test_let_go_in_another_order)
{
	for (uint32_t i = 0; i < 4; i++) {
		send(from_ring(6, i));
	}
	process();
	zassert_equal(ring_used(), 4 * 24);
	net_buf_drop(&kept[2]);
	zassert_equal(ring_used(), 4 * 24);
	net_buf_drop(&kept[0]);
	zassert_equal(ring_used(), 3 * 24);
	zassert_true(record_is(kept[1], 6, 1));
	net_buf_drop(&kept[1]);
	zassert_equal(ring_used(), 24);
	net_buf_drop(&kept[3]);
	zassert_equal(ring_used(), 0);
}

/* One packet made of all three kinds. */
ZTEST(one_currency, test_one_packet_of_all_kinds)
{
	struct net_buf *buf = from_net_bufs();

	net_buf_frag_add(buf, from_iobs());
	net_buf_frag_add(buf, from_ring(4, 1));
	send(buf);
	process();
	expect_same(&seen_at_once);
	expect_same(&seen_later);
	expect_home(false);
	k_sleep(K_MSEC(1010));
	let_go();
	expect_home(true);
}

/* ---- from an ISR, let go in an ISR ----------------------------------------------------------- */

static struct net_buf *to_send[3];

static void send_in_isr(const void *unused)
{
	ARG_UNUSED(unused);
	for (int i = 0; i < 3; i++) {
		send(to_send[i]);
	}
}

static void let_go_in_isr(const void *unused)
{
	ARG_UNUSED(unused);
	process();
	let_go();
}

ZTEST(one_currency, test_in_isr)
{
	to_send[0] = from_iobs();
	to_send[1] = from_ring(3, 1);
	to_send[2] = from_net_bufs();
	irq_offload(send_in_isr, NULL);
	k_sleep(K_MSEC(1010));
	expect_home(false);
	irq_offload(let_go_in_isr, NULL);
	expect_same(&seen_at_once);
	expect_same(&seen_later);
	expect_home(true);
}

/* ---- and back -------------------------------------------------------------------------------- */

#ifdef CONFIG_IOB_ALLOC

/* What came as a packet of a ring goes on as a chain of I/O buffers, kept by a sink meanwhile. */
ZTEST(one_currency, test_a_record_as_an_iob)
{
	struct net_buf *buf = from_ring(7, 1);
	struct iob_s *iob;

	zassert_equal(packet_source_send(&source, buf, K_NO_WAIT), 3);
	process();
	iob = iob_from_net_buf(headers, buf, false, K_NO_WAIT);
	zassert_equal_ptr((const void *)IOB_DATA(iob), made.data[0]);
	zassert_equal(iob->io_pktlen, 28);
	iob_free_chain(iob);
	zassert_equal(ring_used(), 28);
	net_buf_drop(&kept[0]);
	zassert_equal(ring_used(), 0);
}

#endif
