/* SPDX-License-Identifier: Apache-2.0 */
/** @file Overwrite mode: who is dropped, who stays, and that it always ends. */
#include "../support/packets.h"

static struct mpsc_pbuf_buffer buffer;

static void init(uint32_t size)
{
	buffer_init(&buffer, size, MPSC_PBUF_MODE_OVERWRITE);
}

/* Full of packets of @p wlen words, numbered from 0, not beginning at the first word. */
static uint32_t fill_uneven(uint32_t wlen)
{
	uint32_t count = 3 + (buffer.size - 3 * wlen) / wlen;

	for (uint32_t i = 0; i < 3; i++) {
		zassert_true(packet_put(&buffer, wlen, i));
		packet_expect(&buffer, wlen, i);
	}
	for (uint32_t i = 0; i < count; i++) {
		zassert_true(packet_put(&buffer, wlen, i));
	}
	zassert_equal(drop_count, 0);
	return count;
}

static void drops_what_it_needs(uint32_t size)
{
	uint32_t count;

	init(size);
	count = fill_uneven(5);
	zassert_true(packet_put(&buffer, 6, 100));
	DROPPED(0, 1);
	zassert_true(packet_put(&buffer, 9, 101));
	DROPPED(0, 1, 2);
	for (uint32_t i = 3; i < count; i++) {
		packet_expect(&buffer, 5, i);
	}
	packet_expect(&buffer, 6, 100);
	packet_expect(&buffer, 9, 101);
	zassert_equal(mpsc_pbuf_dropped_get(&buffer), 3);
	buffer_check_whole(&buffer);
}

ZTEST(mpsc_pbuf_overwrite, test_drops_what_it_needs)
{
	drops_what_it_needs(32);
	drops_what_it_needs(31);
}

static void claimed_stays(uint32_t size, uint32_t wlen, uint32_t new_wlen, uint32_t drops)
{
	const union mpsc_pbuf_generic *claimed;
	uint32_t count;

	init(size);
	count = fill_uneven(wlen);
	claimed = mpsc_pbuf_claim(&buffer);
	zassert_true(packet_is(claimed, wlen, 0));
	zassert_true(packet_put(&buffer, new_wlen, 100));
	zassert_equal(drop_count, drops);
	for (uint32_t i = 0; i < drops; i++) {
		zassert_equal(drop_ids[i], i + 1);
	}
	zassert_true(packet_is(claimed, wlen, 0));
	mpsc_pbuf_free(&buffer, claimed);
	for (uint32_t i = drops + 1; i < count; i++) {
		packet_expect(&buffer, wlen, i);
	}
	packet_expect(&buffer, new_wlen, 100);
	zassert_is_null(mpsc_pbuf_claim(&buffer));
	buffer_check_whole(&buffer);
}

ZTEST(mpsc_pbuf_overwrite, test_claimed_stays)
{
	claimed_stays(32, 5, 6, 2);
	claimed_stays(31, 5, 6, 2);
	claimed_stays(32, 1, 3, 3);
	claimed_stays(31, 1, 3, 3);
}

static void put_letter(int letter)
{
	zassert_ok(mpsc_pbuf_put_word(&buffer, packet_header(1, (uint32_t)letter)));
}

/* Word by word, in a buffer of four. */
ZTEST(mpsc_pbuf_overwrite, test_put_while_claimed)
{
	const union mpsc_pbuf_generic *claimed;

	init(4);
	for (int letter = 'a'; letter <= 'd'; letter++) {
		put_letter(letter);
	}
	put_letter('e'); /* e b c d */
	DROPPED('a');
	claimed = mpsc_pbuf_claim(&buffer);
	zassert_true(packet_is(claimed, 1, 'b'));
	put_letter('f'); /* e B f d */
	DROPPED('a', 'c');
	put_letter('g'); /* e B f g */
	DROPPED('a', 'c', 'd');
	mpsc_pbuf_free(&buffer, claimed); /* e - f g */
	packet_expect(&buffer, 1, 'e');
	packet_expect(&buffer, 1, 'f');
	packet_expect(&buffer, 1, 'g');
	buffer_check_whole(&buffer);
}

