/* SPDX-License-Identifier: Apache-2.0 */

/* k_poll() and poll signals in one context. */

#include <zephyr/irq_offload.h>
#include <zephyr/ztest.h>

static struct k_poll_signal sig;
static struct k_sem sem;
static struct k_fifo fifo;
static struct k_queue queue;
static struct k_msgq msgq;
static char ring[4];
static struct item {
	void *reserved;
} item;

enum {
	SIG,
	SEM,
	FIFO,
	QUEUE,
	MSGQ,
	COUNT
};

static struct k_poll_event events[COUNT] = {
	K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_SIGNAL, K_POLL_MODE_NOTIFY_ONLY, &sig),
	K_POLL_EVENT_STATIC_INITIALIZER(K_POLL_TYPE_SEM_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY, &sem,
					77),
	K_POLL_EVENT_STATIC_INITIALIZER(K_POLL_TYPE_FIFO_DATA_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY,
					&fifo, 0),
	K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_DATA_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY, &queue),
	K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_MSGQ_DATA_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY, &msgq),
};

static const uint32_t ready_states[COUNT] = {
	K_POLL_STATE_SIGNALED,
	K_POLL_STATE_SEM_AVAILABLE,
	K_POLL_STATE_FIFO_DATA_AVAILABLE,
	K_POLL_STATE_DATA_AVAILABLE,
	K_POLL_STATE_MSGQ_DATA_AVAILABLE,
};

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	k_poll_signal_init(&sig);
	zassert_ok(k_sem_init(&sem, 0, 1));
	k_fifo_init(&fifo);
	k_queue_init(&queue);
	k_msgq_init(&msgq, ring, 1, sizeof(ring));
}

/* Make object number @p i ready, or take from it what made it so. */
static void make_ready(int i)
{
	switch (i) {
	case SIG:
		zassert_ok(k_poll_signal_raise(&sig, 5));
		break;
	case SEM:
		k_sem_give(&sem);
		break;
	case FIFO:
		k_fifo_put(&fifo, &item);
		break;
	case QUEUE:
		k_queue_append(&queue, &item);
		break;
	default:
		zassert_ok(k_msgq_put(&msgq, "x", K_NO_WAIT));
		break;
	}
}

static void take(int i)
{
	char msg;

	switch (i) {
	case SIG:
		k_poll_signal_reset(&sig);
		break;
	case SEM:
		zassert_ok(k_sem_take(&sem, K_NO_WAIT));
		break;
	case FIFO:
		zassert_equal(k_fifo_get(&fifo, K_NO_WAIT), &item);
		break;
	case QUEUE:
		zassert_equal(k_queue_get(&queue, K_NO_WAIT), &item);
		break;
	default:
		zassert_ok(k_msgq_get(&msgq, &msg, K_NO_WAIT));
		break;
	}
}

/* All events have the state that the bits of @p ready say. */
static void check_states(uint32_t ready)
{
	for (int i = 0; i < COUNT; i++) {
		zassert_equal(events[i].state, (ready >> i & 1) != 0 ? ready_states[i] : 0,
			      "event %d: state %u", i, (unsigned int)events[i].state);
	}
}

ZTEST_SUITE(poll, NULL, NULL, before, NULL, NULL);

ZTEST(poll, test_nothing_ready)
{
	zassert_equal(k_poll(events, COUNT, K_NO_WAIT), -EAGAIN);
	check_states(0);
	zassert_equal(k_poll(events, 0, K_NO_WAIT), -EAGAIN);
	/* Nothing is left with the objects. */
	zassert_true(poll_q_empty(&sig.pollers));
	zassert_true(poll_q_empty(&sem.pollers));
	zassert_true(poll_q_empty(&fifo._queue.pollers));
	zassert_true(poll_q_empty(&msgq.pollers));
}

ZTEST(poll, test_each_ready)
{
	for (int i = 0; i < COUNT; i++) {
		make_ready(i);
		for (int wait = 0; wait < 2; wait++) {
			zassert_ok(k_poll(events, COUNT, wait != 0 ? K_FOREVER : K_NO_WAIT));
			check_states(1U << i);
		}
		take(i);
		zassert_equal(k_poll(events, COUNT, K_NO_WAIT), -EAGAIN);
		check_states(0);
	}
}

