/* SPDX-License-Identifier: Apache-2.0 */
/** @file Claimed packets as net_bufs. */
#include "../support/fixture.h"

#include <zephyr/irq_offload.h>
#include <zephyr/mpsc_pbuf/consume.h>

#include <string.h>

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	ring_begin(0);
}

ZTEST_SUITE(bridge_mpsc, NULL, NULL, before, NULL, NULL);

static struct net_buf *claim_buf(void)
{
	struct net_buf *buf = net_buf_from_mpsc(views, &ring, record_claim(), K_NO_WAIT);

	zassert_not_null(buf);
	return buf;
}

ZTEST(bridge_mpsc, test_begins_at_the_header)
{
	const union mpsc_pbuf_generic *packet;
	struct net_buf *buf;

	zassert_true(record_put(5, 1));
	packet = record_claim();
	buf = net_buf_from_mpsc(views, &ring, packet, K_NO_WAIT);
	zassert_not_null(buf);
	zassert_equal_ptr((const void *)buf->data, packet);
	zassert_true(record_is(buf, 5, 1));
	zassert_equal(net_buf_headroom(buf), 0);
	zassert_equal(net_buf_tailroom(buf), 0);
	zassert_equal(ring_used(), 20);
	/* A look at its content moves the beginning, not the packet. */
	net_buf_pull(buf, 4);
	net_buf_unref(buf);
	zassert_equal(ring_used(), 0);
}

/* The last of several holders, clones among them, lets it go. */
ZTEST(bridge_mpsc, test_last_holder_frees)
{
	struct net_buf *buf;
	struct net_buf *clone;

	zassert_true(record_put(3, 7));
	buf = claim_buf();
	clone = net_buf_clone(buf, K_NO_WAIT);
	zassert_equal_ptr(clone->data, buf->data);
	zassert_equal_ptr(net_buf_ref(buf), buf);
	net_buf_unref(buf);
	net_buf_unref(buf);
	zassert_equal(ring_used(), 12);
	zassert_true(record_is(clone, 3, 7));
	net_buf_unref(clone);
	zassert_equal(ring_used(), 0);
}

