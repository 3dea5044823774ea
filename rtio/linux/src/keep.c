/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Submitters that wait in the kernel. Who submits a read that has to wait, and waits for it in the same call
 * of rtio_submit(), keeps it: begins it in a ring of its own, in which it sleeps, so that one system call
 * does what otherwise took the engine's thread, two wake-ups and as many changes of threads.
 *
 * A thread keeps one operation at most, that of the last request that it submits before it waits, or of the one
 * that follows in the chain of that. What else may end the wait (ends of other requests, a deadline, an abort
 * of the thread) does so through the thread's parker, as always, which wakes it by a descriptor that the
 * ring watches; a cancel and a close do so by that descriptor alone. A thread that does not wait any more
 * hands what it still keeps to the engine.
 */
#define _GNU_SOURCE

#include "uring.h"

#include <zephyr/rtio/waiting.h>

#include <errno.h>
#include <poll.h>
#include <pthread.h>

#include <port/port.h>

#define KEEPERS CONFIG_RTIO_LINUX_KEEPERS
#define KEPT_ENTRIES 8

struct rtio_keeper {
	struct port_sleep sleep; /* its descriptor wakes the thread */
	struct io_uring ring;
	struct rtio_fd_op *op;             /* what it keeps; NULL: nothing */
	const struct rtio_iodev_sqe *last; /* as in waiting.h */
	bool used;                         /* by a thread; guarded by keepers_lock */
	bool watches;                      /* the ring watches the descriptor */
	bool issued;                       /* the ring has the operation */
};

static struct k_spinlock keepers_lock;
static struct rtio_keeper keepers[KEEPERS];
static pthread_key_t keeper_key; /* for when a thread ends */
static pthread_once_t keeper_key_made = PTHREAD_ONCE_INIT;
static bool keeper_key_works;

/* The calling thread's. */
static PORT_THREAD_LOCAL struct rtio_keeper *my_keeper;
static PORT_THREAD_LOCAL bool no_keeper; /* there is none for it */

/* ---- keepers --------------------------------------------------------------------------------- */

static void keeper_give_back(struct rtio_keeper *k)
{
	k_spinlock_key_t key = k_spin_lock(&keepers_lock);

	k->used = false;
	k_spin_unlock(&keepers_lock, key);
}

static void keeper_thread_ends(void *arg)
{
	struct rtio_keeper *k = arg;

	my_keeper = NULL;
	no_keeper = true;
	if (!rtio_engine_forked()) {
		io_uring_queue_exit(&k->ring);
	}
	/* The descriptor stays: somebody may be about to write to it. */
	keeper_give_back(k);
}

static void keeper_make_key(void)
{
	keeper_key_works = pthread_key_create(&keeper_key, keeper_thread_ends) == 0;
}

static struct rtio_keeper *keeper_take(void)
{
	k_spinlock_key_t key = k_spin_lock(&keepers_lock);
	struct rtio_keeper *k = NULL;

	for (int i = 0; i < KEEPERS && k == NULL; i++) {
		if (!keepers[i].used) {
			k = &keepers[i];
			k->used = true;
		}
	}
	k_spin_unlock(&keepers_lock, key);
	return k;
}

static void keeper_sleep(struct port_sleep *sleep, int64_t deadline);

/* Make the calling thread one. @return whether that could be done. */
static bool keeper_set_up(struct rtio_keeper *k)
{
	if (k->sleep.sleep == NULL) {
		int fd = port_event_open();

		if (fd < 0) {
			return false;
		}
		k->sleep.fd = fd;
		k->sleep.sleep = keeper_sleep;
	}
	if (rtio_ring_set_up(&k->ring, KEPT_ENTRIES) != 0) {
		return false;
	}
	if (pthread_setspecific(keeper_key, k) != 0) {
		io_uring_queue_exit(&k->ring);
		return false;
	}
	k->op = NULL;
	k->watches = false;
	k->issued = false;
	return true;
}

