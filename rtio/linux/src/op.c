/* SPDX-License-Identifier: Apache-2.0 */
/** @file Operations: what a request asks the kernel for, piece by piece. */
#define _GNU_SOURCE /* preadv2, accept4 */

#include "internal.h"

#include <errno.h>
#include <unistd.h>

/* ---- what can be done ------------------------------------------------------------------------ */

/* Bytes of a member of a transaction in direction @p lane; -1: it is none of those. */
static int64_t member_len(const struct rtio_iodev_sqe *s, int lane)
{
	if (lane == LANE_IN) {
		return s->sqe.op == RTIO_OP_RX ? (int64_t)s->sqe.rx.buf_len : -1;
	}
	if (s->sqe.op == RTIO_OP_TINY_TX) {
		return s->sqe.tiny_tx.buf_len;
	}
	return s->sqe.op == RTIO_OP_TX ? (int64_t)s->sqe.tx.buf_len : -1;
}

static bool member_complete(const struct rtio_iodev_sqe *s, int lane)
{
	if (lane == LANE_IN) {
		return s->sqe.rx.buf != NULL && s->sqe.rx.buf_len != 0;
	}
	return s->sqe.op == RTIO_OP_TINY_TX || s->sqe.tx.buf != NULL || s->sqe.tx.buf_len == 0;
}

static int check_transaction(const struct rtio_fd *dev, const struct rtio_iodev_sqe *s, int lane)
{
	uint64_t total = 0;
	uint32_t count = 0;

	for (; s != NULL; s = rtio_txn_next(s)) {
		int64_t len = member_len(s, lane);

		if (len < 0 || (s->sqe.flags & RTIO_SQE_MEMPOOL_BUFFER) != 0) {
			return -ENOTSUP;
		}
		if (!member_complete(s, lane)) {
			return -EINVAL;
		}
		total += (uint64_t)len;
		count++;
	}
	if (total > INT32_MAX) {
		return -EINVAL;
	}
	return dev->type == TYPE_PACKET && count > CONFIG_RTIO_LINUX_VECTORS ? -EMSGSIZE : lane;
}

static int check_read(const struct rtio_fd *dev, const struct rtio_iodev_sqe *s)
{
	bool pooled = (s->sqe.flags & RTIO_SQE_MEMPOOL_BUFFER) != 0;

	if (dev->type == TYPE_LISTEN) {
		if (pooled || rtio_sqe_is_multishot(s)) {
			return -ENOTSUP; /* a connection could be lost with the memory */
		}
		if (s->sqe.rx.buf == NULL || s->sqe.rx.buf_len < sizeof(int)) {
			return -EINVAL;
		}
		return LANE_IN;
	}
	if (rtio_sqe_is_multishot(s) && !pooled) {
		return -EINVAL;
	}
	if (pooled) {
		return LANE_IN;
	}
	return s->sqe.rx.buf == NULL || s->sqe.rx.buf_len == 0 || s->sqe.rx.buf_len > INT32_MAX
		       ? -EINVAL
		       : LANE_IN;
}

int rtio_op_check(const struct rtio_fd *dev, const struct rtio_iodev_sqe *s)
{
	if (rtio_txn_next(s) != NULL) {
		return dev->type == TYPE_LISTEN
			       ? -ENOTSUP
			       : check_transaction(dev, s,
						   s->sqe.op == RTIO_OP_RX ? LANE_IN : LANE_OUT);
	}
	if (s->sqe.op == RTIO_OP_RX) {
		return check_read(dev, s);
	}
	if (dev->type == TYPE_LISTEN) {
		return -ENOTSUP;
	}
	switch (s->sqe.op) {
	case RTIO_OP_TX:
		if (s->sqe.tx.buf_len > INT32_MAX || !member_complete(s, LANE_OUT)) {
			return -EINVAL;
		}
		return LANE_OUT;
	case RTIO_OP_TINY_TX:
		return LANE_OUT;
	case RTIO_OP_TXRX:
		if (dev->type == TYPE_FILE || dev->type == TYPE_MEMORY) {
			return -ENOTSUP;
		}
		if (s->sqe.txrx.tx_buf == NULL || s->sqe.txrx.rx_buf == NULL ||
		    s->sqe.txrx.buf_len == 0 || s->sqe.txrx.buf_len > INT32_MAX) {
			return -EINVAL;
		}
		return LANE_OUT;
	default:
		return -ENOTSUP;
	}
}

