/* SPDX-License-Identifier: Apache-2.0 */
/** @file Watching a buffer: how many packets it dropped, and when it fills. Not there on Zephyr. */
#ifndef ZEPHYR_MPSC_PBUF_WATCH_H_
#define ZEPHYR_MPSC_PBUF_WATCH_H_

#include <zephyr/sys/mpsc_pbuf.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @return packets that @p buffer dropped for newer ones, ever; wraps. 0 for NULL.
 * Context: any.   Cost: O(1).
 */
uint32_t mpsc_pbuf_dropped_get(struct mpsc_pbuf_buffer *buffer);

#ifdef CONFIG_MPSC_PBUF_HIGH_WATER

struct mpsc_pbuf_high_water;

/**
 * @p buffer has risen to the mark of @p high_water. Runs in the context whose allocation did it,
 * perhaps an ISR, with no lock held; it may call anything.
 */
typedef void (*mpsc_pbuf_high_water_cb)(struct mpsc_pbuf_buffer *buffer,
					struct mpsc_pbuf_high_water *high_water);

/** A mark, and what to do when it is reached. The caller's. */
struct mpsc_pbuf_high_water {
	uint32_t mark;              /**< bytes in use, as mpsc_pbuf_get_utilization() counts them */
	mpsc_pbuf_high_water_cb cb; /**< what to call */
	bool armed;                 /**< the library's */
};

/**
 * Call high_water->cb when an allocation makes use of @p buffer rise to the mark; once, and again
 * only after an allocation has found it below the mark. NULL for @p high_water: no more calls.
 *
 * Ownership: @p high_water is the buffer's until it is replaced. A call that is about to be made
 * when this replaces it may still be made.
 * Context: any.   Blocks: never.
 * Cost: O(packets freed since there was an allocation); allocations then count what is in use, as with MPSC_PBUF_MAX_UTILIZATION.
 * @return 0; 1 if as much is in use now, so that it must fall first; -EINVAL if @p buffer or the
 * callback is NULL, or the mark is 0 or more than can be in use.
 */
int mpsc_pbuf_high_water_set(struct mpsc_pbuf_buffer *buffer,
			     struct mpsc_pbuf_high_water *high_water);

#endif /* CONFIG_MPSC_PBUF_HIGH_WATER */

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_MPSC_PBUF_WATCH_H_ */