/* The claimed packet stays, however often the rest of the buffer is used again. */
static void claimed_for_long(uint32_t size)
{
	const union mpsc_pbuf_generic *claimed;
	uint32_t next = 1;

	for (uint32_t wlen = 1; wlen <= 5; wlen++) {
		init(size);
		zassert_true(packet_put(&buffer, wlen, 0));
		claimed = mpsc_pbuf_claim(&buffer);
		for (int i = 0; i < 1000; i++) {
			zassert_true(packet_put(&buffer, 1 + (next % 3), next));
			next++;
			if (i % 7 == 0) {
				/* The consumer goes round it as well. */
				const union mpsc_pbuf_generic *other = mpsc_pbuf_claim(&buffer);

				zassert_not_null(other);
				mpsc_pbuf_free(&buffer, other);
			}
			zassert_true(packet_is(claimed, wlen, 0));
		}
		mpsc_pbuf_free(&buffer, claimed);
		while ((claimed = mpsc_pbuf_claim(&buffer)) != NULL) {
			mpsc_pbuf_free(&buffer, claimed);
		}
		buffer_check_whole(&buffer);
	}
}

ZTEST(mpsc_pbuf_overwrite, test_claimed_for_long)
{
	claimed_for_long(16);
	claimed_for_long(13);
}

/* What only fits where the claimed packet is: no room, and an end. Then it is free, and fits. */
static void claimed_in_the_way(uint32_t size)
{
	for (uint32_t before = 0; before < size; before++) {
		const union mpsc_pbuf_generic *claimed;

		init(size);
		for (uint32_t i = 0; i < before; i++) {
			zassert_true(packet_put(&buffer, 1, i));
			packet_expect(&buffer, 1, i);
		}
		zassert_true(packet_put(&buffer, 1, 100));
		claimed = mpsc_pbuf_claim(&buffer);
		zassert_is_null(mpsc_pbuf_alloc(&buffer, size, K_NO_WAIT));
		zassert_true(packet_put(&buffer, 2, 101));
		zassert_is_null(mpsc_pbuf_alloc(&buffer, size, K_NO_WAIT));
		zassert_equal(drop_count, 1);
		zassert_equal(mpsc_pbuf_put_data(&buffer, memory, size), -ENOSPC);
		zassert_true(packet_is(claimed, 1, 100));
		zassert_is_null(mpsc_pbuf_claim(&buffer));
		mpsc_pbuf_free(&buffer, claimed);
		zassert_true(packet_put(&buffer, size, 102));
		packet_expect(&buffer, size, 102);
		buffer_check_whole(&buffer);
	}
}

ZTEST(mpsc_pbuf_overwrite, test_claimed_in_the_way)
{
	claimed_in_the_way(16);
	claimed_in_the_way(11);
}

/* Several claimed packets with gaps: whatever fits into the largest gap is stored, and no more. */
ZTEST(mpsc_pbuf_overwrite, test_gaps_between_claimed)
{
	const union mpsc_pbuf_generic *claimed[3];

	for (uint32_t wlen = 1; wlen <= 10; wlen++) {
		init(30);
		for (uint32_t i = 0; i < 3; i++) {
			zassert_true(packet_put(&buffer, 2, i));
			zassert_true(packet_put(&buffer, 5 + i, 10 + i));
		}
		/* Words: 0 0 5 words 1 1 6 words 2 2 7 words, 6 free. */
		for (uint32_t i = 0; i < 3; i++) {
			claimed[i] = mpsc_pbuf_claim(&buffer);
			zassert_true(packet_is(claimed[i], 2, i));
			packet_expect(&buffer, 5 + i, 10 + i);
		}
		for (int round = 0; round < 5; round++) {
			/* The last 13 words of the memory are free in one piece. */
			zassert_true(packet_put(&buffer, wlen, 20));
		}
		zassert_is_null(mpsc_pbuf_alloc(&buffer, 14, K_NO_WAIT));
		for (uint32_t i = 0; i < 3; i++) {
			zassert_true(packet_is(claimed[i], 2, i));
			mpsc_pbuf_free(&buffer, claimed[2 - i]);
			claimed[2 - i] = claimed[i];
			if (i == 1) {
				break;
			}
		}
		/* Left is the first or the last one; see that it is still known. */
		while (mpsc_pbuf_is_pending(&buffer)) {
			packet_expect(&buffer, wlen, 20);
		}
		zassert_is_null(mpsc_pbuf_claim(&buffer));
	}
}