/* ---- preparing ------------------------------------------------------------------------------- */

static void add_piece(struct rtio_fd_op *op, const void *base, uint32_t len)
{
	struct iovec *v = &op->iov[op->iov_end++];

	v->iov_base = (void *)(uintptr_t)base;
	v->iov_len = len;
	op->left += len;
}

/* Take as many members into the operation as it has room for. */
static void load(struct rtio_fd_op *op)
{
	op->iov_at = 0;
	op->iov_end = 0;
	op->left = 0;
	while (op->member != NULL && op->iov_end < CONFIG_RTIO_LINUX_VECTORS) {
		const struct rtio_sqe *sqe = &op->member->sqe;

		if (sqe->op == RTIO_OP_RX) {
			add_piece(op, sqe->rx.buf, sqe->rx.buf_len);
		} else if (sqe->op == RTIO_OP_TINY_TX) {
			add_piece(op, sqe->tiny_tx.buf, sqe->tiny_tx.buf_len);
		} else {
			add_piece(op, sqe->tx.buf, sqe->tx.buf_len);
		}
		op->member = rtio_txn_next(op->member);
	}
}

static void clear(struct rtio_fd_op *op, struct rtio_fd *dev, uint8_t lane)
{
	op->dev = dev;
	op->lane = lane;
	op->kind = lane == LANE_IN ? KIND_READ : KIND_WRITE;
	op->member = NULL;
	op->peer = NULL;
	op->done = 0;
	op->left = 0;
	op->result = 0;
	op->wait = 0;
	op->fill = false;
	op->pooled = false;
	op->cancel_sent = false;
	op->in_kernel = false;
	op->iov_at = 0;
	op->iov_end = 0;
	op->offset = 0;
}

void rtio_op_prepare(struct rtio_fd_op *op, struct rtio_fd *dev, uint8_t lane)
{
	struct rtio_iodev_sqe *s = op->s;

	clear(op, dev, lane);
	op->offset = (uint64_t)s->sqe.iodev_flags * dev->unit;
	op->fill = dev->type <= TYPE_MEMORY;
	if (dev->type == TYPE_LISTEN) {
		op->kind = KIND_ACCEPT;
	}
	if (lane == LANE_IN && (s->sqe.flags & RTIO_SQE_MEMPOOL_BUFFER) != 0) {
		op->pooled = true;
	} else {
		op->member = s;
		load(op);
	}
}

void rtio_op_prepare_half(struct rtio_fd_op *op, struct rtio_fd *dev, uint8_t lane)
{
	struct rtio_iodev_sqe *s = op->s;

	clear(op, dev, lane);
	op->fill = true;
	add_piece(op, lane == LANE_IN ? s->sqe.txrx.rx_buf : s->sqe.txrx.tx_buf,
		  s->sqe.txrx.buf_len);
}

int rtio_op_block_get(struct rtio_fd_op *op)
{
	size_t one = rtio_mempool_block_size(op->s->r);
	uint32_t want = op->dev->read_size != 0 ? op->dev->read_size : (uint32_t)one;
	uint32_t len;
	uint8_t *buf;
	int ret;

	if (op->iov_end != 0) {
		return 0;
	}
	ret = rtio_sqe_rx_buf(op->s, 1, want, &buf, &len);
	if (ret != 0) {
		return -ENOMEM;
	}
	add_piece(op, buf, len);
	return 0;
}

void rtio_op_block_put(struct rtio_fd_op *op)
{
	struct rtio_sqe *sqe = &op->s->sqe;

	if (op->iov_end != 0 && op->done == 0) {
		rtio_release_buffer(op->s->r, sqe->rx.buf, sqe->rx.buf_len);
		sqe->rx.buf = NULL;
		sqe->rx.buf_len = 0;
		op->iov_end = 0;
		op->left = 0;
	}
}

/* ---- doing ----------------------------------------------------------------------------------- */

int rtio_op_socket_flags(const struct rtio_fd_op *op)
{
	if (op->kind == KIND_WRITE) {
		return MSG_NOSIGNAL;
	}
	return op->dev->type == TYPE_PACKET ? MSG_TRUNC : 0; /* say how long it was */
}

