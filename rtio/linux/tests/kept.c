/* SPDX-License-Identifier: Apache-2.0 */
/** @file Reads that wait, kept by the thread that has submitted them and waits for them. */
#define _GNU_SOURCE

#include "support.h"

#include "../../tests/support/crew.h"

#include <errno.h>
#include <pthread.h>
#include <unistd.h>

ZTEST_SUITE(rtio_fd_kept, NULL, NULL, NULL, fd_after, NULL);

static uint32_t handed(void)
{
	struct rtio_engine_stats stats;

	rtio_engine_stats_get(&stats);
	return stats.handed;
}

/* Whether submitters keep what waits. */
static bool is_kept(void)
{
	return engine_is_uring() && !engine_is_deferred();
}

static rtio_sqe_handle_t asked;
static struct rtio_fd *closing;
static int to_feed;

static void feed_later(void *p1, void *p2, void *p3)
{
	uint32_t number = POINTER_TO_UINT(p1);

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	k_sleep(K_MSEC(2));
	zassert_equal(write(to_feed, &number, sizeof(number)), sizeof(number));
}

static void cancel_later(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	k_sleep(K_MSEC(5));
	zassert_ok(rtio_cancel(&ctx, asked));
}

/* Wait until a read of @p dev has been submitted and has to wait. */
static void wait_for_read(struct rtio_fd *dev)
{
	bool waits = false;

	while (!waits) {
		k_spinlock_key_t key = k_spin_lock(&dev->lock);

		waits = dev->lanes[0].first != NULL || dev->lanes[0].active != NULL;
		k_spin_unlock(&dev->lock, key);
		k_sleep(K_MSEC(2)); /* once more, mostly until its submitter sleeps */
	}
}

static void close_later(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	wait_for_read(closing);
	zassert_ok(rtio_fd_close(closing));
}

static uint32_t enough;

/*
 * Again and again: who submits counts only what ends once it is at it. Less and less often: there is room for
 * all of them.
 */
static void complete_later(void *p1, void *p2, void *p3)
{
	int64_t ms = 5;

	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	do {
		k_sleep(K_MSEC(ms));
		ms *= 2;
		rtio_cqe_submit(&ctx, 77, UINT_TO_POINTER(7), 0);
	} while (atomic32_load_acquire(&enough) == 0);
}

FD_TEST(rtio_fd_kept, needs_no_other_thread)
{
	struct rtio_fd *from;
	uint32_t before;
	uint32_t got;
	int ends[2];

	make_pair(SOCK_STREAM, ends);
	from = device(ends[0]);
	to_feed = ends[1];
	before = handed();
	for (uint32_t i = 1; i <= 10; i++) {
		crew_start(feed_later, UINT_TO_POINTER(i), NULL, NULL, 0);
		(void)ask_read(from, &got, sizeof(got), i);
		if (i % 2 == 0) {
			submit(1);
		} else {
			zassert_ok(rtio_submit(&ctx, 1));
		}
		zassert_equal(next_result(i), sizeof(got));
		zassert_equal(got, i);
		crew_join();
	}
	if (is_kept()) {
		zassert_equal(handed(), before);
		zassert_equal(from->at_once, 10);
	}
	(void)close(ends[1]);
}

FD_TEST(rtio_fd_kept, of_a_pool)
{
	struct rtio_fd *from;
	uint32_t got = 0;
	int ends[2];

	make_pair(SOCK_STREAM, ends);
	from = device(ends[0]);
	to_feed = ends[1];
	for (uint32_t i = 1; i <= 5; i++) {
		crew_start(feed_later, UINT_TO_POINTER(i), NULL, NULL, 0);
		(void)ask_pool(from, i, false);
		submit(1);
		zassert_equal(next_block(i, &got, sizeof(got)), sizeof(got));
		zassert_equal(got, i);
		crew_join();
	}
	(void)close(ends[1]);
}

FD_TEST(rtio_fd_kept, is_cancelled)
{
	struct rtio_fd *from;
	uint32_t got = 0;
	int ends[2];

	make_pair(SOCK_STREAM, ends);
	from = device(ends[0]);
	asked = rtio_sqe_handle(ask_read(from, &got, sizeof(got), 1));
	crew_start(cancel_later, NULL, NULL, NULL, 0);
	zassert_ok(rtio_submit(&ctx, 1));
	zassert_equal(next_result(1), -ECANCELED);
	crew_join();
	got = 3;
	zassert_equal(write(ends[1], &got, sizeof(got)), sizeof(got));
	(void)ask_read(from, &got, sizeof(got), 2);
	submit(1);
	zassert_equal(next_result(2), sizeof(got));
	(void)close(ends[1]);
}

