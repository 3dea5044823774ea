/* SPDX-License-Identifier: Apache-2.0 */

/* k_sem between threads, on the virtual clock. */

#include <zephyr/irq_offload.h>
#include <zephyr/ztest.h>

#include "../support/crew.h"

static struct k_sem sem;
static int results[CREW_MAX];
static int64_t ends[CREW_MAX];

static void taker(void *p1, void *p2, void *p3)
{
	uintptr_t i = POINTER_TO_UINT(p1);
	k_timeout_t *timeout = p2;

	ARG_UNUSED(p3);
	results[i] = k_sem_take(&sem, *timeout);
	ends[i] = k_uptime_ticks();
}

static k_timeout_t forever = {.ticks = K_TICKS_FOREVER};

static void block(uintptr_t i, int prio)
{
	results[i] = 1;
	crew_start(taker, UINT_TO_POINTER(i), &forever, NULL, prio);
	crew_settle();
	zassert_equal(results[i], 1);
}

static void begin(void *fixture)
{
	crew_virtual_begin(fixture);
	zassert_ok(k_sem_init(&sem, 0, 10));
}

ZTEST_SUITE(sem_threads, NULL, NULL, begin, crew_virtual_end, NULL);

ZTEST(sem_threads, test_given_to_who_waits)
{
	block(0, 0);
	k_sem_give(&sem);
	/* Taken on behalf of the thread, which has not run yet: nobody can push in. */
	zassert_equal(k_sem_count_get(&sem), 0);
	zassert_equal(k_sem_take(&sem, K_NO_WAIT), -EBUSY);
	crew_join();
	zassert_ok(results[0]);
}

ZTEST(sem_threads, test_by_priority)
{
	static const int prios[] = {5, 3, 5, -2, 3, 14, -2};
	static const int order[] = {3, 6, 1, 4, 0, 2, 5};

	for (uintptr_t i = 0; i < ARRAY_SIZE(prios); i++) {
		block(i, prios[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		zassert_equal(results[order[i]], 1);
		k_sem_give(&sem);
		crew_settle();
		zassert_ok(results[order[i]]);
	}
	crew_join();
}

ZTEST(sem_threads, test_timeouts_are_exact)
{
	static const int64_t ticks[] = {1, 2, 3, 1000, 1001, 3600LL * 1000000};
	static k_timeout_t timeouts[ARRAY_SIZE(ticks)];
	int64_t began = k_uptime_ticks();

	for (uintptr_t i = 0; i < ARRAY_SIZE(ticks); i++) {
		timeouts[i] = K_TICKS(ticks[i]);
		crew_start(taker, UINT_TO_POINTER(i), &timeouts[i], NULL, 0);
	}
	crew_join();
	for (size_t i = 0; i < ARRAY_SIZE(ticks); i++) {
		zassert_equal(results[i], -EAGAIN);
		zassert_equal(ends[i], began + ticks[i]);
	}
	/* Those who left take nothing with them. */
	k_sem_give(&sem);
	zassert_equal(k_sem_count_get(&sem), 1);
}

ZTEST(sem_threads, test_reset_sends_all_away)
{
	for (uintptr_t i = 0; i < 5; i++) {
		block(i, (int)i);
	}
	k_sem_reset(&sem);
	crew_join();
	for (uintptr_t i = 0; i < 5; i++) {
		zassert_equal(results[i], -EAGAIN);
	}
	zassert_equal(k_sem_count_get(&sem), 0);
	k_sem_give(&sem);
	zassert_ok(k_sem_take(&sem, K_NO_WAIT));
}

static void take_until_error(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	while (k_sem_take(&sem, K_FOREVER) == -EAGAIN) {
	}
}

/* Who comes back at once must not keep a reset busy. */
ZTEST(sem_threads, test_reset_ends)
{
	for (int i = 0; i < 3; i++) {
		crew_start(take_until_error, NULL, NULL, NULL, 0);
	}
	for (int i = 0; i < 1000; i++) {
		k_sem_reset(&sem);
	}
	crew_settle();
	for (int i = 0; i < 3; i++) {
		k_sem_give(&sem);
	}
	crew_join();
}

static void give(const void *arg)
{
	ARG_UNUSED(arg);
	k_sem_give(&sem);
}

ZTEST(sem_threads, test_isr_gives)
{
	block(0, 0);
	irq_offload(give, NULL);
	crew_join();
	zassert_ok(results[0]);
}
