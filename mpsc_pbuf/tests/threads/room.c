/* SPDX-License-Identifier: Apache-2.0 */
/** @file Producers that wait for room, on the virtual clock. */
#include <zephyr/irq_offload.h>

#include "../support/crew.h"
#include "../support/packets.h"

static struct mpsc_pbuf_buffer buffer;

/* What a thread wants, and what came of it. */
struct wish {
	uint32_t wlen;
	uint32_t id;
	k_timeout_t timeout;
	bool got;
	uint64_t after; /* ticks */
	uint32_t turn;  /* the how manieth to be served */
};

static uint32_t turns;

static void wisher(void *a, void *b, void *c)
{
	struct wish *wish = a;
	int64_t start = sys_clock_tick_get();
	union mpsc_pbuf_generic *packet = mpsc_pbuf_alloc(&buffer, wish->wlen, wish->timeout);

	ARG_UNUSED(b);
	ARG_UNUSED(c);
	wish->after = (uint64_t)(sys_clock_tick_get() - start);
	wish->got = packet != NULL;
	if (packet != NULL) {
		wish->turn = atomic32_add_relaxed(&turns, 1);
		packet_fill(packet, wish->wlen, wish->id);
		mpsc_pbuf_commit(&buffer, packet);
	}
}

static void start(struct wish *wish, int priority)
{
	crew_start(wisher, wish, NULL, priority);
	crew_settle();
}

/* Full with packets of @p wlen words. */
static uint32_t fill(uint32_t size, uint32_t wlen, uint32_t flags)
{
	uint32_t count = 0;

	buffer_init(&buffer, size, flags);
	turns = 0;
	while (count < size / wlen) {
		zassert_true(packet_put(&buffer, wlen, count));
		count++;
	}
	return count;
}

static void timeout_is_exact(uint32_t flags)
{
	struct wish wish = {.wlen = 4, .timeout = K_MSEC(7)};

	fill(16, 4, flags);
	start(&wish, 1);
	crew_join();
	zassert_false(wish.got);
	zassert_equal(wish.after, k_ms_to_ticks_ceil64(7));
	/* It waited instead of dropping, and left nothing behind. */
	zassert_equal(drop_count, 0);
	for (uint32_t i = 0; i < 4; i++) {
		packet_expect(&buffer, 4, i);
	}
	buffer_check_whole(&buffer);
}

ZTEST(mpsc_pbuf_room, test_timeout_is_exact)
{
	timeout_is_exact(0);
	timeout_is_exact(MPSC_PBUF_MODE_OVERWRITE);
}

/* Frees that make too little room do not begin the timeout anew. */
ZTEST(mpsc_pbuf_room, test_timeout_is_a_total)
{
	struct wish wish = {.wlen = 16, .timeout = K_MSEC(10)};

	fill(16, 1, 0);
	start(&wish, 1);
	for (uint32_t i = 0; i < 8; i++) {
		k_sleep(K_MSEC(1));
		packet_expect(&buffer, 1, i);
	}
	crew_join();
	zassert_false(wish.got);
	zassert_equal(wish.after, k_ms_to_ticks_ceil64(10));
}

static void served_by_priority(uint32_t flags)
{
	struct wish low = {.wlen = 4, .id = 100, .timeout = K_FOREVER};
	struct wish high = {.wlen = 4, .id = 101, .timeout = K_FOREVER};
	struct wish high_too = {.wlen = 4, .id = 102, .timeout = K_FOREVER};

	fill(16, 1, flags);
	start(&low, 5);
	start(&high, 2);
	start(&high_too, 2);
	for (uint32_t i = 0; i < 4; i++) {
		zassert_false(high.got);
		packet_expect(&buffer, 1, i);
	}
	crew_settle();
	zassert_true(high.got);
	zassert_false(low.got || high_too.got);
	for (uint32_t i = 4; i < 16; i++) {
		packet_expect(&buffer, 1, i);
	}
	crew_join();
	zassert_true(low.got && high_too.got);
	packet_expect(&buffer, 4, 101);
	packet_expect(&buffer, 4, 102);
	packet_expect(&buffer, 4, 100);
	zassert_equal(drop_count, 0);
	buffer_check_whole(&buffer);
}

ZTEST(mpsc_pbuf_room, test_served_by_priority)
{
	served_by_priority(0);
	served_by_priority(MPSC_PBUF_MODE_OVERWRITE);
}

/* One free, room for three. */
static void one_free_serves_many(uint32_t flags)
{
	struct wish wishes[3];

	fill(16, 16, flags);
	for (uint32_t i = 0; i < 3; i++) {
		wishes[i] = (struct wish){.wlen = 5, .id = 10 + i, .timeout = K_FOREVER};
		start(&wishes[i], 3);
	}
	packet_expect(&buffer, 16, 0);
	crew_join();
	for (uint32_t i = 0; i < 3; i++) {
		zassert_true(wishes[i].got);
		zassert_not_null(mpsc_pbuf_claim(&buffer));
	}
	zassert_is_null(mpsc_pbuf_claim(&buffer));
}

ZTEST(mpsc_pbuf_room, test_one_free_serves_many)
{
	one_free_serves_many(0);
	one_free_serves_many(MPSC_PBUF_MODE_OVERWRITE);
}

