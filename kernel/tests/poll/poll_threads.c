/* SPDX-License-Identifier: Apache-2.0 */

/* k_poll() between threads, on the virtual clock. */

#include <zephyr/irq_offload.h>
#include <zephyr/ztest.h>

#include "../support/crew.h"

static struct k_poll_signal sig;
static struct k_sem sem;
static struct k_fifo fifo;
static struct k_msgq msgq;
static uint32_t ring[2];
static struct item {
	void *reserved;
} items[4];

enum {
	SIG,
	SEM,
	FIFO,
	MSGQ,
	COUNT
};

/* One k_poll() in a thread, on all objects. */
struct poll {
	struct k_poll_event events[COUNT];
	int count; /* of the events that take part */
	k_timeout_t timeout;
	int ret;
	int64_t end;
};

#define BLOCKED 1

static struct poll polls[CREW_MAX];

static void poller(void *p1, void *p2, void *p3)
{
	struct poll *poll = p1;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	poll->ret = k_poll(poll->events, poll->count, poll->timeout);
	poll->end = k_uptime_ticks();
}

static struct poll *prepare(int i, k_timeout_t timeout)
{
	struct poll *poll = &polls[i];

	k_poll_event_init(&poll->events[SIG], K_POLL_TYPE_SIGNAL, K_POLL_MODE_NOTIFY_ONLY, &sig);
	k_poll_event_init(&poll->events[SEM], K_POLL_TYPE_SEM_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY,
			  &sem);
	k_poll_event_init(&poll->events[FIFO], K_POLL_TYPE_FIFO_DATA_AVAILABLE,
			  K_POLL_MODE_NOTIFY_ONLY, &fifo);
	k_poll_event_init(&poll->events[MSGQ], K_POLL_TYPE_MSGQ_DATA_AVAILABLE,
			  K_POLL_MODE_NOTIFY_ONLY, &msgq);
	poll->count = COUNT;
	poll->timeout = timeout;
	poll->ret = BLOCKED;
	return poll;
}

static k_tid_t block(int i, int prio)
{
	k_tid_t id = crew_start(poller, prepare(i, K_FOREVER), NULL, NULL, prio);

	crew_settle();
	zassert_equal(polls[i].ret, BLOCKED);
	return id;
}

static void begin(void *fixture)
{
	uint32_t one = 1;

	crew_virtual_begin(fixture);
	k_poll_signal_init(&sig);
	zassert_ok(k_sem_init(&sem, 0, 5));
	k_fifo_init(&fifo);
	k_msgq_init(&msgq, (char *)ring, sizeof(one), ARRAY_SIZE(ring));
}

static void check_nobody_there(void)
{
	zassert_true(poll_q_empty(&sig.pollers));
	zassert_true(poll_q_empty(&sem.pollers));
	zassert_true(poll_q_empty(&fifo._queue.pollers));
	zassert_true(poll_q_empty(&msgq.pollers));
	zassert_equal(msgq.waiting, 0);
}

static void put_msg(uint32_t msg)
{
	zassert_ok(k_msgq_put(&msgq, &msg, K_NO_WAIT));
}

static void check_woken(int i, uint32_t sig_state, uint32_t sem_state, uint32_t fifo_state,
			uint32_t msgq_state)
{
	zassert_ok(polls[i].ret);
	zassert_equal(polls[i].events[SIG].state, sig_state);
	zassert_equal(polls[i].events[SEM].state, sem_state);
	zassert_equal(polls[i].events[FIFO].state, fifo_state);
	zassert_equal(polls[i].events[MSGQ].state, msgq_state);
}

ZTEST_SUITE(poll_threads, NULL, NULL, begin, crew_virtual_end, NULL);

ZTEST(poll_threads, test_signal_wakes)
{
	block(0, 0);
	zassert_ok(k_poll_signal_raise(&sig, 3));
	crew_join();
	check_woken(0, K_POLL_STATE_SIGNALED, 0, 0, 0);
	check_nobody_there();
}

