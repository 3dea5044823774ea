/* SPDX-License-Identifier: Apache-2.0 */

/** @file Checks that fail away from the thread that runs the test. */

#include <zephyr/irq_offload.h>
#include <zephyr/ztest.h>

#include <pthread.h>

ZTEST_SUITE(threads, NULL, NULL, NULL, NULL, NULL);

static K_THREAD_STACK_DEFINE(stack, 1024);
static struct k_thread thread;

/** Run @p entry in a kernel thread and wait for its end. */
static void in_kernel_thread(void (*entry)(void *p1, void *p2, void *p3))
{
	zassert_not_null(k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), entry, NULL,
					 NULL, NULL, 0, 0, K_NO_WAIT));
	zassert_ok(k_thread_join(&thread, K_FOREVER));
	printk("joined\n");
}

/** Run @p entry in a thread the kernel does not know. */
static void in_posix_thread(void *(*entry)(void *arg))
{
	pthread_t id;

	zassert_ok(pthread_create(&id, NULL, entry, NULL));
	zassert_ok(pthread_join(id, NULL));
	printk("joined\n");
}

static void kernel_assert(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	zassert_true(false);
	printk("not reached\n");
}

static void kernel_assume(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	zassume_true(false);
	printk("not reached\n");
}

static void kernel_expect(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	zexpect_true(false);
	printk("goes on\n");
}

static void kernel_pass(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	zassert_true(true);
	ztest_test_pass();
	printk("not reached\n");
}

static void *posix_assert(void *arg)
{
	ARG_UNUSED(arg);
	zassert_true(false, "in a %s", "pthread");
	printk("not reached\n");
	return NULL;
}

static void isr_assert(const void *arg)
{
	ARG_UNUSED(arg);
	zassert_true(false);
	printk("goes on\n");
}

static void isr_assume(const void *arg)
{
	ARG_UNUSED(arg);
	zassume_true(false);
	printk("goes on\n");
}

ZTEST(threads, isr_assert)
{
	irq_offload(isr_assert, NULL);
	printk("returned\n");
}

ZTEST(threads, isr_assume)
{
	irq_offload(isr_assume, NULL);
	printk("returned\n");
}

ZTEST(threads, kernel_assert)
{
	in_kernel_thread(kernel_assert);
}

ZTEST(threads, kernel_assume)
{
	in_kernel_thread(kernel_assume);
}

ZTEST(threads, kernel_expect)
{
	in_kernel_thread(kernel_expect);
}

ZTEST(threads, kernel_pass)
{
	in_kernel_thread(kernel_pass);
}

ZTEST(threads, nothing_left_over)
{
}

ZTEST(threads, posix_assert)
{
	in_posix_thread(posix_assert);
}

/* A thread that outlives its test still fails whatever runs when it finds something. */
static pthread_barrier_t late_gate;
static pthread_t late_thread;

static void *late_expect(void *arg)
{
	ARG_UNUSED(arg);
	(void)pthread_barrier_wait(&late_gate);
	zexpect_true(false, "late");
	return NULL;
}

ZTEST_SUITE(y_late, NULL, NULL, NULL, NULL, NULL);

ZTEST(y_late, a_starts)
{
	zassert_ok(pthread_barrier_init(&late_gate, NULL, 2));
	zassert_ok(pthread_create(&late_thread, NULL, late_expect, NULL));
}

ZTEST(y_late, b_suffers)
{
	(void)pthread_barrier_wait(&late_gate);
	(void)pthread_join(late_thread, NULL);
}

/* Between suites there is no test to fail, but it is not passed over. */
static bool late_predicate(const void *state)
{
	pthread_t id;

	ARG_UNUSED(state);
	(void)pthread_barrier_init(&late_gate, NULL, 1);
	(void)pthread_create(&id, NULL, late_expect, NULL);
	(void)pthread_join(id, NULL);
	return true;
}

ZTEST_SUITE(z_later, late_predicate, NULL, NULL, NULL, NULL);

ZTEST(z_later, nothing_wrong)
{
}
