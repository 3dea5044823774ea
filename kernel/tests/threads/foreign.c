/* SPDX-License-Identifier: Apache-2.0 */

/* Threads that the library did not create use everything, too. Linux. */

#define _GNU_SOURCE /* pthread_getname_np, pthread_tryjoin_np */

#include <zephyr/ztest.h>

#include <pthread.h>
#include <string.h>

#include "../support/crew.h"

static struct k_sem sem;
static struct k_msgq q;
static char ring[2 * sizeof(k_tid_t)];
static k_tid_t ids[3];

static void *use_everything(void *arg)
{
	uintptr_t i = (uintptr_t)arg;
	k_tid_t self = k_current_get();
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);

	ids[i] = self;
	zassert_equal(k_current_get(), self);
	zassert_false(k_is_in_isr());
	zassert_equal(k_thread_priority_get(self), 0);
	k_thread_priority_set(self, (int)i + 1);
	zassert_true(here - self->stack_info.start < self->stack_info.size);
	k_sleep(K_USEC(100));
	zassert_ok(k_sem_take(&sem, K_FOREVER));
	zassert_ok(k_msgq_put(&q, &self, K_FOREVER));
	return NULL;
}

ZTEST_SUITE(foreign_threads, NULL, NULL, NULL, NULL, NULL);

ZTEST(foreign_threads, test_use_everything)
{
	pthread_t threads[ARRAY_SIZE(ids)];
	k_tid_t got[ARRAY_SIZE(ids)];
	uint32_t found = 0;

	zassert_ok(k_sem_init(&sem, 0, 10));
	k_msgq_init(&q, ring, sizeof(k_tid_t), 2);
	for (uintptr_t i = 0; i < ARRAY_SIZE(ids); i++) {
		zassert_ok(pthread_create(&threads[i], NULL, use_everything, (void *)i));
	}
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		k_sem_give(&sem);
	}
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		zassert_ok(k_msgq_get(&q, &got[i], K_FOREVER));
	}
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		zassert_ok(pthread_join(threads[i], NULL));
	}
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(ids); j++) {
			found |= got[i] == ids[j] ? 1U << j : 0;
		}
	}
	zassert_equal(found, (1U << ARRAY_SIZE(ids)) - 1);
}

static void *wait_once(void *arg)
{
	zassert_ok(k_sem_take(arg, K_FOREVER));
	return NULL;
}

/* They are served in the order of their priorities like all others, and on the virtual clock. */
ZTEST(foreign_threads, test_on_the_virtual_clock)
{
	pthread_t thread;
	int64_t began;

	port_clock_virtual_start();
	zassert_ok(k_sem_init(&sem, 0, 1));
	began = k_uptime_ticks();
	zassert_ok(pthread_create(&thread, NULL, wait_once, &sem));
	k_sleep(K_HOURS(1));
	k_sem_give(&sem);
	zassert_equal(k_uptime_ticks(), began + 3600LL * 1000000);
	port_clock_virtual_stop();
	zassert_ok(pthread_join(thread, NULL));
}

static int32_t slept;

static void *sleep_long(void *arg)
{
	__atomic_store_n((k_tid_t *)arg, k_current_get(), __ATOMIC_RELEASE);
	slept = k_sleep(K_FOREVER);
	return NULL;
}

ZTEST(foreign_threads, test_wakeup)
{
	k_tid_t id = NULL;
	pthread_t thread;

	port_clock_virtual_start();
	zassert_ok(pthread_create(&thread, NULL, sleep_long, &id));
	while (__atomic_load_n(&id, __ATOMIC_ACQUIRE) == NULL) {
		k_yield();
	}
	do {
		k_wakeup(id);
		k_sleep(K_USEC(10));
	} while (pthread_tryjoin_np(thread, NULL) != 0);
	port_clock_virtual_stop();
	zassert_equal(slept, K_TICKS_FOREVER);
}

#ifdef CONFIG_THREAD_NAME

static char shown[2][16];

static void show_name(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p3);
	if (p2 != NULL) {
		zassert_ok(k_sem_take(p2, K_FOREVER));
	}
	(void)pthread_getname_np(pthread_self(), p1, sizeof(shown[0]));
}

K_THREAD_DEFINE(a_static_thread, 1024, show_name, shown[0], NULL, NULL, 3, 0, 0);

ZTEST(foreign_threads, test_names_in_a_debugger)
{
	k_tid_t id;

	zassert_ok(k_thread_join(a_static_thread, K_FOREVER));
	zassert_str_equal(shown[0], "a_static_thread");
	zassert_str_equal(k_thread_name_get(a_static_thread), "a_static_thread");

	/* Named before it began, perhaps, and again while it runs. */
	zassert_ok(k_sem_init(&sem, 0, 1));
	id = crew_start(show_name, shown[1], &sem, NULL, 0);
	zassert_ok(k_thread_name_set(id, "first"));
	k_sleep(K_MSEC(1));
	zassert_ok(k_thread_name_set(id, "cut after fifteen characters"));
	k_sem_give(&sem);
	crew_join();
	zassert_str_equal(shown[1], "cut after fifte");
}

#endif
