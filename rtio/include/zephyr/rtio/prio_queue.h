/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A queue of requests by priority, in constant time and without starvation, and with it the queue
 * of a device that does one request at a time.
 *
 * There are four bands: priorities 0 to 63, 64 to 127, 128 to 191 and 192 to 255. Within a band, first
 * come, first served. A higher band goes first; but the band that has been passed over
 * CONFIG_RTIO_PRIO_BOUND times since it was last served (or became non-empty) goes before all.
 * Of several such bands the one passed over most. So while n requests are in front of one in its band,
 * at most (n + 1) * (CONFIG_RTIO_PRIO_BOUND + 2) of other bands are served before it.
 *
 * Context: any, one at a time per queue.   Blocks: never.
 */
#ifndef ZEPHYR_RTIO_PRIO_QUEUE_H_
#define ZEPHYR_RTIO_PRIO_QUEUE_H_

#include <zephyr/rtio/sqe.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RTIO_PRIO_BANDS 4

/** The queue; zeroed is empty. Guarded by a lock of whoever has it. Requests are linked by `q`. */
struct rtio_prio_queue {
	struct {
		struct mpsc_node *first;
		struct mpsc_node *last; /**< means nothing while first is NULL */
		uint32_t passed;        /**< how often another band went first */
	} band[RTIO_PRIO_BANDS];
};

/** Put @p iodev_sqe in, by its priority. Cost: O(1). */
void rtio_prio_queue_put(struct rtio_prio_queue *q, struct rtio_iodev_sqe *iodev_sqe);

/** Take the next out. Cost: O(1). @return it, NULL if there is none. */
struct rtio_iodev_sqe *rtio_prio_queue_get(struct rtio_prio_queue *q);

/** Take @p iodev_sqe out if it is there. Cost: O(requests of its band). @return whether it was. */
bool rtio_prio_queue_remove(struct rtio_prio_queue *q, struct rtio_iodev_sqe *iodev_sqe);

/** The requests of a device that does one at a time. Zeroed is idle. */
struct rtio_iodev_queue {
	struct k_spinlock lock; /**< guards the rest */
	struct rtio_prio_queue waiting;
	struct rtio_iodev_sqe *current; /**< the one being done; NULL: idle */
};

/**
 * For submit() of an iodev: a request has come.
 * Context: any.   Cost: one short lock.
 * @return whether the device was idle: then @p iodev_sqe is the current request, and the caller
 * begins it; else it waits.
 */
bool rtio_iodev_queue_put(struct rtio_iodev_queue *q, struct rtio_iodev_sqe *iodev_sqe);

/**
 * The current request is over (its owner answers it, before or after this).
 * Context: any.   Cost: one short lock.   @return the new current one, to begin; NULL: idle.
 */
struct rtio_iodev_sqe *rtio_iodev_queue_next(struct rtio_iodev_queue *q);

/**
 * For cancel() of an iodev: take @p iodev_sqe out if it waits.
 * Context: any.   Cost: O(requests of its band), locked.
 * @return whether it did; the caller then answers it with -ECANCELED.
 */
bool rtio_iodev_queue_cancel(struct rtio_iodev_queue *q, struct rtio_iodev_sqe *iodev_sqe);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_PRIO_QUEUE_H_ */
