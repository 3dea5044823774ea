/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Delays and deadlines, on the timeouts of the kernel: they expire in interrupt context.
 *
 * A delay is ended by whoever takes its timeout out: by expiry, or by the one who cancels it. The
 * timeout of a deadline may expire while its request ends elsewhere and the entry becomes another
 * one, so what it finds then is asked to stop only if its own deadline has passed. That one is looked at
 * and written with the context locked.
 */
#include "internal.h"

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

/* From now on the deadline of @p s is a moment. Context locked. @return whether it has passed. */
static bool deadline_fix(struct rtio_iodev_sqe *s)
{
	int64_t deadline = own_deadline(s);

	set_deadline(s, deadline);
	return deadline != PORT_FOREVER && deadline <= port_clock_ticks();
}

bool rtio_deadline_passed(struct rtio_iodev_sqe *s)
{
	k_spinlock_key_t key = rtio_lock(s->r);
	bool passed = deadline_fix(s);

	rtio_unlock(s->r, key);
	return passed;
}

static void deadline_expired(struct timeout_node *node)
{
	rtio_expire(CONTAINER_OF(node, struct rtio_iodev_sqe, timeout));
}

bool rtio_deadline_is_over(const struct rtio_iodev_sqe *s)
{
	return (s->sqe.flags & RTIO_SQE_DEADLINE) != 0 && own_deadline(s) <= port_clock_ticks();
}

void rtio_deadline_begin(struct rtio_iodev_sqe *s)
{
	if (s->sqe.op != RTIO_OP_DELAY || s->sqe.iodev != NULL) {
		(void)timeout_q_add(&s->timeout, deadline_expired, own_deadline(s));
	}
}

void rtio_deadline_wait(struct rtio_iodev_sqe *s)
{
	(void)deadline_fix(s);
	(void)timeout_q_add(&s->timeout, deadline_expired, own_deadline(s));
}

bool rtio_timeout_disarm(struct rtio_iodev_sqe *s)
{
	return timeout_q_abort(&s->timeout);
}

void rtio_deadline_end(struct rtio_iodev_sqe *s, struct rtio_iodev_sqe *next)
{
	k_spinlock_key_t key;

	(void)rtio_timeout_disarm(s);
	if (next != NULL) {
		key = rtio_lock(s->r);
		set_deadline(next, MIN(own_deadline(s), own_deadline(next)));
		rtio_unlock(s->r, key);
	}
}

static void delay_over(struct timeout_node *node)
{
	rtio_iodev_sqe_ok(CONTAINER_OF(node, struct rtio_iodev_sqe, timeout), 0);
}

static void delay_too_long(struct timeout_node *node)
{
	rtio_iodev_sqe_err(CONTAINER_OF(node, struct rtio_iodev_sqe, timeout), -ETIMEDOUT);
}

/* One for ever has a timeout as well, which is never due: who cancels it takes it out. */
void rtio_delay_begin(struct rtio_iodev_sqe *s)
{
	int64_t delay = MIN(sys_clock_deadline(s->sqe.delay.timeout), PORT_FOREVER - 1);
	int64_t deadline = own_deadline(s);

	(void)timeout_q_add(&s->timeout, deadline < delay ? delay_too_long : delay_over,
			    MIN(delay, deadline));
	/* A cancel that came before it could be stopped; it lasts for ever then, if it is so long. */
	if (rtio_iodev_sqe_is_canceled(s) && rtio_timeout_disarm(s)) {
		rtio_iodev_sqe_err(s, -ECANCELED);
	}
}
