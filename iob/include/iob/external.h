/* SPDX-License-Identifier: Apache-2.0 */
/** @file Buffers whose header, too, is the user's: no heap is needed. */
#ifndef IOB_EXTERNAL_H_
#define IOB_EXTERNAL_H_

#include <nuttx/mm/iob.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifdef CONFIG_IOB_ALLOC
/**
 * Make @p iob a buffer around the @p size bytes at @p data, empty. When it is freed, @p free_cb is
 * called with @p iob, from which its owner finds whatever it is part of.
 *
 * Ownership: takes header and memory until @p free_cb is called, in the context of who frees, with
 * no lock held; it may use both again at once.
 * Context: any.   Cost: constant.   @return @p iob; NULL if an argument is NULL: nothing was taken.
 */
struct iob_s *iob_init_external(struct iob_s *iob, void *data, uint16_t size,
				iob_free_cb_t free_cb);
#endif

#ifdef __cplusplus
}
#endif

#endif /* IOB_EXTERNAL_H_ */
