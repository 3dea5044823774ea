/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The part of src/compat.h that is for Zephyr, on stand-ins for its headers: references in a count
 * of 8 bits with neighbours, and times.
 */
#include <zephyr/ztest.h>

#include "../../../src/compat.h"

#define THREADS    3
#define ROUNDS     500000
#define STACK_SIZE 4096

static struct net_buf buf;
static atomic_t homecomings;

void net_buf_unref(struct net_buf *b)
{
#if STAND_IN_MAJOR * 100 + STAND_IN_MINOR >= 405
	bool last = (uint8_t)atomic_dec(&b->ref_word) == 1;
#else
	bool last = --b->ref == 0;
#endif

	if (last) {
		atomic_inc(&homecomings);
	}
}

static void hold(uint8_t refs)
{
	buf = (struct net_buf){.ref = refs, .flags = 0xa5, .pool_id = 0x5a, .user_data_size = 0x3c};
	atomic_set(&homecomings, 0);
}

/* Only the count has changed; the buffer has come home as often as @p home says. */
static void check(uint8_t refs, uint32_t home)
{
	zassert_equal(compat_ref_get(&buf), refs, "%u", (unsigned int)buf.ref);
	zassert_equal(buf.flags, 0xa5);
	zassert_equal(buf.pool_id, 0x5a);
	zassert_equal(buf.user_data_size, 0x3c);
	zassert_equal(atomic_get(&homecomings), (atomic_val_t)home);
}

ZTEST_SUITE(packet_zephyr, NULL, NULL, NULL, NULL, NULL);

ZTEST(packet_zephyr, test_add)
{
	hold(1);
	zassert_true(compat_ref_add(&buf, 2));
	check(3, 0);
	zassert_true(compat_ref_add(&buf, 251));
	check(254, 0);
	zassert_false(compat_ref_add(&buf, 1));
	check(254, 0);
}

ZTEST(packet_zephyr, test_add_all_or_none)
{
	static const uint32_t too_many[] = {252, 253, 254, 255, 256, 0x100, 0xff00, UINT32_MAX};

	for (size_t i = 0; i < ARRAY_SIZE(too_many); i++) {
		hold(3);
		zassert_false(compat_ref_add(&buf, too_many[i]));
		check(3, 0);
	}
}

/* An application can have taken one more than we would. */
ZTEST(packet_zephyr, test_add_to_255)
{
	hold(255);
	zassert_false(compat_ref_add(&buf, 1));
	zassert_false(compat_ref_add(&buf, 255));
	check(255, 0);
	compat_ref_drop(&buf, 1);
	check(254, 0);
}

ZTEST(packet_zephyr, test_drop)
{
	hold(6);
	compat_ref_drop(&buf, 1);
	check(5, 0);
	compat_ref_drop(&buf, 3);
	check(2, 0);
	compat_ref_drop(&buf, 2);
	check(0, 1);
	hold(1);
	compat_ref_drop(&buf, 1);
	check(0, 1);
}

ZTEST(packet_zephyr, test_drop_too_many)
{
	hold(2);
	compat_ref_drop(&buf, 3);
	check(2, 0);
	hold(0);
	compat_ref_drop(&buf, 1);
	check(0, 0);
}

static K_THREAD_STACK_ARRAY_DEFINE(stacks, THREADS, STACK_SIZE);
static struct k_thread threads[THREADS];

static void take_and_drop(void *p1, void *p2, void *p3)
{
	uint32_t n = (uint32_t)(uintptr_t)p1 + 1;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (uint32_t i = 0; i < ROUNDS; i++) {
		zassert_true(compat_ref_add(&buf, n));
		compat_ref_drop(&buf, n);
	}
}

ZTEST(packet_zephyr, test_threads)
{
	hold(1);
	for (uint32_t i = 0; i < THREADS; i++) {
		zassert_not_null(k_thread_create(&threads[i], stacks[i], STACK_SIZE, take_and_drop,
						 (void *)(uintptr_t)i, NULL, NULL,
						 K_PRIO_PREEMPT(1), 0, K_NO_WAIT));
	}
	for (uint32_t i = 0; i < THREADS; i++) {
		zassert_ok(k_thread_join(&threads[i], K_FOREVER));
	}
	check(1, 0);
}

ZTEST(packet_zephyr, test_count)
{
	atomic_t counter = 5;

	compat_count(&counter, 3);
	zassert_equal(atomic_get(&counter), 8);
}

ZTEST(packet_zephyr, test_time_left)
{
	compat_timepoint_t end = compat_timepoint(K_MSEC(20));
	int64_t start = k_uptime_get();

	zassert_false(K_TIMEOUT_EQ(compat_left(end), K_NO_WAIT));
	(void)k_sleep(compat_left(end));
	zassert_true(k_uptime_get() - start >= 20);
	zassert_true(K_TIMEOUT_EQ(compat_left(end), K_NO_WAIT));
}
