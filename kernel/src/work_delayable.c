/* SPDX-License-Identifier: Apache-2.0 */
/** @file Work that is submitted after a delay. */
#include "work.h"

void k_work_init_delayable(struct k_work_delayable *dwork, k_work_handler_t handler)
{
	*dwork = (struct k_work_delayable)Z_WORK_DELAYABLE_INITIALIZER(handler);
}

k_ticks_t k_work_delayable_expires_get(const struct k_work_delayable *dwork)
{
	int64_t deadline;

	return timeout_q_pending(&dwork->timeout, &deadline) ? deadline : port_clock_ticks();
}

k_ticks_t k_work_delayable_remaining_get(const struct k_work_delayable *dwork)
{
	int64_t left = k_work_delayable_expires_get(dwork) - port_clock_ticks();

	return MAX(left, 0);
}

static void delay_ended(struct timeout_node *node)
{
	struct k_work_delayable *dwork = CONTAINER_OF(node, struct k_work_delayable, timeout);
	k_spinlock_key_t key = k_spin_lock(&work_lock);
	struct waiter *woken = NULL;

	/* Unless the delay was ended, or began anew, since the timeout was taken out. */
	if ((dwork->work.flags & K_WORK_DELAYED) != 0 && !timeout_q_pending(node, NULL)) {
		dwork->work.flags &= ~(uint32_t)K_WORK_DELAYED;
		(void)work_submit(dwork->queue, &dwork->work, &woken);
	}
	work_unlock(key, woken);
}

/* End the delay of @p dwork. Locked. @return whether it was delayed. */
static bool unschedule(struct k_work_delayable *dwork)
{
	bool delayed = (dwork->work.flags & K_WORK_DELAYED) != 0;

	if (delayed) {
		dwork->work.flags &= ~(uint32_t)K_WORK_DELAYED;
		(void)timeout_q_abort(&dwork->timeout);
	}
	return delayed;
}

/* Begin a delay of @p dwork, which is not delayed. Locked. */
static int schedule(struct k_work_q *queue, struct k_work_delayable *dwork, k_timeout_t delay,
		    struct waiter **woken)
{
	if (K_TIMEOUT_EQ(delay, K_NO_WAIT)) {
		return work_submit(queue, &dwork->work, woken);
	}
	if ((queue == NULL && dwork->work.queue == NULL) || dwork->work.handler == NULL) {
		return -EINVAL;
	}
	dwork->queue = queue;
	dwork->work.flags |= K_WORK_DELAYED;
	(void)timeout_q_add(&dwork->timeout, delay_ended, sys_clock_deadline(delay));
	return 1;
}

int k_work_schedule_for_queue(struct k_work_q *queue, struct k_work_delayable *dwork,
			      k_timeout_t delay)
{
	k_spinlock_key_t key = k_spin_lock(&work_lock);
	struct waiter *woken = NULL;
	int ret = 0;

	if ((dwork->work.flags & (K_WORK_DELAYED | K_WORK_QUEUED | K_WORK_CANCELING)) == 0) {
		ret = schedule(queue, dwork, delay, &woken);
	}
	work_unlock(key, woken);
	return ret;
}

int k_work_reschedule_for_queue(struct k_work_q *queue, struct k_work_delayable *dwork,
				k_timeout_t delay)
{
	k_spinlock_key_t key = k_spin_lock(&work_lock);
	struct waiter *woken = NULL;
	int ret;

	(void)unschedule(dwork);
	ret = schedule(queue, dwork, delay, &woken);
	work_unlock(key, woken);
	return ret;
}

bool k_work_flush_delayable(struct k_work_delayable *dwork, struct k_work_sync *sync)
{
	struct waiter *woken = NULL;
	k_spinlock_key_t key;

	if (!wait_allowed(K_FOREVER)) {
		return k_work_delayable_is_pending(dwork);
	}
	key = k_spin_lock(&work_lock);
	if (unschedule(dwork)) {
		(void)work_submit(dwork->queue, &dwork->work, &woken);
	}
	return work_flush(&dwork->work, sync, key, woken);
}

int k_work_cancel_delayable(struct k_work_delayable *dwork)
{
	k_spinlock_key_t key = k_spin_lock(&work_lock);
	struct waiter *woken = NULL;
	uint32_t busy;

	(void)unschedule(dwork);
	busy = work_cancel(&dwork->work, &woken);
	work_unlock(key, woken);
	return (int)busy;
}

bool k_work_cancel_delayable_sync(struct k_work_delayable *dwork, struct k_work_sync *sync)
{
	bool may_wait = wait_allowed(K_FOREVER);
	k_spinlock_key_t key = k_spin_lock(&work_lock);
	bool was_busy = (dwork->work.flags & K_WORK_MASK) != 0;
	struct waiter *woken = NULL;

	(void)unschedule(dwork);
	(void)work_cancel(&dwork->work, &woken);
	if (may_wait) {
		work_cancel_wait(&dwork->work, sync, key, woken);
		/* The end of a delay that came too late may still be looking at it. */
		timeout_q_wait(&dwork->timeout);
	} else {
		work_unlock(key, woken);
	}
	return was_busy;
}
