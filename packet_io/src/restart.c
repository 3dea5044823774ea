/* SPDX-License-Identifier: Apache-2.0 */
/** @file Stop and start again. */
#include <zephyr/net_buf/watch.h>
#include <zephyr/packet_io/inspect.h>
#include <zephyr/packet_io/restart.h>
#include <zephyr/sys/printk.h>

#include <kernel/restart.h>

#include "internal.h"

/* @return how many events are to be taken before the next queue's turn: those that are there. */
static uint32_t turn_of(const struct packet_sink *sink)
{
	return packet_is_event_queue(sink->msgq) ? k_msgq_num_used_get(sink->msgq) : 0;
}

static int drain_sink(struct packet_sink *sink, void *any)
{
	for (uint32_t i = turn_of(sink); i > 0 && packet_sink_process(sink, K_NO_WAIT) != -EAGAIN;
	     i--) {
		*(bool *)any = true;
	}
	return 0;
}

static int purge_sink(struct packet_sink *sink, void *any)
{
	struct packet_event event;

	for (uint32_t i = turn_of(sink); i > 0 && k_msgq_get(sink->msgq, &event, K_NO_WAIT) == 0;
	     i--) {
		*(bool *)any = true;
		if (packet_is_sendable(event.buf)) {
			net_buf_unref(event.buf);
		}
	}
	return 0;
}

static int look_at_sink(struct packet_sink *sink, void *any)
{
	*(bool *)any |= turn_of(sink) != 0;
	return 0;
}

/* Do @p what for all queues. @return whether there were any events. */
static bool any_events(int (*what)(struct packet_sink *sink, void *any))
{
	bool any = false;

	(void)packet_sink_foreach(what, &any);
	return any;
}

/* ---- while threads end ----------------------------------------------------------------------- */

/* The looks, each about a millisecond after the one before, after which nothing is expected to move. */
#define STILL 100

/* What the looks of one stop saw. One thread stops at a time. */
static struct {
	size_t home;       /* buffers at home at the last look */
	unsigned int same; /* looks that saw that */
	bool waits;        /* whether it was for buffers only */
} looks;

static size_t buffers_home(bool *all)
{
	struct net_buf_pool *pool;
	size_t sum = 0;

	*all = true;
	for (int id = 0; (pool = net_buf_pool_get(id)) != NULL; id++) {
		size_t home = net_buf_pool_free_count(pool);

		sum += home;
		*all = *all && home == pool->buf_count;
	}
	return sum;
}

/* Threads empty their queues themselves; what they leave behind is handled here. */
static bool drain_meanwhile(enum kernel_stopping phase)
{
	size_t home;
	bool all;

	looks.waits = phase == KERNEL_STOPPING_WAIT;
	switch (phase) {
	case KERNEL_STOPPING_WORK:
		looks.same = 0;
		return false;
	case KERNEL_STOPPING_WAIT:
		break;
	case KERNEL_STOPPING_ALL:
		(void)any_events(drain_sink);
		return true;
	}
	home = buffers_home(&all);
	looks.same = home == looks.home ? looks.same + 1 : 0;
	looks.home = home;
	return all || looks.same >= STILL;
}

static bool purge_meanwhile(enum kernel_stopping phase)
{
	ARG_UNUSED(phase);
	(void)any_events(purge_sink);
	return true;
}

/* Name the pools that miss buffers. @return 0, -EBUSY if there are any. */
static int look_home(void)
{
	struct net_buf_pool *pool;
	int ret = 0;

	for (int id = 0; (pool = net_buf_pool_get(id)) != NULL; id++) {
		size_t home = net_buf_pool_free_count(pool);

		if (home != pool->buf_count) {
			printk("packet_io: pool %d has %u of its %u buffers\n", id,
			       (unsigned int)home, pool->buf_count);
			ret = -EBUSY;
		}
	}
	return ret;
}

int packet_io_stop(enum packet_io_stop_mode mode, k_timeout_t timeout)
{
	int (*empty)(struct packet_sink * sink, void *any) =
		mode == PACKET_IO_DRAIN ? drain_sink : purge_sink;
	k_timepoint_t end = sys_timepoint_calc(timeout);
	int ret;

	if (mode != PACKET_IO_DRAIN && mode != PACKET_IO_PURGE) {
		return -EINVAL;
	}
	looks.same = 0;
	looks.waits = false;
	ret = kernel_stop_threads(timeout,
				  mode == PACKET_IO_DRAIN ? drain_meanwhile : purge_meanwhile);
	if (ret != 0) {
		if (looks.waits) {
			(void)look_home();
		}
		return ret;
	}
	/* One handler's events may be the next one's: until nobody had any. */
	while (any_events(empty)) {
		if (sys_timepoint_expired(end) && any_events(look_at_sink)) {
			return -EAGAIN;
		}
	}
	return look_home();
}

int packet_io_start(void)
{
	return kernel_restart_threads();
}
