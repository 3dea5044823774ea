/* SPDX-License-Identifier: Apache-2.0 */
/** @file Allocating, committing, claiming and freeing, without overwrite where not said otherwise. */
#include "../support/packets.h"

static struct mpsc_pbuf_buffer buffer;

static void many_cycles(uint32_t size, uint32_t flags)
{
	for (uint32_t wlen = 1; wlen <= size; wlen++) {
		buffer_init(&buffer, size, flags);
		for (uint32_t i = 0; i < 1024; i++) {
			zassert_true(packet_put(&buffer, wlen, i));
			packet_expect(&buffer, wlen, i);
		}
		zassert_equal(drop_count, 0);
		buffer_check_whole(&buffer);
	}
}

ZTEST(mpsc_pbuf_alloc, test_many_cycles)
{
	many_cycles(16, 0);
	many_cycles(15, 0);
	many_cycles(16, MPSC_PBUF_MODE_OVERWRITE);
	many_cycles(15, MPSC_PBUF_MODE_OVERWRITE);
}

/* Whatever the size, and wherever the last packet ended, an empty buffer takes any packet. */
static void empty_takes_all(uint32_t size, uint32_t flags)
{
	for (uint32_t first = 1; first <= size; first++) {
		for (uint32_t second = 1; second <= size; second++) {
			buffer_init(&buffer, size, flags);
			for (uint32_t i = 0; i < 4; i++) {
				zassert_true(packet_put(&buffer, first, i));
				packet_expect(&buffer, first, i);
				zassert_true(packet_put(&buffer, second, i));
				packet_expect(&buffer, second, i);
			}
			zassert_equal(drop_count, 0);
			zassert_is_null(mpsc_pbuf_claim(&buffer));
		}
	}
	buffer_check_around();
}

ZTEST(mpsc_pbuf_alloc, test_empty_takes_all)
{
	empty_takes_all(16, 0);
	empty_takes_all(15, 0);
	empty_takes_all(16, MPSC_PBUF_MODE_OVERWRITE);
	empty_takes_all(15, MPSC_PBUF_MODE_OVERWRITE);
}

static void largest(uint32_t flags)
{
	buffer_init(&buffer, 8, flags);
	for (uint32_t i = 0; i < 2; i++) {
		zassert_true(packet_put(&buffer, 8, i));
		packet_expect(&buffer, 8, i);
	}
	zassert_is_null(mpsc_pbuf_alloc(&buffer, 9, K_NO_WAIT));
	zassert_is_null(mpsc_pbuf_alloc(&buffer, 9, K_FOREVER));
	zassert_is_null(mpsc_pbuf_alloc(&buffer, SIZE_MAX, K_FOREVER));
	zassert_is_null(mpsc_pbuf_alloc(&buffer, 0, K_FOREVER));
	buffer_check_whole(&buffer);
}

ZTEST(mpsc_pbuf_alloc, test_largest)
{
	largest(0);
	largest(MPSC_PBUF_MODE_OVERWRITE);
}

static void saturate(uint32_t size)
{
	uint32_t count = 0;

	buffer_init(&buffer, size, 0);
	for (uint32_t i = 0; i < 3; i++) {
		zassert_true(packet_put(&buffer, 5, i));
		packet_expect(&buffer, 5, i);
	}
	while (packet_put(&buffer, 5, count)) {
		count++;
	}
	zassert_equal(count, 3 + (size - 15) / 5);
	zassert_is_null(mpsc_pbuf_alloc(&buffer, 5, K_NO_WAIT));
	packet_expect(&buffer, 5, 0);
	zassert_true(packet_put(&buffer, 5, count));
	zassert_is_null(mpsc_pbuf_alloc(&buffer, 5, K_NO_WAIT));
	for (uint32_t i = 1; i <= count; i++) {
		packet_expect(&buffer, 5, i);
	}
	buffer_check_whole(&buffer);
}

ZTEST(mpsc_pbuf_alloc, test_saturate)
{
	saturate(32);
	saturate(31);
}

