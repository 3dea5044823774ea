/* SPDX-License-Identifier: Apache-2.0 */
/** @file What the files of the io_uring engine share. */
#ifndef RTIO_LINUX_URING_H_
#define RTIO_LINUX_URING_H_

#include "internal.h"

#include <liburing.h>

/* What the low bits of user_data say; the rest is a pointer. */
#define TAG_OP    0U
#define TAG_GROUP 1U
#define TAG_NONE  2U /* nobody waits for it */
#define TAG_WAKE  3U
#define TAG_MASK  3U

extern struct io_uring rtio_ring;

/* Set a ring of the calling thread up. @return 0, a negative errno value. */
int rtio_ring_set_up(struct io_uring *ring, unsigned int entries);

/* Put what is next of a read or write into @p sqe. @p registered: memory of pools is known to the ring. */
void rtio_uring_prep(struct io_uring_sqe *sqe, struct rtio_fd_op *op, bool registered);

/* A place for a request to the kernel, which says @p what of @p of when it is done; never NULL. */
struct io_uring_sqe *rtio_ring_sqe(void);

static inline void rtio_ring_tag(struct io_uring_sqe *sqe, const void *of, unsigned int what)
{
	io_uring_sqe_set_data64(sqe, (uintptr_t)of | what);
}

/* Begin @p op by an own call of the kernel. */
void rtio_uring_begin(struct rtio_fd_op *op);

/* ---- ahead.c: what the kernel reads before anybody asks, for multishot reads ------------------- */

int rtio_ahead_start(void);
void rtio_ahead_stop(void);
/* As in struct rtio_engine_backend. */
bool rtio_ahead_begin(struct rtio_fd_op *op);
bool rtio_ahead_tend(struct rtio_fd *dev);
/* @p op, which waits for it, is to stop. */
void rtio_ahead_cancel(struct rtio_fd_op *op);
/* Something came. */
void rtio_ahead_came(struct rtio_fd_group *g, int res, uint32_t flags);

#endif /* RTIO_LINUX_URING_H_ */
