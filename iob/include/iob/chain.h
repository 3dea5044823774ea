/* SPDX-License-Identifier: Apache-2.0 */
/** @file Several buffers at once. */
#ifndef IOB_CHAIN_H_
#define IOB_CHAIN_H_

#include <nuttx/mm/iob.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Get @p n buffers, linked, or none. As iob_tryalloc() @p n times, but the pool is locked once for
 * every IOB_CHAIN_STEP of them.
 *
 * Context: any.   Blocks: no.   Cost: O(n); interrupts masked for IOB_CHAIN_STEP links.
 * @return the chain, all of it empty; NULL if there are not so many, or @p n is 0.
 */
struct iob_s *iob_tryalloc_chain(unsigned int n, bool throttled);

/** Most buffers that are taken from the pool in one critical section. */
#define IOB_CHAIN_STEP 8

#ifdef __cplusplus
}
#endif

#endif /* IOB_CHAIN_H_ */
