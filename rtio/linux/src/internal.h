/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What the files of the devices over file descriptors share.
 *
 * A device has two lanes, one for each direction. A request goes through its lane: it waits in its
 * queue, or is tried at once by its submitter if the lane is free, or begun by the engine's thread as an
 * operation. All I/O that may have to wait is begun by that thread, because io_uring cancels what a
 * thread has begun when the thread ends, and submitters may end.
 *
 * Locks: that of a device is held when that of the engine is taken, never the other way round; neither
 * across a call of the kernel or of the executor. The lane of an operation that runs is the runner's:
 * what is in the operation is read and written without a lock, but for `cancel`.
 */
#ifndef RTIO_LINUX_INTERNAL_H_
#define RTIO_LINUX_INTERNAL_H_

#include <kernel/restart.h>
#include <zephyr/rtio/cancel.h>
#include <zephyr/rtio/fd.h>
#include <zephyr/rtio/fd_engine.h>

#define LANE_IN  0
#define LANE_OUT 1

/* rtio_fd.type */
#define TYPE_FILE   0 /* has positions; its data may be on a disk */
#define TYPE_MEMORY 1 /* a file whose data is in memory */
#define TYPE_STREAM 2 /* a terminal, timer and the like */
#define TYPE_PIPE   3
#define TYPE_SOCKET 4
#define TYPE_PACKET 5 /* a socket that keeps borders of packets */
#define TYPE_LISTEN 6

/* rtio_fd.link */
#define LINK_UP         0 /* or nothing to be connected */
#define LINK_WANTED     1
#define LINK_CONNECTING 2
#define LINK_FAILED     3

/* rtio_fd_op.kind */
#define KIND_READ    0
#define KIND_WRITE   1
#define KIND_ACCEPT  2
#define KIND_CONNECT 3
#define KIND_AHEAD   4 /* takes what the kernel has read ahead */

/* What an engine does. All of it in its thread. */
struct rtio_engine_backend {
	enum rtio_engine_kind kind;
	/* @p wake becomes readable when wait() has to return. */
	int (*start)(int wake);
	void (*stop)(void);
	/* Begin, or go on with, @p op; it ends with rtio_op_end(), here or in wait(). */
	void (*begin)(struct rtio_fd_op *op);
	/* Let @p op, which has begun, end soon. */
	void (*cancel)(struct rtio_fd_op *op);
	/* Begin to serve a read of @p op that needs more than begin(). @return whether it does that. */
	bool (*ahead)(struct rtio_fd_op *op);
	/* Look after what the kernel reads ahead for @p dev. @return whether there is none. */
	bool (*tend)(struct rtio_fd *dev);
	/* Handle what has come; if nothing has and @p block, wait for it. */
	void (*wait)(bool block);
	/* @p dev is to be closed, and nothing of it is under way. */
	void (*forget)(struct rtio_fd *dev);
	/* Memory of pools. */
	int (*add_memory)(struct rtio_mempool *pool);
	int (*remove_memory)(struct rtio_mempool *pool);
};

extern const struct rtio_engine_backend rtio_uring_backend;
extern const struct rtio_engine_backend rtio_epoll_backend;

/* ---- engine.c -------------------------------------------------------------------------------- */

extern struct rtio_engine_stats rtio_engine_stats; /* the thread's; read with relaxed loads */

static inline void rtio_engine_count(uint32_t *counter)
{
	atomic32_store_relaxed(counter, *counter + 1); /* relaxed: a count, with one writer */
}

/* What runs. Constant while a device is open. */
const struct rtio_engine_backend *rtio_engine_backend(void);
/* Whether requests are tried by their submitters. */
bool rtio_engine_tries(void);
/* Whether the caller is the engine's thread. */
bool rtio_engine_is_me(void);
/* Whether this process was forked from one with an engine. */
bool rtio_engine_forked(void);

/* A device comes and goes; the engine runs meanwhile. */
int rtio_engine_get(void);
void rtio_engine_put(void);

/* Have the engine look at @p dev, which is locked. @return whether rtio_engine_wake() is called next. */
bool rtio_engine_kick(struct rtio_fd *dev);
void rtio_engine_wake(void);

/* Whether that is still to come. */
bool rtio_engine_is_kicked(const struct rtio_fd *dev);

