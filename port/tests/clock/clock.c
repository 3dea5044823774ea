/* SPDX-License-Identifier: Apache-2.0 */

/* The virtual clock itself: whom it counts, what it wakes, in which order. */

#include <zephyr/ztest.h>

#include <pthread.h>
#include <time.h>

#include <port/port.h>

#define MAX_SLEEPERS 8

/* A thread that sleeps, and writes down when it woke and as which. */
struct sleeper {
	struct port_thread thread;
	struct port_parker parker; /* on which it sleeps */
	struct port_parker *done;  /* unparked when it ends */
	int64_t deadline;
	int64_t woke;
	uint32_t order;
	bool token;
};

static struct sleeper sleepers[MAX_SLEEPERS];
static struct port_parker all_done;
static uint32_t woken;

static void sleep_once(void *arg)
{
	struct sleeper *s = arg;

	s->token = port_park(&s->parker, s->deadline);
	s->woke = port_clock_ticks();
	s->order = atomic32_add_relaxed(&woken, 1);
	port_unpark(s->done);
}

static void start(int i, int64_t deadline)
{
	struct port_thread_attr attr = {.entry = sleep_once, .arg = &sleepers[i]};

	sleepers[i] = (struct sleeper){.deadline = deadline, .done = &all_done, .woke = -1};
	zassert_ok(port_thread_start(&sleepers[i].thread, &attr));
}

static void join(int count)
{
	for (int i = 0; i < count; i++) {
		zassert_true(port_park(&all_done, PORT_FOREVER));
	}
}

/* Sleep for some ticks without anything that could wake the caller. */
static void pass(int64_t ticks)
{
	struct port_parker parker = {0};

	zassert_false(port_park(&parker, port_clock_deadline(ticks)));
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	woken = 0;
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	port_clock_virtual_stop();
}

ZTEST_SUITE(virtual_clock, NULL, NULL, before, after, NULL);

ZTEST(virtual_clock, test_stands_still)
{
	int64_t now;

	port_clock_virtual_start();
	now = port_clock_ticks();
	for (volatile int i = 0; i < 1000000; i++) {
	}
	zassert_equal(port_clock_ticks(), now);
	zassert_equal(port_clock_deadline(0), now);
	pass(1000000000);
	zassert_equal(port_clock_ticks(), now + 1000000000);
}

ZTEST(virtual_clock, test_order_of_deadlines)
{
	static const int64_t ticks[] = {50, 10, 30, 10, 20, 10, 1000000, 49};
	static const uint32_t order[] = {6, 0, 4, 1, 3, 2, 7, 5};
	int64_t began;

	port_clock_virtual_start();
	began = port_clock_ticks();
	for (int i = 0; i < MAX_SLEEPERS; i++) {
		start(i, began + 100 + ticks[i]);
		pass(1); /* until it sleeps */
	}
	join(MAX_SLEEPERS);
	for (int i = 0; i < MAX_SLEEPERS; i++) {
		zassert_false(sleepers[i].token);
		zassert_equal(sleepers[i].woke, began + 100 + ticks[i]);
		/* Those with the same deadline woke in the order in which they fell asleep. */
		zassert_equal(sleepers[i].order, order[i], "sleeper %d was number %u", i,
			      sleepers[i].order);
	}
}

/* The clock waits for whoever runs. */
static uint32_t release;

static void spin(void *arg)
{
	struct sleeper *s = arg;

	while (atomic32_load_acquire(&release) == 0) {
	}
	sleep_once(s);
}

static void *release_later(void *arg)
{
	struct timespec delay = {0, 20 * 1000 * 1000};

	ARG_UNUSED(arg);
	(void)nanosleep(&delay, NULL);
	atomic32_store_release(&release, 1);
	return NULL;
}

