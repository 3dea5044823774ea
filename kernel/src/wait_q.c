/* SPDX-License-Identifier: Apache-2.0 */
/** @file Wait queues. */
#include <zephyr/kernel.h>
#include <kernel/wait_q.h>

#include <errno.h>

void waiter_init(struct waiter *w, void *data)
{
	*w = (struct waiter){.thread = k_current_get(), .data = data};
}

void wait_q_add(struct wait_q *q, struct waiter *w)
{
	w->next = NULL;
	w->prev = q->last;
	if (q->last != NULL) {
		q->last->next = w;
	} else {
		q->first = w;
	}
	q->last = w;
}

void wait_q_remove(struct wait_q *q, struct waiter *w)
{
	if (w->prev != NULL) {
		w->prev->next = w->next;
	} else {
		q->first = w->next;
	}
	if (w->next != NULL) {
		w->next->prev = w->prev;
	} else {
		q->last = w->prev;
	}
}

struct waiter *wait_q_peek(const struct wait_q *q)
{
	struct waiter *best = q->first;

	if (best == NULL || best->next == NULL) {
		return best;
	}
	/* Priorities are looked at now, not when the wait began: they may have changed since. */
	for (struct waiter *w = best->next; w != NULL; w = w->next) {
		if (k_thread_priority_get(w->thread) < k_thread_priority_get(best->thread)) {
			best = w;
		}
	}
	return best;
}

struct waiter *wait_q_take(struct wait_q *q)
{
	struct waiter *w = wait_q_peek(q);

	if (w != NULL) {
		wait_q_remove(q, w);
	}
	return w;
}

struct k_thread *waiter_finish(struct waiter *w, int result)
{
	struct k_thread *thread = w->thread;

	w->result = result;
	/* Release: pairs with the acquire in waiter_park(), for a token that was not this one. */
	atomic32_store_release(&w->taken, 1);
	return thread;
}

void waiter_wake(struct k_thread *thread)
{
	port_unpark(&thread->parker);
}

bool waiter_claim(struct waiter *w)
{
	/* Acquire and release: what the winner wrote before is seen by who finds the claim made. */
	return atomic32_exchange(&w->taken, 1) == 0;
}

#ifdef CONFIG_MULTITHREADING

/* Whether the thread of @p w ends in this wait. */
static bool ends_at(const struct waiter *w)
{
	return thread_ends_at(w->thread, w->kind);
}

/* Tell thread_abort_point() of it. */
static void ends_here(const struct waiter *w)
{
	w->thread->ends_here = true;
}

static void wait_begins(const struct waiter *w)
{
	w->thread->ends_here = false;
	/* Relaxed, both: others look what the thread seems to do. */
	atomic32_store_relaxed(&w->thread->waits_for, w->kind + 1);
}

static void wait_ends(const struct waiter *w)
{
	atomic32_store_relaxed(&w->thread->waits_for, 0);
}

#else

static bool ends_at(const struct waiter *w)
{
	ARG_UNUSED(w);
	return false;
}

static void ends_here(const struct waiter *w)
{
	ARG_UNUSED(w);
}

static void wait_begins(const struct waiter *w)
{
	ARG_UNUSED(w);
}

static void wait_ends(const struct waiter *w)
{
	ARG_UNUSED(w);
}

#endif

/*
 * Take what is left of the tokens of a wait that is over: the waker's, and those that come with being
 * asked to end, which may come before or after it.
 */
static void settle_waiter(struct waiter *w, bool token)
{
	while (thread_abort_token_due(w->thread)) {
		if (token) {
			token = false; /* one of the two; the other is on its way */
		} else {
			(void)port_park(&w->thread->parker, PORT_FOREVER);
		}
	}
	if (!token) {
		(void)port_park(&w->thread->parker, PORT_FOREVER);
	}
}

