/* SPDX-License-Identifier: Apache-2.0 */

/* K_THREAD_DEFINE(): threads that start before main(), later, or when told. */

#include <zephyr/ztest.h>

static int64_t began_at[3]; /* 0 until then; atomic */
static uint32_t in_init;

static void begin(void *p1, void *p2, void *p3)
{
	uintptr_t i = POINTER_TO_UINT(p1);

	zassert_equal(POINTER_TO_UINT(p2), 100 + i);
	zassert_equal(POINTER_TO_UINT(p3), 200 + i);
	/* All that SYS_INIT() sets up is there. */
	zassert_equal(in_init, 1);
	__atomic_store_n(&began_at[i], k_uptime_ticks() + 1, __ATOMIC_RELAXED);
}

K_THREAD_DEFINE(at_once, 1024, begin, 0, 100, 200, 5, 0, 0);
K_THREAD_DEFINE(later, 1024, begin, 1, 101, 201, -3, K_ESSENTIAL, 30);
K_THREAD_DEFINE(when_told, 1024, begin, 2, 102, 202, 0, 0, K_TICKS_FOREVER);

static int init(void)
{
	in_init = 1;
	return 0;
}

SYS_INIT(init, APPLICATION, 99);

ZTEST_SUITE(static_threads, NULL, NULL, NULL, NULL, NULL);

ZTEST(static_threads, test_starts)
{
	static bool told;

	zassert_ok(k_thread_join(at_once, K_SECONDS(10)));
	zassert_ok(k_thread_join(later, K_SECONDS(10)));
	zassert_true(began_at[1] >= K_MSEC(30).ticks);
	if (!told) {
		zassert_equal(k_thread_join(when_told, K_MSEC(20)), -EAGAIN);
		zassert_equal(__atomic_load_n(&began_at[2], __ATOMIC_RELAXED), 0);
		k_thread_start(when_told);
		told = true;
	}
	zassert_ok(k_thread_join(when_told, K_SECONDS(10)));
	zassert_not_equal(began_at[2], 0);
	zassert_equal(k_thread_priority_get(at_once), 5);
	zassert_equal(k_thread_priority_get(later), -3);
}
