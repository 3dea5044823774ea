/* SPDX-License-Identifier: Apache-2.0 */
#include "peer_cond.h"

#include <pthread.h>

#define EVENTS 255

static struct {
	pthread_mutex_t mutex;
	pthread_cond_t not_empty;
	pthread_cond_t not_full;
	struct cond_event ring[EVENTS + 1];
	unsigned int put;
	unsigned int got;
} queue = {
	.mutex = PTHREAD_MUTEX_INITIALIZER,
	.not_empty = PTHREAD_COND_INITIALIZER,
	.not_full = PTHREAD_COND_INITIALIZER,
};

static bool is_full(void)
{
	return queue.put - queue.got == EVENTS;
}

static bool is_empty(void)
{
	return queue.put == queue.got;
}

/* The mutex is locked on entry, not on return. */
static void put_locked(const struct cond_event *event)
{
	queue.ring[queue.put++ % (EVENTS + 1)] = *event;
	(void)pthread_mutex_unlock(&queue.mutex);
	(void)pthread_cond_signal(&queue.not_empty);
}

static void get_locked(struct cond_event *event)
{
	*event = queue.ring[queue.got++ % (EVENTS + 1)];
	(void)pthread_mutex_unlock(&queue.mutex);
	(void)pthread_cond_signal(&queue.not_full);
}

void cond_queue_put(const struct cond_event *event)
{
	(void)pthread_mutex_lock(&queue.mutex);
	while (is_full()) {
		(void)pthread_cond_wait(&queue.not_full, &queue.mutex);
	}
	put_locked(event);
}

void cond_queue_get(struct cond_event *event)
{
	(void)pthread_mutex_lock(&queue.mutex);
	while (is_empty()) {
		(void)pthread_cond_wait(&queue.not_empty, &queue.mutex);
	}
	get_locked(event);
}

static bool try_put(void)
{
	struct cond_event event = {&queue, &queue};

	(void)pthread_mutex_lock(&queue.mutex);
	if (is_full()) {
		(void)pthread_mutex_unlock(&queue.mutex);
		return false;
	}
	put_locked(&event);
	return true;
}

static bool try_get(void)
{
	struct cond_event event;

	(void)pthread_mutex_lock(&queue.mutex);
	if (is_empty()) {
		(void)pthread_mutex_unlock(&queue.mutex);
		return false;
	}
	get_locked(&event);
	return true;
}

static const struct contestant contestant = {try_put, try_get};

CONTEST_DEFINE(cond, contestant);

static void put_waiting(unsigned long n)
{
	struct cond_event event = {&queue, &queue};

	while (n-- > 0) {
		cond_queue_put(&event);
	}
}

static void get_waiting(unsigned long n)
{
	struct cond_event event;

	while (n-- > 0) {
		cond_queue_get(&event);
	}
}

double cond_pair_blocking(unsigned long n)
{
	return bench_pair(put_waiting, get_waiting, n);
}
