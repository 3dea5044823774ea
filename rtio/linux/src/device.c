/* SPDX-License-Identifier: Apache-2.0 */
/** @file Devices: opened over a descriptor, connected, closed; gathered writes. */
#define _GNU_SOURCE

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

const char Z_RTIO_FD_MODULE = 0;

/* ---- what a descriptor is -------------------------------------------------------------------- */

static int type_of_socket(int fd, bool *ends)
{
	socklen_t len = sizeof(int);
	int listens = 0;
	int type = 0;

	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) != 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &len) != 0) {
		return -errno;
	}
	if (listens != 0) {
		return TYPE_LISTEN;
	}
	*ends = type == SOCK_STREAM || type == SOCK_SEQPACKET;
	return type == SOCK_STREAM ? TYPE_SOCKET : TYPE_PACKET;
}

static int type_of_file(int fd)
{
	struct statfs where;

	if (fstatfs(fd, &where) != 0) {
		return TYPE_FILE;
	}
	return (unsigned long)where.f_type == TMPFS_MAGIC ||
			       (unsigned long)where.f_type == RAMFS_MAGIC
		       ? TYPE_MEMORY
		       : TYPE_FILE;
}

static int type_of(int fd, bool *ends)
{
	struct stat is;

	*ends = true;
	if (fstat(fd, &is) != 0) {
		return -errno;
	}
	switch (is.st_mode & S_IFMT) {
	case S_IFSOCK:
		return type_of_socket(fd, ends);
	case S_IFIFO:
		return TYPE_PIPE;
	case S_IFREG:
		return type_of_file(fd);
	case S_IFBLK:
		return TYPE_FILE;
	case S_IFDIR:
		return -ENOTSUP;
	default:
		return TYPE_STREAM;
	}
}

/* ---- open and close -------------------------------------------------------------------------- */

/* Without io_uring only this keeps calls from blocking, where there is no flag for the call. */
static void make_nonblocking(struct rtio_fd *dev)
{
	int flags = fcntl(dev->fd, F_GETFL);
	bool needed =
		rtio_engine_backend()->kind == RTIO_ENGINE_POLL &&
		(dev->type == TYPE_STREAM || dev->type == TYPE_PIPE || dev->type == TYPE_LISTEN);

	dev->restore = -1;
	if (needed && flags >= 0 && fcntl(dev->fd, F_SETFL, flags | O_NONBLOCK) == 0) {
		dev->restore = flags;
	}
}

int rtio_fd_init(struct rtio_fd *dev, int fd, uint32_t flags)
{
	bool ends;
	int type;
	int ret;

	if (dev->open || dev->closed != NULL) {
		return -EBUSY;
	}
	if ((flags & ~(RTIO_FD_OWNED | RTIO_FD_POSITIONED)) != 0) {
		return -EINVAL;
	}
	type = type_of(fd, &ends);
	if (type < 0) {
		return type;
	}
	if ((flags & RTIO_FD_POSITIONED) != 0 && type > TYPE_MEMORY) {
		return -ENOTSUP;
	}
	ret = rtio_engine_get();
	if (ret != 0) {
		return ret;
	}
	memset(dev, 0, sizeof(*dev));
	dev->iodev.api = &rtio_fd_api;
	dev->fd = fd;
	dev->unit = 1;
	dev->type = (uint8_t)type;
	dev->flags = (uint8_t)flags;
	dev->polled = -1;
	dev->ends = ends;
	/* Accepting may block; writing to a pipe that nobody reads raises a signal. */
	dev->no_try[LANE_IN] = type == TYPE_LISTEN;
	dev->no_try[LANE_OUT] = type == TYPE_PIPE;
	make_nonblocking(dev);
	dev->open = true;
	return 0;
}

/* Take all that waits. Device locked. @return it, linked by q.next; *@p keeper: who keeps what runs. */
static struct rtio_iodev_sqe *take_all(struct rtio_fd_lane *l, struct rtio_keeper **keeper)
{
	struct rtio_iodev_sqe *all = l->first;

