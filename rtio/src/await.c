/* SPDX-License-Identifier: Apache-2.0 */
/** @file Requests that wait for a signal: two sides, of which the later one goes on. */
#include "internal.h"

/* await.ok */
#define AWAIT_NEITHER 0U /* neither side has come */
#define AWAIT_SIGNALED 1U
#define AWAIT_WAITING 2U /* the callback is there */
#define AWAIT_OVER 3U

/*
 * What becomes of await.ok when both sides have come. If the request starts again, a signal that comes before
 * it waits again is not lost.
 */
static uint32_t both(const struct rtio_iodev_sqe *s)
{
	return (s->sqe.flags & RTIO_SQE_MULTISHOT) != 0 ? AWAIT_NEITHER : AWAIT_OVER;
}

void rtio_iodev_sqe_await_signal(struct rtio_iodev_sqe *iodev_sqe, rtio_signaled_t callback,
				 void *userdata)
{
	struct rtio *r = iodev_sqe->r;
	k_spinlock_key_t key = rtio_lock(r);
	bool signalled = iodev_sqe->sqe.await.ok == AWAIT_SIGNALED;

	iodev_sqe->sqe.await.callback = callback;
	iodev_sqe->sqe.await.userdata = userdata;
	iodev_sqe->sqe.await.ok = signalled ? both(iodev_sqe) : AWAIT_WAITING;
	rtio_unlock(r, key);
	if (signalled) {
		callback(iodev_sqe, userdata);
	}
}

int rtio_await_signalled(struct rtio *r, struct rtio_iodev_sqe *s, k_spinlock_key_t key)
{
	rtio_signaled_t callback = NULL;
	void *userdata = NULL;

	if (s->sqe.await.ok == AWAIT_WAITING) {
		s->sqe.await.ok = both(s);
		callback = s->sqe.await.callback;
		userdata = s->sqe.await.userdata;
	} else if (s->sqe.await.ok == AWAIT_NEITHER) {
		s->sqe.await.ok = AWAIT_SIGNALED;
	}
	rtio_unlock(r, key);
	if (callback != NULL) {
		callback(s, userdata);
	}
	return 0;
}

void rtio_sqe_signal(struct rtio_sqe *sqe)
{
	struct rtio_iodev_sqe *s = iodev_sqe_of(sqe);
	struct rtio *r = s->r;
	k_spinlock_key_t key = rtio_lock(r);

	if ((status_get(s) & STATE_MASK) == STATE_HOME || sqe_over(s) || sqe->op != RTIO_OP_AWAIT) {
		rtio_unlock(r, key);
		return;
	}
	(void)rtio_await_signalled(r, s, key);
}

bool rtio_await_stop(struct rtio_iodev_sqe *s)
{
	struct rtio *r = s->r;
	k_spinlock_key_t key = rtio_lock(r);
	bool waiting = s->sqe.await.ok == AWAIT_WAITING;

	if (waiting) {
		s->sqe.await.ok = AWAIT_OVER;
	}
	rtio_unlock(r, key);
	return waiting;
}

static void go_on(struct rtio_iodev_sqe *s, void *userdata)
{
	ARG_UNUSED(userdata);
	s->sqe.await.callback = z_rtio_await_begin; /* with which it starts again, if it does */
	rtio_iodev_sqe_ok(s, 0);
}

void z_rtio_await_begin(struct rtio_iodev_sqe *s, void *userdata)
{
	ARG_UNUSED(userdata);
	rtio_iodev_sqe_await_signal(s, go_on, NULL);
	/* A cancel that came before it could be stopped. */
	if (rtio_iodev_sqe_is_canceled(s) && rtio_await_stop(s)) {
		rtio_iodev_sqe_err(s, -ECANCELED);
	}
}
