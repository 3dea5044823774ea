/* SPDX-License-Identifier: Apache-2.0 */
/** @file Waiting for completions, on the virtual clock. */
#include "../support/crew.h"
#include "../support/device.h"

#include <kernel/restart.h>
#include <zephyr/irq_offload.h>

RTIO_DEFINE(waited, 8, 2);

static struct device_sim dev;
static struct rtio_cqe *got[4];
static int submitted[4];

static void before(void *fixture)
{
	device_init(&dev);
	dev.later = true;
	crew_virtual_begin(fixture);
}

static void after(void *fixture)
{
	crew_virtual_end(fixture);
	expect_home(&waited);
}

ZTEST_SUITE(rtio_waiting, NULL, NULL, before, after, NULL);

static void consume(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	got[POINTER_TO_UINT(p1)] = rtio_cqe_consume_block(&waited);
}

/* Each completion goes to one who waits: none gets two, none sleeps beside one. */
ZTEST(rtio_waiting, test_consume_block)
{
	got[0] = got[1] = NULL;
	crew_start(consume, UINT_TO_POINTER(0), NULL, NULL, 5);
	crew_settle();
	crew_start(consume, UINT_TO_POINTER(1), NULL, NULL, 3);
	crew_settle();
	rtio_cqe_submit(&waited, 1, NULL, 0);
	crew_settle();
	zassert_true(got[0] == NULL && got[1] != NULL, "the more urgent one first");
	expect_no_cqe(&waited);
	rtio_cqe_submit(&waited, 2, NULL, 0);
	crew_join();
	zassert_equal(got[0]->result, 2);
	rtio_cqe_release(&waited, got[0]);
	rtio_cqe_release(&waited, got[1]);
}

static void submit(void *p1, void *p2, void *p3)
{
	struct rtio_sqe sqe;

	ARG_UNUSED(p3);
	rtio_sqe_prep_nop(&sqe, &dev.iodev, NULL);
	zassert_ok(rtio_sqe_copy_in(&waited, &sqe, 1));
	submitted[POINTER_TO_UINT(p1)] = rtio_submit(&waited, (uint32_t)POINTER_TO_UINT(p2));
}

/* All completions are somebody's: an end is lost, the consumer sleeps on, and gets the next one. */
ZTEST(rtio_waiting, test_consumer_beside_lost_completions)
{
	struct rtio_cqe *all[2] = {rtio_cqe_acquire(&waited), rtio_cqe_acquire(&waited)};
	unsigned long lost = (unsigned long)waited.xcqcnt;
	int64_t began = k_uptime_ticks();

	got[0] = NULL;
	crew_start(consume, UINT_TO_POINTER(0), NULL, NULL, 5);
	crew_settle();
	rtio_cqe_submit(&waited, 1, NULL, 0);
	zassert_equal((unsigned long)waited.xcqcnt, lost + 1);
	zassert_is_null(rtio_cqe_consume_timeout(&waited, K_TICKS(50)));
	zassert_equal(k_uptime_ticks() - began, 51, "nobody stays awake");
	zassert_is_null(got[0]);
	rtio_cqe_release(&waited, all[0]);
	rtio_cqe_submit(&waited, 2, NULL, 0);
	crew_join();
	zassert_equal(got[0]->result, 2);
	rtio_cqe_release(&waited, got[0]);
	rtio_cqe_release(&waited, all[1]);
}

/* Lost completions count for those who wait for a number of ends. */
ZTEST(rtio_waiting, test_submit_wakes_when_completions_are_lost)
{
	submitted[0] = 1;
	submitted[1] = 1;
	crew_start(submit, UINT_TO_POINTER(0), UINT_TO_POINTER(2), NULL, 0);
	crew_start(submit, UINT_TO_POINTER(1), UINT_TO_POINTER(4), NULL, 0);
	crew_settle();
	zassert_true(device_end(&dev, 0));
	crew_settle();
	zassert_true(submitted[0] == 1 && submitted[1] == 1);
	zassert_true(device_end(&dev, 0));
	crew_settle();
	zassert_true(submitted[0] == 0 && submitted[1] == 1);
	rtio_cqe_submit(&waited, 0, NULL, 0);
	rtio_cqe_submit(&waited, 0, NULL, 0);
	crew_join();
	zassert_ok(submitted[1]);
	zassert_ok(rtio_flush_completion_queue(&waited));
}

ZTEST(rtio_waiting, test_timeouts_are_total)
{
	int64_t began = k_uptime_ticks();
	struct rtio_cqe cqes[3];

	zassert_is_null(rtio_cqe_consume_timeout(&waited, K_TICKS(10)));
	zassert_equal(k_uptime_ticks() - began, 10);
	rtio_cqe_submit(&waited, 0, NULL, 0);
	zassert_equal(rtio_cqe_copy_out(&waited, cqes, 3, K_TICKS(20)), 1);
	zassert_equal(k_uptime_ticks() - began, 30);
	(void)device_nop(&waited, &dev, 0, 0);
	zassert_equal(rtio_submit_timeout(&waited, 1, K_TICKS(5)), -EAGAIN);
	zassert_equal(k_uptime_ticks() - began, 35);
	zassert_true(device_end(&dev, 0));
	expect_cqe(&waited, 0, 0);
}

/* An interrupt copies in and submits while a thread prepares: that one's requests are left alone. */
static void copy_in_isr(const void *arg)
{
	struct rtio_sqe sqe;

	ARG_UNUSED(arg);
	rtio_sqe_prep_nop(&sqe, &dev.iodev, UINT_TO_POINTER(9));
	zassert_ok(rtio_sqe_copy_in(&waited, &sqe, 1));
	zassert_ok(rtio_submit(&waited, 0));
}

ZTEST(rtio_waiting, test_isr_beside_acquire)
{
	struct rtio_sqe *half = rtio_sqe_acquire(&waited);

	dev.later = false;
	irq_offload(copy_in_isr, NULL);
	zassert_equal(dev.started, 1);
	expect_cqe(&waited, 9, 0);
	rtio_sqe_prep_nop(half, &dev.iodev, UINT_TO_POINTER(1));
	zassert_ok(rtio_submit(&waited, 1));
	expect_cqe(&waited, 1, 0);
}

/* ---- who is asked to end --------------------------------------------------------------------- */

static uint32_t came_home;

static void request_and_consume(void *p1, void *p2, void *p3)
{
	submit(p1, p2, p3);
	came_home++;
	for (;;) {
		rtio_cqe_release(&waited, rtio_cqe_consume_block(&waited));
	}
}

K_THREAD_DEFINE(asked, 4096, request_and_consume, NULL, UINT_TO_POINTER(1), NULL, 5, 0,
		K_TICKS_FOREVER);

/* Not while its request is on its way, but where it waits for more. */
ZTEST(rtio_waiting, test_a_static_thread_ends_without_requests)
{
	came_home = 0;
	submitted[0] = 1;
	k_thread_start(asked);
	crew_settle();
	zassert_equal(dev.started, 1);
	zassert_equal(kernel_stop_threads(K_MSEC(20), NULL), -EAGAIN);
	zassert_equal(submitted[0], 1);
	zassert_true(device_end(&dev, 0));
	zassert_ok(kernel_stop_threads(K_SECONDS(20), NULL));
	zassert_ok(submitted[0]);
	zassert_equal(came_home, 1);
	expect_no_cqe(&waited);
	zassert_ok(kernel_restart_threads());
}
