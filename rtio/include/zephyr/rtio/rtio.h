/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * RTIO: requests for I/O and their completions, as two queues.
 *
 * An application acquires requests, prepares them and submits them; devices do them; their ends come
 * back as completions, which are consumed and released. Requests can be linked: a chain is done one
 * after the other and a failure fails what is behind it; a transaction goes to one device as one.
 *
 * acquire, prepare and submit on a context belong to one thread or ISR at a time: what one acquired,
 * the same one submits. Any other, beside it, copies requests in with rtio_sqe_copy_in(), and may then
 * call rtio_submit() as well, which starts those and leaves alone what others have acquired.
 * Everything else may be called from anywhere at any time.
 *
 * Unless something else is said. Context: any. Blocks: never. Cost: constant; of a chain
 * O(requests).
 */
#ifndef ZEPHYR_RTIO_RTIO_H_
#define ZEPHYR_RTIO_RTIO_H_

#include <zephyr/rtio/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- requests: for applications -------------------------------------------------------------- */

/**
 * @return how many requests nobody has, each looked at at some moment of the call.
 * Context: any.   Cost: O(requests of the context), without a lock.
 */
uint32_t rtio_sqe_acquirable(const struct rtio *r);

/**
 * Get a request, to be prepared; it is submitted by the next rtio_submit() or given back by
 * rtio_sqe_drop_all().
 *
 * Context: any, one at a time (see above; asserted).   Blocks: no.   Cost: one short lock.
 * @return the request, NULL if all are in use, or if another one has acquired and not submitted.
 */
struct rtio_sqe *rtio_sqe_acquire(struct rtio *r);

/**
 * Get @p n requests or none. Context: as rtio_sqe_acquire(). Cost: one lock, held O(n).
 * @return 0, -ENOMEM if there are fewer, -EBUSY if another one has acquired and not submitted (asserted).
 */
int rtio_sqe_acquire_array(struct rtio *r, size_t n, struct rtio_sqe **sqes);

/** Give back all that was acquired or copied in and not submitted. Context: as acquire. */
void rtio_sqe_drop_all(struct rtio *r);

/**
 * Copy @p sqe_count requests into the context: all of them, side by side, or none. They start with
 * the next rtio_submit() by anyone.
 *
 * Context: any, beside all others.   Blocks: no.   Cost: two short locks, the first held O(sqe_count).
 * @return 0, -ENOMEM if there are fewer.
 */
int rtio_sqe_copy_in(struct rtio *r, const struct rtio_sqe *sqes, size_t sqe_count);

/** The same; *@p handle, if not NULL, becomes the first one, for rtio_sqe_cancel() and the like. */
int rtio_sqe_copy_in_get_handles(struct rtio *r, const struct rtio_sqe *sqes,
				 struct rtio_sqe **handle, size_t sqe_count);

/**
 * Start all that the caller has acquired and all that was copied in, and wait until @p wait_count
 * requests have ended since the call began, of whomever; lost completions count, those without a
 * response do not.
 *
 * The last request submitted must not be linked to a next one; asserted, and else ignored.
 * Context: thread; ISR with @p wait_count 0.   Blocks: until then.
 * @return 0; -EINVAL in an ISR that would have to wait, which is asserted (all is started).
 */
int rtio_submit(struct rtio *r, uint32_t wait_count);

/* ---- completions: for applications ----------------------------------------------------------- */

/**
 * Take the oldest completion.
 *
 * Ownership: it is the caller's until rtio_cqe_release().
 * Context: any, several at once.   Blocks: no.   Cost: one short lock.
 * @return it, NULL if there is none.
 */
struct rtio_cqe *rtio_cqe_consume(struct rtio *r);

/** The same, waiting until there is one. Context: thread. In an ISR: as rtio_cqe_consume(). */
struct rtio_cqe *rtio_cqe_consume_block(struct rtio *r);

/** Give @p cqe back; NULL: nothing happens. Context: any. Cost: one short lock. */
void rtio_cqe_release(struct rtio *r, struct rtio_cqe *cqe);

/**
 * Take all completions and release them, with the memory that came with them.
 * Context: any.   @return the first negative result among them, 0 if there was none.
 */
int rtio_flush_completion_queue(struct rtio *r);

/**
 * Copy up to @p cqe_count completions out and release them, waiting for more until @p timeout, which is
 * that of the whole call, has passed.
 * Context: thread; ISR with K_NO_WAIT.   @return how many were copied.
 */
int rtio_cqe_copy_out(struct rtio *r, struct rtio_cqe *cqes, size_t cqe_count, k_timeout_t timeout);

/**
 * The memory that came with a completion. It is the caller's until rtio_release_buffer().
 * @return 0; -EINVAL if there is none with @p cqe; -ENOTSUP if @p r has no pool.
 */
