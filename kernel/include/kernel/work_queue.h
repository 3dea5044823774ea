/* SPDX-License-Identifier: Apache-2.0 */
/** @file Serving a work queue from a main loop. Not there on Zephyr. */
#ifndef KERNEL_WORK_QUEUE_H_
#define KERNEL_WORK_QUEUE_H_

#include <zephyr/kernel/work.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Run the items of @p queue that there are, in their order, and return. If there are none, wait for
 * one first, up to @p timeout. As many are run as there were then: what is submitted meanwhile is left for
 * the next call.
 *
 * Context: the main loop, without CONFIG_MULTITHREADING; there are threads for it otherwise.
 * Blocks: while there is no item, up to @p timeout.   Cost: constant for each item, and its
 * handler.
 * @return how many were run; 0 after @p timeout; -ENODEV if the queue has not been started, -EALREADY if
 * a thread serves it, -EDEADLK in a handler of it, -EBUSY in an ISR.
 */
int work_queue_process(struct k_work_q *queue, k_timeout_t timeout);

#ifdef __cplusplus
}
#endif

#endif /* KERNEL_WORK_QUEUE_H_ */
