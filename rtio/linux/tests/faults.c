/* SPDX-License-Identifier: Apache-2.0 */
/** @file Cancelling, deadlines, peers that stall and go, many requests. */
#define _GNU_SOURCE

#include "../../tests/support/crew.h"
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

ZTEST_SUITE(rtio_fd_faults, NULL, NULL, NULL, fd_after, NULL);

static uint8_t large[1 << 20];

FD_TEST(rtio_fd_faults, cancel_what_waits)
{
	rtio_sqe_handle_t handles[3];
	struct rtio_fd *from;
	uint8_t buf[8];
	int ends[2];

	make_pipe(ends);
	from = device(ends[0]);
	for (uintptr_t i = 0; i < 3; i++) {
		handles[i] = rtio_sqe_handle(ask_read(from, buf, sizeof(buf), i));
	}
	submit(0);
	expect_quiet();
	/* One in the queue, then the one under way. */
	zassert_ok(rtio_cancel(&ctx, handles[1]));
	zassert_equal(next_result(1), -ECANCELED);
	zassert_ok(rtio_cancel(&ctx, handles[0]));
	zassert_equal(next_result(0), -ECANCELED, "%s", engine_now());
	zassert_equal(rtio_cancel(&ctx, handles[0]), -ENOENT);
	/* The last one is under way now, and gets what comes. */
	zassert_equal(write(ends[1], "abc", 3), 3);
	zassert_equal(next_result(2), 3);
	zassert_mem_equal(buf, "abc", 3);
	(void)close(ends[1]);
}

FD_TEST(rtio_fd_faults, cancel_a_write_under_way)
{
	rtio_sqe_handle_t handle;
	struct rtio_fd *to;
	int ends[2];

	make_pair(SOCK_STREAM, ends);
	to = device(ends[1]);
	handle = rtio_sqe_handle(ask_write(to, large, sizeof(large), 1));
	submit(0);
	expect_quiet();
	zassert_ok(rtio_cancel(&ctx, handle));
	zassert_equal(next_result(1), -ECANCELED);
	(void)close(ends[0]);
}

FD_TEST(rtio_fd_faults, close_ends_everything)
{
	struct rtio_fd *from;
	uint8_t buf[8];
	int ends[2];

	make_pair(SOCK_STREAM, ends);
	from = device(ends[0]);
	for (uintptr_t i = 0; i < 5; i++) {
		ask_read(from, buf, sizeof(buf), 1);
	}
	ask_pool(from, 1, true);
	ask_write(from, large, sizeof(large), 1);
	ask_write(from, large, sizeof(large), 1);
	submit(0);
	expect_quiet();
	zassert_ok(rtio_fd_close(from));
	for (int i = 0; i < 8; i++) {
		zassert_equal(next_result(1), -ECANCELED, "%s", engine_now());
	}
	(void)close(ends[1]);
}

FD_TEST(rtio_fd_faults, deadline)
{
	rtio_sqe_handle_t first;
	struct rtio_fd *from;
	uint8_t buf[8];
	int ends[2];

	make_pair(SOCK_STREAM, ends);
	from = device(ends[0]);
	/* Of one in the queue, then of one under way. */
	first = rtio_sqe_handle(ask_read(from, buf, sizeof(buf), 1));
	rtio_sqe_set_deadline(ask_read(from, buf, sizeof(buf), 2), K_MSEC(10));
	submit(1);
	zassert_equal(next_result(2), -ETIMEDOUT, "%s", engine_now());
	zassert_ok(rtio_cancel(&ctx, first));
	zassert_equal(next_result(1), -ECANCELED);
	rtio_sqe_set_deadline(ask_read(from, buf, sizeof(buf), 1), K_MSEC(30));
	ask_read(from, buf, sizeof(buf), 2);
	submit(1);
	zassert_equal(next_result(1), -ETIMEDOUT, "%s", engine_now());
	zassert_equal(write(ends[1], "abc", 3), 3);
	zassert_equal(next_result(2), 3);
	zassert_equal(write(ends[1], "abc", 3), 3);
	rtio_sqe_set_deadline(ask_read(from, buf, sizeof(buf), 3), K_SECONDS(20));
	submit(1);
	zassert_equal(next_result(3), 3);
	(void)close(ends[1]);
}

