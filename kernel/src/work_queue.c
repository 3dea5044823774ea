/* SPDX-License-Identifier: Apache-2.0 */
/** @file Work queues: who serves them, draining, stopping. */
#include "work.h"

#include <kernel/work_queue.h>

void k_work_queue_init(struct k_work_q *queue)
{
	*queue = (struct k_work_q){.flags = 0};
}

bool work_queue_is_mine(const struct k_work_q *queue)
{
	return !port_in_isr() && queue->thread_id == k_current_get();
}

/* Have @p queue take items, served by @p thread. @return false if it does already. */
static bool queue_begin(struct k_work_q *queue, k_tid_t thread,
			const struct k_work_queue_config *cfg)
{
	k_spinlock_key_t key = k_spin_lock(&work_lock);
	bool fresh = (queue->flags & K_WORK_QUEUE_STARTED) == 0;

	if (fresh) {
		sys_dlist_init(&queue->pending);
		queue->thread_id = thread;
		queue->flags = K_WORK_QUEUE_STARTED;
		if (cfg != NULL && cfg->no_yield) {
			queue->flags |= K_WORK_QUEUE_NO_YIELD;
		}
		if (cfg != NULL && cfg->essential) {
			queue->flags |= K_WORK_QUEUE_ESSENTIAL;
		}
	}
	k_spin_unlock(&work_lock, key);
	return fresh;
}

/* ---- running items -------------------------------------------------------------------------- */

/* The first item that does not run: one that does is there when a handler serves its own queue. */
static struct k_work *first_to_run(struct k_work_q *queue)
{
	struct k_work *work;

	SYS_DLIST_FOR_EACH_CONTAINER(&queue->pending, work, node) {
		if ((work->flags & K_WORK_RUNNING) == 0) {
			return work;
		}
	}
	return NULL;
}

struct k_work *work_queue_run_one(struct k_work_q *queue, k_spinlock_key_t *key)
{
	struct k_work *work = first_to_run(queue);
	uint32_t was_busy = queue->flags & K_WORK_QUEUE_BUSY;
	struct waiter *woken = NULL;
	k_work_handler_t handler;

	if (work == NULL) {
		return NULL;
	}
	sys_dlist_remove(&work->node);
	work->flags &= ~(uint32_t)K_WORK_QUEUED;
	work->flags |= K_WORK_RUNNING;
	queue->flags |= K_WORK_QUEUE_BUSY;
	handler = work->handler;
	k_spin_unlock(&work_lock, *key);

	handler(work);

	*key = k_spin_lock(&work_lock);
	work_ran(work, &woken);
	if (was_busy == 0) {
		queue->flags &= ~(uint32_t)K_WORK_QUEUE_BUSY;
	}
	if (woken != NULL) {
		work_unlock(*key, woken);
		*key = k_spin_lock(&work_lock);
	}
	if (IS_ENABLED(CONFIG_PORT_SCHED_FIFO) && (queue->flags & K_WORK_QUEUE_NO_YIELD) == 0) {
		k_spin_unlock(&work_lock, *key);
		k_yield();
		*key = k_spin_lock(&work_lock);
	}
	return work;
}

/* Nothing is in @p queue: tell those who drain it. Locked. */
static k_spinlock_key_t drained(struct k_work_q *queue, k_spinlock_key_t key)
{
	struct waiter *woken = wait_q_finish_all(&queue->drains, 0);

	queue->flags &= ~(uint32_t)K_WORK_QUEUE_DRAIN;
	work_unlock(key, woken);
	return k_spin_lock(&work_lock);
}

/* Wait for something to do. Locked on entry, not on return. @return 0, -EAGAIN after @p deadline. */
static int wait_for_work(struct k_work_q *queue, int64_t deadline, k_spinlock_key_t key)
{
	struct waiter w;

	waiter_init(&w, NULL);
	return wait_q_wait(&queue->idle, &w, &work_lock, key, deadline);
}

static void serve_items(struct k_work_q *queue)
{
	k_spinlock_key_t key = k_spin_lock(&work_lock);
	struct waiter *woken;

	for (;;) {
		if (work_queue_run_one(queue, &key) != NULL) {
			continue;
		}
		if ((queue->flags & K_WORK_QUEUE_DRAIN) != 0) {
			key = drained(queue, key);
		} else if ((queue->flags & K_WORK_QUEUE_STOP) != 0) {
			break;
		} else {
			(void)wait_for_work(queue, PORT_FOREVER, key);
			key = k_spin_lock(&work_lock);
		}
	}
	queue->flags = 0;
	queue->thread_id = NULL;
	woken = wait_q_finish_all(&queue->drains, 0);
	work_unlock(key, woken);
}

/* Wake who serves @p queue. Locked on entry, not on return. */
static void notify(struct k_work_q *queue, k_spinlock_key_t key)
{
	(void)wait_q_wake_first(&queue->idle, 0, &work_lock, key);
}

