/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Multishot reads that the kernel repeats by itself: it gets a few blocks of the context's pool, and says
 * which one it has filled. What it has read while nobody asked waits in the group of the device for the
 * next read, of whatever kind, so that nothing is lost when a multishot read is cancelled.
 */
#define _GNU_SOURCE

#include "uring.h"

#include <errno.h>
#include <sys/mman.h>

#define AHEAD_ENTRIES 8 /* of the kernel's ring of buffers; a power of two */

/* A block that has something. */
struct filled {
	uint8_t *block;
	uint32_t size; /* bytes of the block */
	uint32_t at;   /* bytes taken out before */
	uint32_t len;  /* bytes left */
};

struct rtio_fd_group {
	struct rtio_fd *dev; /* NULL: free */
	struct rtio *r;      /* whose blocks */
	struct rtio_fd_op *waiting;
	struct io_uring_buf_ring *ring;
	uint32_t most;     /* blocks in all */
	uint32_t provided; /* that the kernel has */
	uint32_t first;    /* of the filled ones */
	uint32_t count;
	int error; /* it ended with this; 0: not, or as wanted */
	bool armed;
	bool asked; /* to end */
	struct filled filled[AHEAD_ENTRIES];
	uint8_t *blocks[AHEAD_ENTRIES]; /* by the kernel's names; NULL: none */
	uint32_t sizes[AHEAD_ENTRIES];
};

static struct rtio_fd_group groups[CONFIG_RTIO_LINUX_MULTISHOTS];
static void *rings; /* of all groups, a page each */
static size_t page;

int rtio_ahead_start(void)
{
	memset(groups, 0, sizeof(groups));
	page = 4096;
	rings = mmap(NULL, page * ARRAY_SIZE(groups), PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (rings == MAP_FAILED) {
		rings = NULL;
		return -ENOMEM;
	}
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		groups[i].ring = (struct io_uring_buf_ring *)((uint8_t *)rings + i * page);
	}
	return 0;
}

void rtio_ahead_stop(void)
{
	(void)munmap(rings, page * ARRAY_SIZE(groups));
	rings = NULL;
}

/* ---- groups ---------------------------------------------------------------------------------- */

static void set_group(struct rtio_fd *dev, struct rtio_fd_group *g)
{
	k_spinlock_key_t key = k_spin_lock(&dev->lock);

	dev->group = g;
	k_spin_unlock(&dev->lock, key);
}

static struct rtio_fd_group *take_group(struct rtio_fd *dev, struct rtio *r)
{
	struct io_uring_buf_reg reg = {.ring_entries = AHEAD_ENTRIES};
	struct rtio_fd_group *g = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(groups) && g == NULL; i++) {
		if (groups[i].dev == NULL) {
			g = &groups[i];
			reg.bgid = (uint16_t)i;
		}
	}
	if (g == NULL || r->block_pool == NULL) {
		return NULL;
	}
	reg.ring_addr = (uintptr_t)g->ring;
	io_uring_buf_ring_init(g->ring);
	if (io_uring_register_buf_ring(&rtio_ring, &reg, 0) != 0) {
		dev->no_multi = true;
		return NULL;
	}
	g->dev = dev;
	g->r = r;
	g->waiting = NULL;
	g->most = CLAMP(r->block_pool->num_blks / 4, 1U, (uint32_t)AHEAD_ENTRIES);
	g->provided = 0;
	g->first = 0;
	g->count = 0;
	g->error = 0;
	g->armed = false;
	g->asked = false;
	memset(g->blocks, 0, sizeof(g->blocks));
	set_group(dev, g);
	return g;
}

static void free_group(struct rtio_fd_group *g)
{
	(void)io_uring_unregister_buf_ring(&rtio_ring, (int)(g - groups));
	for (int i = 0; i < AHEAD_ENTRIES; i++) {
		if (g->blocks[i] != NULL) {
			rtio_release_buffer(g->r, g->blocks[i], g->sizes[i]);
		}
	}
	for (; g->count > 0; g->count--) {
		struct filled *f = &g->filled[g->first++ % AHEAD_ENTRIES];

		rtio_release_buffer(g->r, f->block, f->size);
	}
	set_group(g->dev, NULL);
	g->dev = NULL;
}

