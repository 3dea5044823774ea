/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Handles: names of requests that stay right when the memory of a request has become another one,
 * cancelling by them, and waiting with a timeout. Not on Zephyr.
 *
 * Unless something else is said. Context: any. Blocks: never. Cost: one short lock.
 */
#ifndef ZEPHYR_RTIO_CANCEL_H_
#define ZEPHYR_RTIO_CANCEL_H_

#include <zephyr/rtio/rtio.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * One request in its life from acquire or copy_in to its end, of one context. 0 names none, ever. The
 * same name comes again after the same entry was used 4,294,967,295 times.
 */
typedef uint64_t rtio_sqe_handle_t;

/** @return the handle of @p sqe. Context: who acquired it, before it is submitted. */
rtio_sqe_handle_t rtio_sqe_handle(const struct rtio_sqe *sqe);

/**
 * As rtio_sqe_copy_in(), with the handles of all requests in @p handles, unless that is NULL.
 * @return 0, -ENOMEM.
 */
int rtio_sqe_copy_in_handles(struct rtio *r, const struct rtio_sqe *sqes,
			     rtio_sqe_handle_t *handles, size_t sqe_count);

/**
 * Cancel a request and what is linked behind it. Each answers once, as always: what has not started
 * with -ECANCELED, when its turn comes; what runs is asked to stop and answers -ECANCELED, or as it
 * ended if that came first. A member of a transaction that is under way cancels it all.
 *
 * Context: any.   Blocks: no.
 * @return 0 if it has been asked to; -EALREADY if it had been; -ENOENT if it is over or never was, and
 * nothing has happened.
 */
int rtio_cancel(struct rtio *r, rtio_sqe_handle_t handle);

/**
 * Cancel all requests of @p r that were acquired, copied in or submitted and are not over; unless @p iodev
 * is NULL, those through it only, without what was acquired and not submitted: that is being prepared.
 * Context: any.   Cost: a lock for each request that @p r ever used at once.
 * @return how many were asked to.
 */
uint32_t rtio_cancel_all(struct rtio *r, const struct rtio_iodev *iodev);

/** As rtio_sqe_signal(), by handle. @return 0; -ENOENT if it is over; -EINVAL if it does not await. */
int rtio_signal(struct rtio *r, rtio_sqe_handle_t handle);

/** @return whether @p iodev_sqe has been asked to stop. Context: any, for a request not ended. */
static inline bool rtio_iodev_sqe_is_canceled(const struct rtio_iodev_sqe *iodev_sqe)
{
	return (atomic32_load_relaxed(&iodev_sqe->status) & (BIT(2) | BIT(3))) != 0;
}

/** As rtio_cqe_consume_block(), until @p timeout. @return a completion, NULL if none came in time. */
struct rtio_cqe *rtio_cqe_consume_timeout(struct rtio *r, k_timeout_t timeout);

/**
 * As rtio_submit(), waiting until @p timeout.
 * @return 0, -EAGAIN if fewer ended in time (all is started, and goes on).
 */
int rtio_submit_timeout(struct rtio *r, uint32_t wait_count, k_timeout_t timeout);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_CANCEL_H_ */
