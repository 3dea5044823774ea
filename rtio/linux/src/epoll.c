/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The engine for where there is no io_uring: calls that do not block, tried again when epoll says so.
 * Files, which epoll does not take, are read and written by the thread itself, which waits for the disk.
 *
 * A descriptor is watched for what waits, and for a direction more after that has ended, in the hope
 * that the next request waits for the same: an event that nobody waits for ends that.
 */
#define _GNU_SOURCE

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define EVENTS 32

static int epoll_fd = -1;
static int epoll_wake_fd;

static int poll_start(int wake)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};

	epoll_wake_fd = wake;
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (epoll_fd < 0) {
		return -errno;
	}
	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, wake, &event) != 0) {
		int ret = -errno;

		(void)close(epoll_fd);
		return ret;
	}
	return 0;
}

static void poll_stop(void)
{
	(void)close(epoll_fd);
	epoll_fd = -1;
}

static void poll_forget(struct rtio_fd *dev)
{
	if (dev->watched) {
		(void)epoll_ctl(epoll_fd, EPOLL_CTL_DEL, dev->polled, NULL);
		dev->watched = false;
	}
	if (dev->polled >= 0) {
		(void)close(dev->polled);
		dev->polled = -1;
	}
}

/* Have epoll watch @p dev for @p events. @return 0, -EPERM if it cannot, and other errors. */
static int watch_device(struct rtio_fd *dev, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.ptr = dev};

	if (dev->watched && dev->events == events) {
		return 0;
	}
	if (events == 0) {
		poll_forget(dev);
		return 0;
	}
	if (dev->polled < 0) {
		/* A descriptor of its own: another device may be over the same one. */
		dev->polled = fcntl(dev->fd, F_DUPFD_CLOEXEC, 0);
		if (dev->polled < 0) {
			return -errno;
		}
	}
	if (epoll_ctl(epoll_fd, dev->watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, dev->polled,
		      &event) != 0) {
		return -errno;
	}
	dev->watched = true;
	dev->events = events;
	return 0;
}

static uint32_t event_of(const struct rtio_fd_op *op)
{
	return op->lane == LANE_IN ? EPOLLIN : EPOLLOUT;
}

static int attempt_op(struct rtio_fd_op *op, bool may_block, int *result)
{
	for (;;) {
		int res = op->pooled ? rtio_op_block_get(op) : 0;

		if (res == 0) {
			res = rtio_op_attempt(op, may_block);
		}
		if (res == -EAGAIN) {
			if (op->pooled) {
				rtio_op_block_put(op);
			}
			return -EAGAIN;
		}
		if (rtio_op_took(op, res, result)) {
			return 0;
		}
	}
}

/*
 * Connect, or ask how that has come out: asking by another connect() is what makes the socket fit for
 * another try after a failure.
 */
static int try_connect(const struct rtio_fd_op *op)
{
	const struct rtio_fd *dev = op->dev;
	int flags = fcntl(dev->fd, F_GETFL);
	int res;

	(void)fcntl(dev->fd, F_SETFL, flags | O_NONBLOCK);
	do {
		res = connect(dev->fd, (const struct sockaddr *)&dev->addr, dev->addr_len) == 0
			      ? 0
			      : -errno;
	} while (res == -EINTR);
	(void)fcntl(dev->fd, F_SETFL, flags);
	if (res == -EISCONN && op->wait != 0) {
		return 0;
	}
	return res == -EALREADY ? -EINPROGRESS : res;
}

/* Try @p op. @return whether it has ended; else it waits. */
static bool op_goes_on(struct rtio_fd_op *op, bool may_block)
{
	int result;

	if (op->kind == KIND_CONNECT) {
		result = try_connect(op);
		if (result == -EINPROGRESS) {
			return false;
		}
	} else if (attempt_op(op, may_block, &result) != 0) {
		return false;
	}
	op->dev->wanted &= ~event_of(op);
	rtio_op_end(op, result);
	return true;
}

static void epoll_begin(struct rtio_fd_op *op)
{
	struct rtio_fd *dev = op->dev;
	int ret;

	if (dev->type <= TYPE_MEMORY || dev->unwatchable) {
		(void)op_goes_on(op, true);
		return;
	}
	if (op_goes_on(op, false)) {
		return;
	}
	op->wait = 1;
	dev->wanted |= event_of(op);
	ret = watch_device(dev, dev->wanted | (dev->watched ? dev->events : 0));
	if (ret == -EPERM) {
		dev->unwatchable = true;
		(void)op_goes_on(op, true);
	} else if (ret != 0) {
		dev->wanted &= ~event_of(op);
		rtio_op_end(op, ret);
	}
}

static void poll_cancel(struct rtio_fd_op *op)
{
	op->dev->wanted &= ~event_of(op);
	rtio_op_end(op, -ECANCELED);
}

static void handle_event(struct rtio_fd *dev, uint32_t events)
{
	uint32_t came = (events & (EPOLLERR | EPOLLHUP)) != 0 ? EPOLLIN | EPOLLOUT : events;
	bool used = false;

	for (int lane = 0; lane < 2; lane++) {
		if ((dev->wanted & came & (lane == LANE_IN ? EPOLLIN : EPOLLOUT)) != 0) {
			used = op_goes_on(&dev->lanes[lane].op, false) || used;
		}
	}
	if (!used) {
		(void)watch_device(dev, dev->wanted);
	}
}

static void poll_wait(bool block)
{
	struct epoll_event events[EVENTS];
	int n = epoll_wait(epoll_fd, events, EVENTS, block ? -1 : 0);

	for (int i = 0; i < n; i++) {
		if (events[i].data.ptr == NULL) {
			eventfd_t count;

			(void)eventfd_read(epoll_wake_fd, &count);
		} else {
			handle_event(events[i].data.ptr, events[i].events);
		}
	}
}

const struct rtio_engine_backend rtio_epoll_backend = {
	.kind = RTIO_ENGINE_POLL,
	.start = poll_start,
	.stop = poll_stop,
	.begin = epoll_begin,
	.cancel = poll_cancel,
	.wait = poll_wait,
	.forget = poll_forget,
};