static bool park_until(struct waiter *w, int64_t deadline)
{
	/* The token may have come together with another wait's answer, and be gone by now. */
	bool aborted = ends_at(w);

	while (!aborted || atomic32_load_acquire(&w->taken) != 0) {
		bool token = port_park(&w->thread->parker, deadline);

		/* Acquire: pairs with the release in waiter_finish() and waiter_claim(). */
		if (atomic32_load_acquire(&w->taken) != 0) {
			settle_waiter(w, token);
			return true;
		}
		if (!token) {
			return false;
		}
		if (thread_abort_token_due(w->thread)) {
			aborted = ends_at(w);
		}
	}
	ends_here(w);
	return false;
}

bool waiter_park(struct waiter *w, int64_t deadline)
{
	bool woken;

	wait_begins(w);
	woken = park_until(w, deadline);
	wait_ends(w);
	return woken;
}

#ifdef CONFIG_PORT_POSIX

static int park_in_until(struct waiter *w, struct port_sleep *sleep, int64_t deadline)
{
	bool aborted = ends_at(w);
	int token = aborted ? 0 : port_park_in(&w->thread->parker, sleep, deadline);

	/* Acquire: pairs with the release in waiter_finish(). */
	if (atomic32_load_acquire(&w->taken) != 0) {
		settle_waiter(w, token == 1);
		return 1;
	}
	if (token == 1) {
		(void)thread_abort_token_due(w->thread);
		aborted = ends_at(w);
		token = 0;
	}
	if (aborted) {
		ends_here(w);
	}
	return token;
}

int waiter_park_in(struct waiter *w, struct port_sleep *sleep, int64_t deadline)
{
	int ret;

	wait_begins(w);
	ret = park_in_until(w, sleep, deadline);
	wait_ends(w);
	return ret;
}

#endif

bool waiter_cancel(struct wait_q *q, struct waiter *w)
{
	if (atomic32_load_relaxed(&w->taken) != 0) {
		return false;
	}
	wait_q_remove(q, w);
	return true;
}

int wait_q_wait(struct wait_q *q, struct waiter *w, struct k_spinlock *lock, k_spinlock_key_t key,
		int64_t deadline)
{
	wait_q_add(q, w);
	k_spin_unlock(lock, key);

	if (!waiter_park(w, deadline)) {
		bool cancelled;

		key = k_spin_lock(lock);
		cancelled = waiter_cancel(q, w);
		k_spin_unlock(lock, key);
		if (cancelled) {
			thread_abort_point();
			return -EAGAIN;
		}
		(void)waiter_park(w, PORT_FOREVER);
	}
	return w->result;
}

bool wait_q_wake_first(struct wait_q *q, int result, struct k_spinlock *lock, k_spinlock_key_t key)
{
	struct waiter *w = wait_q_take(q);
	struct k_thread *thread = w != NULL ? waiter_finish(w, result) : NULL;

	k_spin_unlock(lock, key);
	if (thread != NULL) {
		waiter_wake(thread);
	}
	return thread != NULL;
}

struct waiter *wait_q_finish_all(struct wait_q *q, int result)
{
	struct waiter *first = q->first;

	*q = (struct wait_q){NULL, NULL};
	for (struct waiter *w = first; w != NULL; w = w->next) {
		(void)waiter_finish(w, result);
	}
	return first;
}

void wait_q_wake_chain(struct waiter *first)
{
	/* Each waiter stays where it is until its thread has taken the token. */
	while (first != NULL) {
		struct k_thread *thread = first->thread;

		first = first->next;
		waiter_wake(thread);
	}
}

void wait_q_wake_all(struct wait_q *q, int result, struct k_spinlock *lock, k_spinlock_key_t key)
{
	struct waiter *first = wait_q_finish_all(q, result);

	k_spin_unlock(lock, key);
	wait_q_wake_chain(first);
}

bool wait_allowed(k_timeout_t timeout)
{
	if (K_TIMEOUT_EQ(timeout, K_NO_WAIT)) {
		return false;
	}
	if (port_in_isr()) {
		__ASSERT(false, "a call in an ISR must use K_NO_WAIT");
		return false;
	}
	return true;
}