/* ---- with threads --------------------------------------------------------------------------- */

#ifdef CONFIG_MULTITHREADING

static void queue_main(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	serve_items(p1);
}

void k_work_queue_start(struct k_work_q *queue, k_thread_stack_t *stack, size_t stack_size,
			int prio, const struct k_work_queue_config *cfg)
{
	bool fresh = queue_begin(queue, &queue->thread, cfg);

	__ASSERT(fresh, "the queue has been started before");
	if (!fresh) {
		return;
	}
	if (k_thread_create(&queue->thread, stack, stack_size, queue_main, queue, NULL, NULL, prio,
			    0, K_FOREVER) == NULL) {
		k_work_queue_init(queue);
		return;
	}
	if (cfg != NULL && cfg->name != NULL) {
		(void)k_thread_name_set(&queue->thread, cfg->name);
	}
	k_thread_start(&queue->thread);
}

void k_work_queue_run(struct k_work_q *queue, const struct k_work_queue_config *cfg)
{
	bool fresh = queue_begin(queue, k_current_get(), cfg);

	__ASSERT(fresh, "somebody serves the queue already");
	if (fresh) {
		serve_items(queue);
	}
}

int work_queue_process(struct k_work_q *queue, k_timeout_t timeout)
{
	k_spinlock_key_t key = k_spin_lock(&work_lock);
	bool started = (queue->flags & K_WORK_QUEUE_STARTED) != 0;

	ARG_UNUSED(timeout);
	k_spin_unlock(&work_lock, key);
	return started ? -EALREADY : -ENODEV;
}

int k_work_queue_drain(struct k_work_q *queue, bool plug)
{
	k_spinlock_key_t key;
	struct waiter w;

	if (!wait_allowed(K_FOREVER)) {
		return -EBUSY;
	}
	key = k_spin_lock(&work_lock);
	if ((queue->flags & K_WORK_QUEUE_STARTED) == 0) {
		k_spin_unlock(&work_lock, key);
		return -ENODEV;
	}
	if (work_queue_is_mine(queue)) {
		k_spin_unlock(&work_lock, key);
		__ASSERT(false, "a handler cannot wait for its own queue");
		return -EDEADLK;
	}
	if (!plug && (queue->flags & (K_WORK_QUEUE_BUSY | K_WORK_QUEUE_DRAIN)) == 0 &&
	    sys_dlist_is_empty(&queue->pending)) {
		k_spin_unlock(&work_lock, key);
		return 0;
	}
	queue->flags |= K_WORK_QUEUE_DRAIN | (plug ? K_WORK_QUEUE_PLUGGED : 0);
	notify(queue, key);
	key = k_spin_lock(&work_lock);
	if ((queue->flags & K_WORK_QUEUE_DRAIN) == 0) {
		k_spin_unlock(&work_lock, key);
		return 1;
	}
	waiter_init(&w, NULL);
	waiter_kind(&w, WAIT_FOR_ROOM);
	(void)wait_q_wait(&queue->drains, &w, &work_lock, key, PORT_FOREVER);
	return 1;
}

/* Wait until who serves @p queue has seen that it is to stop. */
static int stop_wait(struct k_work_q *queue, int64_t deadline)
{
	k_spinlock_key_t key = k_spin_lock(&work_lock);
	int ret = 0;

	while ((queue->flags & K_WORK_QUEUE_STOP) != 0 && ret == 0) {
		struct waiter w;

		waiter_init(&w, NULL);
		waiter_kind(&w, WAIT_FOR_ROOM);
		ret = wait_q_wait(&queue->drains, &w, &work_lock, key, deadline);
		key = k_spin_lock(&work_lock);
	}
	if ((queue->flags & K_WORK_QUEUE_STOP) != 0) {
		queue->flags &= ~(uint32_t)K_WORK_QUEUE_STOP;
		ret = -ETIMEDOUT;
	} else {
		ret = 0;
	}
	k_spin_unlock(&work_lock, key);
	return ret;
}

/* @return 0, or why @p queue cannot be stopped. Locked. */
static int stop_refusal(const struct k_work_q *queue)
{
	if ((queue->flags & K_WORK_QUEUE_STARTED) == 0) {
		return -EALREADY;
	}
	if ((queue->flags & K_WORK_QUEUE_ESSENTIAL) != 0) {
		return -ENOTSUP;
	}
	if ((queue->flags & K_WORK_QUEUE_PLUGGED) == 0) {
		return -EBUSY;
	}
	return work_queue_is_mine(queue) ? -EDEADLK : 0;
}

