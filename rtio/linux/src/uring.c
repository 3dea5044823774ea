/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The engine over io_uring. The ring belongs to the engine's thread: it alone begins operations, because
 * what a thread has begun ends when the thread does, and it alone looks for their ends.
 */
#define _GNU_SOURCE

#include "uring.h"

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>

struct io_uring rtio_ring;

static int uring_wake_fd;
static eventfd_t wake_count;
static bool has_table; /* for memory of pools */

struct memory {
	struct rtio_mempool *pool; /* NULL: free */
	uintptr_t begin;
	size_t size;
};

static struct memory memories[CONFIG_RTIO_LINUX_POOLS];

/* ---- the ring -------------------------------------------------------------------------------- */

struct io_uring_sqe *rtio_ring_sqe(void)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&rtio_ring);

	while (sqe == NULL) {
		(void)io_uring_submit(&rtio_ring);
		sqe = io_uring_get_sqe(&rtio_ring);
	}
	return sqe;
}

int rtio_ring_set_up(struct io_uring *ring, unsigned int entries)
{
	/* The best that the kernel has: the last ones came with 6.1, 5.19 and 5.18. */
	static const unsigned int flags[] = {
		IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_SUBMIT_ALL,
		IORING_SETUP_COOP_TASKRUN | IORING_SETUP_SUBMIT_ALL,
		IORING_SETUP_SUBMIT_ALL,
		0,
	};
	int ret = -EINVAL;

	for (size_t i = 0; i < ARRAY_SIZE(flags) && ret == -EINVAL; i++) {
		struct io_uring_params params = {
			.flags = flags[i] | IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP,
			.cq_entries = entries * 8,
		};

		ret = io_uring_queue_init_params(entries, ring, &params);
		if (ret == 0 && ((params.features & IORING_FEAT_NODROP) == 0 ||
				 (params.features & IORING_FEAT_RW_CUR_POS) == 0)) {
			io_uring_queue_exit(ring);
			ret = -ENOTSUP;
		}
	}
	return ret;
}

static int check_operations(void)
{
	static const uint8_t needed[] = {
		IORING_OP_READ,       IORING_OP_WRITE,        IORING_OP_READV,
		IORING_OP_WRITEV,     IORING_OP_RECV,         IORING_OP_SEND,
		IORING_OP_RECVMSG,    IORING_OP_SENDMSG,      IORING_OP_CONNECT,
		IORING_OP_ACCEPT,     IORING_OP_ASYNC_CANCEL, IORING_OP_POLL_ADD,
		IORING_OP_READ_FIXED, IORING_OP_WRITE_FIXED,
	};
	struct io_uring_probe *probe = io_uring_get_probe_ring(&rtio_ring);
	int ret = probe != NULL ? 0 : -ENOTSUP;

	for (size_t i = 0; i < ARRAY_SIZE(needed) && ret == 0; i++) {
		ret = io_uring_opcode_supported(probe, needed[i]) != 0 ? 0 : -ENOTSUP;
	}
	io_uring_free_probe(probe);
	return ret;
}

static void wait_for_wake(void)
{
	struct io_uring_sqe *sqe = rtio_ring_sqe();

	io_uring_prep_poll_add(sqe, uring_wake_fd, POLLIN);
	rtio_ring_tag(sqe, NULL, TAG_WAKE);
}

static int uring_start(int wake)
{
	int ret = rtio_ring_set_up(&rtio_ring, CONFIG_RTIO_LINUX_RING);

	if (ret != 0) {
		return ret;
	}
	ret = check_operations();
	if (ret != 0) {
		io_uring_queue_exit(&rtio_ring);
		return ret;
	}
	uring_wake_fd = wake;
	memset(memories, 0, sizeof(memories));
	has_table = io_uring_register_buffers_sparse(&rtio_ring, CONFIG_RTIO_LINUX_POOLS) == 0;
	ret = rtio_ahead_start();
	if (ret != 0) {
		io_uring_queue_exit(&rtio_ring);
		return ret;
	}
	wait_for_wake();
	return 0;
}

static void stop(void)
{
	io_uring_queue_exit(&rtio_ring);
	rtio_ahead_stop();
}

/* ---- memory of pools ------------------------------------------------------------------------- */

/* The table's entry that has all of these bytes. @return -1: none. */
static int find_memory(const void *base, size_t len)
{
	for (int i = 0; i < CONFIG_RTIO_LINUX_POOLS; i++) {
		const struct memory *m = &memories[i];

		if (m->pool != NULL && (uintptr_t)base >= m->begin &&
		    (uintptr_t)base - m->begin <= m->size - len && len <= m->size) {
			return i;
		}
	}
	return -1;
}