/* A packet that is being filled cannot be dropped, nor can what is behind it. */
ZTEST(mpsc_pbuf_overwrite, test_uncommitted_ends_it)
{
	union mpsc_pbuf_generic *filling;

	init(16);
	zassert_true(packet_put(&buffer, 4, 0));
	filling = mpsc_pbuf_alloc(&buffer, 4, K_NO_WAIT);
	zassert_true(packet_put(&buffer, 4, 1));
	zassert_true(packet_put(&buffer, 4, 2));
	/* The one before it goes. */
	zassert_true(packet_put(&buffer, 4, 3));
	DROPPED(0);
	zassert_is_null(mpsc_pbuf_alloc(&buffer, 1, K_NO_WAIT));
	zassert_equal(mpsc_pbuf_put_word(&buffer, packet_header(1, 9)), -ENOSPC);
	zassert_is_null(mpsc_pbuf_claim(&buffer));
	packet_fill(filling, 4, 10);
	mpsc_pbuf_commit(&buffer, filling);
	zassert_true(packet_put(&buffer, 5, 4));
	DROPPED(0, 10, 1);
	packet_expect(&buffer, 4, 2);
	packet_expect(&buffer, 4, 3);
	packet_expect(&buffer, 5, 4);
	buffer_check_whole(&buffer);
}

/* ---- what the callback may do ---------------------------------------------------------------- */

static uint32_t hook_put;
static uint32_t hook_wlen;

/* Another producer, in the middle of a drop. */
static void put_in_hook(const struct mpsc_pbuf_buffer *b, uint32_t id)
{
	ARG_UNUSED(b);
	ARG_UNUSED(id);
	if (hook_put > 0) {
		hook_put--;
		zassert_true(packet_put(&buffer, hook_wlen, 200 + hook_put));
	}
}

static void put_while_dropping(uint32_t size, uint32_t wlen)
{
	uint32_t seen[300] = {0};
	const union mpsc_pbuf_generic *packet;
	uint32_t count;

	init(size);
	count = fill_uneven(2);
	drop_hook = put_in_hook;
	hook_put = 3;
	hook_wlen = wlen;
	zassert_true(packet_put(&buffer, 4, 100));
	zassert_equal(hook_put, 0);
	for (uint32_t i = 0; i < drop_count; i++) {
		seen[drop_ids[i]]++;
	}
	while ((packet = mpsc_pbuf_claim(&buffer)) != NULL) {
		uint32_t id = ((const union item *)packet)->packet.id;

		zassert_true(packet_is(packet, id < 100 ? 2 : id == 100 ? 4 : wlen, id));
		seen[id]++;
		mpsc_pbuf_free(&buffer, packet);
	}
	for (uint32_t id = 0; id < 203; id++) {
		bool sent = id < count || id == 100 || id >= 200;

		zassert_equal(seen[id], sent ? 1 : 0, "%u: %u times", (unsigned int)id,
			      (unsigned int)seen[id]);
	}
	zassert_equal(mpsc_pbuf_dropped_get(&buffer), drop_count);
	buffer_check_whole(&buffer);
}

ZTEST(mpsc_pbuf_overwrite, test_put_while_dropping)
{
	for (uint32_t wlen = 1; wlen <= 4; wlen++) {
		put_while_dropping(32, wlen);
		put_while_dropping(31, wlen);
	}
}

/* The callback consumes what is left. */
static void consume_in_hook(const struct mpsc_pbuf_buffer *b, uint32_t id)
{
	ARG_UNUSED(b);
	drop_hook = NULL;
	packet_expect(&buffer, 4, id + 1);
	packet_expect(&buffer, 4, id + 2);
}

