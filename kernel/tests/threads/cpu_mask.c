/* SPDX-License-Identifier: Apache-2.0 */
/** @file On which processors threads run, before they start, while they run, and when they are others'. */
#define _GNU_SOURCE /* CPU_COUNT, sched_getaffinity */

#include <errno.h>
#include <sched.h>

#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

#ifdef CONFIG_SCHED_CPU_MASK

static K_THREAD_STACK_DEFINE(stack, 65536);
static struct k_thread thread;
static struct k_sem look;
static struct k_sem looked;
static cpu_set_t seen;
static cpu_set_t all;

static void look_when_told(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (;;) {
		k_sem_take(&look, K_FOREVER);
		(void)sched_getaffinity(0, sizeof(seen), &seen);
		k_sem_give(&looked);
	}
}

static void start(k_timeout_t delay)
{
	k_sem_init(&look, 0, 1);
	k_sem_init(&looked, 0, 1);
	zassert_not_null(k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack),
					 look_when_told, NULL, NULL, NULL, 5, 0, delay));
}

static void see(void)
{
	k_sem_give(&look);
	zassert_ok(k_sem_take(&looked, K_SECONDS(20)));
}

/* The first processor of the process, and the last. */
static int first;
static int last;

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	first = -1;
	(void)sched_getaffinity(0, sizeof(all), &all);
	for (int cpu = 0; cpu < 64; cpu++) {
		if (CPU_ISSET(cpu, &all)) {
			first = first < 0 ? cpu : first;
			last = cpu;
		}
	}
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	k_thread_abort(&thread);
	zassert_ok(k_thread_join(&thread, K_SECONDS(20)));
}

ZTEST(cpu_mask, test_running)
{
	start(K_NO_WAIT);
	see();
	zassert_true(CPU_EQUAL(&seen, &all));
	zassert_ok(k_thread_cpu_pin(&thread, last));
	see();
	zassert_equal(CPU_COUNT(&seen), 1);
	zassert_true(CPU_ISSET(last, &seen));
	zassert_ok(k_thread_cpu_mask_enable(&thread, first));
	see();
	zassert_true(CPU_ISSET(first, &seen));
	zassert_true(CPU_ISSET(last, &seen));
	zassert_ok(k_thread_cpu_mask_enable_all(&thread));
	see();
	zassert_true(CPU_EQUAL(&seen, &all));
	if (first != last) {
		zassert_ok(k_thread_cpu_mask_disable(&thread, first));
		see();
		zassert_false(CPU_ISSET(first, &seen));
		zassert_true(CPU_ISSET(last, &seen));
	}
}

ZTEST(cpu_mask, test_before_the_start)
{
	start(K_FOREVER);
	zassert_ok(k_thread_cpu_mask_clear(&thread));
	zassert_ok(k_thread_cpu_mask_enable(&thread, last));
	k_thread_start(&thread);
	see();
	zassert_equal(CPU_COUNT(&seen), 1);
	zassert_true(CPU_ISSET(last, &seen));
}

ZTEST(cpu_mask, test_refused)
{
	start(K_NO_WAIT);
	zassert_equal(k_thread_cpu_pin(&thread, -1), -EINVAL);
	zassert_equal(k_thread_cpu_pin(&thread, 1000), -EINVAL);
	zassert_equal(k_thread_cpu_mask_enable(&thread, 64), -EINVAL);
	zassert_equal(k_thread_cpu_mask_disable(&thread, -1), -EINVAL);
	if (!CPU_ISSET(63, &all)) {
		zassert_equal(k_thread_cpu_pin(&thread, 63), -EINVAL, "there is none");
	}
	see();
	zassert_true(CPU_EQUAL(&seen, &all), "nothing has changed");
}

/* A thread that this library did not create. */
ZTEST(cpu_mask, test_the_caller)
{
	start(K_NO_WAIT);
	zassert_ok(k_thread_cpu_pin(k_current_get(), last));
	(void)sched_getaffinity(0, sizeof(seen), &seen);
	zassert_equal(CPU_COUNT(&seen), 1);
	zassert_ok(k_thread_cpu_mask_enable_all(k_current_get()));
	(void)sched_getaffinity(0, sizeof(seen), &seen);
	zassert_true(CPU_EQUAL(&seen, &all));
}

ZTEST_SUITE(cpu_mask, NULL, NULL, before, after, NULL);

#endif
