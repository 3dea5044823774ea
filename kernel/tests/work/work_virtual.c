/* SPDX-License-Identifier: Apache-2.0 */

/* Work on the virtual clock: what waits, for how long, and delays that are exact. */

#include <zephyr/ztest.h>

#include "../support/crew.h"
#include "hold.h"

#define DELAYED 500

static struct k_work_delayable dwork;
static struct k_work_delayable many[DELAYED];
static struct k_work work;
static struct k_work_sync sync;
static int64_t began;
static uint32_t runs;

/* Takes 100 ticks. */
static void slow(struct k_work *w)
{
	ARG_UNUSED(w);
	k_sleep(K_TICKS(100));
	atomic32_store_release(&runs, runs + 1);
}

static void begin(void *fixture)
{
	crew_virtual_begin(fixture);
	queue_begin();
	k_work_init(&work, slow);
	k_work_init_delayable(&dwork, slow);
	began = k_uptime_ticks();
	runs = 0;
}

static void end(void *fixture)
{
	queue_end();
	crew_virtual_end(fixture);
}

ZTEST_SUITE(work_virtual, NULL, NULL, begin, end, NULL);

ZTEST(work_virtual, test_flush_waits)
{
	zassert_equal(k_work_submit_to_queue(&queue, &work), 1);
	k_sleep(K_TICKS(30));
	zassert_equal(k_work_busy_get(&work), K_WORK_RUNNING);
	zassert_true(k_work_flush(&work, &sync));
	zassert_equal(k_uptime_ticks(), began + 100);
	zassert_equal(k_work_busy_get(&work), 0);
	zassert_equal(runs, 1);
}

/* Queued while it runs: both of its runs. */
ZTEST(work_virtual, test_flush_waits_for_the_last_submission)
{
	zassert_equal(k_work_submit_to_queue(&queue, &work), 1);
	k_sleep(K_TICKS(30));
	zassert_equal(k_work_submit_to_queue(&queue, &work), 2);
	zassert_true(k_work_flush(&work, &sync));
	zassert_equal(k_uptime_ticks(), began + 200);
	zassert_equal(runs, 2);
}

static struct k_work_sync syncs[4];

static void flush(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p2);
	zassert_true(k_work_flush(&work, p1));
	*(int64_t *)p3 = k_uptime_ticks();
}

static void cancel(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p2);
	zassert_true(k_work_cancel_sync(&work, p1));
	*(int64_t *)p3 = k_uptime_ticks();
}

/* Several wait, for different runs; what is canceled ends the wait of those who waited for it. */
ZTEST(work_virtual, test_cancel_ends_a_flush)
{
	int64_t ends[4];

	zassert_equal(k_work_submit_to_queue(&queue, &work), 1);
	crew_start(flush, &syncs[0], NULL, &ends[0], 0);
	k_sleep(K_TICKS(10));
	zassert_equal(k_work_busy_get(&work), K_WORK_RUNNING | K_WORK_FLUSHING);
	zassert_equal(k_work_submit_to_queue(&queue, &work), 2);
	crew_start(flush, &syncs[1], NULL, &ends[1], 0);
	k_sleep(K_TICKS(10));
	crew_start(cancel, &syncs[2], NULL, &ends[2], 0);
	crew_start(cancel, &syncs[3], NULL, &ends[3], 0);
	k_sleep(K_TICKS(10));
	zassert_equal(k_work_busy_get(&work), K_WORK_RUNNING | K_WORK_CANCELING | K_WORK_FLUSHING);
	zassert_equal(k_work_submit_to_queue(&queue, &work), -EBUSY);
	zassert_equal(k_work_cancel(&work), K_WORK_RUNNING | K_WORK_CANCELING | K_WORK_FLUSHING);
	crew_join();
	for (int i = 0; i < 4; i++) {
		zassert_equal(ends[i], began + 100, "%d at %lld", i, (long long)(ends[i] - began));
	}
	zassert_equal(runs, 1);
	zassert_equal(k_work_busy_get(&work), 0);
	zassert_equal(k_work_submit_to_queue(&queue, &work), 1);
}

