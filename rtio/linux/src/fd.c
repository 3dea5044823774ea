/* SPDX-License-Identifier: Apache-2.0 */
/** @file Requests to devices: submitted, tried at once or queued, cancelled. */
#define _GNU_SOURCE

#include "internal.h"

#include <errno.h>

/* ---- requests come --------------------------------------------------------------------------- */

static void append_op(struct rtio_fd *dev, struct rtio_fd_lane *l, struct rtio_iodev_sqe *s)
{
	if (!rtio_fd_has_positions(dev)) {
		s->sqe.iodev_flags = ++dev->order;
	}
	dev->txrx += s->sqe.op == RTIO_OP_TXRX ? 1 : 0;
	s->q.next = NULL;
	if (l->first == NULL) {
		l->first = s;
	} else {
		l->last->q.next = &s->q;
	}
	l->last = s;
}

struct rtio_iodev_sqe *rtio_lane_behind(const struct rtio_iodev_sqe *s)
{
	struct mpsc_node *node = s->q.next;

	return node != NULL ? CONTAINER_OF(node, struct rtio_iodev_sqe, q) : NULL;
}

static void prepend(struct rtio_fd_lane *l, struct rtio_iodev_sqe *s)
{
	s->q.next = l->first != NULL ? &l->first->q : NULL;
	if (l->first == NULL) {
		l->last = s;
	}
	l->first = s;
}

static void wake_if(bool needed)
{
	if (needed) {
		rtio_engine_wake();
	}
}

void rtio_lane_leave(struct rtio_fd *dev, struct rtio_fd_lane *l)
{
	k_spinlock_key_t key = k_spin_lock(&dev->lock);
	bool wake = false;

	l->running--;
	atomic32_store_relaxed(&dev->at_once, dev->at_once + 1);
	if (unlikely(l->first != NULL || dev->closed != NULL || dev->txrx != 0 ||
		     dev->link != LINK_UP)) {
		wake = rtio_engine_kick(dev);
	}
	k_spin_unlock(&dev->lock, key);
	wake_if(wake);
}

/*
 * @p op, tried by its submitter, has to wait: @p keeper, which is that, or the engine if it is NULL, goes
 * on.   @return whether it ended instead.
 */
static bool hand_over(struct rtio_fd *dev, struct rtio_fd_lane *l, struct rtio_fd_op *op,
		      bool never, struct rtio_keeper *keeper)
{
	struct rtio_iodev_sqe *s = op->s;
	k_spinlock_key_t key = k_spin_lock(&dev->lock);
	bool wake = false;
	bool over = rtio_iodev_sqe_is_canceled(s);

	dev->no_try[op->lane] |= never;
	if (over) {
		/* The cancel found it nowhere. */
	} else if (op != &l->op) {
		l->running--; /* it begins anew */
		prepend(l, s);
		wake = rtio_engine_kick(dev);
	} else {
		op->cancel = false;
		op->next = l->active;
		l->active = op;
		op->keeper = keeper;
		if (keeper != NULL) {
			rtio_keep(keeper, op);
		} else {
			l->handed = true;
			wake = rtio_engine_kick(dev);
		}
	}
	k_spin_unlock(&dev->lock, key);
	wake_if(wake);
	return over;
}

/* So many in a row that had to wait, and the next is taken to do so as well; after so many it is tried. */
#define WAITED    2
#define TRY_AGAIN 64

static void try_at_once(struct rtio_fd *dev, struct rtio_fd_lane *l, struct rtio_iodev_sqe *s,
			uint8_t lane)
{
	struct rtio_fd_op own;
	struct rtio_fd_op *op = rtio_fd_has_positions(dev) ? &own : &l->op;
	struct rtio_keeper *keeper;
	int result;
	int res;

	op->s = s;
	rtio_op_prepare(op, dev, lane);
	result = op->pooled ? rtio_op_block_get(op) : 0;
	while (result == 0) {
		keeper = op == &own || l->waited < WAITED ? NULL : rtio_keeper_for(s);
		/* Where the last ones had to wait, this one is begun like that; tried now and then. */
		res = keeper != NULL ? -EAGAIN : rtio_op_attempt(op, false);
		if (op != &own) {
			l->waited = res == -EAGAIN ? (uint8_t)(l->waited + 1) % TRY_AGAIN : 0;
		}
		if (res == -EAGAIN || (res == -EOPNOTSUPP && !rtio_fd_is_socket(dev))) {
			if (op->pooled && (op == &own || !rtio_engine_backend()->ahead)) {
				rtio_op_block_put(op);
			}
			if (keeper == NULL && res == -EAGAIN && op != &own) {
				keeper = rtio_keeper_for(s);
			}
			if (!hand_over(dev, l, op, res != -EAGAIN, keeper)) {
				return;
			}
			result = -ECANCELED;
			break;
		}
		if (rtio_op_took(op, res, &result)) {
			break;
		}
		result = 0;
	}
	rtio_iodev_sqe_ok(s, result);
	rtio_lane_leave(dev, l);
}