int rtio_cqe_get_mempool_buffer(const struct rtio *r, struct rtio_cqe *cqe, uint8_t **buff,
				uint32_t *buff_len);

/**
 * Give memory of the pool back: @p buff_len bytes as they came. NULL, 0 bytes: nothing happens. What is
 * not memory of the pool in use fails an assertion; with assertions off nothing happens.
 * Context: any.
 */
void rtio_release_buffer(struct rtio *r, void *buff, uint32_t buff_len);

/** @return bytes of a block of the pool of @p r, 0 if it has none. */
size_t rtio_mempool_block_size(const struct rtio *r);

/* ---- cancelling, signalling ------------------------------------------------------------------ */

/**
 * Cancel @p sqe, a request acquired or copied in and not over.
 *
 * Before it is submitted: it and what is linked behind it are withdrawn; they answer nothing. After
 * that: as rtio_cancel() in <zephyr/rtio/cancel.h>, which is for when it may be over already and its
 * memory be another request.   Context: any.   @return 0.
 */
int rtio_sqe_cancel(struct rtio_sqe *sqe);

/**
 * Let @p sqe, which awaits, go on; if it has not started, it will not wait. A second time nothing
 * happens. @p sqe must not be over.   Context: any.
 */
void rtio_sqe_signal(struct rtio_sqe *sqe);

/* ---- for devices ----------------------------------------------------------------------------- */

/** End @p iodev_sqe, with success. Context: any. @p result is 0 or more, bytes for instance. */
void rtio_iodev_sqe_ok(struct rtio_iodev_sqe *iodev_sqe, int result);

/** End @p iodev_sqe, with a failure. Context: any. @p result is a negative errno value. */
void rtio_iodev_sqe_err(struct rtio_iodev_sqe *iodev_sqe, int result);

/** What those two are made of. */
void rtio_executor_ok(struct rtio_iodev_sqe *iodev_sqe, int result);
void rtio_executor_err(struct rtio_iodev_sqe *iodev_sqe, int result);

/** Start what can be started: rtio_submit() without waiting. */
void rtio_executor_submit(struct rtio *r);

/**
 * Memory for what is read: the request's own, or of the pool, the largest piece there is of at most
 * @p max_buf_len and at least @p min_buf_len bytes (in whole blocks). Asked again, it is the same.
 * Context: any, for a request that the caller is doing.   Cost: O(blocks of the pool), locked.
 * @return 0; -ENOMEM if there is no such piece; -EINVAL if the request does not read.
 */
int rtio_sqe_rx_buf(const struct rtio_iodev_sqe *iodev_sqe, uint32_t min_buf_len,
		    uint32_t max_buf_len, uint8_t **buf, uint32_t *buf_len);

/** @return the flags of the completion of @p iodev_sqe if it ends now. */
uint32_t rtio_cqe_compute_flags(struct rtio_iodev_sqe *iodev_sqe);

/**
 * Call @p callback when @p iodev_sqe (of RTIO_OP_AWAIT) is signalled: here, if it has been.
 * Context: any. @p callback is called without a lock, where the later one of the two came.
 */
void rtio_iodev_sqe_await_signal(struct rtio_iodev_sqe *iodev_sqe, rtio_signaled_t callback,
				 void *userdata);

/** A completion to be filled. Context: any. @return it, NULL if all are in use. */
struct rtio_cqe *rtio_cqe_acquire(struct rtio *r);

/** Put a completion that was acquired into the queue. It counts as an end. Context: any. */
void rtio_cqe_produce(struct rtio *r, struct rtio_cqe *cqe);

/** Both: a completion as given, or a lost one. Context: any, several at once. */
void rtio_cqe_submit(struct rtio *r, int result, void *userdata, uint32_t flags);

/* ---- contexts -------------------------------------------------------------------------------- */

/** Let @p exc execute @p r. Context: while nothing of @p r is under way. */
void rtio_set_executor(struct rtio *r, struct rtio_executor *exc);

/** Get a context of @p pool, as new. Context: any. @return it, NULL if all are in use. */
struct rtio *rtio_pool_acquire(struct rtio_pool *pool);

/**
 * Give @p r back to @p pool: what was not submitted is dropped, completions are flushed. It is acquired
 * again once all its requests have ended and all completions are home.   Context: any.
 */
void rtio_pool_release(struct rtio_pool *pool, struct rtio *r);

struct k_thread;

/** Let a thread of user mode use @p r; here all threads may. */
static inline void rtio_access_grant(struct rtio *r, struct k_thread *t)
{
	ARG_UNUSED(r);
	ARG_UNUSED(t);
}

/** The opposite: here it changes nothing. */
static inline void rtio_access_revoke(struct rtio *r, struct k_thread *t)
{
	ARG_UNUSED(r);
	ARG_UNUSED(t);
}

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_RTIO_H_ */
