/* SPDX-License-Identifier: Apache-2.0 */
/** @file Timers of simulated hardware. */
#include <zephyr/rtio/sim/timer.h>

int64_t rtio_sim_now(void)
{
	return (int64_t)k_ticks_to_us_floor64((uint64_t)port_clock_ticks());
}

static void timer_expired(struct timeout_node *node)
{
	struct rtio_sim_timer *timer = CONTAINER_OF(node, struct rtio_sim_timer, node);

	timer->expired(timer);
}

void rtio_sim_timer_start(struct rtio_sim_timer *timer, int64_t due)
{
	(void)timeout_q_add(&timer->node, timer_expired,
			    (int64_t)k_us_to_ticks_ceil64((uint64_t)due));
}

void rtio_sim_timer_stop(struct rtio_sim_timer *timer)
{
	(void)timeout_q_abort(&timer->node);
}
