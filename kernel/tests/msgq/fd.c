/* SPDX-License-Identifier: Apache-2.0 */

/* The descriptor of a queue: readable while there are messages, and not otherwise. */

#include <zephyr/ztest.h>
#include <zephyr/irq_offload.h>
#include <kernel/msgq_fd.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../support/crew.h"

#define ROOM 4U

K_MSGQ_DEFINE(q, sizeof(uint32_t), ROOM, 4);
/* As long as an event of packet_io, which has a way of its own. */
K_MSGQ_DEFINE(events, 2 * sizeof(void *), ROOM, 8);

static int fd;

static bool readable(int descriptor, int msec)
{
	struct pollfd poll_fd = {.fd = descriptor, .events = POLLIN};

	return poll(&poll_fd, 1, msec) == 1 && poll_fd.revents == POLLIN;
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	fd = msgq_fd_open(&q);
	zassert_true(fd >= 0, "%d", fd);
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	k_msgq_purge(&q);
	zassert_false(readable(fd, 0));
	zassert_ok(msgq_fd_close(&q));
}

ZTEST_SUITE(msgq_fd, NULL, NULL, before, after, NULL);

static void put(uint32_t n)
{
	zassert_ok(k_msgq_put(&q, &n, K_NO_WAIT));
}

static uint32_t get(void)
{
	uint32_t n = 0;

	zassert_ok(k_msgq_get(&q, &n, K_NO_WAIT));
	return n;
}

ZTEST(msgq_fd, test_put_and_get)
{
	zassert_false(readable(fd, 0));
	for (int round = 0; round < 3; round++) {
		for (uint32_t n = 1; n <= ROOM; n++) {
			put(n);
			zassert_true(readable(fd, 0));
		}
		for (uint32_t n = 1; n <= ROOM; n++) {
			zassert_true(readable(fd, 0));
			zassert_equal(get(), n);
		}
		zassert_false(readable(fd, 0));
	}
}

ZTEST(msgq_fd, test_failures_change_nothing)
{
	uint32_t n = 0;

	zassert_equal(k_msgq_get(&q, &n, K_NO_WAIT), -ENOMSG);
	zassert_false(readable(fd, 0));
	for (n = 0; n < ROOM; n++) {
		put(n);
	}
	zassert_equal(k_msgq_put(&q, &n, K_NO_WAIT), -ENOMSG);
	zassert_true(readable(fd, 0));
}

ZTEST(msgq_fd, test_messages_of_the_short_way)
{
	void *event[2] = {&q, &fd};
	int other = msgq_fd_open(&events);

	zassert_true(other >= 0 && other != fd);
	for (int i = 0; i < 10; i++) {
		zassert_false(readable(other, 0));
		zassert_ok(k_msgq_put(&events, event, K_NO_WAIT));
		zassert_true(readable(other, 0));
		zassert_ok(k_msgq_put(&events, event, K_NO_WAIT));
		zassert_ok(k_msgq_get(&events, event, K_NO_WAIT));
		zassert_true(readable(other, 0));
		zassert_ok(k_msgq_get(&events, event, K_NO_WAIT));
	}
	zassert_false(readable(other, 0));
	zassert_ok(msgq_fd_close(&events));
}

ZTEST(msgq_fd, test_put_front_peek_purge)
{
	uint32_t n = 7;

	zassert_ok(k_msgq_put_front(&q, &n));
	zassert_true(readable(fd, 0));
	zassert_ok(k_msgq_peek(&q, &n));
	zassert_true(readable(fd, 0));
	k_msgq_purge(&q);
	zassert_false(readable(fd, 0));
	k_msgq_purge(&q);
	zassert_false(readable(fd, 0));
}

ZTEST(msgq_fd, test_opened_late)
{
	zassert_ok(msgq_fd_close(&q));
	put(1);
	fd = msgq_fd_open(&q);
	zassert_true(readable(fd, 0));
	zassert_equal(get(), 1);
	zassert_false(readable(fd, 0));
}

ZTEST(msgq_fd, test_closed_and_opened_again)
{
	put(1);
	zassert_ok(msgq_fd_close(&q));
	zassert_equal(msgq_fd_close(&q), -ENOENT);
	put(2);
	zassert_equal(get(), 1);
	zassert_equal(get(), 2);
	fd = msgq_fd_open(&q);
	zassert_false(readable(fd, 0));
}

ZTEST(msgq_fd, test_one_for_each_queue)
{
	struct rlimit limit;
	struct rlimit none;
	int used = dup(fd);

	zassert_equal(msgq_fd_open(&q), fd);
	zassert_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);

	/* Nothing was opened for that; and when nothing can be, it says so. */
	zassert_ok(getrlimit(RLIMIT_NOFILE, &limit));
	none = limit;
	none.rlim_cur = (rlim_t)used;
	zassert_ok(setrlimit(RLIMIT_NOFILE, &none));
	zassert_equal(msgq_fd_open(&q), fd);
	zassert_equal(msgq_fd_open(&events), -EMFILE);
	zassert_ok(setrlimit(RLIMIT_NOFILE, &limit));
	zassert_ok(close(used));
	zassert_equal(msgq_fd_close(&events), -ENOENT);
}

