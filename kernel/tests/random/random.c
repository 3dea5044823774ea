/* SPDX-License-Identifier: Apache-2.0 */

/* The program is linked with --wrap=port_entropy, so that the platform's source can fail. */

#include <zephyr/ztest.h>

#include <zephyr/irq_offload.h>
#include <zephyr/kernel.h>
#include <zephyr/random/random.h>

#include <port/port.h>

#include <errno.h>

/* Under test, with its variables in sight. NOLINTNEXTLINE(bugprone-suspicious-include) */
#include "../../src/random.c"

int __real_port_entropy(void *dst, size_t len);
int __wrap_port_entropy(void *dst, size_t len);

/* What the platform does: its own, or nothing, or the one seed that is of no use. */
static enum {
	PLATFORM,
	NO_SOURCE,
	ZEROS,
} entropy;
static int entropy_calls;

int __wrap_port_entropy(void *dst, size_t len)
{
	entropy_calls++;
	switch (entropy) {
	case NO_SOURCE:
		return -ENOTSUP;
	case ZEROS:
		memset(dst, 0, len);
		return 0;
	default:
		return __real_port_entropy(dst, len);
	}
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	entropy = PLATFORM;
	entropy_calls = 0;
	seeded = false;
}

ZTEST_SUITE(random, NULL, NULL, before, NULL, NULL);

/* The first numbers of the authors' reference code from this state. */
ZTEST(random, test_sequence)
{
	static const uint32_t expected[] = {11520,      0,          5927040,    70819200,
					    2031721883, 1637235492, 1287239034, 3734860849};

	for (uint32_t i = 0; i < 4; i++) {
		state[i] = i + 1;
	}
	seeded = true;
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		zassert_equal(sys_rand32_get(), expected[i], "number %zu", i);
	}
	zassert_equal(entropy_calls, 0);
}

ZTEST(random, test_seeded_once)
{
	uint32_t first = sys_rand32_get();
	uint32_t again = 0;

	for (int i = 0; i < 4; i++) {
		again |= first ^ sys_rand32_get();
	}
	zassert_not_equal(again, 0);
	zassert_equal(entropy_calls, 1);
}

ZTEST(random, test_seeds_differ)
{
	uint64_t first = sys_rand64_get();

	seeded = false;
	zassert_not_equal(first, sys_rand64_get());
}

ZTEST(random, test_without_a_source)
{
	uint64_t first;

	entropy = NO_SOURCE;
	first = sys_rand64_get();
	seeded = false;
	k_busy_wait(10);
	zassert_not_equal(first, sys_rand64_get());
}

ZTEST(random, test_never_all_zero)
{
	entropy = ZEROS;
	for (int i = 0; i < 8; i++) {
		(void)sys_rand32_get();
	}
	zassert_not_equal(state[0] | state[1] | state[2] | state[3], 0);
	zassert_not_equal(sys_rand64_get(), 0);
}

ZTEST(random, test_every_length)
{
	for (size_t len = 0; len <= 13; len++) {
		uint8_t ever[16] = {0};

		/* In 64 rounds each byte in reach is set at least once, and none beyond. */
		for (int round = 0; round < 64; round++) {
			uint8_t bytes[16] = {0};

			sys_rand_get(bytes, len);
			for (size_t i = 0; i < sizeof(bytes); i++) {
				ever[i] |= bytes[i];
			}
		}
		for (size_t i = 0; i < sizeof(ever); i++) {
			zassert_equal(ever[i] != 0, i < len, "byte %zu of %zu", i, len);
		}
	}
}

/* Each bit of each width is set about half of the time. */
ZTEST(random, test_balance)
{
	const int rounds = 4096;
	int set[64] = {0};
	int set8[8] = {0};
	int set16[16] = {0};

	for (int round = 0; round < rounds; round++) {
		uint64_t bits = sys_rand64_get();
		uint8_t bits8 = sys_rand8_get();
		uint16_t bits16 = sys_rand16_get();

		for (int i = 0; i < 64; i++) {
			set[i] += (int)(bits >> i & 1);
			set16[i % 16] += i < 16 ? bits16 >> i & 1 : 0;
			set8[i % 8] += i < 8 ? bits8 >> i & 1 : 0;
		}
	}
	/* Eight standard deviations: once in 10^15 runs. */
	for (int i = 0; i < 64; i++) {
		zassert_within(set[i], rounds / 2, 256);
		zassert_within(set16[i % 16], rounds / 2, 256);
		zassert_within(set8[i % 8], rounds / 2, 256);
	}
}

ZTEST(random, test_csrand)
{
	uint8_t a[16] = {0};
	uint8_t b[16] = {0};

	if (__real_port_entropy(a, sizeof(a)) == 0) {
		zassert_ok(sys_csrand_get(a, sizeof(a)));
		zassert_ok(sys_csrand_get(b, sizeof(b)));
		zassert_true(memcmp(a, b, sizeof(a)) != 0);
		zassert_ok(sys_csrand_get(a, 0));
	} else {
		zassert_true(IS_ENABLED(CONFIG_PORT_BARE), "a board without a source");
		zassert_equal(sys_csrand_get(a, sizeof(a)), -EIO);
	}
	entropy = NO_SOURCE;
	zassert_equal(sys_csrand_get(a, sizeof(a)), -EIO);
}

static void take_number(const void *arg)
{
	*(uint32_t *)(uintptr_t)arg = sys_rand32_get();
}

ZTEST(random, test_in_an_isr)
{
	uint32_t numbers[2] = {0};

	irq_offload(take_number, &numbers[0]);
	irq_offload(take_number, &numbers[1]);
	zassert_not_equal(numbers[0], numbers[1]);
}

#ifdef CONFIG_MULTITHREADING

#define THREADS 3
#define NUMBERS 20000

static K_THREAD_STACK_ARRAY_DEFINE(stacks, THREADS, 1024);
static struct k_thread threads[THREADS];
static uint32_t taken[THREADS][NUMBERS];

static void take_numbers(void *p1, void *p2, void *p3)
{
	uint32_t *numbers = p1;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (int i = 0; i < NUMBERS; i++) {
		numbers[i] = sys_rand32_get();
	}
}

/* The numbers that threads get together are the generator's sequence, each once. */
ZTEST(random, test_threads_share_one_sequence)
{
	static const uint32_t start[4] = {1, 2, 3, 4};
	size_t next[THREADS] = {0};

	memcpy(state, start, sizeof(state));
	seeded = true;
	for (int i = 0; i < THREADS; i++) {
		k_thread_create(&threads[i], stacks[i], K_THREAD_STACK_SIZEOF(stacks[i]),
				take_numbers, taken[i], NULL, NULL, K_PRIO_PREEMPT(1), 0,
				K_NO_WAIT);
	}
	for (int i = 0; i < THREADS; i++) {
		zassert_ok(k_thread_join(&threads[i], K_FOREVER));
	}
	memcpy(state, start, sizeof(state));
	for (int i = 0; i < THREADS * NUMBERS; i++) {
		uint32_t number = sys_rand32_get();
		int who = 0;

		while (who < THREADS && (next[who] == NUMBERS || taken[who][next[who]] != number)) {
			who++;
		}
		zassert_true(who < THREADS, "number %d is nobody's", i);
		next[who]++;
	}
}

#endif