	l->first = NULL;
	for (struct rtio_fd_op *op = l->active; op != NULL; op = op->next) {
		op->cancel = true;
		*keeper = op->keeper != NULL ? op->keeper : *keeper;
	}
	return all;
}

int rtio_fd_close(struct rtio_fd *dev)
{
	struct rtio_keeper *keepers[2] = {NULL, NULL};
	struct rtio_iodev_sqe *waiting[2];
	k_spinlock_key_t key;
	struct k_sem closed;
	bool wake;

	if (rtio_engine_is_me()) {
		return -EDEADLK;
	}
	if (rtio_engine_forked()) {
		return -ECHILD;
	}
	(void)k_sem_init(&closed, 0, 1);
	key = k_spin_lock(&dev->lock);
	if (!dev->open) {
		k_spin_unlock(&dev->lock, key);
		return -EBADF;
	}
	dev->open = false;
	dev->closed = &closed;
	waiting[0] = take_all(&dev->lanes[0], &keepers[0]);
	waiting[1] = take_all(&dev->lanes[1], &keepers[1]);
	dev->txrx = 0;
	wake = rtio_engine_kick(dev);
	k_spin_unlock(&dev->lock, key);
	for (int i = 0; i < 2; i++) {
		rtio_keeper_wake(keepers[i]);
		while (waiting[i] != NULL) {
			struct mpsc_node *next = waiting[i]->q.next;

			rtio_iodev_sqe_err(waiting[i], -ECANCELED);
			waiting[i] =
				next != NULL ? CONTAINER_OF(next, struct rtio_iodev_sqe, q) : NULL;
		}
	}
	if (wake) {
		rtio_engine_wake();
	}
	rtio_fd_await(&closed);
	if (dev->restore != -1) {
		(void)fcntl(dev->fd, F_SETFL, dev->restore);
	}
	if ((dev->flags & RTIO_FD_OWNED) != 0) {
		(void)close(dev->fd);
	}
	dev->fd = -1;
	rtio_engine_put();
	return 0;
}

int rtio_fd_connect(struct rtio_fd *dev, const struct sockaddr *addr, socklen_t len)
{
	k_spinlock_key_t key;
	bool wake = false;
	int ret = 0;

	if (addr == NULL || len == 0 || len > sizeof(dev->addr)) {
		return -EINVAL;
	}
	key = k_spin_lock(&dev->lock);
	if (!dev->open) {
		ret = -EBADF;
	} else if (dev->type != TYPE_SOCKET && dev->type != TYPE_PACKET) {
		ret = -EINVAL;
	} else if (dev->link == LINK_WANTED || dev->link == LINK_CONNECTING) {
		ret = -EBUSY;
	} else {
		memcpy(&dev->addr, addr, len);
		dev->addr_len = len;
		dev->link = LINK_WANTED;
		wake = rtio_engine_kick(dev);
	}
	k_spin_unlock(&dev->lock, key);
	if (wake) {
		rtio_engine_wake();
	}
	return ret;
}

int rtio_fd_write_gathered(struct rtio *r, const struct rtio_fd *dev, int8_t prio,
			   const struct rtio_fd_vec *pieces, size_t count, void *userdata)
{
	struct rtio_sqe sqes[RTIO_FD_GATHER_MAX];

	if (count == 0 || count > RTIO_FD_GATHER_MAX) {
		return -EINVAL;
	}
	for (size_t i = 0; i < count; i++) {
		rtio_sqe_prep_write(&sqes[i], &dev->iodev, prio, pieces[i].buf, pieces[i].len,
				    userdata);
		sqes[i].flags |= i + 1 < count ? RTIO_SQE_TRANSACTION : 0;
		sqes[i].flags |= i != 0 ? RTIO_SQE_NO_RESPONSE : 0;
	}
	return rtio_sqe_copy_in(r, sqes, count);
}