ZTEST(virtual_clock, test_waits_for_who_runs)
{
	struct port_thread_attr attr = {.entry = spin, .arg = &sleepers[0]};
	pthread_t helper;
	int64_t began;

	port_clock_virtual_start();
	began = port_clock_ticks();
	atomic32_store_relaxed(&release, 0);
	sleepers[0] = (struct sleeper){.deadline = began + 10, .done = &all_done};
	zassert_ok(port_thread_start(&sleepers[0].thread, &attr));
	zassert_ok(pthread_create(&helper, NULL, release_later, NULL));
	pass(5);
	zassert_equal(atomic32_load_relaxed(&release), 1, "time passed while a thread ran");
	zassert_equal(port_clock_ticks(), began + 5);
	join(1);
	zassert_equal(sleepers[0].woke, began + 10);
	zassert_ok(pthread_join(helper, NULL));
}

ZTEST(virtual_clock, test_unpark)
{
	int64_t began;

	port_clock_virtual_start();
	began = port_clock_ticks();
	start(0, PORT_FOREVER);
	start(1, began + 1000);
	pass(7);
	port_unpark(&sleepers[0].parker);
	port_unpark(&sleepers[1].parker);
	join(2);
	for (int i = 0; i < 2; i++) {
		zassert_true(sleepers[i].token);
		zassert_equal(sleepers[i].woke, began + 7);
	}
	/* The sleep that ended early has left nothing in the clock. */
	pass(5000);
	zassert_equal(port_clock_ticks(), began + 5007);
}

ZTEST(virtual_clock, test_tokens)
{
	struct port_parker parker = {0};

	port_clock_virtual_start();
	for (int i = 0; i < 3; i++) {
		port_unpark(&parker);
	}
	for (int i = 0; i < 3; i++) {
		zassert_true(port_park(&parker, PORT_FOREVER));
	}
	zassert_false(port_park(&parker, port_clock_ticks()));
	zassert_false(port_park(&parker, port_clock_ticks() + 10));
}

ZTEST(virtual_clock, test_busy_wait)
{
	int64_t began;

	port_clock_virtual_start();
	began = port_clock_ticks();
	start(0, began + 100);
	pass(1);
	port_clock_busy_wait(98);
	zassert_equal(port_clock_ticks(), began + 99);
	zassert_equal(atomic32_load_relaxed(&woken), 0);
	port_clock_busy_wait(5);
	zassert_equal(port_clock_ticks(), began + 104);
	join(1);
	zassert_false(sleepers[0].token);
}

/* ---- from one clock to the other ------------------------------------------------------------ */

ZTEST(virtual_clock, test_stop_with_sleepers)
{
	int64_t began;
	uint32_t awake;

	port_clock_virtual_start();
	began = port_clock_ticks();
	start(0, began + 20000); /* 20 ms */
	start(1, PORT_FOREVER);
	pass(1);
	port_clock_virtual_stop();
	/* Real time goes on from there, and nobody woke. */
	awake = atomic32_load_relaxed(&woken);
	zassert_true(port_clock_ticks() >= began + 1);
	zassert_true(awake == 0 || (awake == 1 && port_clock_ticks() >= began + 20000));
	join(1);
	zassert_false(sleepers[0].token);
	zassert_true(sleepers[0].woke >= began + 20000);
	port_unpark(&sleepers[1].parker);
	join(1);
	zassert_true(sleepers[1].token);
}

/* Threads that slept through a stop and a start are not taken for running. */
ZTEST(virtual_clock, test_stop_and_start_with_sleepers)
{
	for (int round = 0; round < 20; round++) {
		int64_t began;

		port_clock_virtual_start();
		began = port_clock_ticks();
		start(0, PORT_FOREVER);
		start(1, began + 3600LL * 1000000);
		pass(1);
		port_clock_virtual_stop();
		port_clock_virtual_start();
		pass(10000);
		port_clock_virtual_stop();
		port_clock_virtual_start();
		/* Woken on a clock that they do not know yet, they count from then on. */
		port_unpark(&sleepers[0].parker);
		port_unpark(&sleepers[1].parker);
		pass(10000);
		zassert_equal(atomic32_load_relaxed(&woken), 2);
		join(2);
		woken = 0;
		port_clock_virtual_stop();
	}
}

