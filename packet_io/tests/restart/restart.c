/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A pipeline of static threads, stopped and started again many times: producers that wait for
 * buffers, for places in queues and for time, a stage that sends on, a consumer; and one that does not want to end.
 */
#include <zephyr/ztest.h>
#include <zephyr/net_buf/watch.h>
#include <zephyr/packet_io/packet_io.h>
#include <zephyr/packet_io/restart.h>

#include <kernel/restart.h>

#include <string.h>

#define BUFFERS 8

NET_BUF_POOL_FIXED_DEFINE(pool, BUFFERS, 32, 0, NULL);

static void on_stage(struct packet_sink *sink, struct net_buf *buf);
static void on_end(struct packet_sink *sink, struct net_buf *buf);

PACKET_SOURCE_DEFINE(first);
PACKET_SOURCE_DEFINE(second);
PACKET_EVENT_QUEUE_DEFINE(stage_queue, 2);
PACKET_EVENT_QUEUE_DEFINE(end_queue, 2);
PACKET_SINK_DEFINE_QUEUED(stage, on_stage, stage_queue);
PACKET_SINK_DEFINE_QUEUED(end, on_end, end_queue);
PACKET_SOURCE_CONNECT(first, stage);
PACKET_SOURCE_CONNECT(second, end);

/* A queue that no thread serves, behind a pool that comes after the other one. */
#define LEFT 100

static void on_left(struct packet_sink *sink, struct net_buf *buf);

NET_BUF_POOL_FIXED_DEFINE(second_pool, 1, 32, 0, NULL);
PACKET_SOURCE_DEFINE(aside);
PACKET_EVENT_QUEUE_DEFINE(left_queue, LEFT);
PACKET_SINK_DEFINE_QUEUED(left, on_left, left_queue);
PACKET_SOURCE_CONNECT(aside, left);
PACKET_SINK_DEFINE_IMMEDIATE(without_a_queue, on_end);

static uint32_t handled;
static bool again; /* what is left comes again and again */

static uint32_t made;
static uint32_t ended;
static uint32_t began;
static uint32_t stubborn; /* 1: the thread of that name does not end */
static uint32_t cycles;   /* k_sleep() calls within a hold */

static void on_stage(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	/* A handler that sleeps has a buffer: it says so. */
	kernel_hold();
	k_usleep(10);
	kernel_release();
	(void)packet_source_send(&second, buf, K_FOREVER);
}

static void on_end(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	ARG_UNUSED(buf);
	(void)atomic32_add_relaxed(&ended, 1);
}

static void on_left(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	handled++;
	if (again) {
		zassert_equal(packet_source_send(&aside, buf, K_NO_WAIT), 1);
	}
}

static void produce(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	(void)atomic32_add_relaxed(&began, 1);
	for (uint32_t i = 0;; i++) {
		/* Two at a time, so that it has one while it waits for the other. */
		struct net_buf *one = net_buf_alloc(&pool, K_FOREVER);
		struct net_buf *two = net_buf_alloc(&pool, K_SECONDS(100));

		zassert_not_null(one);
		zassert_not_null(two);
		(void)atomic32_add_relaxed(&made, 2);
		(void)packet_source_send_consume(&first, one, K_FOREVER);
		(void)packet_source_send_consume(&first, two, K_FOREVER);
		if (i % 8 == 0) {
			k_msleep(1);
		}
	}
}

static void work_stage(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (;;) {
		(void)packet_event_process(&stage_queue, K_FOREVER);
	}
}

static void work_end(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (;;) {
		(void)packet_event_process(&end_queue, K_SECONDS(100));
	}
}

static void be_stubborn(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	kernel_hold();
	while (atomic32_load_acquire(&stubborn) != 0) {
		k_msleep(1);
		(void)atomic32_add_relaxed(&cycles, 1);
	}
	kernel_release();
	k_sleep(K_FOREVER);
}

static void never(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	zassert_unreachable("nobody starts this thread");
}

K_THREAD_DEFINE(producer_1, 4096, produce, NULL, NULL, NULL, 5, 0, 0);
K_THREAD_DEFINE(producer_2, 4096, produce, NULL, NULL, NULL, 6, 0, 1);
K_THREAD_DEFINE(stage_worker, 4096, work_stage, NULL, NULL, NULL, 4, 0, 0);
K_THREAD_DEFINE(end_worker, 4096, work_end, NULL, NULL, NULL, 3, 0, 0);
K_THREAD_DEFINE(stubborn_thread, 4096, be_stubborn, NULL, NULL, NULL, 7, 0, 0);
K_THREAD_DEFINE(never_started, 4096, never, NULL, NULL, NULL, 7, 0, K_TICKS_FOREVER);

