/* SPDX-License-Identifier: Apache-2.0 */
/** @file For blocks that serve a queue for ever, as a main loop does. */
#ifndef SURROUNDINGS_WORK_QUEUE_H_
#define SURROUNDINGS_WORK_QUEUE_H_

#include <zephyr/ztest.h>
#include <zephyr/kernel.h>

static K_SEM_DEFINE(worked, 0, 1);

static inline void work(struct k_work *item)
{
	ARG_UNUSED(item);
	k_sem_give(&worked);
}

static struct k_work_q queue;

/* An item given to `queue` is worked on while @p run serves it. */
static inline void check_work_queue(k_thread_entry_t run)
{
	static K_THREAD_STACK_DEFINE(stack, 4096);
	static struct k_thread thread;
	static K_WORK_DEFINE(item, work);

	(void)k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), run, NULL, NULL, NULL,
			      1, 0, K_NO_WAIT);
	while (k_work_submit_to_queue(&queue, &item) == -ENODEV) {
		(void)k_msleep(1);
	}
	zassert_ok(k_sem_take(&worked, K_SECONDS(10)));
	k_thread_abort(&thread);
	zassert_ok(k_thread_join(&thread, K_SECONDS(10)));
}

#endif /* SURROUNDINGS_WORK_QUEUE_H_ */
