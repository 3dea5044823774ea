/* SPDX-License-Identifier: Apache-2.0 */
/** @file Work for devices that block. */
#include "internal.h"

#include <zephyr/rtio/prio_queue.h>
#include <zephyr/rtio/work.h>

#define ITEMS CONFIG_RTIO_WORKQ_POOL_ITEMS

static struct k_spinlock rtio_work_lock; /* guards all of this */
static struct rtio_work_req items[ITEMS];
static struct rtio_work_req *home;
static uint32_t fresh; /* items of this number and above were never used */
static uint32_t used;

static void put(struct rtio_work_req *req)
{
	k_spinlock_key_t key = k_spin_lock(&rtio_work_lock);

	req->iodev_sqe = NULL;
	req->next = home;
	home = req;
	atomic32_store_relaxed(&used, used - 1);
	k_spin_unlock(&rtio_work_lock, key);
}

#ifdef CONFIG_MULTITHREADING

#define THREADS CONFIG_RTIO_WORKQ_THREADS_POOL

static struct rtio_prio_queue waiting;
static K_SEM_DEFINE(there, 0, ITEMS);
static K_THREAD_STACK_ARRAY_DEFINE(stacks, THREADS, CONFIG_RTIO_WORKQ_STACK_SIZE);
static struct k_thread threads[THREADS];
static uint32_t work_runs; /* 1 once the threads have been started */

/* The next piece by priority: there is one. *@p s: its request, which may be another's before its end. */
static struct rtio_work_req *next(struct rtio_iodev_sqe **s)
{
	k_spinlock_key_t key = k_spin_lock(&rtio_work_lock);
	struct rtio_work_req *req = items;

	*s = rtio_prio_queue_get(&waiting);
	while (req->iodev_sqe != *s) {
		req++;
	}
	req->iodev_sqe = NULL;
	k_spin_unlock(&rtio_work_lock, key);
	return req;
}

static void serve(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (;;) {
		struct rtio_iodev_sqe *s;
		struct rtio_work_req *req;

		(void)k_sem_take(&there, K_FOREVER);
		req = next(&s);
		req->handler(s);
		put(req);
	}
}

/* Start the threads with the first piece. */
static void need_threads(void)
{
	if (likely(atomic32_load_relaxed(&work_runs) != 0) ||
	    atomic32_exchange(&work_runs, 1) != 0) {
		return;
	}
	for (uint32_t i = 0; i < THREADS; i++) {
		if (k_thread_create(&threads[i], stacks[i], CONFIG_RTIO_WORKQ_STACK_SIZE, serve,
				    NULL, NULL, NULL, CONFIG_RTIO_WORKQ_PRIO, 0,
				    K_NO_WAIT) == NULL) {
			port_fatal();
		}
		(void)k_thread_name_set(&threads[i], "rtio work");
	}
}

static void begin_work(struct rtio_work_req *req, struct rtio_iodev_sqe *s)
{
	k_spinlock_key_t key;

	need_threads();
	key = k_spin_lock(&rtio_work_lock);
	req->iodev_sqe = s; /* next() looks at all pieces */
	rtio_prio_queue_put(&waiting, s);
	k_spin_unlock(&rtio_work_lock, key);
	k_sem_give(&there);
}

#else

static void serve(struct k_work *work)
{
	struct rtio_work_req *req = CONTAINER_OF(work, struct rtio_work_req, work);

	req->handler(req->iodev_sqe);
	put(req);
}

static void begin_work(struct rtio_work_req *req, struct rtio_iodev_sqe *s)
{
	req->iodev_sqe = s;
	k_work_init(&req->work, serve);
	(void)k_work_submit(&req->work);
}

#endif

struct rtio_work_req *rtio_work_req_alloc(void)
{
	k_spinlock_key_t key = k_spin_lock(&rtio_work_lock);
	struct rtio_work_req *req = home;

	if (req != NULL) {
		home = req->next;
	} else if (fresh < ITEMS) {
		req = &items[fresh++];
	}
	if (req != NULL) {
		atomic32_store_relaxed(&used, used + 1);
	}
	k_spin_unlock(&rtio_work_lock, key);
	return req;
}

void rtio_work_req_submit(struct rtio_work_req *req, struct rtio_iodev_sqe *iodev_sqe,
			  rtio_work_submit_t handler)
{
	if (req == NULL) {
		return;
	}
	if (iodev_sqe == NULL || handler == NULL) {
		put(req);
		return;
	}
	req->handler = handler;
	begin_work(req, iodev_sqe);
}

uint32_t rtio_work_req_used_count_get(void)
{
	return atomic32_load_relaxed(&used);
}
