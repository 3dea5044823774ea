/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Time in simulated hardware: microseconds of the kernel's clock, and functions that are called in
 * interrupt context when it has come to a moment. For models of devices.
 */
#ifndef ZEPHYR_RTIO_SIM_TIMER_H_
#define ZEPHYR_RTIO_SIM_TIMER_H_

#include <zephyr/kernel.h>

#include <kernel/timeout_q.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A timer. The owner sets @ref expired; the rest, zeroed, is a timer that does not run. */
struct rtio_sim_timer {
	/**
	 * Called once for each rtio_sim_timer_start() that was not stopped or followed by another; where
	 * threads are parallel, also for one that was, a moment ago. So it looks at the time.
	 * Context: ISR. It may start the timer again.
	 */
	void (*expired)(struct rtio_sim_timer *timer);
	struct timeout_node node;
};

/** @return microseconds since start-up, as far as the tick of the kernel tells. Context: any. */
int64_t rtio_sim_now(void);

/**
 * Have @p timer expire at @p due, in microseconds; at the first tick that is not before it. If it runs
 * already, this takes the place of what it runs for. Of equal moments, first started, first called.
 * Context: any.   Blocks: no.   Cost: that of timeout_q_add().
 */
void rtio_sim_timer_start(struct rtio_sim_timer *timer, int64_t due);

/** Stop @p timer. Where threads are parallel, it may be expiring while this returns. Context: any. */
void rtio_sim_timer_stop(struct rtio_sim_timer *timer);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_SIM_TIMER_H_ */
