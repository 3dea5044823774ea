/* SPDX-License-Identifier: Apache-2.0 */
/** @file Timers. */
#include <zephyr/kernel.h>

void k_timer_init(struct k_timer *timer, k_timer_expiry_t expiry_fn, k_timer_stop_t stop_fn)
{
	*timer = (struct k_timer)Z_TIMER_INITIALIZER(*timer, expiry_fn, stop_fn);
}

/* @return @p deadline and @p ticks, which is before PORT_FOREVER. */
static int64_t later(int64_t deadline, int64_t ticks)
{
	return ticks < PORT_FOREVER - 1 - deadline ? deadline + ticks : PORT_FOREVER - 1;
}

static void expired(struct timeout_node *node)
{
	struct k_timer *timer = CONTAINER_OF(node, struct k_timer, timeout);
	k_spinlock_key_t key = k_spin_lock(&timer->lock);
	k_timer_expiry_t expiry_fn = timer->expiry_fn;
	struct k_thread *woken = NULL;
	struct waiter *w;

	/* Stopped, or started anew, since the timeout was taken out. */
	if (!timer->active || timeout_q_pending(node, NULL)) {
		k_spin_unlock(&timer->lock, key);
		return;
	}
	timer->status++;
	timer->active = timer->period > 0;
	if (timer->active) {
		(void)timeout_q_add(node, expired, later(node->deadline, timer->period));
	}
	w = wait_q_take(&timer->waiters);
	if (w != NULL) {
		woken = waiter_finish(w, 0);
	}
	k_spin_unlock(&timer->lock, key);

	if (expiry_fn != NULL) {
		expiry_fn(timer);
	}
	if (woken != NULL) {
		waiter_wake(woken);
	}
}

void k_timer_start(struct k_timer *timer, k_timeout_t duration, k_timeout_t period)
{
	int64_t deadline = sys_clock_deadline(duration);
	int64_t now = port_clock_ticks();
	k_spinlock_key_t key;

	__ASSERT(period.ticks >= K_TICKS_FOREVER, "a period is not absolute");
	if (K_TIMEOUT_EQ(duration, K_FOREVER)) {
		return;
	}
	deadline = CLAMP(deadline, now, PORT_FOREVER - 1);
	key = k_spin_lock(&timer->lock);
	timer->period = MAX(period.ticks, 0);
	timer->status = 0;
	timer->active = true;
	(void)timeout_q_add(&timer->timeout, expired, deadline);
	k_spin_unlock(&timer->lock, key);
}

void k_timer_stop(struct k_timer *timer)
{
	k_spinlock_key_t key = k_spin_lock(&timer->lock);
	bool was_active = timer->active;
	struct waiter *waiters;

	timer->active = false;
	(void)timeout_q_abort(&timer->timeout);
	waiters = wait_q_finish_all(&timer->waiters, 0);
	k_spin_unlock(&timer->lock, key);
	if (was_active && timer->stop_fn != NULL) {
		timer->stop_fn(timer);
	}
	wait_q_wake_chain(waiters);
}

/* Read the status, and begin a new count. Locked on entry, not on return. */
static uint32_t status_take(struct k_timer *timer, k_spinlock_key_t key)
{
	uint32_t status = timer->status;

	timer->status = 0;
	k_spin_unlock(&timer->lock, key);
	return status;
}

uint32_t k_timer_status_get(struct k_timer *timer)
{
	return status_take(timer, k_spin_lock(&timer->lock));
}

uint32_t k_timer_status_sync(struct k_timer *timer)
{
	bool may_wait = wait_allowed(K_FOREVER);
	k_spinlock_key_t key = k_spin_lock(&timer->lock);

	if (timer->status == 0 && timer->active && may_wait) {
		struct waiter w;

		waiter_init(&w, NULL);
		(void)wait_q_wait(&timer->waiters, &w, &timer->lock, key, PORT_FOREVER);
		key = k_spin_lock(&timer->lock);
	}
	return status_take(timer, key);
}

k_ticks_t k_timer_expires_ticks(const struct k_timer *timer)
{
	int64_t deadline;

	return timeout_q_pending(&timer->timeout, &deadline) ? deadline : port_clock_ticks();
}

k_ticks_t k_timer_remaining_ticks(const struct k_timer *timer)
{
	int64_t left = k_timer_expires_ticks(timer) - port_clock_ticks();

	return MAX(left, 0);
}

uint32_t k_timer_remaining_get(struct k_timer *timer)
{
	uint64_t ms = k_ticks_to_ms_floor64((uint64_t)k_timer_remaining_ticks(timer));

	return (uint32_t)MIN(ms, UINT32_MAX);
}