static void sleep_when_released(void *arg)
{
	while (atomic32_load_acquire(&release) == 0) {
		port_thread_yield();
	}
	((struct sleeper *)arg)->deadline = port_clock_deadline(1000);
	sleep_once(arg);
}

/* It ran before the start, so it does not count; still the clock moves for it. */
ZTEST(virtual_clock, test_sleeper_that_ran_before)
{
	struct port_thread_attr attr = {.entry = sleep_when_released, .arg = &sleepers[0]};
	struct timespec delay = {0, 5 * 1000 * 1000};

	atomic32_store_relaxed(&release, 0);
	sleepers[0] = (struct sleeper){.done = &all_done};
	zassert_ok(port_thread_start(&sleepers[0].thread, &attr));
	(void)nanosleep(&delay, NULL);
	port_clock_virtual_start();
	atomic32_store_release(&release, 1);
	join(1); /* for ever, if nobody moves the clock */
	zassert_false(sleepers[0].token);
}

static struct port_irq irq;
static struct port_parker irq_done;

static void routine(void *arg)
{
	*(int64_t *)arg = port_clock_ticks();
	port_unpark(&irq_done);
}

/* While an ISR runs, time stands still: also when its thread is older than the clock. */
ZTEST(virtual_clock, test_isr)
{
	for (int round = 0; round < 50; round++) {
		int64_t seen = -1;
		int64_t now;

		irq = (struct port_irq){.routine = routine, .arg = &seen};
		port_irq_raise(&irq);
		zassert_true(port_park(&irq_done, PORT_FOREVER));
		port_clock_virtual_start();
		now = port_clock_ticks();
		start(0, now + 1);
		port_irq_raise(&irq);
		zassert_true(port_park(&irq_done, PORT_FOREVER));
		zassert_true(seen == now || seen == now + 1);
		join(1);
		port_irq_raise(&irq);
		zassert_true(port_park(&irq_done, PORT_FOREVER));
		zassert_equal(seen, now + 1);
		port_clock_virtual_stop();
	}
}

static void wait_for_release(void *arg)
{
	ARG_UNUSED(arg);
	while (atomic32_load_acquire(&release) == 0) {
	}
}

/* A start waits for the ISR that is running: from then on the interrupt thread counts. */
ZTEST(virtual_clock, test_start_beside_an_isr)
{
	pthread_t helper;

	atomic32_store_relaxed(&release, 0);
	irq = (struct port_irq){.routine = wait_for_release};
	port_irq_raise(&irq);
	zassert_ok(pthread_create(&helper, NULL, release_later, NULL));
	port_clock_virtual_start();
	zassert_equal(atomic32_load_acquire(&release), 1);
	zassert_ok(pthread_join(helper, NULL));
}

/* ---- many ----------------------------------------------------------------------------------- */

static void sleep_often(void *arg)
{
	struct sleeper *s = arg;
	int64_t step = 1 + (s - sleepers) * 3;

	for (int i = 0; i < 200; i++) {
		int64_t deadline = port_clock_deadline(step);

		zassert_false(port_park(&s->parker, deadline));
		zassert_equal(port_clock_ticks(), deadline, "woke at another time");
	}
	port_unpark(s->done);
}

ZTEST(virtual_clock, test_many_sleeps)
{
	struct port_thread_attr attr = {.entry = sleep_often};

	port_clock_virtual_start();
	for (int i = 0; i < MAX_SLEEPERS; i++) {
		sleepers[i] = (struct sleeper){.done = &all_done};
		attr.arg = &sleepers[i];
		zassert_ok(port_thread_start(&sleepers[i].thread, &attr));
	}
	join(MAX_SLEEPERS);
}
