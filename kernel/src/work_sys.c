/* SPDX-License-Identifier: Apache-2.0 */
/** @file The system work queue: in the program only if something submits to it. */
#include <zephyr/kernel.h>

struct k_work_q k_sys_work_q;

#ifdef CONFIG_MULTITHREADING

static K_THREAD_STACK_DEFINE(stack, CONFIG_SYSTEM_WORKQUEUE_STACK_SIZE);

static int start(void)
{
	static const struct k_work_queue_config cfg = {
		.name = "sysworkq",
		.no_yield = IS_ENABLED(CONFIG_SYSTEM_WORKQUEUE_NO_YIELD),
		.essential = true,
	};

	k_work_queue_start(&k_sys_work_q, stack, sizeof(stack), CONFIG_SYSTEM_WORKQUEUE_PRIORITY,
			   &cfg);
	return 0;
}

#else

static int start(void)
{
	k_work_queue_start(&k_sys_work_q, NULL, 0, 0, NULL);
	return 0;
}

#endif

SYS_INIT_NAMED(k_sys_work_q, start, POST_KERNEL, CONFIG_KERNEL_INIT_PRIORITY_DEFAULT);

int k_work_submit(struct k_work *work)
{
	return k_work_submit_to_queue(&k_sys_work_q, work);
}

int k_work_schedule(struct k_work_delayable *dwork, k_timeout_t delay)
{
	return k_work_schedule_for_queue(&k_sys_work_q, dwork, delay);
}

int k_work_reschedule(struct k_work_delayable *dwork, k_timeout_t delay)
{
	return k_work_reschedule_for_queue(&k_sys_work_q, dwork, delay);
}