static bool all_home(void)
{
	return net_buf_pool_free_count(&pool) == BUFFERS;
}

/* Wait until packets went through to the end since *@p since was counted. */
static void let_it_run(uint32_t since)
{
	while (atomic32_load_relaxed(&ended) - since < 20) {
		k_usleep(100);
	}
}

ZTEST(packet_io_restart, test_drained_many_times)
{
	for (int i = 0; i < 30; i++) {
		uint32_t before = atomic32_load_relaxed(&ended);

		zassert_equal(packet_io_start(), -EBUSY, "it runs");
		let_it_run(before);
		zassert_ok(packet_io_stop(PACKET_IO_DRAIN, K_SECONDS(60)), "round %d", i);
		zassert_true(all_home());
		zassert_equal(ended, made, "every packet reached the end");
		zassert_ok(packet_io_stop(PACKET_IO_DRAIN, K_NO_WAIT), "again");
		before = began;
		zassert_ok(packet_io_start());
		while (atomic32_load_relaxed(&began) - before < 2) {
			k_usleep(100);
		}
	}
}

ZTEST(packet_io_restart, test_purged_many_times)
{
	for (int i = 0; i < 30; i++) {
		let_it_run(atomic32_load_relaxed(&ended));
		zassert_ok(packet_io_stop(PACKET_IO_PURGE, K_SECONDS(60)), "round %d", i);
		zassert_true(all_home());
		zassert_true(ended <= made);
		zassert_ok(packet_io_start());
	}
	zassert_ok(packet_io_stop(PACKET_IO_PURGE, K_SECONDS(60)));
	ended = made;
	zassert_ok(packet_io_start());
}

/* One that holds on: the call ends in time and says so; later it works. */
ZTEST(packet_io_restart, test_a_thread_that_does_not_end)
{
	uint32_t before;

	zassert_ok(packet_io_stop(PACKET_IO_DRAIN, K_SECONDS(60)));
	atomic32_store_release(&stubborn, 1);
	zassert_ok(packet_io_start());
	before = atomic32_load_relaxed(&cycles);
	while (atomic32_load_relaxed(&cycles) - before < 2) {
		k_usleep(100);
	}
	zassert_equal(packet_io_stop(PACKET_IO_DRAIN, K_MSEC(30)), -EAGAIN);
	zassert_equal(packet_io_start(), -EBUSY);
	before = atomic32_load_relaxed(&cycles);
	while (atomic32_load_relaxed(&cycles) - before < 2) {
		k_usleep(100); /* its sleeps within the hold go on */
	}
	atomic32_store_release(&stubborn, 0);
	zassert_ok(packet_io_stop(PACKET_IO_DRAIN, K_SECONDS(60)));
	zassert_true(all_home());
	zassert_ok(packet_io_start());
}

ZTEST(packet_io_restart, test_buffers_elsewhere_are_noticed)
{
	struct net_buf *kept = net_buf_alloc(&pool, K_FOREVER);

	zassert_equal(packet_io_stop(PACKET_IO_DRAIN, K_SECONDS(60)), -EBUSY);
	net_buf_unref(kept);
	zassert_ok(packet_io_stop(PACKET_IO_DRAIN, K_NO_WAIT));
	zassert_ok(packet_io_start());
}

void __real_port_print(const char *text, size_t len);
void __wrap_port_print(const char *text, size_t len);

static uint32_t named; /* 1: this line was on the console */

void __wrap_port_print(const char *text, size_t len)
{
	static const char line[] = "packet_io: pool 0 has 7 of its 8 buffers\n";

	if (len == sizeof(line) - 1 && memcmp(text, line, len) == 0) {
		atomic32_store_release(&named, 1);
	}
	__real_port_print(text, len);
}

/* With less time than it takes to give up on it. On a busy machine it may all go by while a thread works. */
ZTEST(packet_io_restart, test_buffers_elsewhere_are_named_in_any_case)
{
	struct net_buf *kept = net_buf_alloc(&pool, K_FOREVER);

	atomic32_store_release(&named, 0);
	do {
		zassert_equal(packet_io_stop(PACKET_IO_DRAIN, K_MSEC(60)), -EAGAIN);
	} while (atomic32_load_acquire(&named) == 0);
	net_buf_unref(kept);
	zassert_ok(packet_io_stop(PACKET_IO_DRAIN, K_SECONDS(60)));
	zassert_ok(packet_io_start());
}