static int update_table(int at, void *base, size_t len)
{
	struct iovec v = {.iov_base = base, .iov_len = len};
	__u64 tag = 0;
	int ret = io_uring_register_buffers_update_tag(&rtio_ring, (unsigned int)at, &v, &tag, 1);

	return ret < 0 ? ret : 0;
}

static int find_pool(const struct rtio_mempool *pool)
{
	int at = 0;

	while (at < CONFIG_RTIO_LINUX_POOLS && memories[at].pool != pool) {
		at++;
	}
	return at < CONFIG_RTIO_LINUX_POOLS ? at : -1;
}

static int add_memory(struct rtio_mempool *pool)
{
	size_t size = (size_t)pool->blk_size * pool->num_blks;
	int at = find_pool(NULL);
	int ret;

	if (!has_table) {
		return -ENOTSUP;
	}
	if (find_pool(pool) >= 0) {
		return -EALREADY;
	}
	if (at < 0) {
		return -ENOSPC;
	}
	ret = update_table(at, pool->memory, size);
	if (ret == 0) {
		memories[at] = (struct memory){pool, (uintptr_t)pool->memory, size};
	}
	return ret;
}

static int remove_memory(struct rtio_mempool *pool)
{
	int at = find_pool(pool);

	if (at < 0) {
		return -ENOENT;
	}
	memories[at].pool = NULL;
	return update_table(at, NULL, 0);
}

/* ---- operations ------------------------------------------------------------------------------ */

static void prep_socket(struct io_uring_sqe *sqe, struct rtio_fd_op *op, struct iovec *v, int n)
{
	int flags = rtio_op_socket_flags(op);
	int fd = op->dev->fd;

	if (n == 1) {
		if (op->kind == KIND_WRITE) {
			io_uring_prep_send(sqe, fd, v->iov_base, v->iov_len, flags);
		} else {
			io_uring_prep_recv(sqe, fd, v->iov_base, v->iov_len, flags);
		}
		return;
	}
	memset(&op->msg, 0, sizeof(op->msg));
	op->msg.msg_iov = v;
	op->msg.msg_iovlen = (size_t)n;
	if (op->kind == KIND_WRITE) {
		io_uring_prep_sendmsg(sqe, fd, &op->msg, (unsigned int)flags);
	} else {
		io_uring_prep_recvmsg(sqe, fd, &op->msg, (unsigned int)flags);
	}
}

static void prep_file(struct io_uring_sqe *sqe, struct rtio_fd_op *op, struct iovec *v, int n,
		      int fixed)
{
	uint64_t at = rtio_fd_has_positions(op->dev) ? op->offset + op->done : (uint64_t)-1;
	unsigned int len = (unsigned int)v->iov_len;
	int fd = op->dev->fd;

	if (n > 1) {
		if (op->kind == KIND_WRITE) {
			io_uring_prep_writev(sqe, fd, v, (unsigned int)n, at);
		} else {
			io_uring_prep_readv(sqe, fd, v, (unsigned int)n, at);
		}
	} else if (fixed >= 0) {
		rtio_engine_count(&rtio_engine_stats.fixed);
		if (op->kind == KIND_WRITE) {
			io_uring_prep_write_fixed(sqe, fd, v->iov_base, len, at, fixed);
		} else {
			io_uring_prep_read_fixed(sqe, fd, v->iov_base, len, at, fixed);
		}
	} else if (op->kind == KIND_WRITE) {
		io_uring_prep_write(sqe, fd, v->iov_base, len, at);
	} else {
		io_uring_prep_read(sqe, fd, v->iov_base, len, at);
	}
}

void rtio_uring_prep(struct io_uring_sqe *sqe, struct rtio_fd_op *op, bool registered)
{
	const struct rtio_fd *dev = op->dev;
	struct iovec *v = &op->iov[op->iov_at];
	int n = op->iov_end - op->iov_at;
	/* A stream's reads say as much as recv(2); datagrams and writes need its flags. */
	bool file = !rtio_fd_is_socket(dev);
	bool stream = dev->type == TYPE_SOCKET && op->kind == KIND_READ;
	int fixed = -1;

	if (registered && n == 1 && (file || stream)) {
		fixed = find_memory(v->iov_base, v->iov_len);
	}
	if (file || fixed >= 0) {
		prep_file(sqe, op, v, n, fixed);
	} else {
		prep_socket(sqe, op, v, n);
	}
}

