/* SPDX-License-Identifier: Apache-2.0 */

/* Threads: create, start, join, sleep, wake, name. On the virtual clock. */

#include <zephyr/ztest.h>

#include "../support/crew.h"

static K_THREAD_STACK_DEFINE(stack, 1024);
static struct k_thread thread;

static void *seen[4];
static uint32_t ran;
static int64_t ran_at;

static void note_arguments(void *p1, void *p2, void *p3)
{
	seen[0] = p1;
	seen[1] = p2;
	seen[2] = p3;
	seen[3] = k_current_get();
	ran_at = k_uptime_ticks();
	(void)atomic32_add_relaxed(&ran, 1);
}

static void sleep_long(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	k_sleep(K_TICKS(1000));
	ran_at = k_uptime_ticks();
}

static k_tid_t create(k_thread_entry_t entry, int prio, k_timeout_t delay)
{
	return k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), entry, &seen[0],
			       &seen[1], &seen[2], prio, 0, delay);
}

static void begin(void *fixture)
{
	crew_virtual_begin(fixture);
	memset(seen, 0, sizeof(seen));
	ran = 0;
	ran_at = -1;
}

ZTEST_SUITE(threads, NULL, NULL, begin, crew_virtual_end, NULL);

ZTEST(threads, test_create_and_join)
{
	zassert_equal(create(note_arguments, 4, K_NO_WAIT), &thread);
	zassert_equal(k_thread_priority_get(&thread), 4);
	zassert_ok(k_thread_join(&thread, K_FOREVER));
	zassert_equal(seen[0], &seen[0]);
	zassert_equal(seen[1], &seen[1]);
	zassert_equal(seen[2], &seen[2]);
	zassert_equal(seen[3], &thread);
	/* Once it has ended, everybody may know. */
	zassert_ok(k_thread_join(&thread, K_NO_WAIT));
	zassert_ok(k_thread_join(&thread, K_FOREVER));
}

ZTEST(threads, test_join_waits)
{
	int64_t began = k_uptime_ticks();

	create(sleep_long, 0, K_NO_WAIT);
	zassert_equal(k_thread_join(&thread, K_NO_WAIT), -EBUSY);
	zassert_equal(k_thread_join(&thread, K_TICKS(999)), -EAGAIN);
	zassert_equal(k_uptime_ticks(), began + 999);
	zassert_ok(k_thread_join(&thread, K_TICKS(2)));
	zassert_equal(k_uptime_ticks(), began + 1000);
	zassert_equal(k_thread_join(k_current_get(), K_FOREVER), -EDEADLK);
	zassert_equal(k_thread_join(k_current_get(), K_NO_WAIT), -EBUSY);
}

static int join_results[3];

static void join(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	join_results[POINTER_TO_UINT(p1)] = k_thread_join(&thread, K_FOREVER);
}

ZTEST(threads, test_several_join)
{
	create(sleep_long, 0, K_NO_WAIT);
	for (uintptr_t i = 0; i < ARRAY_SIZE(join_results); i++) {
		join_results[i] = 1;
		crew_start(join, UINT_TO_POINTER(i), NULL, NULL, 0);
	}
	crew_join();
	for (size_t i = 0; i < ARRAY_SIZE(join_results); i++) {
		zassert_ok(join_results[i]);
	}
}

ZTEST(threads, test_delayed_start)
{
	int64_t began = k_uptime_ticks();

	create(note_arguments, 0, K_TICKS(1234));
	zassert_ok(k_thread_join(&thread, K_FOREVER));
	zassert_equal(ran_at, began + 1234);

	began = k_uptime_ticks();
	create(note_arguments, 0, K_TIMEOUT_ABS_TICKS(began + 77));
	zassert_ok(k_thread_join(&thread, K_FOREVER));
	zassert_equal(ran_at, began + 77);
}

ZTEST(threads, test_start)
{
	int64_t began;

	create(note_arguments, 0, K_FOREVER);
	k_sleep(K_SECONDS(100));
	zassert_equal(ran, 0);
	/* It does not sleep, it has not begun. */
	k_wakeup(&thread);
	k_sleep(K_TICKS(1));
	zassert_equal(ran, 0);
	began = k_uptime_ticks();
	k_thread_start(&thread);
	zassert_ok(k_thread_join(&thread, K_FOREVER));
	zassert_equal(ran, 1);
	zassert_equal(ran_at, began);

	/* Before its time, and again when it has begun. */
	create(sleep_long, 0, K_TICKS(1000000));
	crew_settle();
	began = k_uptime_ticks();
	k_thread_start(&thread);
	crew_settle();
	k_thread_start(&thread);
	zassert_ok(k_thread_join(&thread, K_FOREVER));
	zassert_equal(ran_at, began + 1000);
}