/* Give the kernel as many blocks as it may have. */
static void provide(struct rtio_fd_group *g)
{
	size_t one = rtio_mempool_block_size(g->r);
	uint32_t want = g->dev->read_size != 0 ? g->dev->read_size : (uint32_t)one;

	for (int bid = 0; bid < AHEAD_ENTRIES && g->provided + g->count < g->most; bid++) {
		struct rtio_iodev_sqe asks;
		uint8_t *block;
		uint32_t size;

		if (g->blocks[bid] != NULL) {
			continue;
		}
		memset(&asks, 0, sizeof(asks));
		rtio_sqe_prep_read_with_pool(&asks.sqe, NULL, 0, NULL);
		asks.r = g->r;
		if (rtio_sqe_rx_buf(&asks, 1, want, &block, &size) != 0) {
			return;
		}
		g->blocks[bid] = block;
		g->sizes[bid] = size;
		g->provided++;
		io_uring_buf_ring_add(g->ring, block, size, (unsigned short)bid, AHEAD_ENTRIES - 1,
				      0);
		io_uring_buf_ring_advance(g->ring, 1);
	}
}

static bool arm(struct rtio_fd_group *g)
{
	struct io_uring_sqe *sqe;

	provide(g);
	if (g->provided == 0) {
		return false;
	}
	sqe = rtio_ring_sqe();
	io_uring_prep_recv_multishot(sqe, g->dev->fd, NULL, 0,
				     g->dev->type == TYPE_PACKET ? MSG_TRUNC : 0);
	sqe->flags |= IOSQE_BUFFER_SELECT;
	sqe->buf_group = (uint16_t)(g - groups);
	rtio_ring_tag(sqe, g, TAG_GROUP);
	rtio_engine_count(&rtio_engine_stats.multishot);
	g->armed = true;
	g->asked = false;
	return true;
}

static void disarm(struct rtio_fd_group *g)
{
	struct io_uring_sqe *sqe;

	if (!g->asked) {
		g->asked = true;
		sqe = rtio_ring_sqe();
		io_uring_prep_cancel64(sqe, (uintptr_t)g | TAG_GROUP, 0);
		rtio_ring_tag(sqe, NULL, TAG_NONE);
	}
}

/* ---- reads ----------------------------------------------------------------------------------- */

/* Copy what is in @p f into the memory of @p op. @return bytes. */
static uint32_t copy_out(struct filled *f, struct rtio_fd_op *op)
{
	uint32_t copied = 0;

	for (uint32_t i = 0; i < op->iov_end && f->len != 0; i++) {
		uint32_t n = MIN(f->len, (uint32_t)op->iov[i].iov_len);

		memcpy(op->iov[i].iov_base, f->block + f->at, n);
		f->at += n;
		f->len -= n;
		copied += n;
	}
	return copied;
}

/* Give the oldest filled block to @p op. @return the result. */
static int deliver_ahead(struct rtio_fd_group *g, struct rtio_fd_op *op)
{
	struct filled *f = &g->filled[g->first % AHEAD_ENTRIES];
	struct rtio_sqe *sqe = &op->s->sqe;
	bool whole = op->pooled && op->s->r == g->r && f->at == 0;
	int result;

	if (whole) {
		sqe->rx.buf = f->block;
		sqe->rx.buf_len = f->size;
		result = (int)f->len;
	} else {
		result = op->pooled ? rtio_op_block_get(op) : 0;
		if (result != 0) {
			return result;
		}
		result = (int)copy_out(f, op);
		if (f->len != 0 && op->dev->type != TYPE_PACKET) {
			return result; /* the rest is for the next one */
		}
		if (f->len != 0) {
			result = -EMSGSIZE;
		}
		rtio_release_buffer(g->r, f->block, f->size);
	}
	g->first++;
	g->count--;
	return result;
}

/* The group has ended: @p op goes on without, or ends. */
static void without(struct rtio_fd_group *g, struct rtio_fd_op *op)
{
	struct rtio_fd *dev = op->dev;
	bool multishot = rtio_sqe_is_multishot(op->s);
	int error = g->error;

	g->error = 0;
	if (error == -ENODATA) {
		free_group(g);
		rtio_op_end(op, multishot ? -ENODATA : 0);
	} else if (error != 0) {
		free_group(g);
		rtio_op_end(op, error);
	} else if (multishot && op->s->r == g->r && !dev->no_multi) {
		if (arm(g)) {
			g->waiting = op;
		} else {
			free_group(g);
			rtio_op_end(op, -ENOMEM);
		}
	} else {
		free_group(g);
		op->kind = KIND_READ;
		rtio_uring_begin(op);
	}
}

