/* SPDX-License-Identifier: Apache-2.0 */

#include "hold.h"

#include <zephyr/ztest.h>

#include <kernel/work_queue.h>

struct k_work_q queue;
static K_THREAD_STACK_DEFINE(stack, 1024);

void queue_begin(void)
{
	static const struct k_work_queue_config cfg = {.name = "test"};

	k_work_queue_init(&queue);
	k_work_queue_start(&queue, stack, sizeof(stack), 0, &cfg);
}

void queue_end(void)
{
	(void)k_work_queue_drain(&queue, true);
	zassert_ok(k_work_queue_stop(&queue, K_FOREVER));
}

#ifdef CONFIG_MULTITHREADING

static K_SEM_DEFINE(held, 0, 1);
static K_SEM_DEFINE(go_on, 0, 1);

static void wait(struct k_work *work)
{
	ARG_UNUSED(work);
	k_sem_give(&held);
	(void)k_sem_take(&go_on, K_FOREVER);
}

static K_WORK_DEFINE(holder, wait);
static bool is_held;

void hold(void)
{
	zassert_equal(k_work_submit_to_queue(&queue, &holder), 1);
	zassert_ok(k_sem_take(&held, K_FOREVER));
	is_held = true;
}

void release(void)
{
	if (is_held) {
		is_held = false;
		k_sem_give(&go_on);
	}
}

#else

void hold(void)
{
}

void release(void)
{
}

#endif

void settle(void)
{
	(void)k_work_queue_drain(&queue, false);
}

void wait_for(const uint32_t *count, uint32_t number)
{
	int64_t end = k_uptime_get() + 20000;

	/* Acquire: pairs with the release of who counts. */
	while (atomic32_load_acquire(count) < number) {
		zassert_true(k_uptime_get() < end, "work is missing");
		if (work_queue_process(&queue, K_TICKS(1)) < 0) {
			k_sleep(K_TICKS(1));
		}
	}
}
