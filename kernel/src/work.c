/* SPDX-License-Identifier: Apache-2.0 */
/** @file Work items: submitting, flushing, canceling. */
#include "work.h"

struct k_spinlock work_lock;

void k_work_init(struct k_work *work, k_work_handler_t handler)
{
	*work = (struct k_work)Z_WORK_INITIALIZER(handler);
}

int k_work_busy_get(const struct k_work *work)
{
	k_spinlock_key_t key = k_spin_lock(&work_lock);
	uint32_t busy = work->flags & K_WORK_MASK;

	k_spin_unlock(&work_lock, key);
	return (int)busy;
}

/* ---- submitting ----------------------------------------------------------------------------- */

/* @return 0, or why @p queue does not take an item from the caller. */
static int refusal(const struct k_work_q *queue)
{
	bool draining = (queue->flags & K_WORK_QUEUE_DRAIN) != 0;
	bool busy = (queue->flags & K_WORK_QUEUE_BUSY) != 0;

	if ((queue->flags & K_WORK_QUEUE_STARTED) == 0) {
		return -ENODEV;
	}
	if (draining) {
		/* What its handlers submit is part of what is to be drained. */
		return busy && work_queue_is_mine(queue) ? 0 : -EBUSY;
	}
	return (queue->flags & K_WORK_QUEUE_PLUGGED) != 0 ? -EBUSY : 0;
}

int work_submit(struct k_work_q *queue, struct k_work *work, struct waiter **woken)
{
	bool is_running = (work->flags & K_WORK_RUNNING) != 0;
	struct waiter *server;
	int ret;

	if ((work->flags & K_WORK_CANCELING) != 0) {
		return -EBUSY;
	}
	if ((work->flags & K_WORK_QUEUED) != 0) {
		return 0;
	}
	/* While it runs elsewhere it must not run here. */
	if (queue == NULL || is_running) {
		queue = work->queue;
	}
	if (queue == NULL || work->handler == NULL) {
		return -EINVAL;
	}
	ret = refusal(queue);
	if (ret != 0) {
		return ret;
	}
	work->queue = queue;
	work->flags |= K_WORK_QUEUED;
	sys_dlist_append(&queue->pending, &work->node);
	server = wait_q_take(&queue->idle);
	if (server != NULL) {
		(void)waiter_finish(server, 0);
		woken_add(woken, server);
	}
	return is_running ? 2 : 1;
}

int k_work_submit_to_queue(struct k_work_q *queue, struct k_work *work)
{
	k_spinlock_key_t key = k_spin_lock(&work_lock);
	struct waiter *woken = NULL;
	int ret = work_submit(queue, work, &woken);

	work_unlock(key, woken);
	return ret;
}

/* ---- those who wait ------------------------------------------------------------------------- */

enum event {
	RAN,      /* a run has ended */
	DEQUEUED, /* the queued one will not come */
};

#ifdef CONFIG_MULTITHREADING

/* Who waits for an item; `data` is its struct k_work_sync. */
static struct wait_q syncs;

/* @return whether @p sync has nothing to wait for any more. */
static bool is_over(struct k_work_sync *sync, enum event event)
{
	uint32_t runs_now = (sync->work->flags & K_WORK_RUNNING) != 0 ? 1 : 0;

	if (sync->runs == 0) {
		return (sync->work->flags & K_WORK_CANCELING) == 0;
	}
	sync->runs = event == RAN ? sync->runs - 1 : MIN(sync->runs, runs_now);
	return sync->runs == 0;
}

/* Tell those who wait for @p work; Cost: O(all who wait for any item). */
static void syncs_tell(struct k_work *work, enum event event, struct waiter **woken)
{
	bool flushing = false;
	struct waiter *next;

	for (struct waiter *w = syncs.first; w != NULL; w = next) {
		struct k_work_sync *sync = w->data;

		next = w->next;
		if (sync->work != work) {
			continue;
		}
		if (is_over(sync, event)) {
			wait_q_remove(&syncs, w);
			(void)waiter_finish(w, 0);
			woken_add(woken, w);
		} else if (sync->runs != 0) {
			flushing = true;
		}
	}
	if (!flushing) {
		work->flags &= ~(uint32_t)K_WORK_FLUSHING;
	}
}