/* Do what can be done for @p op. */
static void serve_ahead(struct rtio_fd_group *g, struct rtio_fd_op *op)
{
	g->waiting = NULL;
	if (g->count != 0) {
		int result = deliver_ahead(g, op);

		if (g->armed && !g->asked) {
			provide(g);
		}
		rtio_op_end(op, result);
	} else if (g->armed) {
		g->waiting = op;
	} else {
		without(g, op);
	}
}

bool rtio_ahead_begin(struct rtio_fd_op *op)
{
	struct rtio_fd *dev = op->dev;

	if (op->lane != LANE_IN || (dev->type != TYPE_SOCKET && dev->type != TYPE_PACKET)) {
		return false;
	}
	if (dev->group == NULL &&
	    (!rtio_sqe_is_multishot(op->s) || dev->no_multi || take_group(dev, op->s->r) == NULL)) {
		return false;
	}
	op->kind = KIND_AHEAD;
	serve_ahead(dev->group, op);
	return true;
}

void rtio_ahead_cancel(struct rtio_fd_op *op)
{
	op->dev->group->waiting = NULL;
	rtio_op_end(op, -ECANCELED);
}

/* Whether somebody wants more of what @p g reads. */
static bool is_wanted(const struct rtio_fd_group *g)
{
	struct rtio_fd *dev = g->dev;
	k_spinlock_key_t key = k_spin_lock(&dev->lock);
	const struct rtio_iodev_sqe *s =
		g->waiting != NULL ? g->waiting->s : dev->lanes[LANE_IN].first;
	bool wanted = s != NULL && rtio_sqe_is_multishot(s) && s->r == g->r;

	k_spin_unlock(&dev->lock, key);
	return wanted;
}

static bool is_closing(struct rtio_fd *dev)
{
	k_spinlock_key_t key = k_spin_lock(&dev->lock);
	bool closing = dev->closed != NULL;

	k_spin_unlock(&dev->lock, key);
	return closing;
}

bool rtio_ahead_tend(struct rtio_fd *dev)
{
	struct rtio_fd_group *g = dev->group;
	bool closing;

	if (g == NULL) {
		return true;
	}
	closing = is_closing(dev);
	if (!closing && is_wanted(g)) {
		return false;
	}
	if (g->armed) {
		disarm(g);
		return false;
	}
	/* What it has, and why it ended, is for the next read. */
	if (g->waiting == NULL && (closing || (g->count == 0 && g->error == 0))) {
		free_group(g);
		return true;
	}
	return false;
}

/* A block has been filled with @p res bytes, or would have needed as many. */
static void filled(struct rtio_fd_group *g, unsigned int bid, uint32_t res)
{
	uint8_t *block = g->blocks[bid];
	uint32_t size = g->sizes[bid];

	g->blocks[bid] = NULL;
	g->provided--;
	if (res > size || (res == 0 && g->dev->ends)) {
		if (res > size) {
			atomic32_store_relaxed(&g->dev->skipped, g->dev->skipped + 1);
		}
		rtio_release_buffer(g->r, block, size);
		return;
	}
	g->filled[(g->first + g->count++) % AHEAD_ENTRIES] = (struct filled){block, size, 0, res};
}

void rtio_ahead_came(struct rtio_fd_group *g, int res, uint32_t flags)
{
	struct rtio_fd *dev = g->dev;
	k_spinlock_key_t key;

	if ((flags & IORING_CQE_F_BUFFER) != 0) {
		filled(g, flags >> IORING_CQE_BUFFER_SHIFT, res > 0 ? (uint32_t)res : 0);
	}
	if ((flags & IORING_CQE_F_MORE) == 0) {
		g->armed = false;
		if (res == 0 && dev->ends) {
			g->error = -ENODATA;
		} else if (res == 0 && (flags & IORING_CQE_F_BUFFER) == 0) {
			/* An empty datagram ends it as well; there is a place: none was used. */
			g->filled[(g->first + g->count++) % AHEAD_ENTRIES] =
				(struct filled){NULL, 0, 0, 0};
		} else if (res == -EINVAL) {
			dev->no_multi = true; /* a kernel that has no such thing */
		} else if (res < 0 && res != -ECANCELED && res != -ENOBUFS && res != -EINTR) {
			g->error = res;
		}
	} else if (!g->asked) {
		provide(g);
	}
	if (g->waiting != NULL) {
		serve_ahead(g, g->waiting);
	} else {
		key = k_spin_lock(&dev->lock);
		(void)rtio_engine_kick(dev);
		k_spin_unlock(&dev->lock, key);
	}
}