ZTEST(msgq_fd, test_no_queue)
{
	zassert_equal(msgq_fd_open(NULL), -EINVAL);
	zassert_equal(msgq_fd_close(NULL), -EINVAL);
}

static void put_in_isr(const void *arg)
{
	put(*(const uint32_t *)arg);
}

ZTEST(msgq_fd, test_from_an_isr)
{
	uint32_t n = 9;

	irq_offload(put_in_isr, &n);
	zassert_true(readable(fd, 0));
	zassert_equal(get(), 9);
	zassert_false(readable(fd, 0));
}

/* A thread that waits has its message handed over: the queue stays empty. */

static void wait_for_one(void *p1, void *p2, void *p3)
{
	uint32_t n = 0;

	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	zassert_ok(k_msgq_get(&q, &n, K_FOREVER));
	zassert_equal(n, 5);
}

static void put_one(void *p1, void *p2, void *p3)
{
	uint32_t n = 100;

	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	zassert_ok(k_msgq_put(&q, &n, K_FOREVER));
}

ZTEST(msgq_fd, test_beside_threads_that_wait)
{
	crew_virtual_begin(NULL);
	(void)crew_start(wait_for_one, NULL, NULL, NULL, 0);
	crew_settle();
	put(5);
	zassert_false(readable(fd, 0));
	crew_join();

	/* One that waits to put comes in when one leaves. */
	for (uint32_t n = 0; n < ROOM; n++) {
		put(n);
	}
	(void)crew_start(put_one, NULL, NULL, NULL, 0);
	crew_settle();
	for (uint32_t n = 0; n < ROOM; n++) {
		zassert_equal(get(), n);
		zassert_true(readable(fd, 0));
	}
	zassert_equal(get(), 100);
	zassert_false(readable(fd, 0));
	crew_join();
	crew_virtual_end(NULL);
}

/* k_poll() and the descriptor, on one queue. */
ZTEST(msgq_fd, test_beside_k_poll)
{
#ifdef CONFIG_POLL
	struct k_poll_event event = K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_MSGQ_DATA_AVAILABLE,
							     K_POLL_MODE_NOTIFY_ONLY, &q);

	zassert_equal(k_poll(&event, 1, K_NO_WAIT), -EAGAIN);
	put(1);
	zassert_ok(k_poll(&event, 1, K_NO_WAIT));
	zassert_true(readable(fd, 0));
	zassert_equal(get(), 1);
	zassert_equal(k_poll(&event, 1, K_MSEC(1)), -EAGAIN);
	zassert_false(readable(fd, 0));
#endif
}

/* Nothing is slept through, and nothing reported that is not there, beside producers that never rest. */

#define PRODUCERS   3U
#define EACH        20000U
#define EDGE_BUDGET 10000 /* ms: an edge that is missed shows as this */

static void produce(void *p1, void *p2, void *p3)
{
	uint32_t state = crew_seed() + (uint32_t)(uintptr_t)p1;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (uint32_t n = 0; n < EACH; n++) {
		zassert_ok(k_msgq_put(&q, &n, K_FOREVER));
		if (crew_random(&state) % 64 == 0) {
			k_yield();
		}
	}
}

static void consume_all(uint32_t events_wanted)
{
	struct epoll_event want = {.events = events_wanted};
	int loop = epoll_create1(EPOLL_CLOEXEC);
	uint32_t taken = 0;
	uint32_t n;

	zassert_true(loop >= 0);
	zassert_ok(epoll_ctl(loop, EPOLL_CTL_ADD, fd, &want));
	for (uintptr_t i = 0; i < PRODUCERS; i++) {
		(void)crew_start(produce, (void *)i, NULL, NULL, 0);
	}
	while (taken < PRODUCERS * EACH) {
		struct epoll_event got;

		zassert_equal(epoll_wait(loop, &got, 1, EDGE_BUDGET), 1, "after %u", taken);
		if ((events_wanted & EPOLLET) == 0) {
			/* There is one: only this thread takes. */
			zassert_ok(k_msgq_get(&q, &n, K_NO_WAIT));
			taken++;
			continue;
		}
		while (k_msgq_get(&q, &n, K_NO_WAIT) == 0) {
			taken++;
		}
	}
	crew_join();
	zassert_false(readable(fd, 0));
	zassert_ok(close(loop));
}

ZTEST(msgq_fd, test_stream_level_triggered)
{
	consume_all(EPOLLIN);
}

ZTEST(msgq_fd, test_stream_edge_triggered)
{
	consume_all(EPOLLIN | EPOLLET);
}