ZTEST(threads, test_start_at_once)
{
	/* Perhaps before the thread has come to its wait. */
	for (int i = 0; i < 50; i++) {
		create(note_arguments, 0, K_FOREVER);
		k_thread_start(&thread);
		zassert_ok(k_thread_join(&thread, K_FOREVER));
	}
	zassert_equal(ran, 50);
}

/* A thread object and whatever is in it may be used again as soon as it is joined. */
ZTEST(threads, test_reuse)
{
	for (int i = 0; i < 100; i++) {
		create(note_arguments, 0, K_NO_WAIT);
		if (i % 2 == 0) {
			zassert_ok(k_thread_join(&thread, K_FOREVER));
		} else {
			while (k_thread_join(&thread, K_NO_WAIT) != 0) {
				k_yield();
			}
		}
		memset(&thread, 0xff, sizeof(thread));
	}
	zassert_equal(ran, 100);
}

static void count(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	(void)atomic32_add_relaxed(&ran, 1);
}

ZTEST(threads, test_many)
{
	for (int i = 0; i < CREW_MAX; i++) {
		crew_start(count, NULL, NULL, NULL, 0);
	}
	crew_join();
	zassert_equal(ran, CREW_MAX);
}

ZTEST(threads, test_sleep)
{
	int64_t began = k_uptime_ticks();

	zassert_equal(k_sleep(K_TICKS(17)), 0);
	zassert_equal(k_uptime_ticks(), began + 17);
	zassert_equal(k_msleep(3), 0);
	zassert_equal(k_uptime_ticks(), began + 17 + 3000);
	zassert_equal(k_usleep(5), 0);
	zassert_equal(k_uptime_ticks(), began + 17 + 3000 + 5);
	zassert_equal(k_sleep(K_NO_WAIT), 0);
	zassert_equal(k_msleep(0), 0);
	zassert_equal(k_msleep(-5), 0);
	zassert_equal(k_sleep(K_TIMEOUT_ABS_TICKS(began)), 0);
	zassert_equal(k_uptime_ticks(), began + 17 + 3000 + 5);
	zassert_equal(k_sleep(K_TIMEOUT_ABS_TICKS(began + 4000)), 0);
	zassert_equal(k_uptime_ticks(), began + 4000);
}

static int32_t slept;

static void sleeper(void *p1, void *p2, void *p3)
{
	k_timeout_t *timeout = p1;

	ARG_UNUSED(p3);
	slept = p2 != NULL ? k_usleep(5000) : k_sleep(*timeout);
}

ZTEST(threads, test_wakeup)
{
	static k_timeout_t forever = {.ticks = K_TICKS_FOREVER};
	static k_timeout_t limited = {.ticks = 10000};
	static k_timeout_t ages = {.ticks = INT64_MAX / 4};
	k_tid_t id = crew_start(sleeper, &limited, NULL, NULL, 0);

	k_sleep(K_TICKS(2500));
	k_wakeup(id);
	crew_join();
	zassert_equal(slept, 8, "%d ms left of 7.5", slept);

	id = crew_start(sleeper, NULL, &forever, NULL, 0);
	k_sleep(K_TICKS(2000));
	k_wakeup(id);
	crew_join();
	zassert_equal(slept, 3000);

	id = crew_start(sleeper, &forever, NULL, NULL, 0);
	crew_settle();
	k_wakeup(id);
	crew_join();
	zassert_equal(slept, K_TICKS_FOREVER);

	id = crew_start(sleeper, &ages, NULL, NULL, 0);
	crew_settle();
	k_wakeup(id);
	crew_join();
	zassert_equal(slept, INT32_MAX);
}

ZTEST(threads, test_wakeup_is_not_kept)
{
	int64_t began = k_uptime_ticks();

	k_wakeup(k_current_get());
	zassert_equal(k_sleep(K_TICKS(100)), 0);
	zassert_equal(k_uptime_ticks(), began + 100);
}

static void wait_for_sem(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	zassert_ok(k_sem_take(p1, K_FOREVER));
	ran_at = k_uptime_ticks();
}

ZTEST(threads, test_wakeup_ends_no_other_wait)
{
	static K_SEM_DEFINE(sem, 0, 1);
	k_tid_t id = crew_start(wait_for_sem, &sem, NULL, NULL, 0);

	crew_settle();
	k_wakeup(id);
	crew_settle();
	zassert_equal(ran_at, -1);
	k_sem_give(&sem);
	crew_join();
	zassert_not_equal(ran_at, -1);
}