/* The peer reads, slowly, what is more than the socket holds: all of it arrives, in order. */
FD_TEST(rtio_fd_faults, partial_writes)
{
	static uint8_t got[4096];
	struct rtio_fd *to;
	size_t total = 0;
	int ends[2];

	make_pair(SOCK_STREAM, ends);
	to = device(ends[1]);
	for (size_t i = 0; i < sizeof(large); i++) {
		large[i] = (uint8_t)(i ^ i >> 8);
	}
	ask_write(to, large, sizeof(large) / 2, 1);
	ask_write(to, large + sizeof(large) / 2, sizeof(large) / 2, 2);
	submit(0);
	expect_quiet(); /* the peer stalls */
	while (total < sizeof(large)) {
		ssize_t n = read(ends[0], got, sizeof(got));

		zassert_true(n > 0);
		zassert_mem_equal(got, large + total, (size_t)n);
		total += (size_t)n;
	}
	zassert_equal(next_result(1), (int)sizeof(large) / 2);
	zassert_equal(next_result(2), (int)sizeof(large) / 2, "%s", engine_now());
	(void)close(ends[0]);
}

FD_TEST(rtio_fd_faults, peer_dies)
{
	struct rtio_fd *to;
	struct rtio_fd *from;
	uint8_t buf[8];
	int ends[2];
	int result;

	make_pair(SOCK_STREAM, ends);
	to = device(ends[1]);
	ask_write(to, large, sizeof(large), 1);
	ask_write(to, large, 1, 2);
	ask_read(to, buf, sizeof(buf), 3);
	submit(0);
	expect_quiet();
	(void)close(ends[0]);
	for (int i = 0; i < 3; i++) {
		struct rtio_cqe cqe = next_any();

		result = cqe.result;
		if (POINTER_TO_UINT(cqe.userdata) == 3) {
			zassert_true(result == 0 || result == -ECONNRESET);
		} else {
			zassert_true(result == -EPIPE || result == -ECONNRESET, "%s: %d",
				     engine_now(), result);
		}
	}
	/* Neither a socket nor a pipe that nobody reads raises a signal. */
	ask_write(to, large, 1, 4);
	submit(1);
	zassert_equal(next_result(4), -EPIPE, "%s", engine_now());
	make_pipe(ends);
	to = device(ends[1]);
	(void)close(ends[0]);
	ask_write(to, large, 1, 1);
	submit(1);
	zassert_equal(next_result(1), -EPIPE, "%s", engine_now());
	make_pipe(ends);
	from = device(ends[0]);
	ask_read(from, buf, sizeof(buf), 1);
	submit(0);
	(void)close(ends[1]);
	zassert_equal(next_result(1), 0);
}

static uint32_t signals;

static void on_signal(int number)
{
	ARG_UNUSED(number);
	(void)atomic32_add_relaxed(&signals, 1);
}

/* Signals come all the time. */
FD_TEST(rtio_fd_faults, signals)
{
	struct sigaction act = {.sa_handler = on_signal};
	struct sigaction before;
	struct rtio_fd *from;
	struct rtio_fd *to;
	uint8_t buf[8];
	int ends[2];

	zassert_ok(sigaction(SIGUSR1, &act, &before));
	make_pair(SOCK_STREAM, ends);
	from = device(ends[0]);
	to = device(ends[1]);
	for (int i = 0; i < 200; i++) {
		ask_read(from, buf, sizeof(buf), 1);
		submit(0);
		zassert_ok(kill(getpid(), SIGUSR1));
		ask_write(to, large, sizeof(buf), 2);
		submit(0);
		zassert_equal(next_any().result, (int)sizeof(buf));
		zassert_equal(next_any().result, (int)sizeof(buf));
	}
	zassert_ok(sigaction(SIGUSR1, &before, NULL));
	zassert_true(atomic32_load_relaxed(&signals) != 0);
}