/* Wait until that has happened which @p sync says. Locked on entry, not on return. */
static void sync_wait(struct k_work_sync *sync, k_spinlock_key_t key, struct waiter *woken)
{
	struct waiter w;

	/* Its server has to be woken first, so this waits in two steps. */
	waiter_init(&w, sync);
	waiter_kind(&w, WAIT_FOR_ROOM);
	wait_q_add(&syncs, &w);
	work_unlock(key, woken);
	if (!waiter_park(&w, PORT_FOREVER)) {
		bool cancelled;

		/* The thread is being aborted. */
		key = k_spin_lock(&work_lock);
		cancelled = waiter_cancel(&syncs, &w);
		k_spin_unlock(&work_lock, key);
		if (cancelled) {
			thread_abort_point();
		}
		(void)waiter_park(&w, PORT_FOREVER);
	}
}

#else /* who waits serves the queue itself */

static void syncs_tell(struct k_work *work, enum event event, struct waiter **woken)
{
	ARG_UNUSED(work);
	ARG_UNUSED(event);
	ARG_UNUSED(woken);
}

static void sync_wait(struct k_work_sync *sync, k_spinlock_key_t key, struct waiter *woken)
{
	ARG_UNUSED(sync);
	work_unlock(key, woken);
}

#endif

void work_ran(struct k_work *work, struct waiter **woken)
{
	work->flags &= ~(uint32_t)(K_WORK_RUNNING | K_WORK_CANCELING);
	syncs_tell(work, RAN, woken);
}

/* ---- flushing ------------------------------------------------------------------------------- */

/* Serve the queue of @p work, which is the caller's, until the queued one has run. */
static void serve_until_ran(struct k_work *work, k_spinlock_key_t *key)
{
	struct k_work *ran;

	do {
		ran = (work->flags & K_WORK_QUEUED) != 0 ? work_queue_run_one(work->queue, key)
							 : NULL;
	} while (ran != NULL && ran != work);
}

bool work_flush(struct k_work *work, struct k_work_sync *sync, k_spinlock_key_t key,
		struct waiter *woken)
{
	bool is_running = (work->flags & K_WORK_RUNNING) != 0;
	bool is_queued = (work->flags & K_WORK_QUEUED) != 0;

	if (!is_running && !is_queued) {
		work_unlock(key, woken);
		return false;
	}
	if (work_queue_is_mine(work->queue)) {
		if (is_running) {
			work_unlock(key, woken);
			__ASSERT(false, "a handler cannot wait for its own end");
			return true;
		}
		serve_until_ran(work, &key);
		work_unlock(key, woken);
		return true;
	}
	sync->work = work;
	sync->runs = is_running && is_queued ? 2 : 1;
	work->flags |= K_WORK_FLUSHING;
	sync_wait(sync, key, woken);
	return true;
}

bool k_work_flush(struct k_work *work, struct k_work_sync *sync)
{
	if (!wait_allowed(K_FOREVER)) {
		return k_work_is_pending(work);
	}
	return work_flush(work, sync, k_spin_lock(&work_lock), NULL);
}

/* ---- canceling ------------------------------------------------------------------------------ */

uint32_t work_cancel(struct k_work *work, struct waiter **woken)
{
	if ((work->flags & K_WORK_QUEUED) != 0) {
		sys_dlist_remove(&work->node);
		work->flags &= ~(uint32_t)K_WORK_QUEUED;
		syncs_tell(work, DEQUEUED, woken);
	}
	if ((work->flags & K_WORK_RUNNING) != 0) {
		work->flags |= K_WORK_CANCELING;
	}
	return work->flags & K_WORK_MASK;
}

int k_work_cancel(struct k_work *work)
{
	k_spinlock_key_t key = k_spin_lock(&work_lock);
	struct waiter *woken = NULL;
	uint32_t busy = work_cancel(work, &woken);

	work_unlock(key, woken);
	return (int)busy;
}

void work_cancel_wait(struct k_work *work, struct k_work_sync *sync, k_spinlock_key_t key,
		      struct waiter *woken)
{
	if ((work->flags & K_WORK_CANCELING) == 0) {
		work_unlock(key, woken);
		return;
	}
	if (work_queue_is_mine(work->queue)) {
		work_unlock(key, woken);
		__ASSERT(false, "a handler cannot wait for its own end");
		return;
	}
	sync->work = work;
	sync->runs = 0;
	sync_wait(sync, key, woken);
}

bool k_work_cancel_sync(struct k_work *work, struct k_work_sync *sync)
{
	bool may_wait = wait_allowed(K_FOREVER);
	k_spinlock_key_t key = k_spin_lock(&work_lock);
	bool was_busy = (work->flags & K_WORK_MASK) != 0;
	struct waiter *woken = NULL;

	(void)work_cancel(work, &woken);
	if (may_wait) {
		work_cancel_wait(work, sync, key, woken);
	} else {
		work_unlock(key, woken);
	}
	return was_busy;
}
