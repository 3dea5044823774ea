/* SPDX-License-Identifier: Apache-2.0 */

/* Work items and queues, on every platform. */

#include <zephyr/irq_offload.h>
#include <zephyr/ztest.h>

#include "hold.h"

#define ITEMS 20

static struct k_work items[ITEMS];
static struct k_work_sync sync;
static struct k_work *order[2 * ITEMS];
static uint32_t runs;

static void note(struct k_work *work)
{
	zassert_false(k_is_in_isr());
	zassert_true((k_work_busy_get(work) & K_WORK_RUNNING) != 0);
	order[runs % ARRAY_SIZE(order)] = work;
	atomic32_store_release(&runs, runs + 1);
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	for (int i = 0; i < ITEMS; i++) {
		k_work_init(&items[i], note);
	}
	runs = 0;
	queue_begin();
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	release();
	queue_end();
}

ZTEST_SUITE(work, NULL, NULL, before, after, NULL);

ZTEST(work, test_submit)
{
	zassert_equal(k_work_busy_get(&items[0]), 0);
	zassert_false(k_work_is_pending(&items[0]));
	hold();
	zassert_equal(k_work_submit_to_queue(&queue, &items[0]), 1);
	zassert_equal(k_work_busy_get(&items[0]), K_WORK_QUEUED);
	zassert_true(k_work_is_pending(&items[0]));
	zassert_equal(k_work_submit_to_queue(&queue, &items[0]), 0);
	zassert_equal(k_work_submit_to_queue(NULL, &items[0]), 0);
	zassert_equal(runs, 0);
	release();
	settle();
	zassert_equal(runs, 1);
	zassert_equal(k_work_busy_get(&items[0]), 0);
	/* To the queue that it was in. */
	zassert_equal(k_work_submit_to_queue(NULL, &items[0]), 1);
	settle();
	zassert_equal(runs, 2);
}

ZTEST(work, test_misuse)
{
	static struct k_work_q unused;
	struct k_work none;

	zassert_equal(k_work_submit_to_queue(NULL, &items[0]), -EINVAL);
	zassert_equal(k_work_submit_to_queue(&unused, &items[0]), -ENODEV);
	zassert_equal(k_work_busy_get(&items[0]), 0);
	k_work_init(&none, NULL);
	zassert_equal(k_work_submit_to_queue(&queue, &none), -EINVAL);
	zassert_equal(k_work_queue_drain(&unused, false), -ENODEV);
	zassert_equal(k_work_queue_stop(&unused, K_FOREVER), -EALREADY);
	zassert_equal(k_work_queue_stop(&queue, K_FOREVER), -EBUSY);
	zassert_equal(k_work_queue_unplug(&queue), -EALREADY);
}

ZTEST(work, test_order)
{
	hold();
	for (int i = 0; i < ITEMS; i++) {
		zassert_equal(k_work_submit_to_queue(&queue, &items[i * 7 % ITEMS]), 1);
	}
	release();
	settle();
	zassert_equal(runs, ITEMS);
	for (int i = 0; i < ITEMS; i++) {
		zassert_equal(order[i], &items[i * 7 % ITEMS]);
	}
}

static void again(struct k_work *work)
{
	uint32_t left = 5 - runs;

	note(work);
	if (left > 0) {
		zassert_equal(k_work_submit_to_queue(&queue, work), 2);
		zassert_equal(k_work_submit_to_queue(&queue, work), 0);
		zassert_equal(k_work_busy_get(work), K_WORK_RUNNING | K_WORK_QUEUED);
	}
}

ZTEST(work, test_submit_in_the_handler)
{
	k_work_init(&items[0], again);
	zassert_equal(k_work_submit_to_queue(&queue, &items[0]), 1);
	wait_for(&runs, 6);
	settle();
	zassert_equal(runs, 6);
}

ZTEST(work, test_cancel)
{
	zassert_equal(k_work_cancel(&items[0]), 0);
	zassert_false(k_work_cancel_sync(&items[0], &sync));
	hold();
	for (int i = 0; i < 5; i++) {
		zassert_equal(k_work_submit_to_queue(&queue, &items[i]), 1);
	}
	zassert_equal(k_work_cancel(&items[0]), 0);
	zassert_true(k_work_cancel_sync(&items[2], &sync));
	zassert_equal(k_work_cancel(&items[4]), 0);
	/* Canceled is idle: it can be submitted again, behind the others. */
	zassert_equal(k_work_submit_to_queue(&queue, &items[0]), 1);
	release();
	settle();
	zassert_equal(runs, 3);
	zassert_equal(order[0], &items[1]);
	zassert_equal(order[1], &items[3]);
	zassert_equal(order[2], &items[0]);
}

ZTEST(work, test_flush)
{
	zassert_false(k_work_flush(&items[0], &sync));
	hold();
	for (int i = 0; i < 5; i++) {
		zassert_equal(k_work_submit_to_queue(&queue, &items[i]), 1);
	}
	release();
	/* A thread may have been faster. */
	zassert_true(k_work_flush(&items[3], &sync) || IS_ENABLED(CONFIG_MULTITHREADING));
	zassert_true(atomic32_load_acquire(&runs) >= 4);
	zassert_equal(k_work_busy_get(&items[3]), 0);
	settle();
	zassert_equal(runs, 5);
}

static bool flushed;

