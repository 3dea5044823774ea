/* SPDX-License-Identifier: Apache-2.0 */
/** @file The engine's thread at the lanes of a device: what begins, stops, ends, closes. */
#define _GNU_SOURCE

#include "internal.h"

#include <errno.h>

/* Operations begun before other devices have their turn. */
#define TURN 64

/* ---- ends ------------------------------------------------------------------------------------ */

static void add_active(struct rtio_fd_lane *l, struct rtio_fd_op *op)
{
	op->cancel = false;
	op->keeper = NULL;
	op->next = l->active;
	l->active = op;
}

void rtio_lane_remove(struct rtio_fd_lane *l, const struct rtio_fd_op *op)
{
	struct rtio_fd_op **at = &l->active;

	while (*at != NULL && *at != op) {
		at = &(*at)->next;
	}
	if (*at != NULL) {
		*at = op->next;
	}
}

/* An operation leaves its lane. */
static void leave(struct rtio_fd *dev, struct rtio_fd_op *op)
{
	k_spinlock_key_t key = k_spin_lock(&dev->lock);

	dev->lanes[op->lane].running--;
	(void)rtio_engine_kick(dev);
	k_spin_unlock(&dev->lock, key);
}

/* Half of a TXRX has ended; the other one finds how, and answers. */
static void half_ended(struct rtio_fd *dev, struct rtio_fd_op *op, int result)
{
	struct rtio_fd_op *other = op->peer;
	k_spinlock_key_t key = k_spin_lock(&dev->lock);

	rtio_lane_remove(&dev->lanes[op->lane], op);
	other->cancel |= result < 0;
	k_spin_unlock(&dev->lock, key);
	other->result = result;
	other->peer = NULL;
	leave(dev, op);
}

/* The result of a TXRX whose second half, @p op, has ended with @p result. */
static int whole_result(const struct rtio_fd_op *op, int result)
{
	if (op->result < 0 || (result >= 0 && op->lane == LANE_OUT)) {
		return op->result;
	}
	return result;
}

static void connected(struct rtio_fd *dev, struct rtio_fd_op *op, int result)
{
	k_spinlock_key_t key = k_spin_lock(&dev->lock);

	rtio_lane_remove(&dev->lanes[LANE_OUT], op);
	dev->link = result < 0 ? LINK_FAILED : LINK_UP;
	dev->error = result;
	k_spin_unlock(&dev->lock, key);
	leave(dev, op);
}

void rtio_op_end(struct rtio_fd_op *op, int result)
{
	struct rtio_fd *dev = op->dev;
	struct rtio_fd_lane *l = &dev->lanes[op->lane];
	struct rtio_iodev_sqe *s = op->s;
	k_spinlock_key_t key;

	if (op->kind == KIND_CONNECT) {
		connected(dev, op, result);
		return;
	}
	if (op->peer != NULL) {
		half_ended(dev, op, result);
		return;
	}
	if (s->sqe.op == RTIO_OP_TXRX) {
		result = whole_result(op, result);
	}
	key = k_spin_lock(&dev->lock);
	rtio_lane_remove(l, op);
	k_spin_unlock(&dev->lock, key);
	rtio_iodev_sqe_ok(s, result);
	leave(dev, op);
	if (op != &l->op) {
		rtio_engine_op_put(op);
	}
}

/* ---- begins ---------------------------------------------------------------------------------- */

/* An operation for the next request of @p l, if it can begin. Device locked. */
static struct rtio_fd_op *free_op(const struct rtio_fd *dev, struct rtio_fd_lane *l)
{
	const struct rtio_fd_op *at = l->active;
	struct rtio_fd_op *op;

	if (!rtio_fd_has_positions(dev)) {
		return l->running == 0 ? &l->op : NULL;
	}
	op = rtio_engine_op_take();
	if (op != NULL) {
		return op;
	}
	while (at != NULL && at != &l->op) {
		at = at->next;
	}
	return at == NULL ? &l->op : NULL; /* one is always there, so that the device goes on */
}

/* Whether @p a was queued before @p b. */
static bool op_is_before(const struct rtio_iodev_sqe *a, const struct rtio_iodev_sqe *b)
{
	return (int32_t)(a->sqe.iodev_flags - b->sqe.iodev_flags) < 0;
}

/* A TXRX has its place among the reads, too. Device locked. */
static bool waits_for_other_lane(const struct rtio_fd *dev, int lane,
				 const struct rtio_iodev_sqe *s)
{
	const struct rtio_iodev_sqe *other;

	if (dev->txrx == 0) {
		return false;
	}
	if (lane == LANE_OUT) {
		other = dev->lanes[LANE_IN].first;
		return s->sqe.op == RTIO_OP_TXRX && (dev->lanes[LANE_IN].running != 0 ||
						     (other != NULL && op_is_before(other, s)));
	}
	other = dev->lanes[LANE_OUT].first;
	while (other != NULL && other->sqe.op != RTIO_OP_TXRX) {
		other = rtio_lane_behind(other);
	}
	return other != NULL && op_is_before(other, s);
}

/* Whether the head of the queue has to wait for others. Device locked. */
static bool must_wait(const struct rtio_fd *dev, int lane)
{
	const struct rtio_iodev_sqe *s = dev->lanes[lane].first;

	return s == NULL || dev->link == LINK_WANTED || dev->link == LINK_CONNECTING ||
	       waits_for_other_lane(dev, lane, s);
}

/*
 * What begins next in @p lane. @return it; *@p prepared: its submitter has begun it; *@p refused: a
 * request that cannot be done, and @return NULL.
 */
