/* SPDX-License-Identifier: Apache-2.0 */
/** @file Cancelling. */
#include "internal.h"

/* The request named by @p handle. Context locked. @return it, NULL if it is over. */
static struct rtio_iodev_sqe *find_handle(struct rtio *r, rtio_sqe_handle_t handle)
{
	uint32_t index = (uint32_t)handle - 1; /* of 0, out of reach */
	uint32_t generation = (uint32_t)(handle >> 32);
	struct rtio_iodev_sqe *s;

	if (index >= r->sqe_fresh) {
		return NULL;
	}
	s = &r->sqes[index];
	return s->generation == generation ? s : NULL; /* it goes up when the request ends */
}

void rtio_stop(struct rtio_iodev_sqe *s)
{
	const struct rtio_iodev *iodev = s->sqe.iodev;
	const struct rtio_executor *exec = s->r->executor;

	if (iodev != NULL) {
		if (exec != NULL && exec->stop != NULL && exec->stop(s)) {
			return;
		}
		if (iodev->api->cancel != NULL) {
			iodev->api->cancel(s);
		}
	} else if (s->sqe.op == RTIO_OP_AWAIT && rtio_await_stop(s)) {
		rtio_iodev_sqe_err(s, -ECANCELED);
#ifdef CONFIG_RTIO_DEADLINE
	} else if (s->sqe.op == RTIO_OP_DELAY && rtio_timeout_disarm(s)) {
		rtio_iodev_sqe_err(s, -ECANCELED);
#endif
	}
}

/* Ask @p s to end. Context locked on entry, not on return. @return as rtio_cancel(). */
static int ask(struct rtio *r, struct rtio_iodev_sqe *s, uint32_t mark, k_spinlock_key_t key)
{
	uint32_t status = status_get(s);
	bool active;
	bool pending;

	if ((status & (MARK_MEMBER | mark)) == MARK_MEMBER) {
		status_set(s, status | mark);
		s = &r->sqes[s->result];
		status = status_get(s) & ~mark;
	}
	active = (status & STATE_MASK) == STATE_ACTIVE;
	if ((status & (mark | MARK_DONE)) == MARK_DONE && sqe_goes_on(s)) {
		status_set(s, status | mark); /* which whoever finishes it sees */
		rtio_unlock(r, key);
		return 0;
	}
	if ((status & (mark | MARK_DONE)) != 0) {
		rtio_unlock(r, key);
		return (status & MARK_DONE) != 0 ? -ENOENT : -EALREADY;
	}
	status_set(s, (status | mark) + (active ? HOLD : 0));
	pending = (status & (STATE_MASK | MARK_PENDING)) == (STATE_LINKED | MARK_PENDING);
	if (pending) {
		r->executor->ops->take_out(r, s);
	}
	rtio_unlock(r, key);
	if (pending) {
		rtio_run_removed(r, s);
	} else if (active) {
		rtio_stop(s);
		rtio_executor_let_go(s);
	}
	return 0;
}

int rtio_cancel(struct rtio *r, rtio_sqe_handle_t handle)
{
	k_spinlock_key_t key = rtio_lock(r);
	struct rtio_iodev_sqe *s = find_handle(r, handle);

	if (s == NULL) {
		rtio_unlock(r, key);
		return -ENOENT;
	}
	return ask(r, s, MARK_ASKED, key);
}

uint32_t rtio_cancel_those(struct rtio *r, rtio_choice_t choice, const void *by)
{
	uint32_t asked = 0;

	for (uint32_t i = 0; i < r->sq_size; i++) {
		struct rtio_iodev_sqe *s = &r->sqes[i];
		k_spinlock_key_t key = rtio_lock(r);

		if (i < r->sqe_fresh && (status_get(s) & STATE_MASK) != STATE_HOME &&
		    choice(s, by)) {
			asked += ask(r, s, MARK_ASKED, key) == 0 ? 1 : 0;
		} else {
			rtio_unlock(r, key);
		}
	}
	return asked;
}

static bool is_copied(const struct rtio_iodev_sqe *s)
{
	const struct rtio_sqe_list *copied = &s->r->copied;
	const struct rtio_iodev_sqe *at = copied->first;

	while (at != NULL && at != s) {
		at = at != copied->last ? at->next : NULL;
	}
	return at != NULL;
}

/* What somebody is preparing says nothing yet, or what the entry was before. */
static bool is_through(const struct rtio_iodev_sqe *s, const void *iodev)
{
	return iodev == NULL || (((status_get(s) & STATE_MASK) != STATE_TAKEN || is_copied(s)) &&
				 s->sqe.iodev == iodev);
}

uint32_t rtio_cancel_all(struct rtio *r, const struct rtio_iodev *iodev)
{
	return rtio_cancel_those(r, is_through, iodev);
}

int rtio_sqe_cancel(struct rtio_sqe *sqe)
{
	struct rtio_iodev_sqe *s = iodev_sqe_of(sqe);
	struct rtio *r = s->r;
	k_spinlock_key_t key = rtio_lock(r);
	uint32_t state = status_get(s) & STATE_MASK;

	if (state == STATE_HOME) {
		rtio_unlock(r, key);
	} else {
		(void)ask(r, s, state == STATE_TAKEN ? MARK_WITHDRAWN : MARK_ASKED, key);
	}
	return 0;
}

int rtio_signal(struct rtio *r, rtio_sqe_handle_t handle)
{
	k_spinlock_key_t key = rtio_lock(r);
	struct rtio_iodev_sqe *s = find_handle(r, handle);
	bool awaits = s != NULL && s->sqe.op == RTIO_OP_AWAIT;

	if (s == NULL || !awaits || sqe_over(s)) {
		rtio_unlock(r, key);
		return s == NULL || awaits ? -ENOENT : -EINVAL;
	}
	return rtio_await_signalled(r, s, key);
}

#ifdef CONFIG_RTIO_DEADLINE
void rtio_expire(struct rtio_iodev_sqe *s)
{
	struct rtio *r = s->r;
	k_spinlock_key_t key = rtio_lock(r);
	uint32_t status = status_get(s);
	/* What is linked behind another one says -ECANCELED, or looks itself when it starts. */
	bool counts = (status & STATE_MASK) == STATE_ACTIVE ||
		      (status & (STATE_MASK | MARK_PENDING)) == (STATE_LINKED | MARK_PENDING);

	if (counts && rtio_deadline_is_over(s)) {
		(void)ask(r, s, MARK_LATE, key);
	} else {
		rtio_unlock(r, key);
	}
}
#endif