/* Whether @p s, which has just come, can be tried here. Device locked. */
static bool can_try(const struct rtio_fd *dev, const struct rtio_fd_lane *l,
		    const struct rtio_iodev_sqe *s, int lane)
{
	return l->first == NULL && !dev->no_try[lane] && dev->link == LINK_UP &&
	       dev->group == NULL && (l->running == 0 || rtio_fd_has_positions(dev)) &&
	       s->sqe.op != RTIO_OP_TXRX && !rtio_sqe_is_multishot(s) && rtio_engine_tries() &&
	       dev->txrx == 0;
}

static void fd_submit(struct rtio_iodev_sqe *s)
{
	struct rtio_fd *dev = rtio_fd_of(s);
	struct rtio_fd_lane *l;
	k_spinlock_key_t key;
	int result = -EBADF;
	bool wake;
	int lane;

	if (unlikely(rtio_engine_forked())) {
		rtio_iodev_sqe_err(s, -ECHILD);
		return;
	}
	if (s->sqe.op == RTIO_OP_NOP && rtio_txn_next(s) == NULL) {
		rtio_iodev_sqe_ok(s, 0);
		return;
	}
	lane = rtio_op_check(dev, s);
	if (unlikely(lane < 0)) {
		rtio_iodev_sqe_err(s, lane);
		return;
	}
	l = &dev->lanes[lane];
	key = k_spin_lock(&dev->lock);
	if (unlikely(!dev->open || rtio_iodev_sqe_is_canceled(s))) {
		result = dev->open || dev->closed != NULL ? -ECANCELED : -EBADF;
		k_spin_unlock(&dev->lock, key);
		rtio_iodev_sqe_err(s, result);
		return;
	}
	if (can_try(dev, l, s, lane)) {
		l->running++;
		k_spin_unlock(&dev->lock, key);
		try_at_once(dev, l, s, (uint8_t)lane);
		return;
	}
	append_op(dev, l, s);
	wake = rtio_engine_kick(dev);
	k_spin_unlock(&dev->lock, key);
	wake_if(wake);
}

bool rtio_lane_take(struct rtio_fd *dev, struct rtio_fd_lane *l, struct rtio_iodev_sqe *s)
{
	struct rtio_iodev_sqe *before = NULL;
	struct rtio_iodev_sqe *at = l->first;

	while (at != NULL && at != s) {
		before = at;
		at = rtio_lane_behind(at);
	}
	if (at == NULL) {
		return false;
	}
	if (before == NULL) {
		l->first = rtio_lane_behind(s);
	} else {
		before->q.next = s->q.next;
	}
	if (l->last == s) {
		l->last = before;
	}
	dev->txrx -= s->sqe.op == RTIO_OP_TXRX ? 1 : 0;
	return true;
}

static void fd_cancel(struct rtio_iodev_sqe *s)
{
	struct rtio_fd *dev = rtio_fd_of(s);
	k_spinlock_key_t key;
	struct rtio_keeper *keeper = NULL;
	bool found = false;
	bool wake = false;

	if (rtio_engine_forked()) {
		return;
	}
	key = k_spin_lock(&dev->lock);
	for (int lane = 0; lane < 2 && !found; lane++) {
		struct rtio_fd_lane *l = &dev->lanes[lane];

		found = rtio_lane_take(dev, l, s);
		if (found && s->sqe.op == RTIO_OP_TXRX) {
			wake = rtio_engine_kick(dev); /* reads may have waited for it */
		}
		for (struct rtio_fd_op *op = l->active; op != NULL && !found; op = op->next) {
			if (op->s == s) {
				op->cancel = true;
				keeper = op->keeper;
				wake = (keeper == NULL && rtio_engine_kick(dev)) || wake;
			}
		}
	}
	k_spin_unlock(&dev->lock, key);
	wake_if(wake);
	rtio_keeper_wake(keeper);
	if (found) {
		rtio_iodev_sqe_err(s, -ECANCELED);
	}
}

const struct rtio_iodev_api rtio_fd_api = {.submit = fd_submit, .cancel = fd_cancel};