/* Queued behind another, then canceled: nothing is left to wait for. */
ZTEST(work_virtual, test_cancel_ends_a_flush_of_what_is_queued)
{
	struct k_work first;
	int64_t ended = 0;

	k_work_init(&first, slow);
	zassert_equal(k_work_submit_to_queue(&queue, &first), 1);
	zassert_equal(k_work_submit_to_queue(&queue, &work), 1);
	crew_start(flush, &syncs[0], NULL, &ended, 0);
	k_sleep(K_TICKS(10));
	zassert_equal(k_work_cancel(&work), 0);
	crew_join();
	zassert_equal(ended, began + 10);
	zassert_true(k_work_flush(&first, &sync));
}

static void note_exact(struct k_work *w)
{
	struct k_work_delayable *d = k_work_delayable_from_work(w);
	int64_t i = d - many;

	zassert_equal(k_uptime_ticks(), began + 1 + i * 37 % 1000, "item %d", (int)i);
	atomic32_store_release(&runs, runs + 1);
}

ZTEST(work_virtual, test_delays_are_exact)
{
	for (int i = 0; i < DELAYED; i++) {
		k_work_init_delayable(&many[i], note_exact);
		zassert_equal(
			k_work_schedule_for_queue(&queue, &many[i], K_TICKS(1 + i * 37 % 1000)), 1);
		zassert_equal(k_work_delayable_expires_get(&many[i]), began + 1 + i * 37 % 1000);
		zassert_equal(k_work_delayable_remaining_get(&many[i]), 1 + i * 37 % 1000);
	}
	k_sleep(K_TICKS(1002));
	zassert_equal(atomic32_load_acquire(&runs), DELAYED);
}

ZTEST(work_virtual, test_delay_limits)
{
	zassert_equal(k_work_schedule_for_queue(&queue, &dwork, K_TICKS(50)), 1);
	k_sleep(K_TICKS(49));
	zassert_equal(k_work_delayable_busy_get(&dwork), K_WORK_DELAYED);
	zassert_equal(k_work_reschedule_for_queue(&queue, &dwork, K_TICKS(50)), 1);
	k_sleep(K_TICKS(49));
	zassert_equal(k_work_delayable_busy_get(&dwork), K_WORK_DELAYED);
	k_sleep(K_TICKS(2));
	zassert_equal(k_work_delayable_busy_get(&dwork), K_WORK_RUNNING);
	/* While it runs it can be delayed; canceled, it cannot, but be rescheduled. */
	zassert_equal(k_work_schedule_for_queue(&queue, &dwork, K_TICKS(10)), 1);
	zassert_equal(k_work_cancel_delayable(&dwork), K_WORK_RUNNING | K_WORK_CANCELING);
	zassert_equal(k_work_schedule_for_queue(&queue, &dwork, K_TICKS(500)), 0);
	zassert_equal(k_work_schedule_for_queue(&queue, &dwork, K_NO_WAIT), 0);
	zassert_equal(k_work_reschedule_for_queue(&queue, &dwork, K_NO_WAIT), -EBUSY);
	zassert_equal(k_work_reschedule_for_queue(&queue, &dwork, K_TICKS(500)), 1);
	k_sleep(K_TICKS(200));
	zassert_equal(k_work_delayable_busy_get(&dwork), K_WORK_DELAYED);
	zassert_true(k_work_cancel_delayable_sync(&dwork, &sync));
	zassert_equal(runs, 1);
}

static int64_t week_next;

static void weekly(struct k_work *w)
{
	zassert_equal(k_uptime_ticks(), week_next);
	atomic32_store_release(&runs, runs + 1);
	week_next += 7 * 86400LL * CONFIG_SYS_CLOCK_TICKS_PER_SEC;
	zassert_equal(k_work_reschedule_for_queue(&queue, k_work_delayable_from_work(w),
						  K_TIMEOUT_ABS_TICKS(week_next)),
		      1);
}

ZTEST(work_virtual, test_years_of_weeks)
{
	week_next = began + 10;
	k_work_init_delayable(&dwork, weekly);
	zassert_equal(k_work_schedule_for_queue(&queue, &dwork, K_TICKS(10)), 1);
	k_sleep(K_HOURS(24 * 7 * 1000));
	zassert_true(k_work_cancel_delayable_sync(&dwork, &sync));
	zassert_equal(runs, 1000);
}