/* Who waits for much is not overtaken by who waits for little, until it gives up. */
ZTEST(mpsc_pbuf_room, test_large_one_first)
{
	struct wish large = {.wlen = 12, .id = 100, .timeout = K_MSEC(5)};
	struct wish small = {.wlen = 2, .id = 101, .timeout = K_FOREVER};

	fill(16, 4, 0);
	start(&large, 3);
	start(&small, 3);
	packet_expect(&buffer, 4, 0);
	crew_settle();
	zassert_false(large.got || small.got);
	/* Without waiting there is room. */
	zassert_true(packet_put(&buffer, 1, 50));
	crew_join();
	zassert_false(large.got);
	zassert_true(small.got);
	zassert_equal(small.after, large.after - 1);
	for (uint32_t i = 1; i < 4; i++) {
		packet_expect(&buffer, 4, i);
	}
	packet_expect(&buffer, 1, 50);
	packet_expect(&buffer, 2, 101);
	buffer_check_whole(&buffer);
}

/* Those who come later wait behind those who wait; the most urgent before them. */
ZTEST(mpsc_pbuf_room, test_no_overtaking)
{
	struct wish first = {.wlen = 8, .id = 100, .timeout = K_FOREVER};
	struct wish later = {.wlen = 2, .id = 101, .timeout = K_MSEC(1)};
	struct wish urgent = {.wlen = 2, .id = 102, .timeout = K_MSEC(1)};

	fill(16, 4, 0);
	packet_expect(&buffer, 4, 0);
	start(&first, 3);
	start(&later, 3);
	start(&urgent, 1);
	zassert_true(urgent.got);
	k_sleep(K_MSEC(2));
	zassert_false(later.got);
	packet_expect(&buffer, 4, 1);
	packet_expect(&buffer, 4, 2);
	packet_expect(&buffer, 4, 3);
	crew_join();
	zassert_true(first.got);
	packet_expect(&buffer, 2, 102);
	packet_expect(&buffer, 8, 100);
	buffer_check_whole(&buffer);
}

static void free_one(const void *arg)
{
	ARG_UNUSED(arg);
	mpsc_pbuf_free(&buffer, mpsc_pbuf_claim(&buffer));
}

ZTEST(mpsc_pbuf_room, test_freed_in_isr)
{
	struct wish wish = {.wlen = 4, .id = 100, .timeout = K_FOREVER};

	fill(16, 4, 0);
	start(&wish, 3);
	irq_offload(free_one, NULL);
	crew_join();
	zassert_true(wish.got);
}

/* Room made by a drop, more than the producer needs, serves who waits. */
ZTEST(mpsc_pbuf_room, test_drop_serves)
{
	struct wish wish = {.wlen = 4, .id = 100, .timeout = K_FOREVER};

	fill(16, 8, MPSC_PBUF_MODE_OVERWRITE);
	start(&wish, 3);
	zassert_true(packet_put(&buffer, 1, 50));
	crew_join();
	zassert_true(wish.got);
	DROPPED(0);
	packet_expect(&buffer, 8, 1);
	packet_expect(&buffer, 1, 50);
	packet_expect(&buffer, 4, 100);
	buffer_check_whole(&buffer);
}

#ifdef CONFIG_MPSC_PBUF_HIGH_WATER
static uint32_t high_calls;

static void on_high(struct mpsc_pbuf_buffer *b, struct mpsc_pbuf_high_water *high_water)
{
	ARG_UNUSED(b);
	ARG_UNUSED(high_water);
	high_calls++;
}

/* The mark is reached by an allocation that was waited for. */
ZTEST(mpsc_pbuf_room, test_high_water_after_a_wait)
{
	struct mpsc_pbuf_high_water mark = {.mark = 15 * 4, .cb = on_high};
	struct wish wish = {.wlen = 15, .id = 100, .timeout = K_FOREVER};

	fill(16, 4, 0);
	high_calls = 0;
	zassert_equal(mpsc_pbuf_high_water_set(&buffer, &mark), 1);
	start(&wish, 3);
	for (uint32_t i = 0; i < 4; i++) {
		packet_expect(&buffer, 4, i);
	}
	crew_join();
	zassert_true(wish.got);
	zassert_equal(high_calls, 1);
}
#endif

/* An aborted thread takes its wish along. */
static K_THREAD_STACK_DEFINE(victim_stack, 4096);
static struct k_thread victim;

ZTEST(mpsc_pbuf_room, test_abort)
{
	struct wish aborted = {.wlen = 16, .id = 99, .timeout = K_FOREVER};
	struct wish behind = {.wlen = 4, .id = 100, .timeout = K_FOREVER};

	fill(16, 4, 0);
	(void)k_thread_create(&victim, victim_stack, 4096, wisher, &aborted, NULL, NULL, 3, 0,
			      K_NO_WAIT);
	crew_settle();
	start(&behind, 3);
	packet_expect(&buffer, 4, 0);
	crew_settle();
	zassert_false(behind.got);
	k_thread_abort(&victim);
	crew_join();
	zassert_true(behind.got);
	zassert_false(aborted.got);
}

ZTEST_SUITE(mpsc_pbuf_room, NULL, NULL, crew_virtual_begin, crew_virtual_end, NULL);
