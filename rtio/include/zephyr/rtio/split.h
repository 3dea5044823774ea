/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Splitting: an iodev or an executor does one request as several, and it answers once, when all of
 * them have ended. Not on Zephyr.
 */
#ifndef ZEPHYR_RTIO_SPLIT_H_
#define ZEPHYR_RTIO_SPLIT_H_

#include <zephyr/rtio/cancel.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A request that is done in parts. */
struct rtio_split {
	struct rtio_iodev_sqe *parent; /**< what they are parts of */
	struct rtio *r;                /**< whose requests the parts are */
	uint32_t left;  /**< parts that have not ended; the next two are written by them */
	uint32_t error; /**< the first failure; 0: none */
	uint32_t total; /**< the sum of the results */
	/**
	 * Set before rtio_split(): called when all parts have ended and @p split is its owner's again, just
	 * before the parent ends. NULL: nothing is.   Context: that of the end; nothing is locked.
	 */
	void (*over)(struct rtio_split *split);
	void *owner; /**< for over() */
	/** The library's: a part has ended with @p result. */
	void (*ended)(struct rtio_split *split, int result);
};

/**
 * Do @p parent as the @p n requests @p parts, which may be linked as chains and transactions, through
 * context @p r, which may be that of @p parent. They have no completions; their userdata is not theirs.
 * When the last one has ended, @p parent ends: with the first failure, else with the sum of the results.
 *
 * Ownership: @p split, of which `over` and `owner` are set, belongs to the parts until @p parent ends; @p parent is the caller's no more,
 * unless this fails.
 * Context: any; that of submit() of an iodev, say.   Cost: that of rtio_sqe_copy_in() and rtio_submit().
 * @return 0; -ENOMEM if @p r has not as many requests; -EINVAL if @p n is 0.
 */
int rtio_split(struct rtio_split *split, struct rtio_iodev_sqe *parent, struct rtio *r,
	       const struct rtio_sqe *parts, size_t n);

/**
 * For cancel() of the iodev of the parent: cancel all parts that have not ended.
 * Context: any.   Cost: a lock for each request that the context ever used at once.
 */
void rtio_split_cancel(struct rtio_split *split);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_SPLIT_H_ */