static void commit_in_any_order(uint32_t size, uint32_t flags)
{
	union mpsc_pbuf_generic *p0;
	union mpsc_pbuf_generic *p1;

	buffer_init(&buffer, size, flags);
	p0 = mpsc_pbuf_alloc(&buffer, 10, K_NO_WAIT);
	packet_fill(p0, 10, 0);
	zassert_is_null(mpsc_pbuf_claim(&buffer));
	zassert_false(mpsc_pbuf_is_pending(&buffer));
	p1 = mpsc_pbuf_alloc(&buffer, 20, K_NO_WAIT);
	packet_fill(p1, 20, 1);
	mpsc_pbuf_commit(&buffer, p1);
	zassert_is_null(mpsc_pbuf_claim(&buffer));
	zassert_false(mpsc_pbuf_is_pending(&buffer));
	mpsc_pbuf_commit(&buffer, p0);
	zassert_true(mpsc_pbuf_is_pending(&buffer));
	packet_expect(&buffer, 10, 0);
	packet_expect(&buffer, 20, 1);
	zassert_is_null(mpsc_pbuf_claim(&buffer));

	p0 = mpsc_pbuf_alloc(&buffer, 10, K_NO_WAIT);
	p1 = mpsc_pbuf_alloc(&buffer, 20, K_NO_WAIT);
	packet_fill(p0, 10, 2);
	packet_fill(p1, 20, 3);
	mpsc_pbuf_commit(&buffer, p0);
	packet_expect(&buffer, 10, 2);
	zassert_is_null(mpsc_pbuf_claim(&buffer));
	mpsc_pbuf_commit(&buffer, p1);
	packet_expect(&buffer, 20, 3);
	buffer_check_whole(&buffer);
}

ZTEST(mpsc_pbuf_alloc, test_commit_in_any_order)
{
	commit_in_any_order(512, 0);
	commit_in_any_order(511, 0);
	commit_in_any_order(512, MPSC_PBUF_MODE_OVERWRITE);
}

/* A request that finds no room changes nothing: what fitted before fits after it. */
ZTEST(mpsc_pbuf_alloc, test_refusal_costs_no_room)
{
	const union mpsc_pbuf_generic *claimed;

	buffer_init(&buffer, 16, 0);
	zassert_true(packet_put(&buffer, 6, 0));
	zassert_true(packet_put(&buffer, 6, 1));
	claimed = mpsc_pbuf_claim(&buffer);
	mpsc_pbuf_free(&buffer, claimed);
	/* Free are 4 words at the end and 6 at the start. */
	for (int i = 0; i < 5; i++) {
		zassert_is_null(mpsc_pbuf_alloc(&buffer, 7, K_NO_WAIT));
	}
	zassert_true(packet_put(&buffer, 4, 2));
	zassert_true(packet_put(&buffer, 6, 3));
	zassert_false(packet_put(&buffer, 1, 4));
	packet_expect(&buffer, 6, 1);
	packet_expect(&buffer, 4, 2);
	packet_expect(&buffer, 6, 3);
	buffer_check_whole(&buffer);
}

/* Words at the end that no packet fitted into come back with the packet behind them. */
ZTEST(mpsc_pbuf_alloc, test_end_of_memory_comes_back)
{
	buffer_init(&buffer, 16, 0);
	for (uint32_t i = 0; i < 100; i++) {
		zassert_true(packet_put(&buffer, 6, 2 * i));
		zassert_true(packet_put(&buffer, 5, 2 * i + 1));
		packet_expect(&buffer, 6, 2 * i);
		packet_expect(&buffer, 5, 2 * i + 1);
	}
	buffer_check_whole(&buffer);
}

/* Counts of words pass 2^32. */
static void counts_wrap(uint32_t flags)
{
	uint32_t before = UINT32_MAX - 40;

	buffer_init(&buffer, 16, flags);
	/* Where it would be after as many packets as that. */
	buffer.in.wr = buffer.in.limit = buffer.in.base = before;
	buffer.in.tail = buffer.in.tail_base = before;
	buffer.out.rd = before;
#ifdef CONFIG_SMP
	buffer.out.seen = before;
#endif
	for (uint32_t i = 0; i < 100; i++) {
		zassert_true(packet_put(&buffer, 7, 2 * i));
		zassert_true(packet_put(&buffer, 5, 2 * i + 1));
		packet_expect(&buffer, 7, 2 * i);
		packet_expect(&buffer, 5, 2 * i + 1);
	}
	zassert_true(buffer.in.wr < before);
	buffer_check_whole(&buffer);
}

ZTEST(mpsc_pbuf_alloc, test_counts_wrap)
{
	counts_wrap(0);
	counts_wrap(MPSC_PBUF_MODE_OVERWRITE);
}

#ifdef CONFIG_MPSC_CLEAR_ALLOCATED
ZTEST(mpsc_pbuf_alloc, test_cleared)
{
	buffer_init(&buffer, 16, 0);
	for (uint32_t i = 0; i < 50; i++) {
		union mpsc_pbuf_generic *packet = mpsc_pbuf_alloc(&buffer, 5, K_NO_WAIT);

		for (int word = 0; word < 5; word++) {
			zassert_equal(packet[word].raw, 0);
		}
		packet_fill(packet, 5, i);
		mpsc_pbuf_commit(&buffer, packet);
		packet_expect(&buffer, 5, i);
	}
}
#endif

/* ---- several claimed at once ----------------------------------------------------------------- */

#define CLAIMS 5