/* Put so many events of one buffer into the queue that nobody serves. */
static void leave(int count)
{
	struct net_buf *buf = net_buf_alloc(&second_pool, K_NO_WAIT);

	for (int i = 0; i < count; i++) {
		zassert_equal(packet_source_send(&aside, buf, K_NO_WAIT), 1);
	}
	net_buf_unref(buf);
}

/* What is there is handled in the caller, or released, however little time there is. An event may have no buffer. */
ZTEST(packet_io_restart, test_a_queue_that_nobody_serves)
{
	const struct packet_event none = {.sink = &left};

	handled = 0;
	leave(LEFT);
	zassert_ok(packet_io_stop(PACKET_IO_DRAIN, K_SECONDS(60)));
	zassert_equal(handled, LEFT);
	leave(LEFT);
	zassert_ok(packet_io_stop(PACKET_IO_DRAIN, K_NO_WAIT),
		   "one turn is enough for all that is there");
	zassert_equal(handled, 2 * LEFT);
	leave(LEFT - 1);
	zassert_ok(k_msgq_put(left_queue.msgq, &none, K_NO_WAIT));
	zassert_ok(packet_io_stop(PACKET_IO_PURGE, K_SECONDS(60)));
	zassert_equal(handled, 2 * LEFT, "no handler runs");
	zassert_equal(k_msgq_num_used_get(left_queue.msgq), 0);
	leave(LEFT);
	zassert_ok(packet_io_stop(PACKET_IO_PURGE, K_NO_WAIT), "one turn is enough");
	zassert_equal(net_buf_pool_free_count(&second_pool), 1);
	zassert_ok(packet_io_start());
}

/* A handler that sends to itself: the call ends in time and says so. */
ZTEST(packet_io_restart, test_a_queue_that_does_not_become_empty)
{
	zassert_ok(packet_io_stop(PACKET_IO_DRAIN, K_SECONDS(60)));
	again = true;
	leave(1);
	zassert_equal(packet_io_stop(PACKET_IO_DRAIN, K_MSEC(5)), -EAGAIN);
	again = false;
	zassert_ok(packet_io_stop(PACKET_IO_DRAIN, K_SECONDS(60)));
	zassert_equal(net_buf_pool_free_count(&second_pool), 1);
	zassert_ok(packet_io_start());
}

ZTEST(packet_io_restart, test_arguments)
{
	zassert_equal(packet_io_stop((enum packet_io_stop_mode)7, K_NO_WAIT), -EINVAL);
}

/* A thread that was asked to end and waits for room can still be aborted there. */
static void wait_for_room(void *result, void *p2, void *p3)
{
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	*(struct net_buf **)result = net_buf_alloc(&pool, K_FOREVER);
}

ZTEST(packet_io_restart, test_abort_ends_a_wait_for_room)
{
	static K_THREAD_STACK_DEFINE(stack, 65536);
	static struct k_thread thread;
	static struct net_buf *result;
	struct net_buf *all[BUFFERS];

	zassert_ok(packet_io_stop(PACKET_IO_DRAIN, K_SECONDS(60)));
	for (int i = 0; i < BUFFERS; i++) {
		all[i] = net_buf_alloc(&pool, K_NO_WAIT);
	}
	zassert_not_null(k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack),
					 wait_for_room, &result, NULL, NULL, 5, 0, K_NO_WAIT));
	k_msleep(5);
	k_thread_abort(&thread);
	zassert_ok(k_thread_join(&thread, K_SECONDS(20)));
	zassert_is_null(result);
	for (int i = 0; i < BUFFERS; i++) {
		net_buf_unref(all[i]);
	}
	zassert_ok(packet_io_start());
}

/* The threads of this file run from the start: leave nothing behind for the checks at the end. */
static void stop_at_the_end(void *fixture)
{
	ARG_UNUSED(fixture);
	zassert_ok(packet_io_stop(PACKET_IO_DRAIN, K_SECONDS(60)));
	(void)packet_io_start();
}

ZTEST_SUITE(packet_io_restart, NULL, NULL, NULL, NULL, stop_at_the_end);
