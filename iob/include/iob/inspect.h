/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Looking at the pool, for tests and debugging.
 *
 * Unless something else is said. Context: any. Blocks: never. Cost: constant.
 */
#ifndef IOB_INSPECT_H_
#define IOB_INSPECT_H_

#include <nuttx/mm/iob.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @return whether @p iob is the address of a buffer of the pool, free or not. */
bool iob_in_pool(const struct iob_s *iob);

/**
 * Walk the free buffers, and the free places of queues, and compare with what is counted.
 *
 * Context: any.   Cost: O(buffers + places), masked: not for use in production.
 * @return 0, or -EFAULT if somebody has written where nobody may.
 */
int iob_check(void);

/** @return how many buffers are at home, those kept for budgets included. */
int iob_nfree(void);

#if CONFIG_IOB_NCHAINS > 0
/** @return how many places of queues are free. */
int iob_qentry_navail(void);
#endif

#ifdef __cplusplus
}
#endif

#endif /* IOB_INSPECT_H_ */