FD_TEST(rtio_fd_kept, ends_when_its_device_is_closed)
{
	uint32_t got;
	int ends[2];

	make_pair(SOCK_STREAM, ends);
	closing = device(ends[0]);
	(void)ask_read(closing, &got, sizeof(got), 1);
	crew_start(close_later, NULL, NULL, NULL, 0);
	zassert_ok(rtio_submit(&ctx, 1));
	zassert_equal(next_result(1), -ECANCELED);
	crew_join();
	(void)close(ends[1]);
}

FD_TEST(rtio_fd_kept, has_a_deadline)
{
	uint32_t got;
	int ends[2];

	make_pair(SOCK_STREAM, ends);
	rtio_sqe_set_deadline(ask_read(device(ends[0]), &got, sizeof(got), 1), K_MSEC(5));
	zassert_ok(rtio_submit(&ctx, 1));
	zassert_equal(next_result(1), -ETIMEDOUT);
	(void)close(ends[1]);
}

/* Who waits no more lets go of it, and it goes on. */
FD_TEST(rtio_fd_kept, outlives_the_wait)
{
	struct rtio_fd *from;
	uint32_t got = 0;
	uint32_t before;
	int ends[2];

	make_pair(SOCK_STREAM, ends);
	from = device(ends[0]);
	to_feed = ends[1];
	(void)ask_read(from, &got, sizeof(got), 1);
	zassert_equal(rtio_submit_timeout(&ctx, 1, K_MSEC(5)), -EAGAIN);
	expect_quiet();
	feed_later(UINT_TO_POINTER(5), NULL, NULL);
	zassert_equal(next_result(1), sizeof(got));
	zassert_equal(got, 5);

	/* It waited for any. */
	(void)ask_read(from, &got, sizeof(got), 2);
	atomic32_store_release(&enough, 0);
	before = (uint32_t)ctx.cq_count;
	crew_start(complete_later, NULL, NULL, NULL, 0);
	zassert_ok(rtio_submit(&ctx, 1));
	atomic32_store_release(&enough, 1);
	crew_join();
	for (uint32_t n = (uint32_t)ctx.cq_count - before; n > 0; n--) {
		zassert_equal(next_result(7), 77);
	}
	expect_quiet();
	feed_later(UINT_TO_POINTER(6), NULL, NULL);
	zassert_equal(next_result(2), sizeof(got));
	zassert_equal(got, 6);
	(void)close(ends[1]);
}

static uint32_t called;

static void call(struct rtio *r, const struct rtio_sqe *sqe, int res, void *arg0)
{
	ARG_UNUSED(r);
	ARG_UNUSED(sqe);
	ARG_UNUSED(arg0);
	zassert_equal(res, sizeof(uint32_t));
	called++;
}

/* What is behind it in its chain is kept as well. */
FD_TEST(rtio_fd_kept, in_a_chain)
{
	struct rtio_fd *from[2];
	uint32_t got[3] = {0};
	uint32_t before;
	uint32_t ended;
	bool in_time;
	int a[2];
	int b[2];

	make_pair(SOCK_STREAM, a);
	make_pair(SOCK_STREAM, b);
	from[0] = device(a[0]);
	from[1] = device(b[0]);
	before = handed();
	called = 0;
	to_feed = a[1];
	crew_start(feed_later, UINT_TO_POINTER(1), NULL, NULL, 0);
	ask_read(from[0], &got[0], sizeof(got[0]), 1)->flags |= RTIO_SQE_CHAINED;
	rtio_sqe_prep_callback(ask_read(from[0], NULL, 0, 2), call, NULL, UINT_TO_POINTER(2));
	submit(2);
	crew_join();
	zassert_equal(next_result(1), sizeof(uint32_t));
	zassert_equal(next_result(2), 0);
	zassert_equal(called, 1);

	ask_read(from[0], &got[1], sizeof(got[1]), 3)->flags |= RTIO_SQE_CHAINED;
	(void)ask_read(from[1], &got[2], sizeof(got[2]), 4);
	ended = (uint32_t)atomic_get(&ctx.cq_count);
	crew_start(feed_later, UINT_TO_POINTER(2), NULL, NULL, 0);
	zassert_equal(rtio_submit_timeout(&ctx, 2, K_MSEC(30)), -EAGAIN);
	in_time = (uint32_t)atomic_get(&ctx.cq_count) != ended;
	crew_join();
	to_feed = b[1];
	feed_later(UINT_TO_POINTER(3), NULL, NULL);
	zassert_equal(next_result(3), sizeof(uint32_t));
	zassert_equal(next_result(4), sizeof(uint32_t));
	zassert_true(got[0] == 1 && got[1] == 2 && got[2] == 3);
	if (is_kept()) {
		/* The last one, when the thread gave up; or both, if the other one fed so late. */
		zassert_true(handed() == before + 1 || (!in_time && handed() == before + 2));
	}
	(void)close(a[1]);
	(void)close(b[1]);
}

static struct k_thread aborted;
static K_THREAD_STACK_DEFINE(aborted_stack, 16384);
static uint32_t aborted_got;