/* Every order in which three packets can go: room comes back in theirs. */
ZTEST(bridge_mpsc, test_room_comes_back_in_order)
{
	static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
					 {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
	static const uint32_t wlens[3] = {4, 7, 2};

	for (uint32_t flags = 0; flags <= MPSC_PBUF_MODE_OVERWRITE;
	     flags += MPSC_PBUF_MODE_OVERWRITE) {
		for (int i = 0; i < 6; i++) {
			struct net_buf *bufs[3];
			bool gone[3] = {false, false, false};

			ring_begin(flags);
			for (int j = 0; j < 3; j++) {
				zassert_true(record_put(wlens[j], (uint32_t)j));
			}
			for (int j = 0; j < 3; j++) {
				bufs[j] = claim_buf();
			}
			for (int j = 0; j < 3; j++) {
				uint32_t held = 0;
				bool in_use = false;

				net_buf_unref(bufs[orders[i][j]]);
				gone[orders[i][j]] = true;
				/* What is behind the oldest that is held is in use. */
				for (int k = 0; k < 3; k++) {
					in_use = in_use || !gone[k];
					held += in_use ? wlens[k] : 0;
				}
				zassert_equal(ring_used(), held * 4, "order %d, step %d", i, j);
			}
		}
	}
}

/* A full ring whose packets travel drops none of them, and takes new ones when they are back. */
ZTEST(bridge_mpsc, test_travelling_packets_are_not_dropped)
{
	struct net_buf *first;
	struct net_buf *second;

	ring_begin(MPSC_PBUF_MODE_OVERWRITE);
	zassert_true(record_put(30, 1));
	zassert_true(record_put(30, 2));
	first = claim_buf();
	second = claim_buf();
	zassert_false(record_put(30, 3));
	zassert_true(record_is(first, 30, 1));
	zassert_true(record_is(second, 30, 2));
	net_buf_unref(second);
	zassert_true(record_is(first, 30, 1));
	net_buf_unref(first);
	zassert_true(record_put(60, 4));
	net_buf_unref(claim_buf());
}

/* Many times around the ring, packets held while others pass. */
ZTEST(bridge_mpsc, test_around_the_ring)
{
	struct net_buf *held[3] = {NULL, NULL, NULL};
	uint32_t put = 0;
	uint32_t got = 0;

	while (got < 500) {
		while (record_put(1 + put % 9, put)) {
			put++;
		}
		for (int i = 0; i < 3; i++) {
			int slot = (int)((got * 7 + 1) % 3);

			net_buf_drop(&held[slot]);
			if (mpsc_pbuf_is_pending(&ring)) {
				held[slot] = claim_buf();
				zassert_true(record_is(held[slot], 1 + got % 9, got));
				got++;
			}
		}
	}
	for (int i = 0; i < 3; i++) {
		net_buf_drop(&held[i]);
	}
	while (mpsc_pbuf_is_pending(&ring)) {
		net_buf_unref(claim_buf());
	}
}

/* ---- failure --------------------------------------------------------------------------------- */

ZTEST(bridge_mpsc, test_no_buffer_no_change)
{
	struct net_buf *rest = pool_leave(views, 0);
	const union mpsc_pbuf_generic *packet;
	struct net_buf *buf;

	zassert_true(record_put(3, 1));
	packet = record_claim();
	zassert_is_null(net_buf_from_mpsc(views, &ring, packet, K_NO_WAIT));
	zassert_equal(ring_used(), 12);
	net_buf_unref(rest);
	buf = net_buf_from_mpsc(views, &ring, packet, K_NO_WAIT);
	zassert_not_null(buf);
	net_buf_unref(buf);

	/* Or frees it by hand. */
	zassert_true(record_put(3, 2));
	rest = pool_leave(views, 0);
	packet = record_claim();
	zassert_is_null(net_buf_from_mpsc(views, &ring, packet, K_NO_WAIT));
	mpsc_pbuf_free(&ring, packet);
	zassert_equal(ring_used(), 0);
	net_buf_unref(rest);
}

static uint32_t huge_wlen(const union mpsc_pbuf_generic *packet)
{
	ARG_UNUSED(packet);
	return 16384;
}

ZTEST(bridge_mpsc, test_too_large)
{
	mpsc_pbuf_get_wlen get_wlen = ring.get_wlen;
	const union mpsc_pbuf_generic *packet;

	zassert_true(record_put(2, 1));
	packet = record_claim();
	ring.get_wlen = huge_wlen;
	zassert_is_null(net_buf_from_mpsc(views, &ring, packet, K_NO_WAIT));
	ring.get_wlen = get_wlen;
	mpsc_pbuf_free(&ring, packet);
}

ZTEST(bridge_mpsc, test_misuse)
{
	const union mpsc_pbuf_generic *packet;
	const union mpsc_pbuf_generic *inside;
	union mpsc_pbuf_generic outside = {.hdr = {.valid = 1, .busy = 1, .data = 1}};

	/* Of this number the two low bits are set, as in the header of a claimed packet. */
	zassert_true(record_put(2, 3));
	/* Committed, not claimed. */
	packet = (const union mpsc_pbuf_generic *)(const void *)ring.buf;
	MISUSE(zassert_is_null(net_buf_from_mpsc(views, &ring, packet, K_NO_WAIT)));
	packet = record_claim();
	inside = (const union mpsc_pbuf_generic *)(const void *)((const char *)packet + 2);
	MISUSE(zassert_is_null(net_buf_from_mpsc(NULL, &ring, packet, K_NO_WAIT)));
	MISUSE(zassert_is_null(net_buf_from_mpsc(fixed, &ring, packet, K_NO_WAIT)));
	MISUSE(zassert_is_null(net_buf_from_mpsc(views, NULL, packet, K_NO_WAIT)));
	MISUSE(zassert_is_null(net_buf_from_mpsc(views, &ring, NULL, K_NO_WAIT)));
	MISUSE(zassert_is_null(net_buf_from_mpsc(views, &ring, inside, K_NO_WAIT)));
	MISUSE(zassert_is_null(net_buf_from_mpsc(views, &ring, &outside, K_NO_WAIT)));
	zassert_equal(ring_used(), 8);
	mpsc_pbuf_free(&ring, packet);
	MISUSE(zassert_is_null(net_buf_from_mpsc(views, &ring, packet, K_NO_WAIT)));
}

/* ---- in an ISR ------------------------------------------------------------------------------- */

static struct net_buf *in_isr;

static void make(const void *packet)
{
	in_isr = net_buf_from_mpsc(views, &ring, packet, K_NO_WAIT);
}

static void release(const void *buf)
{
	net_buf_unref((struct net_buf *)(uintptr_t)buf);
}

ZTEST(bridge_mpsc, test_isr)
{
	zassert_true(record_put(6, 3));
	irq_offload(make, record_claim());
	zassert_not_null(in_isr);
	zassert_true(record_is(in_isr, 6, 3));
	irq_offload(release, in_isr);
	zassert_equal(ring_used(), 0);
}
