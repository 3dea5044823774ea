/* SPDX-License-Identifier: Apache-2.0 */

/* k_mutex between threads, on the virtual clock: order, timeouts, inherited priority. */

#include <zephyr/ztest.h>

#include "../support/crew.h"

static struct k_mutex mutex;
static struct k_mutex other;

/* What a thread does with the mutexes, one step for each settled moment. */
static int results[CREW_MAX];
static int64_t ends[CREW_MAX];
static uint32_t served;
static uint32_t order[CREW_MAX];

static k_timeout_t forever = {.ticks = K_TICKS_FOREVER};

static void locker(void *p1, void *p2, void *p3)
{
	uintptr_t i = POINTER_TO_UINT(p1);
	k_timeout_t *timeout = p2;
	struct k_mutex *m = p3;

	results[i] = k_mutex_lock(m, *timeout);
	ends[i] = k_uptime_ticks();
	if (results[i] == 0) {
		order[atomic32_add_relaxed(&served, 1)] = (uint32_t)i;
		zassert_equal(m->owner, k_current_get());
		zassert_equal(m->lock_count, 1);
		zassert_ok(k_mutex_unlock(m));
	}
}

static k_tid_t block_on(struct k_mutex *m, uintptr_t i, int prio, k_timeout_t *timeout)
{
	k_tid_t id;

	results[i] = 1;
	id = crew_start(locker, UINT_TO_POINTER(i), timeout, m, prio);
	crew_settle();
	zassert_equal(results[i], 1);
	return id;
}

static void begin(void *fixture)
{
	crew_virtual_begin(fixture);
	zassert_ok(k_mutex_init(&mutex));
	zassert_ok(k_mutex_init(&other));
	served = 0;
	k_thread_priority_set(k_current_get(), 10);
}

static void end(void *fixture)
{
	k_thread_priority_set(k_current_get(), 0);
	crew_virtual_end(fixture);
}

ZTEST_SUITE(mutex_threads, NULL, NULL, begin, end, NULL);

static void try_both(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	zassert_equal(k_mutex_lock(&mutex, K_NO_WAIT), -EBUSY);
	zassert_equal(k_mutex_unlock(&mutex), -EPERM);
}

ZTEST(mutex_threads, test_not_the_owner)
{
	zassert_ok(k_mutex_lock(&mutex, K_FOREVER));
	zassert_ok(k_mutex_lock(&mutex, K_FOREVER));
	crew_start(try_both, NULL, NULL, NULL, 0);
	crew_join();
	zassert_equal(mutex.owner, k_current_get());
	zassert_equal(mutex.lock_count, 2);
	zassert_ok(k_mutex_unlock(&mutex));
	crew_start(try_both, NULL, NULL, NULL, 0);
	crew_join();
	zassert_ok(k_mutex_unlock(&mutex));
}

ZTEST(mutex_threads, test_by_priority)
{
	static const int prios[] = {5, 3, 5, -2, 3, 14, -2};
	static const uint32_t expected[] = {3, 6, 1, 4, 0, 2, 5};

	zassert_ok(k_mutex_lock(&mutex, K_FOREVER));
	for (uintptr_t i = 0; i < ARRAY_SIZE(prios); i++) {
		block_on(&mutex, i, prios[i], &forever);
	}
	zassert_ok(k_mutex_unlock(&mutex));
	crew_join();
	zassert_equal(served, ARRAY_SIZE(prios));
	zassert_mem_equal(order, expected, sizeof(expected));
	zassert_is_null(mutex.owner);
}

ZTEST(mutex_threads, test_timeouts_are_exact)
{
	static k_timeout_t timeouts[] = {{1}, {2}, {500}, {1000000}};
	int64_t began;

	zassert_ok(k_mutex_lock(&mutex, K_FOREVER));
	began = k_uptime_ticks();
	for (uintptr_t i = 0; i < ARRAY_SIZE(timeouts); i++) {
		crew_start(locker, UINT_TO_POINTER(i), &timeouts[i], &mutex, 0);
	}
	crew_join();
	for (size_t i = 0; i < ARRAY_SIZE(timeouts); i++) {
		zassert_equal(results[i], -EAGAIN);
		zassert_equal(ends[i], began + timeouts[i].ticks);
	}
	zassert_ok(k_mutex_unlock(&mutex));
	zassert_is_null(mutex.owner);
}

static int my_priority(void)
{
	return k_thread_priority_get(k_current_get());
}

