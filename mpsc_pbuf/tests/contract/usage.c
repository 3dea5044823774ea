/* SPDX-License-Identifier: Apache-2.0 */
/** @file What is in use, at most, and the high-water mark. */
#include "../support/packets.h"

static struct mpsc_pbuf_buffer buffer;

/* In words. */
static void check(uint32_t now_words, uint32_t max_words)
{
	uint32_t size;
	uint32_t now;
	uint32_t max;

	mpsc_pbuf_get_utilization(&buffer, &size, &now);
	zassert_equal(size, (buffer.size - 1) * sizeof(uint32_t));
	zassert_equal(now, now_words * sizeof(uint32_t), "%u bytes", (unsigned int)now);
	if ((buffer.flags & MPSC_PBUF_MAX_UTILIZATION) == 0) {
		zassert_equal(mpsc_pbuf_get_max_utilization(&buffer, &max), -ENOTSUP);
	} else {
		zassert_ok(mpsc_pbuf_get_max_utilization(&buffer, &max));
		zassert_equal(max, max_words * sizeof(uint32_t), "%u bytes", (unsigned int)max);
	}
}

static void follow(uint32_t flags)
{
	const union mpsc_pbuf_generic *packet;
	uint32_t data[EXT_WLEN];

	buffer_init(&buffer, MEMORY_WORDS, flags);
	check(0, 0);
	zassert_ok(mpsc_pbuf_put_word(&buffer, packet_header(1, 0)));
	check(1, 1);
	zassert_ok(mpsc_pbuf_put_word_ext(&buffer, packet_header(EXT_WLEN, 1), NULL));
	check(1 + EXT_WLEN, 1 + EXT_WLEN);
	packet = mpsc_pbuf_claim(&buffer);
	check(1 + EXT_WLEN, 1 + EXT_WLEN);
	mpsc_pbuf_free(&buffer, packet);
	check(EXT_WLEN, 1 + EXT_WLEN);
	packet = mpsc_pbuf_claim(&buffer);
	check(EXT_WLEN, 1 + EXT_WLEN);
	mpsc_pbuf_free(&buffer, packet);
	check(0, 1 + EXT_WLEN);
	data[0] = 0;
	packet_fill((union mpsc_pbuf_generic *)(void *)data, EXT_WLEN, 2);
	zassert_ok(mpsc_pbuf_put_data(&buffer, data, EXT_WLEN));
	check(EXT_WLEN, 1 + EXT_WLEN);
	packet_expect(&buffer, EXT_WLEN, 2);
	check(0, 1 + EXT_WLEN);
}

ZTEST(mpsc_pbuf_usage, test_follow)
{
	follow(0);
	follow(MPSC_PBUF_MAX_UTILIZATION);
	follow(MPSC_PBUF_MAX_UTILIZATION | MPSC_PBUF_MODE_OVERWRITE);
}

/* Up to the last word, and round the end. */
static void full(uint32_t size, uint32_t wlen)
{
	uint32_t count = 0;

	buffer_init(&buffer, size, MPSC_PBUF_MAX_UTILIZATION);
	while (packet_put(&buffer, wlen, count)) {
		count++;
		check(MIN(count * wlen, size - 1), MIN(count * wlen, size - 1));
	}
	zassert_equal(count, size / wlen);
	for (uint32_t i = 0; i < count; i++) {
		packet_expect(&buffer, wlen, i);
		check((count - 1 - i) * wlen, MIN(count * wlen, size - 1));
	}
	/* A packet round the end uses those words as well; it is claimed and freed as one. */
	zassert_true(packet_put(&buffer, size - wlen, 0));
	packet_expect(&buffer, size - wlen, 0);
	check(0, MIN(count * wlen, size - 1));
}

ZTEST(mpsc_pbuf_usage, test_full)
{
	full(MEMORY_WORDS, 5);
	full(16, 1);
	full(15, 1);
	full(15, 4);
}

/* Words passed over at the end are in use until what is behind them has come back. */
ZTEST(mpsc_pbuf_usage, test_end_of_memory)
{
	buffer_init(&buffer, 16, MPSC_PBUF_MAX_UTILIZATION);
	zassert_true(packet_put(&buffer, 7, 0));
	zassert_true(packet_put(&buffer, 6, 1));
	packet_expect(&buffer, 7, 0);
	check(6, 13);
	zassert_true(packet_put(&buffer, 5, 2));
	check(6 + 3 + 5, 14);
	packet_expect(&buffer, 6, 1);
	packet_expect(&buffer, 5, 2);
	check(0, 14);
}