/* 10,000 through a pipe, as many at once as there are requests. */
FD_TEST(rtio_fd_faults, ten_thousand)
{
	struct rtio_fd *from;
	struct rtio_fd *to;
	uint32_t written = 0;
	uint32_t done = 0;
	static uint32_t in[SQ];
	static uint32_t out[SQ];
	int ends[2];

	make_pipe(ends);
	from = device(ends[0]);
	to = device(ends[1]);
	while (crew_goes_on(done, 10000)) {
		uint32_t n = MIN(SQ / 2U, 10000 - done);

		for (uint32_t i = 0; i < n; i++) {
			ask_read(from, &in[i], sizeof(in[i]), i);
		}
		for (uint32_t i = 0; i < n; i++) {
			out[i] = written++;
			ask_write(to, &out[i], sizeof(out[i]), SQ);
		}
		submit(2 * n);
		for (uint32_t i = 0; i < 2 * n; i++) {
			zassert_equal(next_any().result, 4, "%s", engine_now());
		}
		for (uint32_t i = 0; i < n; i++) {
			zassert_equal(in[i], done++, "in order");
		}
	}
}

RTIO_DEFINE(wide, 4 * CONFIG_RTIO_LINUX_PARALLEL + 200, 4 * CONFIG_RTIO_LINUX_PARALLEL + 200);

/* More at once than the ring has room for. */
FD_TEST(rtio_fd_faults, more_than_the_ring)
{
	static uint8_t buf[16];
	struct rtio_fd dev[2];
	struct rtio_fd from = {0};
	int ends[2];

	memset(dev, 0, sizeof(dev));
	make_pipe(ends);
	zassert_ok(rtio_fd_init(&from, ends[0], RTIO_FD_OWNED));
	for (int i = 0; i < 2; i++) {
		zassert_ok(rtio_fd_init(&dev[i], make_memory_file(16),
					RTIO_FD_OWNED | RTIO_FD_POSITIONED));
	}
	for (uint32_t i = 0; i < wide.sq_size; i++) {
		struct rtio_sqe *sqe = rtio_sqe_acquire(&wide);

		rtio_sqe_prep_read(sqe, i < 100 ? &from.iodev : &dev[i % 2].iodev, 0, buf, 16,
				   NULL);
	}
	zassert_ok(rtio_submit_timeout(&wide, wide.sq_size - 100, K_SECONDS(20)), "%s",
		   engine_now());
	zassert_equal(rtio_cancel_all(&wide, &from.iodev), 100);
	zassert_ok(rtio_fd_close(&from));
	for (int i = 0; i < 2; i++) {
		zassert_ok(rtio_fd_close(&dev[i]));
	}
	(void)close(ends[1]);
	zassert_equal(rtio_flush_completion_queue(&wide), -ECANCELED);
	expect_home(&wide);
}

static uint32_t stop;
static rtio_sqe_handle_t victim;
static struct k_spinlock victim_lock;

static void canceller(void *p1, void *p2, void *p3)
{
	uint32_t *hits = p1;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	while (atomic32_load_acquire(&stop) == 0) {
		k_spinlock_key_t key = k_spin_lock(&victim_lock);
		rtio_sqe_handle_t handle = victim;

		k_spin_unlock(&victim_lock, key);
		if (rtio_cancel(&ctx, handle) == 0) {
			(*hits)++;
		}
	}
}

