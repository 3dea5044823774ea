/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Kernel priorities as priorities of SCHED_FIFO. A process that may not use that scheduler is told
 * so when it creates a thread; the tests hold it to whichever of the two is the case.
 */
#include <pthread.h>
#include <sched.h>

#include <zephyr/irq_offload.h>
#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

/* A policy and a priority, as the operating system has them. */
struct schedule {
	int policy;
	int level;
};

static struct schedule schedule_of_caller(void)
{
	struct sched_param param;

	/* Of the system, not of the C library, which remembers what it set itself. */
	(void)sched_getparam(0, &param);
	return (struct schedule){.policy = sched_getscheduler(0), .level = param.sched_priority};
}

static void *nothing(void *arg)
{
	return arg;
}

/* Whether this process may start a real-time thread. */
static bool permitted(void)
{
	struct sched_param param = {.sched_priority = 1};
	pthread_attr_t attr;
	pthread_t id;
	bool ok;

	(void)pthread_attr_init(&attr);
	(void)pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	(void)pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
	(void)pthread_attr_setschedparam(&attr, &param);
	ok = pthread_create(&id, &attr, nothing, NULL) == 0;
	if (ok) {
		(void)pthread_join(id, NULL);
	}
	(void)pthread_attr_destroy(&attr);
	return ok;
}

static K_THREAD_STACK_DEFINE(stack, 4096);
static struct k_thread thread;
static struct k_sem looked;
static struct k_sem go_on;
static struct schedule seen;

static void look_twice(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (int i = 0; i < 2; i++) {
		seen = schedule_of_caller();
		k_sem_give(&looked);
		k_sem_take(&go_on, K_FOREVER);
	}
}

/* A thread of @p first looks at itself, becomes one of @p second and looks again. */
static void check(int first, int first_level, int second, int second_level)
{
	k_tid_t id;

	k_sem_init(&looked, 0, 1);
	k_sem_init(&go_on, 0, 1);
	id = k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), look_twice, NULL, NULL,
			     NULL, first, 0, K_NO_WAIT);
	if (!permitted()) {
		zassert_is_null(id, "a priority that was refused");
		return;
	}
	zassert_not_null(id);
	k_sem_take(&looked, K_FOREVER);
	zassert_equal(seen.policy, SCHED_FIFO);
	zassert_equal(seen.level, first_level, "priority %d is level %d", first, seen.level);
	k_thread_priority_set(id, second);
	k_sem_give(&go_on);
	k_sem_take(&looked, K_FOREVER);
	zassert_equal(seen.level, second_level, "priority %d is level %d", second, seen.level);
	k_sem_give(&go_on);
	zassert_ok(k_thread_join(id, K_FOREVER));
}

ZTEST_SUITE(sched_fifo, NULL, NULL, NULL, NULL, NULL);

/* The least urgent kernel priority, 15, is level 1; each more urgent one is a level more. */
ZTEST(sched_fifo, test_levels)
{
	check(5, 11, 4, 12);
	check(K_LOWEST_THREAD_PRIO, 1, K_HIGHEST_THREAD_PRIO, 32);
}

static void look_in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	seen = schedule_of_caller();
}

ZTEST(sched_fifo, test_interrupts_above_all)
{
	if (!permitted()) {
		/* Without the right there is no interrupt thread either: the port stops. */
		return;
	}
	irq_offload(look_in_isr, NULL);
	zassert_equal(seen.policy, SCHED_FIFO);
	zassert_equal(seen.level, sched_get_priority_max(SCHED_FIFO));
}
