/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A queue for tests. What is submitted between hold() and release() stays where it is: on a platform with
 * threads a handler waits, on one without nobody serves the queue.
 */

#ifndef KERNEL_TESTS_WORK_HOLD_H_
#define KERNEL_TESTS_WORK_HOLD_H_

#include <zephyr/kernel.h>

extern struct k_work_q queue;

/* Start and stop the queue. */
void queue_begin(void);
void queue_end(void);

void hold(void);
void release(void); /* does nothing if it is not held */

/* Have all that was submitted run. */
void settle(void);

/* Wait until *@p count, written with release order, is @p number; serve the queue where nobody does. */
void wait_for(const uint32_t *count, uint32_t number);

#endif /* KERNEL_TESTS_WORK_HOLD_H_ */