ZTEST(poll, test_every_combination)
{
	for (uint32_t ready = 1; ready < 1U << COUNT; ready++) {
		for (int i = 0; i < COUNT; i++) {
			if ((ready >> i & 1) != 0) {
				make_ready(i);
			}
		}
		zassert_ok(k_poll(events, COUNT, ready % 2 != 0 ? K_FOREVER : K_NO_WAIT));
		check_states(ready);
		for (int i = 0; i < COUNT; i++) {
			if ((ready >> i & 1) != 0) {
				take(i);
			}
		}
		zassert_true(poll_q_empty(&sig.pollers));
		zassert_true(poll_q_empty(&sem.pollers));
		zassert_true(poll_q_empty(&fifo._queue.pollers));
		zassert_true(poll_q_empty(&queue.pollers));
		zassert_true(poll_q_empty(&msgq.pollers));
		zassert_equal(msgq.waiting, 0);
	}
}

ZTEST(poll, test_nothing_is_taken)
{
	k_sem_give(&sem);
	zassert_ok(k_poll(&events[SEM], 1, K_FOREVER));
	zassert_ok(k_poll(&events[SEM], 1, K_FOREVER));
	zassert_equal(k_sem_count_get(&sem), 1);
}

ZTEST(poll, test_tag_and_initialisers)
{
	struct k_poll_event event;

	zassert_equal(events[SEM].tag, 77);
	zassert_equal(events[SIG].tag, 0);
	zassert_equal(events[SIG].signal, &sig);
	zassert_equal(events[FIFO].fifo, &fifo);
	zassert_equal(events[MSGQ].msgq, &msgq);
	memset(&event, 0xff, sizeof(event));
	k_poll_event_init(&event, K_POLL_TYPE_SEM_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY, &sem);
	zassert_equal(event.tag, 0);
	zassert_equal(event.type, K_POLL_TYPE_SEM_AVAILABLE);
	zassert_equal(event.mode, K_POLL_MODE_NOTIFY_ONLY);
	zassert_equal(event.state, K_POLL_STATE_NOT_READY);
	zassert_equal(event.sem, &sem);
}

ZTEST(poll, test_ignored_event)
{
	struct k_poll_event two[] = {
		K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_IGNORE, K_POLL_MODE_NOTIFY_ONLY, NULL),
		K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_SEM_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY, &sem),
	};

	zassert_equal(k_poll(two, 2, K_NO_WAIT), -EAGAIN);
	k_sem_give(&sem);
	zassert_ok(k_poll(two, 2, K_FOREVER));
	zassert_equal(two[0].state, K_POLL_STATE_NOT_READY);
	zassert_equal(two[1].state, K_POLL_STATE_SEM_AVAILABLE);
	two[1].type = K_POLL_TYPE_IGNORE;
	zassert_equal(k_poll(two, 2, K_NO_WAIT), -EAGAIN);
}

ZTEST(poll, test_signal)
{
	struct k_poll_signal other = K_POLL_SIGNAL_INITIALIZER(other);
	unsigned int signaled = 9;
	int result = 9;

	k_poll_signal_check(&other, &signaled, &result);
	zassert_equal(signaled, 0);
	zassert_ok(k_poll_signal_raise(&other, -42));
	k_poll_signal_check(&other, &signaled, &result);
	zassert_equal(signaled, 1);
	zassert_equal(result, -42);
	zassert_equal(other.signaled, 1);
	zassert_equal(other.result, -42);
	zassert_ok(k_poll_signal_raise(&other, 43));
	k_poll_signal_reset(&other);
	k_poll_signal_check(&other, &signaled, &result);
	zassert_equal(signaled, 0);
	zassert_equal(result, 43);
	k_poll_signal_init(&other);
	k_poll_signal_check(&other, &signaled, &result);
	zassert_equal(signaled, 0);
}

static void use_in_isr(const void *arg)
{
	ARG_UNUSED(arg);
	zassert_equal(k_poll(events, COUNT, K_NO_WAIT), -EAGAIN);
	zassert_ok(k_poll_signal_raise(&sig, 1));
	zassert_ok(k_poll(events, COUNT, K_NO_WAIT));
	check_states(1U << SIG);
	k_poll_signal_reset(&sig);
	ztest_set_assert_valid(true);
	zassert_equal(k_poll(events, COUNT, K_FOREVER), -EAGAIN);
}

ZTEST(poll, test_in_isr)
{
	irq_offload(use_in_isr, NULL);
}
