/* SPDX-License-Identifier: Apache-2.0 */
/** @file Devices on buses: their requests, and the thread that makes the calls. */
#define _GNU_SOURCE

#include "bus.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

static struct rtio_bus *bus_of(const struct rtio_iodev_sqe *s)
{
	return CONTAINER_OF((struct rtio_iodev *)(uintptr_t)s->sqe.iodev, struct rtio_bus, iodev);
}

static int by_ioctl(int fd, unsigned long request, void *arg)
{
	return ioctl(fd, request, arg);
}

int rtio_bus_call(const struct rtio_bus *bus, unsigned long request, void *arg)
{
	int ret;

	do {
		ret = bus->control(bus->fd, request, arg);
	} while (ret < 0 && errno == EINTR);
	return ret < 0 ? -errno : ret;
}

int rtio_bus_piece(const struct rtio_bus *bus, const struct rtio_iodev_sqe *s,
		   struct rtio_bus_piece *piece)
{
	const struct rtio_sqe *sqe = &s->sqe;
	size_t one = rtio_mempool_block_size(s->r);
	uint8_t *buf;
	uint32_t len;
	int ret;

	memset(piece, 0, sizeof(*piece));
	switch (sqe->op) {
	case RTIO_OP_RX:
		ret = rtio_sqe_rx_buf(s, 1, bus->read_size != 0 ? bus->read_size : (uint32_t)one,
				      &buf, &len);
		if (ret != 0) {
			return (sqe->flags & RTIO_SQE_MEMPOOL_BUFFER) != 0 ? -ENOMEM : -EINVAL;
		}
		piece->in = buf;
		piece->len = len;
		return 0;
	case RTIO_OP_TX:
		piece->out = sqe->tx.buf;
		piece->len = sqe->tx.buf_len;
		break;
	case RTIO_OP_TINY_TX:
		piece->out = sqe->tiny_tx.buf;
		piece->len = sqe->tiny_tx.buf_len;
		break;
	case RTIO_OP_TXRX:
		if (!bus->is_spi) {
			return -ENOTSUP;
		}
		piece->out = sqe->txrx.tx_buf;
		piece->in = sqe->txrx.rx_buf;
		piece->len = sqe->txrx.buf_len;
		return piece->out == NULL || piece->in == NULL ? -EINVAL : 0;
	default:
		return -ENOTSUP;
	}
	return piece->out == NULL && piece->len != 0 ? -EINVAL : 0;
}

/* ---- requests -------------------------------------------------------------------------------- */

static struct rtio_iodev_sqe *behind(const struct rtio_iodev_sqe *s)
{
	return s->q.next != NULL ? CONTAINER_OF(s->q.next, struct rtio_iodev_sqe, q) : NULL;
}

static void bus_submit(struct rtio_iodev_sqe *s)
{
	struct rtio_bus *bus = bus_of(s);
	k_spinlock_key_t key;
	int result = 0;

	if (s->sqe.op == RTIO_OP_NOP && rtio_txn_next(s) == NULL) {
		rtio_iodev_sqe_ok(s, 0);
		return;
	}
	key = k_spin_lock(&bus->lock);
	if (!bus->open) {
		result = bus->stopping ? -ECANCELED : -EBADF;
	} else if (rtio_iodev_sqe_is_canceled(s)) {
		result = -ECANCELED;
	} else {
		s->q.next = NULL;
		if (bus->first == NULL) {
			bus->first = s;
		} else {
			bus->last->q.next = &s->q;
		}
		bus->last = s;
	}
	k_spin_unlock(&bus->lock, key);
	if (result != 0) {
		rtio_iodev_sqe_err(s, result);
	} else {
		k_sem_give(&bus->work);
	}
}

static void bus_cancel(struct rtio_iodev_sqe *s)
{
	struct rtio_bus *bus = bus_of(s);
	k_spinlock_key_t key = k_spin_lock(&bus->lock);
	struct rtio_iodev_sqe *before = NULL;
	struct rtio_iodev_sqe *at = bus->first;

	while (at != NULL && at != s) {
		before = at;
		at = behind(at);
	}
	if (at != NULL) {
		if (before == NULL) {
			bus->first = behind(s);
		} else {
			before->q.next = s->q.next;
		}
		bus->last = bus->last == s ? before : bus->last;
	}
	k_spin_unlock(&bus->lock, key);
	if (at != NULL) {
		rtio_iodev_sqe_err(s, -ECANCELED);
	}
}

static const struct rtio_iodev_api api = {.submit = bus_submit, .cancel = bus_cancel};

/* ---- the thread ------------------------------------------------------------------------------ */

static void *serve_bus(void *arg)
{
	struct rtio_bus *bus = arg;
	bool stop = false;

	while (!stop) {
		struct rtio_iodev_sqe *s;
		k_spinlock_key_t key;

		(void)k_sem_take(&bus->work, K_FOREVER);
		key = k_spin_lock(&bus->lock);
		s = bus->first;
		bus->first = s != NULL ? behind(s) : NULL;
		stop = bus->stopping && s == NULL;
		k_spin_unlock(&bus->lock, key);
		if (s != NULL) {
			rtio_iodev_sqe_ok(s, bus->is_spi ? rtio_spi_transfer(bus, s)
							 : rtio_i2c_transfer(bus, s));
		}
	}
	return NULL;
}

int rtio_bus_begin(struct rtio_bus *bus)
{
	sigset_t all;
	sigset_t before;
	int ret;

	bus->iodev.api = &api;
	bus->open = true;
	(void)k_sem_init(&bus->work, 0, K_SEM_MAX_LIMIT);
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	ret = pthread_create(&bus->thread, NULL, serve_bus, bus);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (ret != 0) {
		bus->open = false;
		return -ret;
	}
	(void)pthread_setname_np(bus->thread, "rtio bus");
	return 0;
}

int rtio_bus_prepare(struct rtio_bus *bus, int fd, rtio_bus_control_t control)
{
	if (bus->open) {
		return -EBUSY;
	}
	memset(bus, 0, sizeof(*bus));
	bus->fd = fd;
	bus->control = control != NULL ? control : by_ioctl;
	return 0;
}

int rtio_bus_close(struct rtio_bus *bus)
{
	struct rtio_iodev_sqe *waiting;
	k_spinlock_key_t key = k_spin_lock(&bus->lock);
	int ret = 0;

	if (!bus->open) {
		ret = -EBADF;
	} else if (pthread_equal(pthread_self(), bus->thread)) {
		ret = -EDEADLK;
	} else {
		bus->open = false;
		bus->stopping = true;
	}
	waiting = ret == 0 ? bus->first : NULL;
	bus->first = ret == 0 ? NULL : bus->first;
	k_spin_unlock(&bus->lock, key);
	if (ret != 0) {
		return ret;
	}
	while (waiting != NULL) {
		struct rtio_iodev_sqe *next = behind(waiting);

		rtio_iodev_sqe_err(waiting, -ECANCELED);
		waiting = next;
	}
	k_sem_give(&bus->work);
	(void)pthread_join(bus->thread, NULL);
	(void)close(bus->fd);
	bus->fd = -1;
	bus->stopping = false;
	return 0;
}
