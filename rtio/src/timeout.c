/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Delays and deadlines: requests in a pairing heap by when they are due, of all contexts, and the
 * thread that serves them. Entering and leaving cost O(log n), amortised.
 *
 * A delay is ended by whoever takes it out of the heap, so it stays what it is until then. A deadline is
 * taken out when its request ends; if it comes first, it goes on by handle.
 */
#include "internal.h"

static struct k_spinlock lock; /* guards the heap */
static struct rtio_iodev_sqe *root;
static uint32_t order;
static uint32_t running; /* 1 once the thread has been started */

static K_THREAD_STACK_DEFINE(stack, 4096);
static struct k_thread thread;
static K_SEM_DEFINE(changed, 0, 1);

/* ---- the heap -------------------------------------------------------------------------------- */

static bool is_before(const struct rtio_iodev_sqe *a, const struct rtio_iodev_sqe *b)
{
	if (a->timer.deadline != b->timer.deadline) {
		return a->timer.deadline < b->timer.deadline;
	}
	return (int32_t)(a->timer.order - b->timer.order) < 0;
}

/* Make one heap of two; each is a root without siblings, or NULL. */
static struct rtio_iodev_sqe *meld(struct rtio_iodev_sqe *a, struct rtio_iodev_sqe *b)
{
	if (a == NULL || b == NULL) {
		return a != NULL ? a : b;
	}
	if (is_before(b, a)) {
		struct rtio_iodev_sqe *swap = a;

		a = b;
		b = swap;
	}
	b->timer.sibling = a->timer.child;
	if (a->timer.child != NULL) {
		a->timer.child->timer.prev = b;
	}
	b->timer.prev = a;
	a->timer.child = b;
	return a;
}

/* Make one heap of a list of siblings: in pairs from the left, then all from the right. */
static struct rtio_iodev_sqe *meld_all(struct rtio_iodev_sqe *first)
{
	struct rtio_iodev_sqe *pairs = NULL;
	struct rtio_iodev_sqe *all = NULL;

	while (first != NULL) {
		struct rtio_iodev_sqe *a = first;
		struct rtio_iodev_sqe *b = a->timer.sibling;

		first = b != NULL ? b->timer.sibling : NULL;
		a->timer.sibling = NULL;
		if (b != NULL) {
			b->timer.sibling = NULL;
		}
		a = meld(a, b);
		a->timer.sibling = pairs;
		pairs = a;
	}
	while (pairs != NULL) {
		struct rtio_iodev_sqe *next = pairs->timer.sibling;

		pairs->timer.sibling = NULL;
		all = meld(all, pairs);
		pairs = next;
	}
	return all;
}

static void heap_remove(struct rtio_iodev_sqe *s)
{
	struct rtio_iodev_sqe *below = meld_all(s->timer.child);

	if (s == root) {
		root = below;
	} else {
		if (s->timer.prev->timer.child == s) {
			s->timer.prev->timer.child = s->timer.sibling;
		} else {
			s->timer.prev->timer.sibling = s->timer.sibling;
		}
		if (s->timer.sibling != NULL) {
			s->timer.sibling->timer.prev = s->timer.prev;
		}
		root = meld(root, below);
	}
	s->timer.armed = false;
}

/* ---- the thread ------------------------------------------------------------------------------ */

/* @p s is due, and out of the heap; @p handle names it. */
static void expire(struct rtio *r, struct rtio_iodev_sqe *s, bool delay, rtio_sqe_handle_t handle)
{
	if (delay) {
		rtio_iodev_sqe_ok(s, s->timer.late ? -ETIMEDOUT : 0);
	} else {
		rtio_expire(r, handle);
	}
}

