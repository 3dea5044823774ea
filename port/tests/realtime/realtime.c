/* SPDX-License-Identifier: Apache-2.0 */
/** @file A process without real-time rights that goes on without. */
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include <zephyr/irq_offload.h>
#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

static int policy;

static void look(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	policy = sched_getscheduler(0);
}

static void look_in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	policy = sched_getscheduler(0);
}

ZTEST_SUITE(realtime, NULL, NULL, NULL, NULL, NULL);

ZTEST(realtime, test_threads_and_interrupts_run)
{
	static K_THREAD_STACK_DEFINE(stack, 65536);
	static struct k_thread thread;

	policy = -1;
	zassert_not_null(k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), look, NULL,
					 NULL, NULL, 5, 0, K_NO_WAIT));
	zassert_ok(k_thread_join(&thread, K_SECONDS(20)));
	/* That of the process, which somebody may have made one for work in the background. */
	zassert_equal(policy, sched_getscheduler(0));
	policy = -1;
	irq_offload(look_in_isr, NULL);
	zassert_equal(policy, sched_getscheduler(0));
}