/* ---- high water ------------------------------------------------------------------------------ */

#ifdef CONFIG_MPSC_PBUF_HIGH_WATER

static unsigned int calls;

static void on_high(struct mpsc_pbuf_buffer *b, struct mpsc_pbuf_high_water *high_water)
{
	uint32_t size;
	uint32_t now;

	zassert_equal_ptr(b, &buffer);
	mpsc_pbuf_get_utilization(b, &size, &now);
	zassert_true(now >= high_water->mark);
	calls++;
}

ZTEST(mpsc_pbuf_usage, test_high_water)
{
	struct mpsc_pbuf_high_water mark = {.mark = 40, .cb = on_high};

	calls = 0;
	buffer_init(&buffer, 32, 0);
	zassert_ok(mpsc_pbuf_high_water_set(&buffer, &mark));
	for (uint32_t i = 0; i < 9; i++) {
		zassert_true(packet_put(&buffer, 1, i));
	}
	zassert_equal(calls, 0);
	zassert_true(packet_put(&buffer, 1, 9));
	zassert_equal(calls, 1);
	zassert_true(packet_put(&buffer, 5, 10));
	zassert_equal(calls, 1);
	/* Not below the mark in between, as far as an allocation could see. */
	for (uint32_t i = 0; i < 5; i++) {
		packet_expect(&buffer, 1, i);
	}
	zassert_true(packet_put(&buffer, 2, 11));
	zassert_equal(calls, 1);
	for (uint32_t i = 5; i < 10; i++) {
		packet_expect(&buffer, 1, i);
	}
	/* 7 words: one more does not reach it, three do. */
	zassert_true(packet_put(&buffer, 1, 12));
	zassert_equal(calls, 1);
	zassert_true(packet_put(&buffer, 2, 13));
	zassert_equal(calls, 2);

	zassert_equal(mpsc_pbuf_high_water_set(&buffer, &mark), 1);
	zassert_true(packet_put(&buffer, 1, 14));
	zassert_equal(calls, 2);
	zassert_ok(mpsc_pbuf_high_water_set(&buffer, NULL));
	packet_expect(&buffer, 5, 10);
	packet_expect(&buffer, 2, 11);
	zassert_true(packet_put(&buffer, 12, 15));
	zassert_equal(calls, 2);
}

/* A full buffer that overwrites stays above the mark. */
ZTEST(mpsc_pbuf_usage, test_high_water_overwriting)
{
	struct mpsc_pbuf_high_water mark = {.mark = 31 * 4, .cb = on_high};

	calls = 0;
	buffer_init(&buffer, 32, MPSC_PBUF_MODE_OVERWRITE);
	zassert_ok(mpsc_pbuf_high_water_set(&buffer, &mark));
	for (uint32_t i = 0; i < 100; i++) {
		zassert_true(packet_put(&buffer, 4, i));
	}
	zassert_equal(calls, 1);
}

ZTEST(mpsc_pbuf_usage, test_high_water_arguments)
{
	struct mpsc_pbuf_high_water mark = {.mark = 31 * 4, .cb = on_high};

	buffer_init(&buffer, 32, 0);
	zassert_ok(mpsc_pbuf_high_water_set(&buffer, &mark));
	mark.mark = 31 * 4 + 1;
	zassert_equal(mpsc_pbuf_high_water_set(&buffer, &mark), -EINVAL);
	mark.mark = 0;
	zassert_equal(mpsc_pbuf_high_water_set(&buffer, &mark), -EINVAL);
	mark = (struct mpsc_pbuf_high_water){.mark = 4};
	zassert_equal(mpsc_pbuf_high_water_set(&buffer, &mark), -EINVAL);
	zassert_equal(mpsc_pbuf_high_water_set(NULL, &mark), -EINVAL);
	zassert_ok(mpsc_pbuf_high_water_set(&buffer, NULL));
}

#endif /* CONFIG_MPSC_PBUF_HIGH_WATER */

ZTEST_SUITE(mpsc_pbuf_usage, NULL, NULL, NULL, NULL, NULL);