static ssize_t attempt_socket(struct rtio_fd_op *op)
{
	int flags = rtio_op_socket_flags(op) | MSG_DONTWAIT;
	struct iovec *v = &op->iov[op->iov_at];
	struct msghdr msg = {.msg_iov = v, .msg_iovlen = op->iov_end - op->iov_at};

	if (msg.msg_iovlen == 1) {
		return op->kind == KIND_WRITE ? send(op->dev->fd, v->iov_base, v->iov_len, flags)
					      : recv(op->dev->fd, v->iov_base, v->iov_len, flags);
	}
	return op->kind == KIND_WRITE ? sendmsg(op->dev->fd, &msg, flags)
				      : recvmsg(op->dev->fd, &msg, flags);
}

static ssize_t attempt_file(struct rtio_fd_op *op, bool may_block)
{
	struct iovec *v = &op->iov[op->iov_at];
	int n = op->iov_end - op->iov_at;
	bool positioned = rtio_fd_has_positions(op->dev);
	off_t at = positioned ? (off_t)(op->offset + op->done) : -1;
	bool plain = may_block || op->dev->type == TYPE_MEMORY || op->dev->restore != -1;

	if (plain && n == 1 && positioned) {
		return op->kind == KIND_WRITE ? pwrite(op->dev->fd, v->iov_base, v->iov_len, at)
					      : pread(op->dev->fd, v->iov_base, v->iov_len, at);
	}
	if (plain && n == 1) {
		return op->kind == KIND_WRITE ? write(op->dev->fd, v->iov_base, v->iov_len)
					      : read(op->dev->fd, v->iov_base, v->iov_len);
	}
	return op->kind == KIND_WRITE ? pwritev2(op->dev->fd, v, n, at, plain ? 0 : RWF_NOWAIT)
				      : preadv2(op->dev->fd, v, n, at, plain ? 0 : RWF_NOWAIT);
}

int rtio_op_attempt(struct rtio_fd_op *op, bool may_block)
{
	ssize_t res;

	do {
		if (op->kind == KIND_ACCEPT) {
			res = accept4(op->dev->fd, NULL, NULL, SOCK_CLOEXEC);
		} else {
			res = rtio_fd_is_socket(op->dev) ? attempt_socket(op)
							 : attempt_file(op, may_block);
		}
	} while (res < 0 && errno == EINTR);
	return res < 0 ? -errno : (int)res;
}

/* Leave @p n bytes behind. */
static void skip(struct rtio_fd_op *op, uint32_t n)
{
	op->done += n;
	op->left -= n;
	while (op->iov_at < op->iov_end && n >= op->iov[op->iov_at].iov_len) {
		n -= (uint32_t)op->iov[op->iov_at].iov_len;
		op->iov_at++;
	}
	if (n != 0) {
		struct iovec *v = &op->iov[op->iov_at];

		v->iov_base = (uint8_t *)v->iov_base + n;
		v->iov_len -= n;
	}
}

static bool took_read(struct rtio_fd_op *op, int res, int *result)
{
	bool multishot = rtio_sqe_is_multishot(op->s);

	if (res == 0 && op->done == 0 && multishot && op->dev->ends) {
		*result = -ENODATA;
		return true;
	}
	if ((uint32_t)res > op->left) {
		if (multishot) {
			atomic32_store_relaxed(&op->dev->skipped, op->dev->skipped + 1);
			return false;
		}
		*result = -EMSGSIZE;
		return true;
	}
	skip(op, (uint32_t)res);
	*result = (int)op->done;
	if (!op->fill || res == 0) {
		return true;
	}
	if (op->left == 0 && op->member != NULL) {
		load(op);
	}
	return op->left == 0;
}

static bool took_write(struct rtio_fd_op *op, int res, int *result)
{
	if (op->dev->type == TYPE_PACKET) {
		*result = res;
		return true;
	}
	if (res == 0 && op->left != 0) {
		*result = -EIO; /* it would never end */
		return true;
	}
	skip(op, (uint32_t)res);
	while (op->left == 0 && op->member != NULL) {
		load(op);
	}
	*result = (int)op->done;
	return op->left == 0;
}

bool rtio_op_took(struct rtio_fd_op *op, int res, int *result)
{
	if (res == -EINTR || res == -EAGAIN) {
		return false;
	}
	if (res < 0) {
		*result = res;
		return true;
	}
	if (op->kind == KIND_ACCEPT) {
		memcpy(op->iov[0].iov_base, &res, sizeof(res));
		*result = sizeof(res);
		return true;
	}
	return op->kind == KIND_WRITE ? took_write(op, res, result) : took_read(op, res, result);
}
