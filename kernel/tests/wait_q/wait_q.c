/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The protocol between who waits and who wakes, one step at a time: a waiter that somebody has
 * taken out stays where it is until its thread has the token, whatever comes first.
 */

#include <zephyr/ztest.h>

#include <kernel/poll_q.h>
#include <kernel/wait_q.h>

#include "../support/crew.h"

static struct k_spinlock lock;
static struct wait_q q;
static int result;
static uint32_t returned;

/* Real time enough for another thread to come to where it cannot go on. */
static void let_others_run(void)
{
	k_busy_wait(3000);
}

static void wait_briefly(void *p1, void *p2, void *p3)
{
	k_timeout_t *timeout = p1;
	struct waiter w;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	waiter_init(&w, NULL);
	result = wait_q_wait(&q, &w, &lock, k_spin_lock(&lock), sys_clock_deadline(*timeout));
	atomic32_store_release(&returned, 1);
	crew_check_tokens();
}

static void wait_until_somebody_waits(void)
{
	k_spinlock_key_t key = k_spin_lock(&lock);

	/* Or has waited, and gone: this thread may have been without a core for long. */
	while (wait_q_empty(&q) && atomic32_load_acquire(&returned) == 0) {
		k_spin_unlock(&lock, key);
		k_yield();
		key = k_spin_lock(&lock);
	}
	k_spin_unlock(&lock, key);
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	q = (struct wait_q){NULL, NULL};
	returned = 0;
	result = 1;
}

ZTEST_SUITE(wait_q, NULL, NULL, before, NULL, NULL);

/* The deadline passes between the moment when a waker takes the waiter and its token. */
ZTEST(wait_q, test_deadline_before_the_token)
{
	static k_timeout_t brief = {.ticks = 1000};
	k_spinlock_key_t key;
	struct k_thread *thread;

	crew_start(wait_briefly, &brief, NULL, NULL, 0);
	wait_until_somebody_waits();
	key = k_spin_lock(&lock);
	let_others_run(); /* its time is up, and it cannot take itself out */
	if (wait_q_empty(&q)) {
		/* It was faster: this thread has been without a core for long. */
		k_spin_unlock(&lock, key);
		crew_join();
		zassert_equal(result, -EAGAIN);
		return;
	}
	thread = waiter_finish(wait_q_take(&q), 42);
	k_spin_unlock(&lock, key);
	let_others_run();
	zassert_equal(atomic32_load_acquire(&returned), 0, "gone without its token");
	waiter_wake(thread);
	crew_join();
	zassert_equal(result, 42);
}

/* An abort comes at that moment, so there are two tokens to take. */
ZTEST(wait_q, test_abort_before_the_token)
{
	static k_timeout_t forever = {.ticks = K_TICKS_FOREVER};
	k_spinlock_key_t key;
	struct k_thread *thread;

	crew_start(wait_briefly, &forever, NULL, NULL, 0);
	wait_until_somebody_waits();
	key = k_spin_lock(&lock);
	thread = waiter_finish(wait_q_take(&q), 43);
	k_spin_unlock(&lock, key);
	k_thread_abort(thread);
	let_others_run();
	zassert_equal(atomic32_load_acquire(&returned), 0, "gone without its token");
	waiter_wake(thread);
	crew_join();
	zassert_equal(result, 43);
}

ZTEST(wait_q, test_order)
{
	struct waiter w[4];
	struct k_thread threads[4] = {};
	static const int order[] = {2, 0, 3, 1};

	for (int i = 0; i < 4; i++) {
		threads[i].priority = i % 2 == 0 ? 5 - i : 5;
		w[i] = (struct waiter){.thread = &threads[i]};
	}
	threads[3].priority = 4;
	threads[0].priority = 4;
	for (int i = 0; i < 4; i++) {
		wait_q_add(&q, &w[i]);
	}
	for (int i = 0; i < 4; i++) {
		zassert_equal(wait_q_peek(&q), &w[order[i]]);
		zassert_equal(wait_q_take(&q), &w[order[i]]);
	}
	zassert_true(wait_q_empty(&q));
	zassert_is_null(wait_q_take(&q));
}

ZTEST(wait_q, test_remove_everywhere)
{
	struct waiter w[3];

	for (int removed = 0; removed < 3; removed++) {
		for (int i = 0; i < 3; i++) {
			w[i] = (struct waiter){.thread = k_current_get()};
			wait_q_add(&q, &w[i]);
		}
		zassert_true(waiter_cancel(&q, &w[removed]));
		for (int i = 0; i < 3; i++) {
			if (i != removed) {
				zassert_equal(wait_q_take(&q), &w[i]);
			}
		}
		zassert_true(wait_q_empty(&q));
	}
}

#ifdef CONFIG_POLL

static struct k_poll_signal sig;
static struct k_sem sem;

static void poll_both(void *p1, void *p2, void *p3)
{
	struct k_poll_event events[] = {
		K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_SIGNAL, K_POLL_MODE_NOTIFY_ONLY, &sig),
		K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_SEM_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY, &sem),
	};

	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	result = k_poll(events, 2, K_FOREVER);
	atomic32_store_release(&returned, 1);
	zassert_equal(events[0].state, K_POLL_STATE_SIGNALED);
	zassert_equal(events[1].state, K_POLL_STATE_SEM_AVAILABLE);
	crew_check_tokens();
}

/* k_poll() finds its second object ready after its first one has claimed it. */
ZTEST(wait_q, test_poll_ready_before_the_token)
{
	k_spinlock_key_t sem_key;
	k_spinlock_key_t sig_key;
	struct waiter *poller;

	k_poll_signal_init(&sig);
	zassert_ok(k_sem_init(&sem, 0, 1));
	sem_key = k_spin_lock(&sem.lock);
	crew_start(poll_both, NULL, NULL, NULL, 0);
	do {
		let_others_run();
		sig_key = k_spin_lock(&sig.lock);
		poller = poll_q_signal(&sig.pollers, K_POLL_STATE_SIGNALED);
		k_spin_unlock(&sig.lock, sig_key);
	} while (poller == NULL);
	sem.count = 1;
	k_spin_unlock(&sem.lock, sem_key);
	let_others_run();
	zassert_equal(atomic32_load_acquire(&returned), 0, "gone without its token");
	wait_q_wake_chain(poller);
	crew_join();
	zassert_ok(result);
}

#endif
