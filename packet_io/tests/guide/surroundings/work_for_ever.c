/* SPDX-License-Identifier: Apache-2.0 */
#include <zephyr/ztest.h>
#include <zephyr/kernel.h>

static K_SEM_DEFINE(worked, 0, 1);
static K_THREAD_STACK_DEFINE(stack, 4096);
static struct k_thread thread;
static struct k_work_q queue;

static void work(struct k_work *item)
{
	ARG_UNUSED(item);
	k_sem_give(&worked);
}

static K_WORK_DEFINE(item, work);

/* As in a main loop, but with a queue of the test's own: here the system's has a thread. */
static void main_loop(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
#define k_sys_work_q queue
#include "step_1.inc"
#undef k_sys_work_q
}

ZTEST(documents, test_work_for_ever)
{
	(void)k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), main_loop, NULL, NULL,
			      NULL, 1, 0, K_NO_WAIT);
	while (k_work_submit_to_queue(&queue, &item) == -ENODEV) {
		(void)k_msleep(1);
	}
	zassert_ok(k_sem_take(&worked, K_SECONDS(10)));
	k_thread_abort(&thread);
	zassert_ok(k_thread_join(&thread, K_SECONDS(10)));
}