static void drain(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p2);
	zassert_equal(k_work_queue_drain(&queue, POINTER_TO_UINT(p1) != 0), 1);
	*(int64_t *)p3 = k_uptime_ticks();
}

ZTEST(work_virtual, test_drain_waits)
{
	int64_t ends[3];

	zassert_equal(k_work_submit_to_queue(&queue, &work), 1);
	zassert_equal(k_work_schedule_for_queue(&queue, &dwork, K_TICKS(20)), 1);
	for (uintptr_t i = 0; i < 3; i++) {
		crew_start(drain, UINT_TO_POINTER(i % 2), NULL, &ends[i], 0);
	}
	k_sleep(K_TICKS(1));
	zassert_equal(k_work_submit_to_queue(&queue, &work), -EBUSY);
	crew_join();
	for (int i = 0; i < 3; i++) {
		zassert_equal(ends[i], began + 100);
	}
	/* Delayed work was refused; the plug has been left in. */
	zassert_equal(k_work_delayable_busy_get(&dwork), 0);
	zassert_equal(runs, 1);
	zassert_equal(k_work_submit_to_queue(&queue, &work), -EBUSY);
	zassert_ok(k_work_queue_unplug(&queue));
}

ZTEST(work_virtual, test_stop_in_time)
{
	zassert_equal(k_work_submit_to_queue(&queue, &work), 1);
	k_sleep(K_TICKS(1));
	queue.flags |= K_WORK_QUEUE_PLUGGED;
	zassert_equal(k_work_queue_stop(&queue, K_NO_WAIT), -ETIMEDOUT);
	zassert_equal(k_work_queue_stop(&queue, K_TICKS(50)), -ETIMEDOUT);
	zassert_equal(k_uptime_ticks(), began + 51);
	zassert_ok(k_work_queue_unplug(&queue));
	zassert_true(k_work_flush(&work, &sync));
	zassert_equal(k_work_submit_to_queue(&queue, &work), 1);
	k_sleep(K_TICKS(1));
	queue.flags |= K_WORK_QUEUE_PLUGGED;
	zassert_ok(k_work_queue_stop(&queue, K_TICKS(500)));
	zassert_equal(k_uptime_ticks(), began + 200);
	zassert_equal(runs, 2);
	queue_begin();
}

static struct k_work_q other_queue;
static K_THREAD_STACK_DEFINE(other_stack, 1024);

/* Submitted elsewhere while it runs, it runs where it is: never in two queues at once. */
ZTEST(work_virtual, test_one_queue_at_a_time)
{
	k_work_queue_start(&other_queue, other_stack, sizeof(other_stack), 0, NULL);
	zassert_equal(k_work_submit_to_queue(&queue, &work), 1);
	k_sleep(K_TICKS(10));
	zassert_equal(k_work_submit_to_queue(&other_queue, &work), 2);
	zassert_equal(k_work_queue_drain(&other_queue, true), 1);
	zassert_equal(k_uptime_ticks(), began + 10);
	zassert_true(k_work_flush(&work, &sync));
	zassert_equal(k_uptime_ticks(), began + 200);
	zassert_ok(k_work_queue_stop(&other_queue, K_FOREVER));
}

static struct k_work_q run_queue;

static void run(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	k_work_queue_run(&run_queue, NULL);
	atomic32_store_release(&runs, runs + 100);
}

ZTEST(work_virtual, test_run)
{
	k_tid_t server = crew_start(run, NULL, NULL, NULL, 0);

	crew_settle();
	zassert_equal(k_work_queue_thread_get(&run_queue), server);
	zassert_equal(k_work_submit_to_queue(&run_queue, &work), 1);
	zassert_true(k_work_flush(&work, &sync));
	zassert_equal(k_work_queue_drain(&run_queue, true), 1);
	zassert_ok(k_work_queue_stop(&run_queue, K_FOREVER));
	crew_join();
	zassert_equal(runs, 101);
}

ZTEST(work_virtual, test_system_queue_is_essential)
{
	zassert_equal(k_work_queue_drain(&k_sys_work_q, true), 1);
	zassert_equal(k_work_queue_stop(&k_sys_work_q, K_FOREVER), -ENOTSUP);
	zassert_ok(k_work_queue_unplug(&k_sys_work_q));
}
