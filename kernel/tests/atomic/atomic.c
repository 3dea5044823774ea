/* SPDX-License-Identifier: Apache-2.0 */

#include <zephyr/ztest.h>

#include <zephyr/kernel.h>
#include <zephyr/sys/atomic.h>

#define LOWEST  ((atomic_val_t)(1UL << (ATOMIC_BITS - 1)))
#define HIGHEST (~LOWEST)

ZTEST_SUITE(atomic, NULL, NULL, NULL, NULL, NULL);

ZTEST(atomic, test_get_and_set)
{
	static atomic_t word = ATOMIC_INIT(5);

	zassert_equal(atomic_get(&word), 5);
	zassert_equal(atomic_set(&word, -7), 5);
	zassert_equal(atomic_get(&word), -7);
	zassert_equal(atomic_clear(&word), -7);
	zassert_equal(atomic_get(&word), 0);
}

ZTEST(atomic, test_arithmetic)
{
	atomic_t word = ATOMIC_INIT(10);

	zassert_equal(atomic_add(&word, 5), 10);
	zassert_equal(atomic_sub(&word, 20), 15);
	zassert_equal(atomic_inc(&word), -5);
	zassert_equal(atomic_dec(&word), -4);
	zassert_equal(atomic_get(&word), -5);
}

ZTEST(atomic, test_arithmetic_wraps)
{
	atomic_t word = ATOMIC_INIT(HIGHEST);

	zassert_equal(atomic_inc(&word), HIGHEST);
	zassert_equal(atomic_get(&word), LOWEST);
	zassert_equal(atomic_dec(&word), LOWEST);
	zassert_equal(atomic_get(&word), HIGHEST);
}

ZTEST(atomic, test_logic)
{
	atomic_t word = ATOMIC_INIT(0x0f);

	zassert_equal(atomic_or(&word, 0xf0), 0x0f);
	zassert_equal(atomic_and(&word, 0x3c), 0xff);
	zassert_equal(atomic_xor(&word, 0xff), 0x3c);
	zassert_equal(atomic_nand(&word, 0x0f), 0xc3);
	zassert_equal(atomic_get(&word), ~(atomic_val_t)0x03);
}

ZTEST(atomic, test_cas)
{
	atomic_t word = ATOMIC_INIT(1);

	zassert_false(atomic_cas(&word, 0, 2));
	zassert_equal(atomic_get(&word), 1);
	zassert_true(atomic_cas(&word, 1, 2));
	zassert_equal(atomic_get(&word), 2);
}

ZTEST(atomic, test_pointers)
{
	static int objects[2];
	atomic_ptr_t pointer = ATOMIC_PTR_INIT(&objects[0]);

	zassert_equal_ptr(atomic_ptr_get(&pointer), &objects[0]);
	zassert_equal_ptr(atomic_ptr_set(&pointer, &objects[1]), &objects[0]);
	zassert_false(atomic_ptr_cas(&pointer, &objects[0], NULL));
	zassert_equal_ptr(atomic_ptr_get(&pointer), &objects[1]);
	zassert_true(atomic_ptr_cas(&pointer, &objects[1], &objects[0]));
	zassert_equal_ptr(atomic_ptr_clear(&pointer), &objects[0]);
	zassert_is_null(atomic_ptr_get(&pointer));
}

ZTEST(atomic, test_bits)
{
	static ATOMIC_DEFINE(bits, 100);
	const int count = (int)(ARRAY_SIZE(bits) * ATOMIC_BITS);

	zassert_equal(ARRAY_SIZE(bits), (100 + ATOMIC_BITS - 1) / ATOMIC_BITS);
	for (int bit = 0; bit < count; bit++) {
		zassert_false(atomic_test_bit(bits, bit));
		zassert_false(atomic_test_and_set_bit(bits, bit));
		zassert_true(atomic_test_and_set_bit(bits, bit));
		for (int other = 0; other < count; other++) {
			zassert_equal(atomic_test_bit(bits, other), other == bit);
		}
		zassert_true(atomic_test_and_clear_bit(bits, bit));
		zassert_false(atomic_test_and_clear_bit(bits, bit));
		atomic_set_bit(bits, bit);
		zassert_true(atomic_test_bit(bits, bit));
		atomic_clear_bit(bits, bit);
		zassert_false(atomic_test_bit(bits, bit));
		atomic_set_bit_to(bits, bit, true);
		zassert_true(atomic_test_bit(bits, bit));
		atomic_set_bit_to(bits, bit, false);
		zassert_false(atomic_test_bit(bits, bit));
	}
	zassert_equal(ATOMIC_BITMAP_SIZE(1), 1);
	zassert_equal(ATOMIC_BITMAP_SIZE(ATOMIC_BITS), 1);
	zassert_equal(ATOMIC_BITMAP_SIZE(ATOMIC_BITS + 1), 2);
}

#ifdef CONFIG_MULTITHREADING

#define THREADS 3
#define ROUNDS  50000L

static K_THREAD_STACK_ARRAY_DEFINE(stacks, THREADS, 1024);
static struct k_thread threads[THREADS];
static atomic_t shared_ready;
static atomic_t shared_sum;
static atomic_t shared_cas;
static atomic_t shared_bits;

static void count(void *p1, void *p2, void *p3)
{
	int mine = (int)POINTER_TO_INT(p1);

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	/* Begin together. */
	atomic_inc(&shared_ready);
	while (atomic_get(&shared_ready) < THREADS) {
	}
	for (int i = 0; i < ROUNDS; i++) {
		atomic_val_t seen;

		atomic_inc(&shared_sum);
		do {
			seen = atomic_get(&shared_cas);
		} while (!atomic_cas(&shared_cas, seen, seen + 2));
		if (atomic_test_and_set_bit(&shared_bits, mine)) {
			break;
		}
		if (!atomic_test_and_clear_bit(&shared_bits, mine)) {
			break;
		}
	}
	atomic_set_bit(&shared_bits, mine);
}

ZTEST(atomic, test_no_update_is_lost)
{
	for (int i = 0; i < THREADS; i++) {
		k_thread_create(&threads[i], stacks[i], K_THREAD_STACK_SIZEOF(stacks[i]), count,
				INT_TO_POINTER(i), NULL, NULL, K_PRIO_PREEMPT(1), 0, K_NO_WAIT);
	}
	for (int i = 0; i < THREADS; i++) {
		zassert_ok(k_thread_join(&threads[i], K_FOREVER));
	}
	zassert_equal(atomic_get(&shared_sum), THREADS * ROUNDS);
	zassert_equal(atomic_get(&shared_cas), 2L * THREADS * ROUNDS);
	zassert_equal(atomic_get(&shared_bits), BIT_MASK(THREADS));
}

#endif