/* All orders of CLAIMS things: the next one after @p order; false after the last. */
static bool next_order(uint32_t order[CLAIMS])
{
	int i = CLAIMS - 2;
	int j = CLAIMS - 1;

	while (i >= 0 && order[i] > order[i + 1]) {
		i--;
	}
	if (i < 0) {
		return false;
	}
	while (order[j] < order[i]) {
		j--;
	}
	for (int left = i, right = j;; left = ++i, right = CLAIMS) {
		uint32_t swap = order[left];

		if (right < CLAIMS) {
			order[left] = order[right];
			order[right] = swap;
			continue;
		}
		/* Behind it: ascending again. */
		for (int a = left, b = CLAIMS - 1; a < b; a++, b--) {
			swap = order[a];
			order[a] = order[b];
			order[b] = swap;
		}
		return true;
	}
}

static void free_in_order(const uint32_t order[CLAIMS], uint32_t size, uint32_t flags)
{
	const union mpsc_pbuf_generic *claimed[CLAIMS];
	bool freed[CLAIMS] = {false};
	uint32_t wlen = size / CLAIMS;

	for (uint32_t i = 0; i < CLAIMS; i++) {
		zassert_true(packet_put(&buffer, wlen, i));
	}
	for (uint32_t i = 0; i < CLAIMS; i++) {
		claimed[i] = mpsc_pbuf_claim(&buffer);
		zassert_true(packet_is(claimed[i], wlen, i));
	}
	zassert_is_null(mpsc_pbuf_claim(&buffer));
	for (uint32_t n = 0; n < CLAIMS; n++) {
		uint32_t in_order = 0;
		uint32_t capacity;
		uint32_t now;

		mpsc_pbuf_free(&buffer, claimed[order[n]]);
		freed[order[n]] = true;
		while (in_order < CLAIMS && freed[in_order]) {
			in_order++;
		}
		mpsc_pbuf_get_utilization(&buffer, &capacity, &now);
		if ((flags & MPSC_PBUF_MODE_OVERWRITE) == 0 && in_order > 0) {
			zassert_true(now <= (size - in_order * wlen) * sizeof(uint32_t));
		}
		for (uint32_t i = 0; i < CLAIMS; i++) {
			zassert_true(freed[i] || packet_is(claimed[i], wlen, i));
		}
	}
	zassert_is_null(mpsc_pbuf_claim(&buffer));
}

static void free_in_any_order(uint32_t size, uint32_t flags)
{
	uint32_t order[CLAIMS] = {0, 1, 2, 3, 4};
	unsigned int count = 0;

	buffer_init(&buffer, size, flags);
	do {
		free_in_order(order, size, flags);
		count++;
	} while (next_order(order));
	zassert_equal(count, 120);
	zassert_equal(drop_count, 0);
	buffer_check_whole(&buffer);
}

ZTEST(mpsc_pbuf_alloc, test_free_in_any_order)
{
	free_in_any_order(16, 0);
	free_in_any_order(25, 0);
	free_in_any_order(16, MPSC_PBUF_MODE_OVERWRITE);
	free_in_any_order(25, MPSC_PBUF_MODE_OVERWRITE);
}

ZTEST(mpsc_pbuf_alloc, test_batch)
{
	const union mpsc_pbuf_generic *packets[8];

	for (uint32_t flags = 0; flags <= MPSC_PBUF_MODE_OVERWRITE;
	     flags += MPSC_PBUF_MODE_OVERWRITE) {
		union mpsc_pbuf_generic *last;

		buffer_init(&buffer, 64, flags);
		zassert_equal(mpsc_pbuf_claim_batch(&buffer, packets, 8), 0);
		for (uint32_t i = 0; i < 5; i++) {
			zassert_true(packet_put(&buffer, 3 + i, i));
		}
		last = mpsc_pbuf_alloc(&buffer, 2, K_NO_WAIT);
		packet_fill(last, 2, 5);
		zassert_equal(mpsc_pbuf_claim_batch(&buffer, packets, 0), 0);
		zassert_equal(mpsc_pbuf_claim_batch(&buffer, packets, 2), 2);
		zassert_equal(mpsc_pbuf_claim_batch(&buffer, packets + 2, 6), 3);
		for (uint32_t i = 0; i < 5; i++) {
			zassert_true(packet_is(packets[i], 3 + i, i));
			mpsc_pbuf_free(&buffer, packets[i]);
		}
		zassert_equal(mpsc_pbuf_claim_batch(&buffer, packets, 8), 0);
		mpsc_pbuf_commit(&buffer, last);
		zassert_equal(mpsc_pbuf_claim_batch(&buffer, packets, SIZE_MAX), 1);
		mpsc_pbuf_free(&buffer, packets[0]);
		buffer_check_whole(&buffer);
	}
}

ZTEST_SUITE(mpsc_pbuf_alloc, NULL, NULL, NULL, NULL, NULL);