/* Cancel races with the end: each request answers once, with one of the two, and no byte is lost. */
FD_TEST(rtio_fd_faults, cancel_races_with_the_end)
{
	struct rtio_fd *from;
	uint32_t hits = 0;
	uint32_t lost = 0;
	uint32_t i = 0;
	int ends[2];

	make_pair(SOCK_STREAM, ends);
	from = device(ends[0]);
	atomic32_store_release(&stop, 0);
	victim = 0;
	crew_start(canceller, &hits, NULL, NULL, 0);
	for (; crew_goes_on(i, 2000); i++) {
		uint32_t got = 0;
		k_spinlock_key_t key;
		struct rtio_sqe *sqe = ask_read(from, &got, sizeof(got), 1);
		int result;

		key = k_spin_lock(&victim_lock);
		victim = rtio_sqe_handle(sqe);
		k_spin_unlock(&victim_lock, key);
		submit(0);
		zassert_equal(write(ends[1], &i, sizeof(i)), sizeof(i));
		result = next_result(1);
		zassert_true(result == -ECANCELED || result == sizeof(got), "%s: %d", engine_now(),
			     result);
		if (result < 0) {
			zassert_equal(read(ends[0], &got, sizeof(got)), sizeof(got));
			lost++;
		}
		zassert_equal(got, i);
	}
	atomic32_store_release(&stop, 1);
	crew_join();
	zassert_true(lost <= hits);
	(void)close(ends[1]);
}

/* A cancel that was taken ends a read that nothing else would, wherever it is on its way. */
FD_TEST(rtio_fd_faults, cancel_races_with_the_beginning)
{
	struct rtio_fd *from;
	uint32_t hits = 0;
	uint32_t i = 0;
	uint8_t buf[8];
	int ends[2];

	make_pair(SOCK_STREAM, ends);
	from = device(ends[0]);
	atomic32_store_release(&stop, 0);
	victim = 0;
	crew_start(canceller, &hits, NULL, NULL, 0);
	for (; crew_goes_on(i, 2000); i++) {
		struct rtio_sqe *sqe = ask_read(from, buf, sizeof(buf), 1);
		k_spinlock_key_t key = k_spin_lock(&victim_lock);

		victim = rtio_sqe_handle(sqe);
		k_spin_unlock(&victim_lock, key);
		submit(0);
		zassert_equal(next_result(1), -ECANCELED, "%s", engine_now());
	}
	atomic32_store_release(&stop, 1);
	crew_join();
	zassert_equal(hits, i);
	(void)close(ends[1]);
}

static void ender(void *p1, void *p2, void *p3)
{
	struct rtio_sqe sqe;

	ARG_UNUSED(p3);
	rtio_sqe_prep_read(&sqe, &((struct rtio_fd *)p1)->iodev, 0, p2, 8, UINT_TO_POINTER(9));
	zassert_ok(rtio_sqe_copy_in(&ctx, &sqe, 1));
	zassert_ok(rtio_submit(&ctx, 0));
}

/* The thread that submitted ends before its request does. */
FD_TEST(rtio_fd_faults, submitter_ends)
{
	struct rtio_fd *from;
	uint8_t buf[8];
	int ends[2];

	make_pipe(ends);
	from = device(ends[0]);
	crew_start(ender, from, buf, NULL, 0);
	crew_join();
	expect_quiet();
	zassert_equal(write(ends[1], "abc", 3), 3);
	zassert_equal(next_result(9), 3, "%s", engine_now());
	(void)close(ends[1]);
}

static bool callback_in_isr;
static int callback_close;

static void callback(struct rtio *r, const struct rtio_sqe *sqe, int res, void *arg0)
{
	ARG_UNUSED(r);
	ARG_UNUSED(sqe);
	ARG_UNUSED(res);
	callback_in_isr = k_is_in_isr();
	callback_close = rtio_fd_close(arg0);
}

