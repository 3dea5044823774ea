/* SPDX-License-Identifier: Apache-2.0 */

/* k_sem under many threads, on the real clock. */

#include <zephyr/ztest.h>

#include <port/port.h>

#include "../support/crew.h"

#define GIVERS 3
#define TAKERS 4
#define GIVES  4000

static struct k_sem sem;
static uint32_t taken;
static uint32_t to_take;

static void giver(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (int i = 0; i < GIVES; i++) {
		k_sem_give(&sem);
	}
}

static void taker(void *p1, void *p2, void *p3)
{
	uint32_t random = crew_seed();

	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	while (atomic32_load_relaxed(&taken) < to_take) {
		/* Short waits end while somebody gives: one of the two, never neither or both. */
		if (k_sem_take(&sem, K_USEC(crew_random(&random) % 20)) == 0) {
			(void)atomic32_add_relaxed(&taken, 1);
		}
	}
	crew_check_tokens();
}

ZTEST_SUITE(sem_stress, NULL, NULL, NULL, NULL, NULL);

ZTEST(sem_stress, test_every_give_is_taken_once)
{
	zassert_ok(k_sem_init(&sem, 0, K_SEM_MAX_LIMIT));
	taken = 0;
	to_take = GIVERS * GIVES;
	for (int i = 0; i < TAKERS; i++) {
		crew_start(taker, NULL, NULL, NULL, i);
	}
	for (int i = 0; i < GIVERS; i++) {
		crew_start(giver, NULL, NULL, NULL, i);
	}
	crew_join();
	zassert_equal(taken, GIVERS * GIVES);
	zassert_equal(k_sem_count_get(&sem), 0);
}

/* Ping and pong: a wake-up that is lost stops it. */
static struct k_sem ping;
static struct k_sem pong;

static void echo(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (int i = 0; i < GIVES; i++) {
		zassert_ok(k_sem_take(&ping, K_FOREVER));
		k_sem_give(&pong);
	}
}

ZTEST(sem_stress, test_ping_pong)
{
	zassert_ok(k_sem_init(&ping, 0, 1));
	zassert_ok(k_sem_init(&pong, 0, 1));
	crew_start(echo, NULL, NULL, NULL, 0);
	for (int i = 0; i < GIVES; i++) {
		k_sem_give(&ping);
		zassert_ok(k_sem_take(&pong, K_FOREVER));
	}
	crew_join();
}

/* A semaphore on the stack of who waits for it: gone as soon as it is taken. */
static struct port_irq irq;
static struct k_sem *requests[2]; /* by whom: an ISR, a thread */

static void complete(struct k_sem **request)
{
	struct k_sem *sem_there = __atomic_exchange_n(request, NULL, __ATOMIC_ACQ_REL);

	if (sem_there != NULL) {
		k_sem_give(sem_there);
	}
}

static void complete_in_isr(void *arg)
{
	complete(arg);
}

static void complete_in_thread(void *p1, void *p2, void *p3)
{
	uint32_t *stop = p2;

	ARG_UNUSED(p3);
	while (atomic32_load_relaxed(stop) == 0) {
		complete(p1);
		k_yield();
	}
}

static void __attribute__((noinline)) wait_for_completion(int by, int how)
{
	struct k_sem done;

	zassert_ok(k_sem_init(&done, 0, 1));
	__atomic_store_n(&requests[by], &done, __ATOMIC_RELEASE);
	if (by == 0) {
		port_irq_raise(&irq);
	}
	if (how == 0) {
		zassert_ok(k_sem_take(&done, K_FOREVER));
	} else {
		while (k_sem_take(&done, K_NO_WAIT) != 0) {
			k_yield();
		}
	}
	/* What comes to lie here next must not be touched. */
	memset(&done, 0xff, sizeof(done));
	__asm__ volatile("" : : "r"(&done) : "memory");
}

ZTEST(sem_stress, test_completion_on_the_stack)
{
	static uint32_t stop;

	irq = (struct port_irq){.routine = complete_in_isr, .arg = &requests[0]};
	stop = 0;
	crew_start(complete_in_thread, &requests[1], &stop, NULL, 0);
	for (int i = 0; i < GIVES / 2; i++) {
		wait_for_completion(i % 2, i / 2 % 2);
	}
	atomic32_store_relaxed(&stop, 1);
	crew_join();
}