static __attribute__((noinline)) struct rtio_keeper *keeper_new(void)
{
	struct rtio_keeper *k;

	(void)pthread_once(&keeper_key_made, keeper_make_key);
	no_keeper = true; /* it is not tried again */
	if (!keeper_key_works) {
		return NULL;
	}
	k = keeper_take();
	if (k == NULL) {
		return NULL;
	}
	if (!keeper_set_up(k)) {
		keeper_give_back(k);
		return NULL;
	}
	no_keeper = false;
	my_keeper = k;
	return k;
}

/* Whether nothing comes behind @p s but what is linked to it. */
static bool is_last(const struct rtio_iodev_sqe *s)
{
	while (s != NULL && s != z_rtio_submitter.last) {
		s = s->next;
	}
	return s != NULL;
}

struct rtio_keeper *rtio_keeper_for(const struct rtio_iodev_sqe *s)
{
	struct rtio_keeper *k = my_keeper;

	if (z_rtio_submitter.last == NULL || no_keeper || !is_last(s) || port_in_isr() ||
	    rtio_engine_is_me() || rtio_engine_backend()->kind != RTIO_ENGINE_URING) {
		return NULL;
	}
	if (unlikely(k == NULL)) {
		k = keeper_new();
	}
	return k != NULL && k->op == NULL ? k : NULL;
}

void rtio_keeper_wake(struct rtio_keeper *keeper)
{
	if (keeper != NULL) {
		port_event_set(keeper->sleep.fd, true);
	}
}

/* ---- what is kept ---------------------------------------------------------------------------- */

/* Whether it is to stop. */
static bool is_asked_to_stop(struct rtio_keeper *k)
{
	struct rtio_fd *dev = k->op->dev;
	k_spinlock_key_t key = k_spin_lock(&dev->lock);
	bool stop = k->op->cancel;

	k_spin_unlock(&dev->lock, key);
	return stop;
}

/* It has ended. What follows in its chain may be kept then. */
static void end_kept(struct rtio_keeper *k, int result)
{
	struct rtio_fd_op *op = k->op;
	struct rtio_fd *dev = op->dev;
	struct rtio_fd_lane *l = &dev->lanes[op->lane];
	struct rtio_iodev_sqe *s = op->s;
	k_spinlock_key_t key = k_spin_lock(&dev->lock);

	rtio_lane_remove(l, op);
	op->keeper = NULL;
	k_spin_unlock(&dev->lock, key);
	k->op = NULL;
	z_rtio_submitter.last = k->last;
	rtio_iodev_sqe_ok(s, result);
	z_rtio_submitter.last = NULL;
	z_rtio_submitter.wait = NULL; /* this is that wait */
	rtio_lane_leave(dev, l);
}

/* The engine goes on with it; it is not in the ring. */
static void hand_to_engine(struct rtio_keeper *k)
{
	struct rtio_fd_op *op = k->op;
	struct rtio_fd *dev = op->dev;
	k_spinlock_key_t key = k_spin_lock(&dev->lock);
	bool wake;

	k->op = NULL;
	op->keeper = NULL;
	op->cancel_sent = false;
	dev->lanes[op->lane].handed = true;
	wake = rtio_engine_kick(dev);
	k_spin_unlock(&dev->lock, key);
	if (wake) {
		rtio_engine_wake();
	}
}

/* The kernel has done with it, which came to @p res. */
static void kept_came(struct rtio_keeper *k, int res)
{
	struct rtio_fd_op *op = k->op;
	int result;

	k->issued = false;
	op->in_kernel = false;
	if (res == -EAGAIN || (res == -ECANCELED && !op->cancel_sent)) {
		hand_to_engine(k); /* it knows how to wait for what does not block */
	} else if (rtio_op_took(op, res, &result)) {
		end_kept(k, result);
	} else if (is_asked_to_stop(k)) {
		end_kept(k, -ECANCELED);
	}
}

/* Look at what has come. */
static void look_at_kept(struct rtio_keeper *k)
{
	struct io_uring_cqe *cqe;

	while (io_uring_peek_cqe(&k->ring, &cqe) == 0) {
		uint64_t data = cqe->user_data;
		int res = cqe->res;

		io_uring_cqe_seen(&k->ring, cqe);
		if ((data & TAG_MASK) == TAG_WAKE) {
			k->watches = false;
			port_event_set(k->sleep.fd, false);
		} else if ((data & TAG_MASK) == TAG_OP) {
			kept_came(k, res);
		}
	}
}

