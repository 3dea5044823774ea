/* SPDX-License-Identifier: Apache-2.0 */

/* Timers against threads, on the real clock. */

#include <zephyr/ztest.h>

#include <kernel/timeout_q.h>

#include "../support/crew.h"

#define RACES 100000

static struct k_timer timer;
static uint32_t expiries;
static uint32_t stops;

static void expiry(struct k_timer *t)
{
	ARG_UNUSED(t);
	(void)atomic32_add_relaxed(&expiries, 1);
}

static void stopped(struct k_timer *t)
{
	ARG_UNUSED(t);
	(void)atomic32_add_relaxed(&stops, 1);
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	k_timer_init(&timer, expiry, stopped);
	expiries = 0;
	stops = 0;
}

ZTEST_SUITE(timer_threads, NULL, NULL, before, NULL, NULL);

/* One expiry or one stop for each start, never both. */
ZTEST(timer_threads, test_stop_against_expiry)
{
	uint32_t random = crew_seed();

	for (uint32_t i = 1; i <= RACES; i++) {
		k_timer_start(&timer, K_TICKS(crew_random(&random) % 3), K_NO_WAIT);
		for (uint32_t spin = crew_random(&random) % 20000; spin > 0; spin--) {
			compiler_barrier();
		}
		k_timer_stop(&timer);
		(void)timeout_q_abort_sync(&timer.timeout);
		zassert_equal(atomic32_load_relaxed(&expiries) + atomic32_load_relaxed(&stops), i);
	}
	TC_PRINT("%u of %u stopped\n", stops, RACES);
}

static void start_and_stop(void *p1, void *p2, void *p3)
{
	uint32_t random = crew_seed();

	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (int i = 0; i < 3000; i++) {
		switch (crew_random(&random) % 4) {
		case 0:
			k_timer_start(&timer, K_TICKS(crew_random(&random) % 20), K_TICKS(3));
			break;
		case 1:
			k_timer_start(&timer, K_TICKS(crew_random(&random) % 20), K_NO_WAIT);
			break;
		case 2:
			k_timer_stop(&timer);
			break;
		default:
			(void)k_timer_status_get(&timer);
			(void)k_timer_remaining_ticks(&timer);
		}
	}
}

static uint32_t over;

static void wait_often(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	while (atomic32_load_acquire(&over) == 0) {
		(void)k_timer_status_sync(&timer);
	}
}

ZTEST(timer_threads, test_anybody_anything)
{
	k_tid_t waiter = NULL;

	atomic32_store_relaxed(&over, 0);
	for (int i = 0; i < 3; i++) {
		crew_start(start_and_stop, NULL, NULL, NULL, 0);
	}
	waiter = crew_start(wait_often, NULL, NULL, NULL, 0);
	zassert_not_null(waiter);
	k_sleep(K_MSEC(20));
	atomic32_store_release(&over, 1);
	for (int i = 0; i < 100; i++) {
		k_sleep(K_MSEC(1));
		k_timer_stop(&timer);
	}
	crew_join();
	k_timer_stop(&timer);
	(void)timeout_q_abort_sync(&timer.timeout);
	atomic32_store_relaxed(&expiries, 0);
	k_sleep(K_MSEC(1));
	zassert_equal(atomic32_load_relaxed(&expiries), 0);
}

static void forever(struct k_timer *t)
{
	/* A process that was held up has a backlog: it is served while other interrupts are, too. */
	ARG_UNUSED(t);
	(void)atomic32_add_relaxed(&expiries, 1);
	k_busy_wait(5);
}

static void raised(void *arg)
{
	k_sem_give(arg);
}

/* A timer that is never done, because its function takes longer than its period. */
ZTEST(timer_threads, test_overload)
{
	struct k_sem sem;
	struct port_irq irq = {.routine = raised, .arg = &sem};

	k_timer_init(&timer, forever, NULL);
	zassert_ok(k_sem_init(&sem, 0, 1));
	k_timer_start(&timer, K_TICKS(1), K_TICKS(1));
	k_sleep(K_MSEC(1));
	for (int i = 0; i < 3; i++) {
		port_irq_raise(&irq);
		zassert_ok(k_sem_take(&sem, K_SECONDS(10)));
	}
	k_timer_stop(&timer);
	zassert_true(atomic32_load_relaxed(&expiries) > 0);
	(void)timeout_q_abort_sync(&timer.timeout);
}
