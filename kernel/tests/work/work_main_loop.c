/* SPDX-License-Identifier: Apache-2.0 */

/* Serving a queue from the main loop, where there are no threads. */

#include <zephyr/ztest.h>

#include <kernel/work_queue.h>

#include "hold.h"

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	queue_begin();
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	queue_end();
}

ZTEST_SUITE(work_main_loop, NULL, NULL, before, after, NULL);

ZTEST(work_main_loop, test_not_started)
{
	static struct k_work_q unused;

	zassert_equal(work_queue_process(&unused, K_NO_WAIT), -ENODEV);
}

#ifdef CONFIG_MULTITHREADING

ZTEST(work_main_loop, test_a_thread_serves_it)
{
	zassert_equal(work_queue_process(&queue, K_FOREVER), -EALREADY);
	zassert_equal(work_queue_process(&k_sys_work_q, K_FOREVER), -EALREADY);
}

#else

static uint32_t runs;

static void note(struct k_work *work)
{
	ARG_UNUSED(work);
	runs++;
}

static K_WORK_DEFINE(a_work, note);

ZTEST(work_main_loop, test_process)
{
	int64_t began = k_uptime_ticks();

	runs = 0;
	zassert_equal(work_queue_process(&queue, K_NO_WAIT), 0);
	zassert_equal(work_queue_process(&queue, K_TICKS(5)), 0);
	zassert_true(k_uptime_ticks() >= began + 5);
	zassert_equal(k_work_submit_to_queue(&queue, &a_work), 1);
	zassert_equal(work_queue_process(&queue, K_FOREVER), 1);
	zassert_equal(runs, 1);
}

static void submit_itself(struct k_work *work)
{
	runs++;
	zassert_equal(k_work_submit_to_queue(&queue, work), 2);
	zassert_equal(work_queue_process(&queue, K_NO_WAIT), -EDEADLK);
}

/* It returns although there is always something to do. */
ZTEST(work_main_loop, test_no_end_of_work)
{
	static K_WORK_DEFINE(endless, submit_itself);

	runs = 0;
	zassert_equal(k_work_submit_to_queue(&queue, &endless), 1);
	for (uint32_t i = 1; i <= 10; i++) {
		zassert_equal(work_queue_process(&queue, K_FOREVER), 1);
		zassert_equal(runs, i);
	}
	zassert_equal(k_work_cancel(&endless), 0);
}

static void submit(struct k_timer *timer)
{
	ARG_UNUSED(timer);
	(void)k_work_submit_to_queue(&queue, &a_work);
}

static K_TIMER_DEFINE(timer, submit, NULL);

/* Asleep until an interrupt brings work. */
ZTEST(work_main_loop, test_wait_for_an_interrupt)
{
	runs = 0;
	k_timer_start(&timer, K_MSEC(2), K_MSEC(1));
	for (int i = 0; i < 10; i++) {
		zassert_equal(work_queue_process(&queue, K_SECONDS(10)), 1);
	}
	k_timer_stop(&timer);
	zassert_equal(runs, 10);
}

static void stop(struct k_timer *t)
{
	ARG_UNUSED(t);
	if (runs == 3) {
		/* Nobody but a test ends a main loop. */
		queue.flags |= K_WORK_QUEUE_PLUGGED;
		zassert_ok(k_work_queue_stop(&queue, K_NO_WAIT));
	} else {
		(void)k_work_submit_to_queue(&queue, &a_work);
	}
}

static K_TIMER_DEFINE(stopper, stop, NULL);

ZTEST(work_main_loop, test_run)
{
	runs = 0;
	k_timer_start(&stopper, K_MSEC(1), K_MSEC(1));
	k_work_queue_run(&queue, NULL);
	k_timer_stop(&stopper);
	zassert_equal(runs, 3);
	queue_begin();
}

#endif