/* Operations beside those in lanes, for what has positions. In the engine's thread. */
struct rtio_fd_op *rtio_engine_op_take(void);
void rtio_engine_op_put(struct rtio_fd_op *op);

/* ---- keep.c ---------------------------------------------------------------------------------- */

/*
 * The caller as one who may keep what it submits, @p s, and wait for it itself.
 * @return NULL: it does not wait right after this, or keeps something, or cannot.
 */
struct rtio_keeper *rtio_keeper_for(const struct rtio_iodev_sqe *s);
/* It keeps @p op: device locked. */
void rtio_keep(struct rtio_keeper *keeper, struct rtio_fd_op *op);
/* What @p keeper keeps is to stop. @p keeper may be NULL. Nothing locked. */
void rtio_keeper_wake(struct rtio_keeper *keeper);

/* ---- fd.c, lane.c ---------------------------------------------------------------------------- */

extern const struct rtio_iodev_api rtio_fd_api;
/* Take @p s out of the queue of @p l. Device locked. @return whether it was there. */
bool rtio_lane_take(struct rtio_fd *dev, struct rtio_fd_lane *l, struct rtio_iodev_sqe *s);
/* What is queued behind @p s. Device locked. @return NULL: nothing. */
struct rtio_iodev_sqe *rtio_lane_behind(const struct rtio_iodev_sqe *s);

/* Begin what can be begun, stop what is to be stopped. In the engine's thread. */
void rtio_fd_advance(struct rtio_fd *dev);
/* Take @p op out of those under way. Device locked. */
void rtio_lane_remove(struct rtio_fd_lane *l, const struct rtio_fd_op *op);
/* An operation of @p l, begun by the caller, its submitter, has ended. */
void rtio_lane_leave(struct rtio_fd *dev, struct rtio_fd_lane *l);
/* @p op has ended. In the engine's thread. */
void rtio_op_end(struct rtio_fd_op *op, int result);

/* ---- op.c ------------------------------------------------------------------------------------ */

/* Whether @p s can be done by @p dev. @return the lane, or a negative errno value. */
int rtio_op_check(const struct rtio_fd *dev, const struct rtio_iodev_sqe *s);
/* Make @p op the operation of its request, in @p lane. */
void rtio_op_prepare(struct rtio_fd_op *op, struct rtio_fd *dev, uint8_t lane);
/* Make it one half of a TXRX. */
void rtio_op_prepare_half(struct rtio_fd_op *op, struct rtio_fd *dev, uint8_t lane);
/* Get the block that @p op reads into, if it has none. @return 0, -ENOMEM. */
int rtio_op_block_get(struct rtio_fd_op *op);
void rtio_op_block_put(struct rtio_fd_op *op);
/* Try it. @return what the kernel says: -EAGAIN, -EOPNOTSUPP: it would have to wait. */
int rtio_op_attempt(struct rtio_fd_op *op, bool may_block);
/* @p op has come to @p res. @return whether it is over, and how in *@p result; else it goes on. */
bool rtio_op_took(struct rtio_fd_op *op, int res, int *result);
/* The flags of its calls on a socket. */
int rtio_op_socket_flags(const struct rtio_fd_op *op);

/* Wait for @p done, which others know: a thread that is asked to end does not do so here. */
static inline void rtio_fd_await(struct k_sem *done)
{
	kernel_hold();
	(void)k_sem_take(done, K_FOREVER);
	kernel_release();
}

static inline struct rtio_fd *rtio_fd_of(const struct rtio_iodev_sqe *s)
{
	return CONTAINER_OF((struct rtio_iodev *)(uintptr_t)s->sqe.iodev, struct rtio_fd, iodev);
}

static inline bool rtio_fd_is_socket(const struct rtio_fd *dev)
{
	return dev->type >= TYPE_SOCKET;
}

static inline bool rtio_fd_has_positions(const struct rtio_fd *dev)
{
	return (dev->flags & RTIO_FD_POSITIONED) != 0;
}

static inline bool rtio_sqe_is_multishot(const struct rtio_iodev_sqe *s)
{
	return (s->sqe.flags & RTIO_SQE_MULTISHOT) != 0;
}

#endif /* RTIO_LINUX_INTERNAL_H_ */
