/* SPDX-License-Identifier: Apache-2.0 */
/** @file Time, cores and pairs of threads. */
#define _GNU_SOURCE /* CPU_SET, sched_setaffinity */

#include <pthread.h>
#include <sched.h>
#include <time.h>

#include "bench.h"

double bench_now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

void bench_pin(unsigned int core)
{
	static cpu_set_t allowed;
	static bool known;
	cpu_set_t one;
	unsigned int count;

	if (!known) {
		(void)sched_getaffinity(0, sizeof(allowed), &allowed);
		known = true;
	}
	count = (unsigned int)CPU_COUNT(&allowed);
	core %= count;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (CPU_ISSET(cpu, &allowed) && core-- == 0) {
			CPU_ZERO(&one);
			CPU_SET(cpu, &one);
			(void)sched_setaffinity(0, sizeof(one), &one);
			return;
		}
	}
}

struct half {
	void (*work)(unsigned long n);
	unsigned long n;
	unsigned int core;
	pthread_barrier_t *start;
};

static void *second_half(void *arg)
{
	struct half *half = arg;

	bench_pin(half->core);
	(void)pthread_barrier_wait(half->start);
	half->work(half->n);
	return NULL;
}

static double pair(void (*first)(unsigned long n), void (*second)(unsigned long n), unsigned long n,
		   unsigned int core)
{
	pthread_barrier_t start;
	struct half half = {.work = second, .n = n, .core = core, .start = &start};
	pthread_t thread;
	double begin;

	(void)pthread_barrier_init(&start, NULL, 2);
	if (pthread_create(&thread, NULL, second_half, &half) != 0) {
		return 0;
	}
	(void)pthread_barrier_wait(&start);
	begin = bench_now();
	first(n);
	(void)pthread_join(thread, NULL);
	(void)pthread_barrier_destroy(&start);
	return bench_now() - begin;
}

double bench_pair(void (*producer)(unsigned long n), void (*consumer)(unsigned long n),
		  unsigned long n)
{
	return pair(producer, consumer, n, 1);
}

double bench_pair_on_one_core(void (*first)(unsigned long n), void (*second)(unsigned long n),
			      unsigned long n)
{
	return pair(first, second, n, 0);
}