ZTEST(poll_threads, test_sem_wakes)
{
	block(0, 0);
	k_sem_give(&sem);
	crew_join();
	check_woken(0, 0, K_POLL_STATE_SEM_AVAILABLE, 0, 0);
	zassert_equal(k_sem_count_get(&sem), 1);
	check_nobody_there();
}

ZTEST(poll_threads, test_fifo_wakes)
{
	block(0, 0);
	k_fifo_put(&fifo, &items[0]);
	crew_join();
	check_woken(0, 0, 0, K_POLL_STATE_FIFO_DATA_AVAILABLE, 0);
	zassert_equal(k_fifo_get(&fifo, K_NO_WAIT), &items[0]);
	check_nobody_there();
}

ZTEST(poll_threads, test_msgq_wakes)
{
	uint32_t msg = 5;

	block(0, 0);
	put_msg(msg);
	crew_join();
	check_woken(0, 0, 0, 0, K_POLL_STATE_MSGQ_DATA_AVAILABLE);
	check_nobody_there();
	zassert_ok(k_msgq_get(&msgq, &msg, K_NO_WAIT));

	block(1, 0);
	zassert_ok(k_msgq_put_front(&msgq, &msg));
	crew_join();
	check_woken(1, 0, 0, 0, K_POLL_STATE_MSGQ_DATA_AVAILABLE);
	check_nobody_there();
}

/* What became ready while the thread was on its way is reported too. */
ZTEST(poll_threads, test_two_at_once)
{
	k_spinlock_key_t key;

	block(0, 0);
	/* The first object that it leaves is locked: it gets no further. */
	key = k_spin_lock(&sig.lock);
	k_sem_give(&sem);
	put_msg(1);
	k_spin_unlock(&sig.lock, key);
	crew_join();
	check_woken(0, 0, K_POLL_STATE_SEM_AVAILABLE, 0, K_POLL_STATE_MSGQ_DATA_AVAILABLE);
	check_nobody_there();
}