ZTEST(mutex_threads, test_owner_inherits)
{
	zassert_ok(k_mutex_lock(&mutex, K_FOREVER));
	block_on(&mutex, 0, 12, &forever);
	zassert_equal(my_priority(), 10);
	block_on(&mutex, 1, 7, &forever);
	zassert_equal(my_priority(), 7);
	block_on(&mutex, 2, -3, &forever);
	zassert_equal(my_priority(), -3);
	block_on(&mutex, 3, 5, &forever);
	zassert_equal(my_priority(), -3);
	zassert_ok(k_mutex_unlock(&mutex));
	zassert_equal(my_priority(), 10);
	crew_join();
}

ZTEST(mutex_threads, test_inherited_only_while_waited_for)
{
	static k_timeout_t brief = {100};
	static k_timeout_t longer = {200};

	zassert_ok(k_mutex_lock(&mutex, K_FOREVER));
	block_on(&mutex, 0, 2, &brief);
	block_on(&mutex, 1, 5, &longer);
	zassert_equal(my_priority(), 2);
	k_sleep(K_TICKS(101));
	zassert_equal(results[0], -EAGAIN);
	zassert_equal(my_priority(), 5);
	k_sleep(K_TICKS(100));
	zassert_equal(results[1], -EAGAIN);
	zassert_equal(my_priority(), 10);
	zassert_ok(k_mutex_unlock(&mutex));
	crew_join();
}

ZTEST(mutex_threads, test_abort_takes_the_boost_back)
{
	k_tid_t waiting;

	zassert_ok(k_mutex_lock(&mutex, K_FOREVER));
	waiting = block_on(&mutex, 0, 2, &forever);
	zassert_equal(my_priority(), 2);
	k_thread_abort(waiting);
	crew_join();
	zassert_equal(my_priority(), 10);
	zassert_ok(k_mutex_unlock(&mutex));
	zassert_is_null(mutex.owner);
}

/* Unlocked in the order of locking, not the other way round. */
ZTEST(mutex_threads, test_two_mutexes)
{
	zassert_ok(k_mutex_lock(&mutex, K_FOREVER));
	zassert_ok(k_mutex_lock(&other, K_FOREVER));
	block_on(&mutex, 0, 4, &forever);
	block_on(&other, 1, 6, &forever);
	zassert_equal(my_priority(), 4);
	zassert_ok(k_mutex_unlock(&mutex));
	zassert_equal(my_priority(), 6);
	zassert_ok(k_mutex_unlock(&other));
	zassert_equal(my_priority(), 10);
	crew_join();
}

ZTEST(mutex_threads, test_own_priority_changes_meanwhile)
{
	zassert_ok(k_mutex_lock(&mutex, K_FOREVER));
	block_on(&mutex, 0, 4, &forever);
	k_thread_priority_set(k_current_get(), 8);
	zassert_equal(my_priority(), 4);
	k_thread_priority_set(k_current_get(), 1);
	zassert_equal(my_priority(), 1);
	k_thread_priority_set(k_current_get(), 9);
	zassert_equal(my_priority(), 4);
	zassert_ok(k_mutex_unlock(&mutex));
	zassert_equal(my_priority(), 9);
	crew_join();
}

static k_tid_t holder;

static void hold(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	zassert_ok(k_mutex_lock(&mutex, K_FOREVER));
	k_sleep(K_TICKS(1000));
	zassert_ok(k_mutex_unlock(&mutex));
}

/* What it is good for: a holder is served like those who wait for it. */
ZTEST(mutex_threads, test_new_owner_inherits_from_the_rest)
{
	zassert_ok(k_mutex_lock(&mutex, K_FOREVER));
	holder = crew_start(hold, NULL, NULL, NULL, 3);
	crew_settle();
	block_on(&mutex, 0, 5, &forever);
	/* Of those who wait, the holder-to-be is first; then it has the other behind it. */
	zassert_ok(k_mutex_unlock(&mutex));
	crew_settle();
	zassert_equal(mutex.owner, holder);
	zassert_equal(k_thread_priority_get(holder), 3);
	k_thread_priority_set(holder, 9);
	zassert_equal(k_thread_priority_get(holder), 5);
	block_on(&mutex, 1, 1, &forever);
	zassert_equal(k_thread_priority_get(holder), 1);
	crew_join();
	zassert_equal(order[0], 1);
	zassert_equal(order[1], 0);
}
