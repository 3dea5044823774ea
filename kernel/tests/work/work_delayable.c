/* SPDX-License-Identifier: Apache-2.0 */

/* Delayable work, and the system work queue, on every platform. */

#include <zephyr/irq_offload.h>
#include <zephyr/ztest.h>

#include <kernel/work_queue.h>

#include "hold.h"

static uint32_t runs;
static int64_t last;

static void note(struct k_work *work)
{
	zassert_false(k_is_in_isr());
	zassert_equal(k_work_delayable_from_work(work)->work.handler, note);
	last = k_uptime_ticks();
	atomic32_store_release(&runs, runs + 1);
}

K_WORK_DELAYABLE_DEFINE(defined_work, note);
static struct k_work_delayable dwork;
static struct k_work_sync sync;

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
#ifdef CONFIG_PORT_VIRTUAL_CLOCK
	/* Where there is one nothing is late, however busy the machine is. */
	port_clock_virtual_start();
#endif
	k_work_init_delayable(&dwork, note);
	runs = 0;
	queue_begin();
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	(void)k_work_cancel_delayable_sync(&dwork, &sync);
	release();
	queue_end();
#ifdef CONFIG_PORT_VIRTUAL_CLOCK
	port_clock_virtual_stop();
#endif
}

ZTEST_SUITE(work_delayable, NULL, NULL, before, after, NULL);

ZTEST(work_delayable, test_schedule)
{
	int64_t earliest = sys_clock_deadline(K_MSEC(3));

	zassert_equal(k_work_delayable_remaining_get(&dwork), 0);
	zassert_equal(k_work_schedule_for_queue(&queue, &dwork, K_MSEC(3)), 1);
	zassert_true(k_work_delayable_is_pending(&dwork));
	zassert_equal(k_work_delayable_busy_get(&dwork), K_WORK_DELAYED);
	zassert_true(k_work_delayable_expires_get(&dwork) >= earliest);
	zassert_true(k_work_delayable_remaining_get(&dwork) > 0);
	/* As long as it is delayed, nothing changes. */
	zassert_equal(k_work_schedule_for_queue(&queue, &dwork, K_SECONDS(100)), 0);
	zassert_equal(k_work_schedule_for_queue(&queue, &dwork, K_NO_WAIT), 0);
	wait_for(&runs, 1);
	settle();
	zassert_true(last >= earliest, "early");
	zassert_equal(k_work_delayable_busy_get(&dwork), 0);
	zassert_equal(k_work_delayable_remaining_get(&dwork), 0);
	/* To the queue that it was in. */
	zassert_equal(k_work_schedule_for_queue(NULL, &dwork, K_TICKS(1)), 1);
	wait_for(&runs, 2);
}

ZTEST(work_delayable, test_no_delay)
{
	static struct k_work_q unused;

	zassert_equal(k_work_schedule_for_queue(NULL, &dwork, K_NO_WAIT), -EINVAL);
	zassert_equal(k_work_schedule_for_queue(NULL, &dwork, K_TICKS(1)), -EINVAL);
	zassert_equal(k_work_reschedule_for_queue(NULL, &dwork, K_TICKS(1)), -EINVAL);
	zassert_equal(k_work_schedule_for_queue(&unused, &dwork, K_NO_WAIT), -ENODEV);
	zassert_equal(k_work_delayable_busy_get(&dwork), 0);
	hold();
	zassert_equal(k_work_schedule_for_queue(&queue, &dwork, K_NO_WAIT), 1);
	zassert_equal(k_work_delayable_busy_get(&dwork), K_WORK_QUEUED);
	zassert_equal(k_work_schedule_for_queue(&queue, &dwork, K_NO_WAIT), 0);
	zassert_equal(k_work_reschedule_for_queue(&queue, &dwork, K_NO_WAIT), 0);
	release();
	settle();
	zassert_equal(runs, 1);
}

ZTEST(work_delayable, test_reschedule)
{
	int64_t earliest;

	zassert_equal(k_work_reschedule_for_queue(&queue, &dwork, K_SECONDS(100)), 1);
	earliest = sys_clock_deadline(K_MSEC(2));
	zassert_equal(k_work_reschedule_for_queue(&queue, &dwork, K_MSEC(2)), 1);
	zassert_true(k_work_delayable_remaining_get(&dwork) <
		     50LL * CONFIG_SYS_CLOCK_TICKS_PER_SEC);
	wait_for(&runs, 1);
	settle();
	zassert_true(last >= earliest);
	/* Now, whatever it was delayed for. */
	zassert_equal(k_work_reschedule_for_queue(&queue, &dwork, K_SECONDS(100)), 1);
	zassert_equal(k_work_reschedule_for_queue(&queue, &dwork, K_NO_WAIT), 1);
	settle();
	zassert_equal(runs, 2);
	zassert_equal(k_work_delayable_busy_get(&dwork), 0);
}

/* What is queued stays queued and is delayed beside that: it runs twice. */
ZTEST(work_delayable, test_reschedule_while_queued)
{
	hold();
	zassert_equal(k_work_schedule_for_queue(&queue, &dwork, K_NO_WAIT), 1);
	zassert_equal(k_work_reschedule_for_queue(&queue, &dwork, K_MSEC(5)), 1);
	zassert_equal(k_work_delayable_busy_get(&dwork), K_WORK_QUEUED | K_WORK_DELAYED);
	release();
	wait_for(&runs, 2);
	settle();
	zassert_equal(runs, 2);
}

