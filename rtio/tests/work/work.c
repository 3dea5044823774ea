/* SPDX-License-Identifier: Apache-2.0 */
/** @file Work for devices that block, on the virtual clock. */
#include <zephyr/rtio/work.h>

#include "../support/crew.h"
#include "../support/device.h"

#define ITEMS CONFIG_RTIO_WORKQ_POOL_ITEMS

RTIO_DEFINE(work_ctx, 16, 16);

static uintptr_t order[16];
static uint32_t done;

static void before(void *fixture)
{
	done = 0;
	crew_virtual_begin(fixture);
}

static void after(void *fixture)
{
	crew_virtual_end(fixture);
	expect_home(&work_ctx);
	zexpect_equal(rtio_work_req_used_count_get(), 0);
}

ZTEST_SUITE(rtio_work, NULL, NULL, before, after, NULL);

/* A transfer that blocks for 10 ticks. */
static void blocking_transfer(struct rtio_iodev_sqe *s)
{
	k_sleep(K_TICKS(10));
	order[done++] = POINTER_TO_UINT(s->sqe.userdata);
	rtio_iodev_sqe_ok(s, 0);
}

static void submit(struct rtio_iodev_sqe *s)
{
	struct rtio_work_req *req = rtio_work_req_alloc();

	if (req == NULL) {
		rtio_iodev_sqe_err(s, -ENOMEM);
		return;
	}
	rtio_work_req_submit(req, s, blocking_transfer);
}

static const struct rtio_iodev_api api = {.submit = submit};
static RTIO_IODEV_DEFINE(slow, &api, NULL);

static void ask(uintptr_t userdata, uint8_t prio)
{
	rtio_sqe_prep_nop(rtio_sqe_acquire(&work_ctx), &slow, UINT_TO_POINTER(userdata));
	work_ctx.acquired.last->sqe.prio = prio;
}

/* Submission returns at once; the pool overflows for the request that finds none, and no other. */
ZTEST(rtio_work, test_decouples_and_overflows)
{
	for (uintptr_t i = 0; i <= ITEMS; i++) {
		ask(i, 0);
	}
	zassert_ok(rtio_submit(&work_ctx, 0));
	zassert_equal(done, 0);
	zassert_equal(rtio_work_req_used_count_get(), ITEMS);
	expect_cqe(&work_ctx, ITEMS, -ENOMEM);
	expect_no_cqe(&work_ctx);
	zassert_ok(rtio_submit(&work_ctx, ITEMS));
	for (uintptr_t i = 0; i < ITEMS; i++) {
		expect_cqe(&work_ctx, i, 0);
	}
	crew_settle();
	zassert_equal(rtio_work_req_used_count_get(), 0);
}

#if CONFIG_RTIO_WORKQ_THREADS_POOL > 1

/* Each thread has one: both end when one would. */
ZTEST(rtio_work, test_side_by_side)
{
	int64_t began = k_uptime_ticks();

	ask(0, 0);
	ask(1, 0);
	zassert_ok(rtio_submit(&work_ctx, 2));
	zassert_equal(k_uptime_ticks() - began, 10);
	zassert_ok(rtio_flush_completion_queue(&work_ctx));
	crew_settle();
}

#else

/* Of those that wait the higher one first, whatever came first. */
ZTEST(rtio_work, test_priority)
{
	ask(0, RTIO_PRIO_LOW);
	zassert_ok(rtio_submit(&work_ctx, 0));
	crew_settle();
	ask(1, RTIO_PRIO_LOW);
	ask(2, RTIO_PRIO_NORM);
	ask(3, RTIO_PRIO_HIGH);
	zassert_ok(rtio_submit(&work_ctx, 4));
	zassert_true(order[0] == 0 && order[1] == 3 && order[2] == 2 && order[3] == 1);
	zassert_ok(rtio_flush_completion_queue(&work_ctx));
	crew_settle();
}

#endif

static struct rtio_iodev_sqe *again;
static uint32_t rounds;

/* Ends its request, which is submitted again before it returns. */
static void ends_first(struct rtio_iodev_sqe *s)
{
	bool first = rounds++ == 0; /* before whoever waits looks */

	rtio_iodev_sqe_ok(s, 0);
	if (first) {
		again = s;
		ask(1, 0);
		zassert_ok(rtio_submit(&work_ctx, 0));
	}
	k_sleep(K_TICKS(5));
}

static void submit_again(struct rtio_iodev_sqe *s)
{
	struct rtio_work_req *req = rtio_work_req_alloc();

	zassert_true(again == NULL || again == s, "the same entry");
	rtio_work_req_submit(req, s, ends_first);
}

/* The piece stays in use until its function has returned, though its request is another one by then. */
ZTEST(rtio_work, test_request_used_again_before_the_function_returns)
{
	static const struct rtio_iodev_api again_api = {.submit = submit_again};
	static struct rtio_iodev dev = {&again_api, NULL};

	rounds = 0;
	slow.api = &again_api;
	rtio_sqe_prep_nop(rtio_sqe_acquire(&work_ctx), &dev, NULL);
	zassert_ok(rtio_submit(&work_ctx, 2));
	zassert_equal(rounds, 2);
	zassert_true(rtio_work_req_used_count_get() > 0, "the last function sleeps");
	expect_cqe(&work_ctx, 0, 0);
	expect_cqe(&work_ctx, 1, 0);
	crew_settle();
	k_sleep(K_TICKS(20));
	slow.api = &api;
}

ZTEST(rtio_work, test_given_back)
{
	struct rtio_work_req *req = rtio_work_req_alloc();

	zassert_equal(rtio_work_req_used_count_get(), 1);
	rtio_work_req_submit(req, NULL, blocking_transfer);
	zassert_equal(rtio_work_req_used_count_get(), 0);
	rtio_work_req_submit(NULL, NULL, NULL);
	zassert_equal(rtio_work_req_used_count_get(), 0);
}