static void serve(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (;;) {
		k_spinlock_key_t key = k_spin_lock(&lock);
		struct rtio_iodev_sqe *s = root;
		int64_t next = s != NULL ? s->timer.deadline : PORT_FOREVER;

		if (next <= port_clock_ticks()) {
			struct rtio *r = s->r;
			bool delay = s->timer.delay;
			rtio_sqe_handle_t handle = s->timer.handle;

			heap_remove(s);
			k_spin_unlock(&lock, key);
			expire(r, s, delay, handle);
			continue;
		}
		k_spin_unlock(&lock, key);
		(void)k_sem_take(&changed,
				 next == PORT_FOREVER ? K_FOREVER : K_TIMEOUT_ABS_TICKS(next));
	}
}

/* Start the thread with the first timeout. */
static void need_thread(void)
{
	if (likely(atomic32_load_relaxed(&running) != 0) || atomic32_exchange(&running, 1) != 0) {
		return;
	}
	if (k_thread_create(&thread, stack, sizeof(stack), serve, NULL, NULL, NULL,
			    K_HIGHEST_THREAD_PRIO, 0, K_NO_WAIT) == NULL) {
		port_fatal();
	}
	(void)k_thread_name_set(&thread, "rtio timeouts");
}

static void arm(struct rtio_iodev_sqe *s, int64_t deadline, bool delay)
{
	k_spinlock_key_t key;
	bool first;

	if (deadline == PORT_FOREVER) {
		return;
	}
	need_thread();
	key = k_spin_lock(&lock);
	s->timer.deadline = deadline;
	s->timer.delay = delay;
	s->timer.order = order++;
	s->timer.child = NULL;
	s->timer.sibling = NULL;
	s->timer.armed = true;
	root = meld(root, s);
	first = root == s;
	k_spin_unlock(&lock, key);
	if (first) {
		k_sem_give(&changed);
	}
}

bool rtio_timeout_disarm(struct rtio_iodev_sqe *s)
{
	k_spinlock_key_t key = k_spin_lock(&lock);
	bool armed = s->timer.armed;

	if (armed) {
		heap_remove(s);
	}
	k_spin_unlock(&lock, key);
	return armed;
}

/* ---- what it is for -------------------------------------------------------------------------- */

static int64_t own_deadline(const struct rtio_iodev_sqe *s)
{
	return (s->sqe.flags & RTIO_SQE_DEADLINE) != 0 ? sys_clock_deadline(s->sqe.deadline)
						       : PORT_FOREVER;
}

static void set_deadline(struct rtio_iodev_sqe *s, int64_t deadline)
{
	if (deadline != PORT_FOREVER) {
		rtio_sqe_set_deadline(&s->sqe, K_TIMEOUT_ABS_TICKS(deadline));
	}
}

bool rtio_deadline_passed(struct rtio_iodev_sqe *s)
{
	int64_t deadline = own_deadline(s);

	/* From now on it is a moment. */
	set_deadline(s, deadline);
	return deadline != PORT_FOREVER && deadline <= port_clock_ticks();
}

void rtio_deadline_begin(struct rtio_iodev_sqe *s)
{
	if (s->sqe.op != RTIO_OP_DELAY || s->sqe.iodev != NULL) {
		s->timer.handle = rtio_sqe_handle(&s->sqe);
		arm(s, own_deadline(s), false);
	}
}

void rtio_deadline_end(struct rtio_iodev_sqe *s, struct rtio_iodev_sqe *next)
{
	(void)rtio_timeout_disarm(s);
	if (next != NULL) {
		set_deadline(next, MIN(own_deadline(s), own_deadline(next)));
	}
}

void rtio_delay_begin(struct rtio_iodev_sqe *s)
{
	int64_t delay = sys_clock_deadline(s->sqe.delay.timeout);
	int64_t deadline = own_deadline(s);

	s->timer.late = deadline < delay;
	arm(s, MIN(delay, deadline), true);
	/* A cancel that came before it could be stopped. */
	if (rtio_iodev_sqe_is_canceled(s) && rtio_timeout_disarm(s)) {
		rtio_iodev_sqe_err(s, -ECANCELED);
	}
}