static void issue(struct rtio_fd_op *op)
{
	struct io_uring_sqe *sqe = rtio_ring_sqe();
	const struct rtio_fd *dev = op->dev;

	if (op->kind == KIND_CONNECT) {
		io_uring_prep_connect(sqe, dev->fd, (const struct sockaddr *)&dev->addr,
				      dev->addr_len);
	} else if (op->kind == KIND_ACCEPT) {
		io_uring_prep_accept(sqe, dev->fd, NULL, NULL, SOCK_CLOEXEC);
	} else {
		rtio_uring_prep(sqe, op, true);
	}
	rtio_ring_tag(sqe, op, TAG_OP);
	op->in_kernel = true;
}

/* The descriptor does not block: wait until it is ready, then issue. */
static void wait_ready(struct rtio_fd_op *op)
{
	struct io_uring_sqe *sqe = rtio_ring_sqe();

	io_uring_prep_poll_add(sqe, op->dev->fd,
			       op->kind == KIND_WRITE || op->kind == KIND_CONNECT ? POLLOUT
										  : POLLIN);
	rtio_ring_tag(sqe, op, TAG_OP);
	op->wait = 1;
	op->in_kernel = true;
}

void rtio_uring_begin(struct rtio_fd_op *op)
{
	int ret = op->pooled ? rtio_op_block_get(op) : 0;

	if (ret != 0) {
		rtio_op_end(op, ret);
	} else {
		issue(op);
	}
}

static void uring_cancel(struct rtio_fd_op *op)
{
	struct io_uring_sqe *sqe;

	if (op->kind == KIND_AHEAD) {
		rtio_ahead_cancel(op);
	} else if (op->in_kernel) {
		sqe = rtio_ring_sqe();
		io_uring_prep_cancel64(sqe, (uintptr_t)op | TAG_OP, 0);
		rtio_ring_tag(sqe, NULL, TAG_NONE);
	}
}

/* The kernel has done with @p op, which came to @p res. */
static void op_came(struct rtio_fd_op *op, int res)
{
	bool waited = op->wait != 0;
	int result = res;

	op->in_kernel = false;
	op->wait = 0;
	if (waited && res < 0) {
		rtio_op_end(op, res);
	} else if (!waited && op->kind == KIND_CONNECT && res != -EINTR && res != -EAGAIN) {
		rtio_op_end(op, res);
	} else if (!waited && rtio_op_took(op, res, &result)) {
		rtio_op_end(op, result);
	} else if (op->cancel_sent) {
		rtio_op_end(op, -ECANCELED);
	} else if (!waited && res == -EAGAIN) {
		wait_ready(op);
	} else {
		issue(op);
	}
}

static void came(uint64_t data, int res, uint32_t flags)
{
	void *of = (void *)(uintptr_t)(data & ~(uint64_t)TAG_MASK);

	switch (data & TAG_MASK) {
	case TAG_OP:
		op_came(of, res);
		break;
	case TAG_GROUP:
		rtio_ahead_came(of, res, flags);
		break;
	case TAG_WAKE:
		(void)eventfd_read(uring_wake_fd, &wake_count);
		wait_for_wake();
		break;
	default:
		break;
	}
}

static void wait(bool block)
{
	struct io_uring_cqe *cqe;

	/* Interrupted or refused for a moment: what has come makes room, and the caller comes back. */
	(void)(block ? io_uring_submit_and_wait(&rtio_ring, 1)
		     : io_uring_submit_and_get_events(&rtio_ring));
	while (io_uring_peek_cqe(&rtio_ring, &cqe) == 0) {
		uint64_t data = cqe->user_data;
		uint32_t flags = cqe->flags;
		int res = cqe->res;

		io_uring_cqe_seen(&rtio_ring, cqe);
		came(data, res, flags);
	}
}

static void forget(struct rtio_fd *dev)
{
	ARG_UNUSED(dev);
}

const struct rtio_engine_backend rtio_uring_backend = {
	.kind = RTIO_ENGINE_URING,
	.start = uring_start,
	.stop = stop,
	.begin = rtio_uring_begin,
	.cancel = uring_cancel,
	.ahead = rtio_ahead_begin,
	.tend = rtio_ahead_tend,
	.wait = wait,
	.forget = forget,
	.add_memory = add_memory,
	.remove_memory = remove_memory,
};