static void read_for_ever(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	(void)ask_read(p1, &aborted_got, sizeof(aborted_got), 1);
	(void)rtio_submit(&ctx, 1);
	zassert_unreachable();
}

/* A thread that is aborted while it waits ends, and leaves what it has asked for to others. */
FD_TEST(rtio_fd_kept, outlives_its_thread)
{
	struct rtio_fd *from;
	int ends[2];

	make_pair(SOCK_STREAM, ends);
	from = device(ends[0]);
	to_feed = ends[1];
	(void)k_thread_create(&aborted, aborted_stack, K_THREAD_STACK_SIZEOF(aborted_stack),
			      read_for_ever, from, NULL, NULL, 0, 0, K_NO_WAIT);
	wait_for_read(from);
	k_thread_abort(&aborted);
	zassert_ok(k_thread_join(&aborted, K_SECONDS(20)));
	expect_quiet();
	feed_later(UINT_TO_POINTER(8), NULL, NULL);
	zassert_equal(next_result(1), sizeof(aborted_got));
	zassert_equal(aborted_got, 8);
	(void)close(ends[1]);
}

#define READERS (CONFIG_RTIO_LINUX_KEEPERS + 4)

RTIO_POOL_DEFINE(reader_contexts, READERS, 1, 1);

static struct rtio_fd reader_devs[READERS];
static int reader_ends[READERS][2];

static void *reader(void *arg)
{
	uintptr_t at = (uintptr_t)arg;
	struct rtio *r = rtio_pool_acquire(&reader_contexts);
	uint32_t got = 0;
	struct rtio_cqe *cqe;

	zassert_not_null(r);
	rtio_sqe_prep_read(rtio_sqe_acquire(r), &reader_devs[at].iodev, 0, (uint8_t *)&got,
			   sizeof(got), NULL);
	zassert_ok(rtio_submit(r, 1));
	cqe = rtio_cqe_consume(r);
	zassert_true(cqe != NULL && cqe->result == sizeof(got) && got == at);
	rtio_cqe_release(r, cqe);
	rtio_pool_release(&reader_contexts, r);
	return NULL;
}

/* More threads than can keep, one after the other and together. */
FD_TEST(rtio_fd_kept, by_many_threads)
{
	pthread_t threads[READERS];

	for (int round = 0; round < 3; round++) {
		for (uintptr_t i = 0; i < READERS; i++) {
			make_pair(SOCK_STREAM, reader_ends[i]);
			zassert_ok(rtio_fd_init(&reader_devs[i], reader_ends[i][0], RTIO_FD_OWNED));
			zassert_ok(pthread_create(&threads[i], NULL, reader, (void *)i));
		}
		k_sleep(K_MSEC(5));
		for (uint32_t i = 0; i < READERS; i++) {
			zassert_equal(write(reader_ends[i][1], &i, sizeof(i)), sizeof(i));
			zassert_ok(pthread_join(threads[i], NULL));
			zassert_ok(rtio_fd_close(&reader_devs[i]));
			(void)close(reader_ends[i][1]);
		}
	}
}

static uint32_t stop;
static uint32_t hits;

static void cancel_all(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	while (atomic32_load_acquire(&stop) == 0) {
		(void)atomic32_add_relaxed(&hits, rtio_cancel_all(&ctx, NULL));
		k_busy_wait(20);
	}
}

static void feed_all(void *p1, void *p2, void *p3)
{
	uint32_t next = 0;

	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	while (atomic32_load_acquire(&stop) == 0) {
		if (send(to_feed, &next, sizeof(next), MSG_DONTWAIT) == sizeof(next)) {
			next++;
		}
		k_busy_wait(30);
	}
}

/* Cancels, ends and time outs race: one answer each, and every byte arrives, in order. */
FD_TEST(rtio_fd_kept, races)
{
	struct rtio_fd *from;
	uint32_t number = 0;
	uint32_t cancelled = 0;
	int ends[2];

	make_pair(SOCK_STREAM, ends);
	from = device(ends[0]);
	to_feed = ends[1];
	stop = 0;
	hits = 0;
	crew_start(cancel_all, NULL, NULL, NULL, 0);
	crew_start(feed_all, NULL, NULL, NULL, 0);
	for (uint32_t i = 0; crew_goes_on(i, 600); i++) {
		uint32_t got = 0;
		int result;

		(void)ask_read(from, &got, sizeof(got), i);
		if (i % 4 == 3) {
			(void)rtio_submit_timeout(&ctx, 1, K_USEC(20));
		} else {
			zassert_ok(rtio_submit(&ctx, 1));
		}
		result = next_result(i);
		if (result == -ECANCELED) {
			cancelled++;
			continue;
		}
		zassert_equal(result, sizeof(got));
		zassert_equal(got, number, "%u instead of %u", got, number);
		number++;
	}
	atomic32_store_release(&stop, 1);
	crew_join();
	zassert_true(cancelled <= hits);
	(void)close(ends[1]);
}