ZTEST(work_delayable, test_cancel)
{
	zassert_equal(k_work_cancel_delayable(&dwork), 0);
	zassert_false(k_work_cancel_delayable_sync(&dwork, &sync));
	zassert_equal(k_work_schedule_for_queue(&queue, &dwork, K_MSEC(2)), 1);
	zassert_equal(k_work_cancel_delayable(&dwork), 0);
	zassert_equal(k_work_schedule_for_queue(&queue, &dwork, K_MSEC(2)), 1);
	zassert_true(k_work_cancel_delayable_sync(&dwork, &sync));
	hold();
	zassert_equal(k_work_schedule_for_queue(&queue, &dwork, K_NO_WAIT), 1);
	zassert_equal(k_work_reschedule_for_queue(&queue, &dwork, K_MSEC(2)), 1);
	zassert_equal(k_work_cancel_delayable(&dwork), 0);
	release();
	k_sleep(K_MSEC(5));
	settle();
	zassert_equal(runs, 0);
	/* Never, unless it is canceled or begun anew. */
	zassert_equal(k_work_schedule_for_queue(&queue, &dwork, K_FOREVER), 1);
	zassert_equal(k_work_delayable_busy_get(&dwork), K_WORK_DELAYED);
	zassert_true(k_work_cancel_delayable_sync(&dwork, &sync));
}

ZTEST(work_delayable, test_flush)
{
	zassert_false(k_work_flush_delayable(&dwork, &sync));
	zassert_equal(k_work_schedule_for_queue(&queue, &dwork, K_SECONDS(100)), 1);
	zassert_true(k_work_flush_delayable(&dwork, &sync));
	zassert_equal(runs, 1);
	zassert_equal(k_work_delayable_busy_get(&dwork), 0);
}

static void periodic(struct k_work *work)
{
	if (runs < 9) {
		zassert_equal(k_work_schedule_for_queue(&queue, k_work_delayable_from_work(work),
							K_TICKS(1)),
			      1);
	}
	atomic32_store_release(&runs, runs + 1);
}

ZTEST(work_delayable, test_schedule_in_the_handler)
{
	k_work_init_delayable(&dwork, periodic);
	zassert_equal(k_work_schedule_for_queue(&queue, &dwork, K_NO_WAIT), 1);
	wait_for(&runs, 10);
	settle();
	zassert_equal(runs, 10);
}

static int in_isr[3];

static void use_in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	in_isr[0] = k_work_schedule_for_queue(&queue, &dwork, K_SECONDS(100));
	in_isr[1] = k_work_reschedule_for_queue(&queue, &dwork, K_MSEC(1));
	in_isr[2] = (int)k_work_delayable_remaining_get(&dwork);
}

ZTEST(work_delayable, test_isr)
{
	irq_offload(use_in_isr, NULL);
	zassert_equal(in_isr[0], 1);
	zassert_equal(in_isr[1], 1);
	wait_for(&runs, 1);
}

/* A queue that takes nothing loses it. */
ZTEST(work_delayable, test_refused_when_due)
{
	zassert_equal(k_work_queue_drain(&queue, true), 1);
	zassert_equal(k_work_schedule_for_queue(&queue, &dwork, K_MSEC(1)), 1);
	while (k_work_delayable_is_pending(&dwork)) {
		k_sleep(K_MSEC(1));
	}
	zassert_ok(k_work_queue_unplug(&queue));
	settle();
	zassert_equal(runs, 0);
}

/* ---- the system work queue ------------------------------------------------------------------ */

static uint32_t sys_runs;

static void note_sys(struct k_work *work)
{
	ARG_UNUSED(work);
	zassert_equal(k_work_queue_thread_get(&k_sys_work_q), k_current_get());
	atomic32_store_release(&sys_runs, sys_runs + 1);
}

static K_WORK_DEFINE(sys_work, note_sys);

/* Something submitted before main() is there. */
static int submit_early(void)
{
	return k_work_submit(&sys_work);
}

SYS_INIT(submit_early, APPLICATION, 0);

static void sys_wait_for(uint32_t number)
{
	while (atomic32_load_acquire(&sys_runs) < number) {
		if (work_queue_process(&k_sys_work_q, K_TICKS(1)) < 0) {
			k_sleep(K_TICKS(1));
		}
	}
}

ZTEST(work_delayable, test_system_queue)
{
	sys_wait_for(1);
	(void)k_work_flush(&sys_work, &sync);
	zassert_equal(k_work_submit(&sys_work), 1);
	sys_wait_for(2);
	k_work_init_delayable(&dwork, note_sys);
	zassert_equal(k_work_schedule(&dwork, K_SECONDS(100)), 1);
	zassert_equal(k_work_schedule(&dwork, K_TICKS(2)), 0);
	zassert_equal(k_work_reschedule(&dwork, K_TICKS(2)), 1);
	sys_wait_for(3);
	(void)k_work_flush_delayable(&dwork, &sync);
	zassert_equal(k_work_reschedule(&dwork, K_SECONDS(100)), 1);
	zassert_equal(k_work_reschedule(&dwork, K_NO_WAIT), 1);
	sys_wait_for(4);
	(void)k_work_flush_delayable(&dwork, &sync);
	zassert_equal(sys_runs, 4);
}