/* What ends later ends in a thread, which must not wait for itself. */
FD_TEST(rtio_fd_faults, context_of_ends)
{
	struct rtio_fd *from;
	struct rtio_sqe *sqe;
	uint8_t buf[8];
	int ends[2];

	make_pipe(ends);
	from = device(ends[0]);
	ask_read(from, buf, sizeof(buf), 1)->flags |= RTIO_SQE_CHAINED;
	sqe = rtio_sqe_acquire(&ctx);
	rtio_sqe_prep_callback(sqe, callback, from, UINT_TO_POINTER(2));
	submit(0);
	expect_quiet();
	zassert_equal(write(ends[1], "abc", 3), 3);
	zassert_equal(next_result(1), 3);
	zassert_equal(next_result(2), 0);
	zassert_false(callback_in_isr);
	zassert_equal(callback_close, -EDEADLK);
	(void)close(ends[1]);
}

/* A child process has no engine, and says so. */
FD_TEST(rtio_fd_faults, fork)
{
	struct rtio_fd *dev;
	uint8_t buf[8];
	int ends[2];
	int status;
	pid_t child;

	make_pipe(ends);
	dev = device(ends[0]);
	child = fork();
	zassert_true(child >= 0);
	if (child == 0) {
		struct rtio_fd other = {0};
		int wrong = 0;
		struct rtio_cqe *cqe;

		ask_read(dev, buf, sizeof(buf), 1);
		(void)rtio_submit(&ctx, 1);
		cqe = rtio_cqe_consume(&ctx);
		wrong |= cqe == NULL || cqe->result != -ECHILD ? 1 : 0;
		wrong |= rtio_fd_init(&other, ends[1], 0) != -ECHILD ? 2 : 0;
		wrong |= rtio_engine_stop() != -ECHILD ? 4 : 0;
		wrong |= rtio_fd_close(dev) != -ECHILD ? 8 : 0;
		_exit(wrong);
	}
	zassert_equal(waitpid(child, &status, 0), child);
	zassert_equal(status, 0, "%s: %x", engine_now(), (unsigned int)status);
	(void)close(ends[1]);
}

/* Started and stopped, with requests each time; what was wrong is said. */
ZTEST(rtio_fd_faults, test_start_and_stop)
{
	struct rtio_engine_conf conf = {.kind = (enum rtio_engine_kind)9};

	zassert_equal(rtio_engine_stop(), -EALREADY);
	zassert_equal(rtio_engine_start(&conf), -EINVAL);
	zassert_ok(setenv("RTIO_ENGINE", "steam", 1));
	zassert_equal(rtio_engine_start(NULL), -EINVAL);
	zassert_equal(rtio_engine_kind(), RTIO_ENGINE_AUTO);
	zassert_ok(setenv("RTIO_ENGINE", "poll", 1));
	for (int i = 0; i < 20; i++) {
		struct rtio_fd dev = {0};
		uint8_t buf[8];
		int ends[2];

		make_pipe(ends);
		zassert_ok(rtio_fd_init(&dev, ends[0], RTIO_FD_OWNED));
		zassert_equal(rtio_engine_kind(), i < 10 ? RTIO_ENGINE_POLL : rtio_engine_kind());
		ask_read(&dev, buf, sizeof(buf), 1);
		(void)ask_pool(&dev, 2, true);
		submit(0);
		zassert_equal(rtio_engine_stop(), -EBUSY);
		zassert_ok(rtio_fd_close(&dev));
		zassert_ok(rtio_engine_stop());
		(void)close(ends[1]);
		zassert_equal(next_any().result, -ECANCELED);
		zassert_equal(next_any().result, -ECANCELED);
		expect_home(&ctx);
		if (i == 9) {
			zassert_ok(unsetenv("RTIO_ENGINE"));
		}
	}
	zassert_ok(rtio_engine_start(NULL));
	TC_PRINT("the engine of this machine: %s\n", rtio_engine_report());
	zassert_ok(rtio_engine_stop());
}
