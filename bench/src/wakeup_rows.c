/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * To wake a thread that sleeps until there is something for it: one event goes back and forth between
 * two threads through two queues; a result is the time of one way.
 */
#define _GNU_SOURCE /* syscall */

#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <zephyr/kernel.h>

#include "bench.h"

struct event {
	void *sink;
	void *buf;
};

/* ---- ours ------------------------------------------------------------------------------------ */

K_MSGQ_DEFINE(wakeup_there, sizeof(struct event), 16, 16);
K_MSGQ_DEFINE(wakeup_back, sizeof(struct event), 16, 16);

static void msgq_first(unsigned long n)
{
	struct event event = {NULL, NULL};

	while (n-- > 0) {
		(void)k_msgq_put(&wakeup_there, &event, K_FOREVER);
		(void)k_msgq_get(&wakeup_back, &event, K_FOREVER);
	}
}

static void msgq_second(unsigned long n)
{
	struct event event;

	while (n-- > 0) {
		(void)k_msgq_get(&wakeup_there, &event, K_FOREVER);
		(void)k_msgq_put(&wakeup_back, &event, K_FOREVER);
	}
}

/* ---- a bare futex ---------------------------------------------------------------------------- */

/* How often each door bell has rung, in lines of their own. */
static struct {
	uint32_t rung __attribute__((aligned(64)));
} there, back;

static void ring(uint32_t *bell)
{
	/* Release: pairs with the acquire in await(). */
	(void)__atomic_fetch_add(bell, 1, __ATOMIC_RELEASE);
	(void)syscall(SYS_futex, bell, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* Wait until it has rung more often than @p before. */
static void await(uint32_t *bell, uint32_t before)
{
	/* Acquire: pairs with the release in ring(). */
	while (__atomic_load_n(bell, __ATOMIC_ACQUIRE) == before) {
		(void)syscall(SYS_futex, bell, FUTEX_WAIT_PRIVATE, before, NULL, NULL, 0);
	}
}

static void futex_first(unsigned long n)
{
	while (n-- > 0) {
		uint32_t before = __atomic_load_n(&back.rung, __ATOMIC_RELAXED);

		ring(&there.rung);
		await(&back.rung, before);
	}
}

/* The bells are at the same count before and after each run. */
static void futex_second(unsigned long n)
{
	uint32_t before = __atomic_load_n(&back.rung, __ATOMIC_RELAXED);

	while (n-- > 0) {
		await(&there.rung, before++);
		ring(&back.rung);
	}
}

/* ---- mutex and condition variable ------------------------------------------------------------ */

struct door {
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	bool open;
};

#define DOOR {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false}

static struct door doors[2] = {DOOR, DOOR};

static void door_open(struct door *door)
{
	(void)pthread_mutex_lock(&door->mutex);
	door->open = true;
	(void)pthread_mutex_unlock(&door->mutex);
	(void)pthread_cond_signal(&door->cond);
}

static void door_pass(struct door *door)
{
	(void)pthread_mutex_lock(&door->mutex);
	while (!door->open) {
		(void)pthread_cond_wait(&door->cond, &door->mutex);
	}
	door->open = false;
	(void)pthread_mutex_unlock(&door->mutex);
}

static void cond_first(unsigned long n)
{
	while (n-- > 0) {
		door_open(&doors[0]);
		door_pass(&doors[1]);
	}
}

static void cond_second(unsigned long n)
{
	while (n-- > 0) {
		door_pass(&doors[0]);
		door_open(&doors[1]);
	}
}

/* ---- rows ------------------------------------------------------------------------------------ */

#define TWO_WAYS(name)                                                                             \
	static double name##_two_cores(unsigned long n)                                            \
	{                                                                                          \
		return bench_pair(name##_first, name##_second, n);                                 \
	}                                                                                          \
	static double name##_one_core(unsigned long n)                                             \
	{                                                                                          \
		return bench_pair_on_one_core(name##_first, name##_second, n);                     \
	}

TWO_WAYS(msgq)
TWO_WAYS(futex)
TWO_WAYS(cond)

#define FUTEX "futex"
#define COND  "mutex + condition variable"

const struct bench_row bench_wakeup_rows[] = {
	{
		.work = "msgq wake-up, across cores",
		.run = msgq_two_cores,
		.per_op = 2,
		.threads = true,
		.peers =
			{
				{.name = FUTEX, .run = futex_two_cores, .target = 1.15},
				{.name = COND, .run = cond_two_cores},
			},
	},
	{
		.work = "msgq wake-up, on one core",
		.run = msgq_one_core,
		.per_op = 2,
		.threads = true,
		.peers =
			{
				{.name = FUTEX, .run = futex_one_core, .target = 1.15},
				{.name = COND, .run = cond_one_core},
			},
	},
	{.work = NULL},
};
