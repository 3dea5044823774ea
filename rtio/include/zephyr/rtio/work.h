/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Work for devices that block: a request is handed to one of a few threads, which calls a function for
 * it; those of higher priority first, as in prio_queue.h, so that none starves. Without threads, the
 * main loop does it, where it serves the system work queue, in the order in which it came.
 *
 * Unless something else is said. Context: any. Blocks: never. Cost: one short lock.
 */
#ifndef ZEPHYR_RTIO_WORK_H_
#define ZEPHYR_RTIO_WORK_H_

#include <zephyr/rtio/rtio.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Does the work of a request, and ends it. Context: thread; it may block. */
typedef void (*rtio_work_submit_t)(struct rtio_iodev_sqe *iodev_sqe);

/** One piece of work; of a pool of CONFIG_RTIO_WORKQ_POOL_ITEMS. */
struct rtio_work_req {
#ifndef CONFIG_MULTITHREADING
	struct k_work work;
#endif
	struct rtio_iodev_sqe *iodev_sqe; /**< of which request */
	rtio_work_submit_t handler;
	struct rtio_work_req *next; /**< in the pool */
};

/** Get a piece of work. Context: any. Blocks: no. @return it, NULL if all are in use. */
struct rtio_work_req *rtio_work_req_alloc(void);

/**
 * Have @p handler called for @p iodev_sqe. The piece is home again when it has returned. Without
 * @p iodev_sqe or @p handler it goes home at once.
 * Ownership: @p req is given up, @p iodev_sqe is the handler's, `q` in it the queue's.
 * Context: any.   Blocks: no.
 */
void rtio_work_req_submit(struct rtio_work_req *req, struct rtio_iodev_sqe *iodev_sqe,
			  rtio_work_submit_t handler);

/** @return how many pieces are in use. Context: any. */
uint32_t rtio_work_req_used_count_get(void);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_WORK_H_ */