static void stop_kept(struct rtio_keeper *k)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&k->ring);

	/* There is always room: at most the operation, the watch and this. */
	io_uring_prep_cancel64(sqe, (uintptr_t)k->op | TAG_OP, 0);
	rtio_ring_tag(sqe, NULL, TAG_NONE);
	k->op->cancel_sent = true;
}

static bool keeper_work(struct port_sleep *sleep)
{
	struct rtio_keeper *k = CONTAINER_OF(sleep, struct rtio_keeper, sleep);

	look_at_kept(k);
	if (k->op != NULL && !k->op->cancel_sent && is_asked_to_stop(k)) {
		if (k->issued) {
			stop_kept(k);
		} else {
			end_kept(k, -ECANCELED);
		}
	}
	return k->op != NULL;
}

/* Put into the ring what is not there. */
static void fill_ring(struct rtio_keeper *k)
{
	struct io_uring_sqe *sqe;

	if (!k->watches) {
		sqe = io_uring_get_sqe(&k->ring);
		io_uring_prep_poll_add(sqe, k->sleep.fd, POLLIN);
		rtio_ring_tag(sqe, NULL, TAG_WAKE);
		k->watches = true;
	}
	if (!k->issued) {
		sqe = io_uring_get_sqe(&k->ring);
		rtio_uring_prep(sqe, k->op, false);
		rtio_ring_tag(sqe, k->op, TAG_OP);
		k->issued = true;
		k->op->in_kernel = true;
	}
}

static void keeper_sleep(struct port_sleep *sleep, int64_t deadline)
{
	struct rtio_keeper *k = CONTAINER_OF(sleep, struct rtio_keeper, sleep);
	struct __kernel_timespec left = {0};
	struct io_uring_cqe *cqe;

	fill_ring(k);
	if (deadline == PORT_FOREVER) {
		(void)io_uring_submit_and_wait(&k->ring, 1);
	} else {
		uint64_t us = k_ticks_to_us_ceil64(
			(uint64_t)MAX(deadline - port_clock_ticks(), (int64_t)0));

		left.tv_sec = (int64_t)(us / USEC_PER_SEC);
		left.tv_nsec = (long long)(us % USEC_PER_SEC) * NSEC_PER_USEC;
		(void)io_uring_submit_and_wait_timeout(&k->ring, &cqe, 1, &left, NULL);
	}
}

/* The thread waits no more, or not here: what it keeps ends now, or is the engine's. */
static void let_go_of_kept(struct rtio_keeper *k)
{
	if (k->op != NULL && k->issued && !k->op->cancel_sent) {
		stop_kept(k);
	}
	while (k->op != NULL && k->issued) {
		struct rtio_fd_op *op = k->op;

		(void)io_uring_submit_and_wait(&k->ring, 1);
		/* What was not asked to stop, but by this, is not over. */
		op->cancel_sent = is_asked_to_stop(k);
		look_at_kept(k);
	}
	if (k->op != NULL) {
		hand_to_engine(k);
	}
}

static int wait_in_keeper(struct rtio *r, unsigned long target, int64_t deadline)
{
	struct rtio_keeper *k = my_keeper;
	int ret;

	z_rtio_submitter.wait = NULL;
	ret = z_rtio_wait_in(r, target, deadline, &k->sleep, keeper_work);
	if (k->op != NULL) {
		let_go_of_kept(k);
	}
	k->last = NULL;
	thread_abort_point();
	return ret == 0 ? 0 : z_rtio_wait(r, target, deadline);
}

void rtio_keep(struct rtio_keeper *keeper, struct rtio_fd_op *op)
{
	keeper->op = op;
	keeper->last = z_rtio_submitter.last;
	keeper->issued = false;
	op->cancel_sent = false;
	z_rtio_submitter.wait = wait_in_keeper;
}