ZTEST(mpsc_pbuf_overwrite, test_consume_while_dropping)
{
	init(16);
	for (uint32_t i = 0; i < 4; i++) {
		zassert_true(packet_put(&buffer, 4, i));
	}
	drop_hook = consume_in_hook;
	zassert_true(packet_put(&buffer, 4, 4));
	DROPPED(0);
	packet_expect(&buffer, 4, 3);
	packet_expect(&buffer, 4, 4);
	buffer_check_whole(&buffer);
}

ZTEST(mpsc_pbuf_overwrite, test_no_callback)
{
	init(16);
	buffer.notify_drop = NULL;
	for (uint32_t i = 0; i < 100; i++) {
		zassert_true(packet_put(&buffer, 3, i));
	}
	zassert_equal(mpsc_pbuf_dropped_get(&buffer), 95);
	for (uint32_t i = 95; i < 100; i++) {
		packet_expect(&buffer, 3, i);
	}
	buffer_check_whole(&buffer);
}

/* ---- every packet once, in order ------------------------------------------------------------- */

static uint32_t next_seen;
static uint32_t random_state;

static void see(const struct mpsc_pbuf_buffer *b, const union mpsc_pbuf_generic *packet)
{
	ARG_UNUSED(b);
	zassert_true(packet_is(packet, ((const union item *)packet)->packet.len, next_seen),
		     "packet %u is missing", (unsigned int)next_seen);
	next_seen++;
}

static uint32_t pick(uint32_t below)
{
	random_state = random_state * 1664525U + 1013904223U;
	return (random_state >> 16) % below;
}

/* Packets of random sizes, some of them put while one is claimed: consumed or dropped, in order. */
ZTEST(mpsc_pbuf_overwrite, test_once_and_in_order)
{
	uint32_t id = 0;

	random_state = 1;
	next_seen = 0;
	init(MEMORY_WORDS);
	buffer.notify_drop = see;
	while (id < 50000) {
		const union mpsc_pbuf_generic *claimed =
			pick(5) < 2 ? mpsc_pbuf_claim(&buffer) : NULL;
		const union mpsc_pbuf_generic *packet;

		if (claimed != NULL) {
			see(&buffer, claimed);
		}
		for (uint32_t n = 1 + pick(15); n > 0; n--) {
			zassert_true(packet_put(&buffer, 1 + pick(15), id++));
		}
		if (claimed != NULL) {
			mpsc_pbuf_free(&buffer, claimed);
		}
		for (uint32_t n = 1 + pick(30);
		     n > 0 && (packet = mpsc_pbuf_claim(&buffer)) != NULL; n--) {
			see(&buffer, packet);
			mpsc_pbuf_free(&buffer, packet);
		}
	}
	buffer_check_around();
}

#ifdef CONFIG_SMP
/* The note of a packet that may be freed without the lock stays until it is free. */
ZTEST(mpsc_pbuf_overwrite, test_note)
{
	const union mpsc_pbuf_generic *claimed[3];

	buffer_init(&buffer, 16, MPSC_PBUF_MODE_OVERWRITE);
	for (uint32_t i = 0; i < 3; i++) {
		zassert_true(packet_put(&buffer, 3 + i, i));
	}
	claimed[0] = mpsc_pbuf_claim(&buffer);
	claimed[1] = mpsc_pbuf_claim(&buffer);
	zassert_equal_ptr(buffer.out.noted, claimed[0]);
	mpsc_pbuf_free(&buffer, claimed[0]);
	claimed[2] = mpsc_pbuf_claim(&buffer);
	zassert_equal_ptr(buffer.out.noted, claimed[2]);
	mpsc_pbuf_free(&buffer, claimed[2]);
	mpsc_pbuf_free(&buffer, claimed[1]);
	buffer_check_whole(&buffer);
}
#endif

ZTEST_SUITE(mpsc_pbuf_overwrite, NULL, NULL, NULL, NULL, NULL);