ZTEST(poll_threads, test_most_urgent_first)
{
	static const int prios[] = {5, 3, 5, -2, 3};
	static const int order[] = {3, 1, 4, 0, 2};

	for (int i = 0; i < (int)ARRAY_SIZE(prios); i++) {
		block(i, prios[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		zassert_equal(polls[order[i]].ret, BLOCKED);
		k_sem_give(&sem);
		crew_settle();
		zassert_ok(polls[order[i]].ret);
	}
	crew_join();
	check_nobody_there();
}

/* Who has been woken by one object is passed over by the next. */
ZTEST(poll_threads, test_each_wakes_another)
{
	for (int i = 0; i < 4; i++) {
		block(i, i);
	}
	zassert_ok(k_poll_signal_raise(&sig, 0));
	k_sem_give(&sem);
	k_fifo_put(&fifo, &items[0]);
	put_msg(0);
	crew_join();
	for (int i = 0; i < 4; i++) {
		zassert_ok(polls[i].ret);
	}
	check_nobody_there();
}

ZTEST(poll_threads, test_list_wakes_one_for_each_item)
{
	for (int i = 0; i < 3; i++) {
		block(i, i);
	}
	items[0].reserved = &items[1];
	zassert_ok(k_fifo_put_list(&fifo, &items[0], &items[1]));
	crew_settle();
	zassert_ok(polls[0].ret);
	zassert_ok(polls[1].ret);
	zassert_equal(polls[2].ret, BLOCKED);
	k_fifo_put(&fifo, &items[2]);
	crew_join();
	zassert_ok(polls[2].ret);
}

static void put_forever(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	zassert_ok(k_msgq_put(&msgq, p1, K_FOREVER));
}

/* A message that waited for room is news like any other. */
ZTEST(poll_threads, test_message_of_a_waiting_putter)
{
	uint32_t msg = 9;

	block(0, 0);
	block(1, 1);
	put_msg(0); /* wakes the first */
	crew_settle();
	zassert_ok(polls[0].ret);
	polls[1].events[MSGQ].state = 0;
	put_msg(1); /* the second */
	crew_settle();
	zassert_ok(polls[1].ret);

	/* The queue is full. A third poller cannot wait: it is ready at once. */
	crew_start(poller, prepare(2, K_FOREVER), NULL, NULL, 0);
	crew_settle();
	zassert_ok(polls[2].ret);

	crew_start(put_forever, &msg, NULL, NULL, 0);
	crew_settle();
	for (uint32_t i = 0; i < 3; i++) {
		uint32_t got;

		zassert_ok(k_msgq_get(&msgq, &got, K_NO_WAIT));
		zassert_equal(got, i < 2 ? i : 9);
	}
	crew_join();
	check_nobody_there();
}

/* The same with a poller that still waits because the first one left its message there. */
ZTEST(poll_threads, test_putter_wakes_a_second_poller)
{
	uint32_t msg = 9;

	k_msgq_init(&msgq, (char *)ring, sizeof(msg), 1);
	block(0, 0);
	block(1, 1);
	put_msg(0);
	crew_settle();
	zassert_ok(polls[0].ret);
	zassert_equal(polls[1].ret, BLOCKED);
	crew_start(put_forever, &msg, NULL, NULL, 0);
	crew_settle();
	zassert_ok(k_msgq_get(&msgq, &msg, K_NO_WAIT));
	crew_join();
	zassert_ok(polls[1].ret);
	check_nobody_there();
}

ZTEST(poll_threads, test_timeouts_are_exact)
{
	static const int64_t ticks[] = {1, 2, 500, 1000000};
	int64_t began = k_uptime_ticks();

	for (int i = 0; i < (int)ARRAY_SIZE(ticks); i++) {
		crew_start(poller, prepare(i, K_TICKS(ticks[i])), NULL, NULL, 0);
	}
	/* Without any event it is a sleep. */
	prepare(5, K_TICKS(77))->count = 0;
	crew_start(poller, &polls[5], NULL, NULL, 0);
	crew_join();
	for (size_t i = 0; i < ARRAY_SIZE(ticks); i++) {
		zassert_equal(polls[i].ret, -EAGAIN);
		zassert_equal(polls[i].end, began + ticks[i]);
	}
	zassert_equal(polls[5].ret, -EAGAIN);
	zassert_equal(polls[5].end, began + 77);
	check_nobody_there();
}

ZTEST(poll_threads, test_cancel)
{
	block(0, 0);
	block(1, 1);
	k_fifo_cancel_wait(&fifo);
	crew_settle();
	zassert_equal(polls[0].ret, -EINTR);
	zassert_equal(polls[0].events[FIFO].state, K_POLL_STATE_CANCELLED);
	zassert_equal(polls[0].events[SEM].state, K_POLL_STATE_NOT_READY);
	zassert_equal(polls[1].ret, BLOCKED);
	k_fifo_cancel_wait(&fifo);
	crew_join();
	zassert_equal(polls[1].ret, -EINTR);
	check_nobody_there();
}

ZTEST(poll_threads, test_abort_leaves_nothing)
{
	k_tid_t id = block(0, 0);

	k_thread_abort(id);
	crew_join();
	zassert_equal(polls[0].ret, BLOCKED);
	check_nobody_there();
	k_sem_give(&sem);
	zassert_equal(k_sem_count_get(&sem), 1);
}

static void take(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	*(int *)p1 = k_sem_take(&sem, K_FOREVER);
}

/* Who waits to take comes before who waits to be told. */
ZTEST(poll_threads, test_taker_before_poller)
{
	static int ret;

	block(0, -5);
	crew_start(take, &ret, NULL, NULL, 5);
	crew_settle();
	k_sem_give(&sem);
	crew_settle();
	zassert_ok(ret);
	zassert_equal(polls[0].ret, BLOCKED);
	k_sem_give(&sem);
	crew_join();
	zassert_ok(polls[0].ret);
}

static void raise_signal(const void *arg)
{
	ARG_UNUSED(arg);
	zassert_ok(k_poll_signal_raise(&sig, 11));
}

ZTEST(poll_threads, test_isr_wakes)
{
	block(0, 0);
	irq_offload(raise_signal, NULL);
	crew_join();
	check_woken(0, K_POLL_STATE_SIGNALED, 0, 0, 0);
	zassert_equal(polls[0].events[SIG].signal->result, 11);
}