static struct rtio_fd_op *next_op(struct rtio_fd *dev, int lane, bool *prepared,
				  struct rtio_iodev_sqe **refused)
{
	struct rtio_fd_lane *l = &dev->lanes[lane];
	k_spinlock_key_t key = k_spin_lock(&dev->lock);
	struct rtio_fd_op *op = NULL;

	*refused = NULL;
	*prepared = l->handed;
	if (l->handed) {
		l->handed = false;
		op = &l->op;
	} else if (!must_wait(dev, lane)) {
		struct rtio_iodev_sqe *s = l->first;

		if (dev->link == LINK_FAILED) {
			*refused = s;
			(void)rtio_lane_take(dev, l, s);
		} else {
			op = free_op(dev, l);
		}
		if (op != NULL) {
			(void)rtio_lane_take(dev, l, s);
			l->running++;
			op->s = s;
			add_active(l, op);
		}
		if (op != NULL && s->sqe.op == RTIO_OP_TXRX) {
			dev->lanes[LANE_IN].running++;
			dev->lanes[LANE_IN].op.s = s;
			add_active(&dev->lanes[LANE_IN], &dev->lanes[LANE_IN].op);
		}
	}
	k_spin_unlock(&dev->lock, key);
	return op;
}

static void begin_op(struct rtio_fd *dev, struct rtio_fd_op *op, int lane, bool prepared)
{
	const struct rtio_engine_backend *backend = rtio_engine_backend();

	rtio_engine_count(&rtio_engine_stats.handed);
	if (prepared) {
		backend->begin(op);
	} else if (op->s->sqe.op == RTIO_OP_TXRX) {
		struct rtio_fd_op *in = &dev->lanes[LANE_IN].op;

		rtio_op_prepare_half(op, dev, LANE_OUT);
		rtio_op_prepare_half(in, dev, LANE_IN);
		op->peer = in;
		in->peer = op;
		backend->begin(op);
		backend->begin(in);
	} else {
		rtio_op_prepare(op, dev, (uint8_t)lane);
		if (backend->ahead == NULL || !backend->ahead(op)) {
			backend->begin(op);
		}
	}
}

static void begin_connect(struct rtio_fd *dev)
{
	struct rtio_fd_lane *l = &dev->lanes[LANE_OUT];
	struct rtio_fd_op *op = NULL;
	k_spinlock_key_t key = k_spin_lock(&dev->lock);

	if (dev->link == LINK_WANTED && l->running == 0 && dev->closed == NULL) {
		dev->link = LINK_CONNECTING;
		op = &l->op;
		l->running++;
		op->s = NULL;
		op->dev = dev;
		op->kind = KIND_CONNECT;
		op->lane = LANE_OUT;
		op->peer = NULL;
		op->pooled = false;
		op->cancel_sent = false;
		op->in_kernel = false;
		op->wait = 0;
		add_active(l, op);
	}
	k_spin_unlock(&dev->lock, key);
	if (op != NULL) {
		rtio_engine_backend()->begin(op);
	}
}

/* An operation that is to stop and has not been told. */
static struct rtio_fd_op *to_stop(struct rtio_fd *dev)
{
	k_spinlock_key_t key = k_spin_lock(&dev->lock);
	struct rtio_fd_op *found = NULL;

	for (int lane = 0; lane < 2; lane++) {
		struct rtio_fd_lane *l = &dev->lanes[lane];

		for (struct rtio_fd_op *op = l->active; op != NULL && found == NULL;
		     op = op->next) {
			/* cancel_sent is the engine's where there is no keeper. */
			if (op->cancel && op->keeper == NULL && !(l->handed && op == &l->op) &&
			    !op->cancel_sent) {
				found = op;
			}
		}
	}
	k_spin_unlock(&dev->lock, key);
	return found;
}

/* ---- closing --------------------------------------------------------------------------------- */

static void finish_close(struct rtio_fd *dev)
{
	const struct rtio_engine_backend *backend = rtio_engine_backend();
	k_spinlock_key_t key = k_spin_lock(&dev->lock);
	struct k_sem *closed = dev->closed;
	bool idle = dev->lanes[0].running == 0 && dev->lanes[1].running == 0 &&
		    dev->lanes[0].first == NULL && dev->lanes[1].first == NULL;

	k_spin_unlock(&dev->lock, key);
	if (closed == NULL || !idle || (backend->tend != NULL && !backend->tend(dev)) ||
	    rtio_engine_is_kicked(dev)) {
		return;
	}
	backend->forget(dev);
	dev->closed = NULL;
	k_sem_give(closed);
}

void rtio_fd_advance(struct rtio_fd *dev)
{
	const struct rtio_engine_backend *backend = rtio_engine_backend();
	struct rtio_iodev_sqe *refused;
	struct rtio_fd_op *op;
	bool prepared;

	begin_connect(dev);
	for (int lane = LANE_OUT; lane >= LANE_IN; lane--) {
		int turn = 0;

		do {
			op = next_op(dev, lane, &prepared, &refused);
			if (refused != NULL) {
				rtio_iodev_sqe_err(refused, dev->error);
			} else if (op != NULL) {
				begin_op(dev, op, lane, prepared);
			}
		} while ((op != NULL || refused != NULL) && ++turn < TURN);
		if (turn == TURN) {
			k_spinlock_key_t key = k_spin_lock(&dev->lock);

			(void)rtio_engine_kick(dev);
			k_spin_unlock(&dev->lock, key);
		}
	}
	while ((op = to_stop(dev)) != NULL) {
		op->cancel_sent = true;
		rtio_engine_count(&rtio_engine_stats.cancelled);
		backend->cancel(op);
	}
	if (backend->tend != NULL) {
		(void)backend->tend(dev);
	}
	finish_close(dev);
}
