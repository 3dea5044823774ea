/* SPDX-License-Identifier: Apache-2.0 */
/** @file A bounded queue of 16-byte events. */
#include <pthread.h>
#include <string.h>

#include <zephyr/kernel.h>

#include "bench.h"

#define EVENTS 256

struct event {
	void *sink;
	void *buf;
};

K_MSGQ_DEFINE(bench_msgq, sizeof(struct event), EVENTS, 16);

static double same_thread(unsigned long n)
{
	struct event event = {&bench_msgq, &bench_msgq};
	double begin = bench_now();

	while (n-- > 0) {
		(void)k_msgq_put(&bench_msgq, &event, K_NO_WAIT);
		(void)k_msgq_get(&bench_msgq, &event, K_NO_WAIT);
	}
	return bench_now() - begin;
}

static void put_spinning(unsigned long n)
{
	struct event event = {&bench_msgq, &bench_msgq};

	while (n-- > 0) {
		while (k_msgq_put(&bench_msgq, &event, K_NO_WAIT) != 0) {
			bench_relax();
		}
	}
}

static void get_spinning(unsigned long n)
{
	struct event event;

	while (n-- > 0) {
		while (k_msgq_get(&bench_msgq, &event, K_NO_WAIT) != 0) {
			bench_relax();
		}
	}
}

static double pair_spinning(unsigned long n)
{
	return bench_pair(put_spinning, get_spinning, n);
}

static void put_blocking(unsigned long n)
{
	struct event event = {&bench_msgq, &bench_msgq};

	while (n-- > 0) {
		(void)k_msgq_put(&bench_msgq, &event, K_FOREVER);
	}
}

static void get_blocking(unsigned long n)
{
	struct event event;

	while (n-- > 0) {
		(void)k_msgq_get(&bench_msgq, &event, K_FOREVER);
	}
}

static double pair_blocking(unsigned long n)
{
	return bench_pair(put_blocking, get_blocking, n);
}

/* The peer everybody writes first: a ring, a mutex, two condition variables. */

static struct {
	pthread_mutex_t mutex;
	pthread_cond_t not_empty;
	pthread_cond_t not_full;
	struct event ring[EVENTS];
	unsigned int put;
	unsigned int get;
} cond_queue = {
	.mutex = PTHREAD_MUTEX_INITIALIZER,
	.not_empty = PTHREAD_COND_INITIALIZER,
	.not_full = PTHREAD_COND_INITIALIZER,
};

static void cond_put(const struct event *event)
{
	(void)pthread_mutex_lock(&cond_queue.mutex);
	while (cond_queue.put - cond_queue.get == EVENTS) {
		(void)pthread_cond_wait(&cond_queue.not_full, &cond_queue.mutex);
	}
	cond_queue.ring[cond_queue.put++ % EVENTS] = *event;
	(void)pthread_mutex_unlock(&cond_queue.mutex);
	(void)pthread_cond_signal(&cond_queue.not_empty);
}

static void cond_get(struct event *event)
{
	(void)pthread_mutex_lock(&cond_queue.mutex);
	while (cond_queue.put == cond_queue.get) {
		(void)pthread_cond_wait(&cond_queue.not_empty, &cond_queue.mutex);
	}
	*event = cond_queue.ring[cond_queue.get++ % EVENTS];
	(void)pthread_mutex_unlock(&cond_queue.mutex);
	(void)pthread_cond_signal(&cond_queue.not_full);
}

static double cond_same_thread(unsigned long n)
{
	struct event event = {&bench_msgq, &bench_msgq};
	double begin = bench_now();

	while (n-- > 0) {
		cond_put(&event);
		cond_get(&event);
	}
	return bench_now() - begin;
}

static void cond_producer(unsigned long n)
{
	struct event event = {&bench_msgq, &bench_msgq};

	while (n-- > 0) {
		cond_put(&event);
	}
}

static void cond_consumer(unsigned long n)
{
	struct event event;

	while (n-- > 0) {
		cond_get(&event);
	}
}

static double cond_pair(unsigned long n)
{
	return bench_pair(cond_producer, cond_consumer, n);
}

#define RING "rte_ring MP/MC"
#define COND "mutex + condition variable"

const struct bench_row bench_msgq_rows[] = {
	{
		.work = "msgq put + get, one thread",
		.run = same_thread,
		.instructions_target = 90,
		.instructions_aim = 60,
		.peers =
			{
				{.name = RING,
				 .run = dpdk_ring_same_thread,
				 .target = 1.5,
				 .aim = 1.0},
				{.name = COND, .run = cond_same_thread},
			},
	},
	{
		.work = "msgq put + get, thread to thread, spinning",
		.run = pair_spinning,
		.threads = true,
		.peers = {{.name = RING, .run = dpdk_ring_pair, .target = 1.5, .aim = 1.0}},
	},
	{
		.work = "msgq put + get, thread to thread, blocking",
		.run = pair_blocking,
		.threads = true,
		.peers = {{.name = COND, .run = cond_pair}},
	},
	{.work = NULL},
};