ZTEST(threads, test_priority)
{
	k_tid_t self = k_current_get();
	int mine = k_thread_priority_get(self);

	k_thread_priority_set(self, K_HIGHEST_THREAD_PRIO);
	zassert_equal(k_thread_priority_get(self), K_HIGHEST_THREAD_PRIO);
	k_thread_priority_set(self, K_LOWEST_THREAD_PRIO);
	zassert_equal(k_thread_priority_get(self), K_LOWEST_THREAD_PRIO);
	k_thread_priority_set(self, mine);
	zassert_equal(K_PRIO_COOP(0), K_HIGHEST_THREAD_PRIO);
	zassert_equal(K_PRIO_COOP(CONFIG_NUM_COOP_PRIORITIES - 1), -1);
	zassert_equal(K_PRIO_PREEMPT(3), 3);
	zassert_equal(K_LOWEST_APPLICATION_THREAD_PRIO, CONFIG_NUM_PREEMPT_PRIORITIES - 1);
}

static void keep_data(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	zassert_is_null(k_thread_custom_data_get());
	k_thread_custom_data_set(p1);
	k_sleep(K_TICKS(5));
	zassert_equal(k_thread_custom_data_get(), p1);
}

ZTEST(threads, test_custom_data)
{
	for (int i = 0; i < 4; i++) {
		crew_start(keep_data, &seen[i], NULL, NULL, 0);
	}
	crew_join();
}

#ifdef CONFIG_THREAD_NAME

ZTEST(threads, test_names)
{
	char longest[CONFIG_THREAD_MAX_NAME_LEN + 5];
	char copy[CONFIG_THREAD_MAX_NAME_LEN];

	create(sleep_long, 0, K_NO_WAIT);
	zassert_str_equal(k_thread_name_get(&thread), "");
	zassert_ok(k_thread_name_set(&thread, "worker"));
	zassert_str_equal(k_thread_name_get(&thread), "worker");
	zassert_ok(k_thread_name_copy(&thread, copy, sizeof(copy)));
	zassert_str_equal(copy, "worker");
	zassert_ok(k_thread_name_copy(&thread, copy, 7));
	zassert_equal(k_thread_name_copy(&thread, copy, 6), -ENOSPC);
	zassert_equal(k_thread_name_copy(&thread, NULL, 10), -EINVAL);
	zassert_equal(k_thread_name_set(&thread, NULL), -EINVAL);
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	zassert_ok(k_thread_name_set(&thread, longest));
	zassert_equal(strlen(k_thread_name_get(&thread)), CONFIG_THREAD_MAX_NAME_LEN - 1);
	zassert_ok(k_thread_name_set(NULL, "me"));
	zassert_str_equal(k_thread_name_get(k_current_get()), "me");
	zassert_ok(k_thread_join(&thread, K_FOREVER));
	zassert_ok(k_thread_name_set(&thread, "late"));
}

#else

ZTEST(threads, test_no_names)
{
	char copy[10];

	zassert_equal(k_thread_name_set(NULL, "me"), -ENOSYS);
	zassert_is_null(k_thread_name_get(k_current_get()));
	zassert_equal(k_thread_name_copy(k_current_get(), copy, sizeof(copy)), -ENOSYS);
}

#endif

static size_t unused[2];

/* Address sanitizer keeps local variables elsewhere otherwise. */
__attribute__((no_sanitize_address)) static void use_stack(void *p1, void *p2, void *p3)
{
	volatile char space[20000];
	const struct k_thread_stack_info *info = &k_current_get()->stack_info;

	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	zassert_true((uintptr_t)space - info->start < info->size);
	zassert_true(info->size >= 64 * 1024, "a stack of %zu bytes", info->size);
	zassert_ok(k_thread_stack_space_get(k_current_get(), &unused[0]));
	for (size_t i = 0; i < sizeof(space); i += 64) {
		space[i] = 1;
	}
	zassert_ok(k_thread_stack_space_get(k_current_get(), &unused[1]));
	zassert_true(unused[0] < info->size);
	zassert_true(unused[1] < info->size - sizeof(space));
}

ZTEST(threads, test_stack_info)
{
	create(use_stack, 0, K_NO_WAIT);
	zassert_ok(k_thread_join(&thread, K_FOREVER));
	zassert_equal(k_thread_stack_space_get(&thread, NULL), -EINVAL);
	/* Of a thread that came from elsewhere it is not known. */
	zassert_equal(k_thread_stack_space_get(k_current_get(), &unused[0]), -EINVAL);
}