/* Serves its own queue meanwhile, in which it is once more itself. */
static void flush_others(struct k_work *work)
{
	static struct k_work_sync own_sync;

	if (!flushed) {
		flushed = true;
		zassert_equal(k_work_submit_to_queue(&queue, work), 2);
		zassert_equal(k_work_submit_to_queue(&queue, &items[4]), 1);
		zassert_true(k_work_flush(&items[4], &own_sync));
		zassert_equal(runs, 4, "of the handlers %u have run", (unsigned int)runs);
		zassert_equal(k_work_busy_get(work), K_WORK_RUNNING | K_WORK_QUEUED);
	}
	note(work);
}

ZTEST(work, test_flush_in_a_handler)
{
	flushed = false;
	k_work_init(&items[0], flush_others);
	hold();
	for (int i = 0; i < 4; i++) {
		zassert_equal(k_work_submit_to_queue(&queue, &items[i]), 1);
	}
	release();
	settle();
	zassert_equal(runs, 6);
	zassert_equal(order[0], &items[1]);
	zassert_equal(order[3], &items[4]);
	zassert_equal(order[4], &items[0]);
	zassert_equal(order[5], &items[0]);
}

static int chained;
static int foreign;
static int from_isr;

static void submit_in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	from_isr = k_work_submit_to_queue(&queue, &items[6]);
}

static void submit_next(struct k_work *work)
{
	note(work);
	if (work == &items[0]) {
		chained = k_work_submit_to_queue(&queue, &items[5]);
		irq_offload(submit_in_isr, NULL);
	}
}

ZTEST(work, test_drain_and_plug)
{
	k_work_init(&items[0], submit_next);
	zassert_equal(k_work_queue_drain(&queue, false), 0);
	hold();
	zassert_equal(k_work_submit_to_queue(&queue, &items[0]), 1);
	zassert_equal(k_work_submit_to_queue(&queue, &items[1]), 1);
	release();
	zassert_equal(k_work_queue_drain(&queue, true), 1);
	/* What a handler submits while it is drained is let in; an ISR beside it is not. */
	zassert_equal(chained, 1);
	if (from_isr == 1) { /* the drain had not begun */
		zassert_equal(runs, 4);
	} else {
		zassert_equal(from_isr, -EBUSY);
		zassert_equal(runs, 3);
	}
	foreign = k_work_submit_to_queue(&queue, &items[2]);
	zassert_equal(foreign, -EBUSY);
	zassert_equal(k_work_queue_drain(&queue, true), 1);
	zassert_ok(k_work_queue_unplug(&queue));
	zassert_equal(k_work_queue_unplug(&queue), -EALREADY);
	zassert_equal(k_work_submit_to_queue(&queue, &items[2]), 1);
	settle();
}

ZTEST(work, test_stop_and_start)
{
	for (int i = 0; i < 20; i++) {
		zassert_equal(k_work_submit_to_queue(&queue, &items[0]), 1);
		queue_end();
		zassert_equal(runs, (uint32_t)i + 1);
		zassert_equal(k_work_submit_to_queue(&queue, &items[0]), -ENODEV);
		zassert_equal(k_work_queue_stop(&queue, K_FOREVER), -EALREADY);
		zassert_is_null(k_work_queue_thread_get(&queue));
		queue_begin();
		zassert_not_null(k_work_queue_thread_get(&queue));
	}
}

static int in_isr[4];

static void use_in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	in_isr[0] = k_work_submit_to_queue(&queue, &items[0]);
	in_isr[1] = k_work_submit_to_queue(&queue, &items[1]);
	in_isr[2] = k_work_cancel(&items[1]);
	in_isr[3] = k_work_busy_get(&items[1]);
}

ZTEST(work, test_isr)
{
	hold();
	irq_offload(use_in_isr, NULL);
	zassert_equal(in_isr[0], 1);
	zassert_equal(in_isr[1], 1);
	zassert_equal(in_isr[2], 0);
	zassert_equal(in_isr[3], 0);
	release();
	settle();
	zassert_equal(runs, 1);
	zassert_equal(order[0], &items[0]);
}

static void wait_in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	/* With assertions this ends the routine's test; without, it does not wait. */
	ztest_set_assert_valid(true);
	flushed = k_work_flush(&items[0], &sync);
}

ZTEST(work, test_flush_in_isr_does_not_wait)
{
	hold();
	zassert_equal(k_work_submit_to_queue(&queue, &items[0]), 1);
	irq_offload(wait_in_isr, NULL);
	zassert_equal(runs, 0);
}

#ifndef CONFIG_ASSERT

static int in_own[3];

static void wait_for_itself(struct k_work *work)
{
	in_own[0] = k_work_flush(work, &sync) ? 1 : 0;
	in_own[1] = k_work_queue_drain(&queue, false);
	in_own[2] = k_work_cancel_sync(work, &sync) ? 1 : 0;
	note(work);
}

ZTEST(work, test_waiting_for_itself_is_refused)
{
	k_work_init(&items[0], wait_for_itself);
	zassert_equal(k_work_submit_to_queue(&queue, &items[0]), 1);
	settle();
	zassert_equal(runs, 1);
	zassert_equal(in_own[0], 1);
	zassert_equal(in_own[1], -EDEADLK);
	zassert_equal(in_own[2], 1);
	zassert_equal(k_work_busy_get(&items[0]), 0);
}

#endif