int k_work_queue_stop(struct k_work_q *queue, k_timeout_t timeout)
{
	int64_t deadline = sys_clock_deadline(timeout);
	k_spinlock_key_t key = k_spin_lock(&work_lock);
	bool own_thread = queue->thread_id == &queue->thread;
	int ret = stop_refusal(queue);

	if (ret != 0) {
		k_spin_unlock(&work_lock, key);
		return ret;
	}
	queue->flags |= K_WORK_QUEUE_STOP;
	notify(queue, key);
	ret = stop_wait(queue, deadline);
	if (ret == 0 && own_thread) {
		/* It has left the queue, and is about to end. */
		(void)k_thread_join(&queue->thread, K_FOREVER);
	}
	return ret;
}

#else /* one thread, which serves the queue when it says so */

void k_work_queue_start(struct k_work_q *queue, k_thread_stack_t *stack, size_t stack_size,
			int prio, const struct k_work_queue_config *cfg)
{
	bool fresh = queue_begin(queue, k_current_get(), cfg);

	ARG_UNUSED(stack);
	ARG_UNUSED(stack_size);
	ARG_UNUSED(prio);
	__ASSERT(fresh, "the queue has been started before");
	ARG_UNUSED(fresh);
}

void k_work_queue_run(struct k_work_q *queue, const struct k_work_queue_config *cfg)
{
	(void)queue_begin(queue, k_current_get(), cfg);
	serve_items(queue);
}

/* @return 0, or why the caller cannot serve @p queue. Locked. */
static int serve_refusal(const struct k_work_q *queue)
{
	if ((queue->flags & K_WORK_QUEUE_STARTED) == 0) {
		return -ENODEV;
	}
	return (queue->flags & K_WORK_QUEUE_BUSY) != 0 ? -EDEADLK : 0;
}

int work_queue_process(struct k_work_q *queue, k_timeout_t timeout)
{
	k_spinlock_key_t key;
	int count = 0;
	size_t there;
	int ret;

	if (port_in_isr()) {
		return -EBUSY;
	}
	key = k_spin_lock(&work_lock);
	ret = serve_refusal(queue);
	if (ret != 0) {
		k_spin_unlock(&work_lock, key);
		return ret;
	}
	if (sys_dlist_is_empty(&queue->pending) && !K_TIMEOUT_EQ(timeout, K_NO_WAIT)) {
		(void)wait_for_work(queue, sys_clock_deadline(timeout), key);
		key = k_spin_lock(&work_lock);
	}
	there = sys_dlist_len(&queue->pending);
	while (there-- > 0 && work_queue_run_one(queue, &key) != NULL) {
		count++;
	}
	k_spin_unlock(&work_lock, key);
	return count;
}

int k_work_queue_drain(struct k_work_q *queue, bool plug)
{
	bool waited = plug;
	k_spinlock_key_t key;
	int ret;

	if (!wait_allowed(K_FOREVER)) {
		return -EBUSY;
	}
	key = k_spin_lock(&work_lock);
	ret = serve_refusal(queue);
	if (ret != 0) {
		k_spin_unlock(&work_lock, key);
		__ASSERT(ret != -EDEADLK, "a handler cannot wait for its own queue");
		return ret;
	}
	queue->flags |= K_WORK_QUEUE_DRAIN | (plug ? K_WORK_QUEUE_PLUGGED : 0);
	while (work_queue_run_one(queue, &key) != NULL) {
		waited = true;
	}
	key = drained(queue, key);
	k_spin_unlock(&work_lock, key);
	return waited ? 1 : 0;
}

int k_work_queue_stop(struct k_work_q *queue, k_timeout_t timeout)
{
	k_spinlock_key_t key = k_spin_lock(&work_lock);
	int ret = 0;

	ARG_UNUSED(timeout);
	if ((queue->flags & K_WORK_QUEUE_STARTED) == 0) {
		ret = -EALREADY;
	} else if ((queue->flags & K_WORK_QUEUE_ESSENTIAL) != 0) {
		ret = -ENOTSUP;
	} else if ((queue->flags & K_WORK_QUEUE_PLUGGED) == 0) {
		ret = -EBUSY;
	} else if ((queue->flags & K_WORK_QUEUE_BUSY) != 0) {
		ret = -EDEADLK;
	} else if (wait_q_empty(&queue->idle)) {
		queue->flags = 0;
		queue->thread_id = NULL;
	} else {
		/* An ISR stops k_work_queue_run(), which goes on when that has returned. */
		queue->flags |= K_WORK_QUEUE_STOP;
		notify(queue, key);
		return 0;
	}
	k_spin_unlock(&work_lock, key);
	return ret;
}

#endif /* CONFIG_MULTITHREADING */

int k_work_queue_unplug(struct k_work_q *queue)
{
	k_spinlock_key_t key = k_spin_lock(&work_lock);
	bool was_plugged = (queue->flags & K_WORK_QUEUE_PLUGGED) != 0;

	queue->flags &= ~(uint32_t)K_WORK_QUEUE_PLUGGED;
	k_spin_unlock(&work_lock, key);
	return was_plugged ? 0 : -EALREADY;
}
