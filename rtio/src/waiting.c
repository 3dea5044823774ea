/* SPDX-License-Identifier: Apache-2.0 */
/** @file Submitters that wait in a device (waiting.h). */
#include <zephyr/rtio/waiting.h>

#include "internal.h"

PORT_THREAD_LOCAL struct z_rtio_submitter z_rtio_submitter;

int z_rtio_wait_in(struct rtio *r, unsigned long target, int64_t deadline, struct port_sleep *sleep,
		   bool (*work)(struct port_sleep *sleep))
{
	bool go_on;

	do {
		k_spinlock_key_t key = rtio_lock(r);
		struct rtio_submitter_waits me;
		bool cancelled;
		int ret;

		if (rtio_has_ended(r, target)) {
			rtio_unlock(r, key);
			return 0;
		}
		waiter_init(&me.w, NULL);
		waiter_kind(&me.w, WAIT_FOR_ROOM);
		me.target = target;
		r->waiting = true;
		wait_q_add(&r->submitters, &me.w);
		rtio_unlock(r, key);
		ret = waiter_park_in(&me.w, sleep, deadline);
		if (ret == 1) {
			return 0;
		}
		key = rtio_lock(r);
		cancelled = waiter_cancel(&r->submitters, &me.w);
		rtio_unlock(r, key);
		if (!cancelled) {
			(void)waiter_park(&me.w, PORT_FOREVER);
			return 0;
		}
		go_on = work(sleep) && ret == 0 && !me.w.thread->ends_here &&
			(deadline == PORT_FOREVER || port_clock_ticks() < deadline);
	} while (go_on);
	return -EAGAIN;
}

int z_rtio_wait(struct rtio *r, unsigned long target, int64_t deadline)
{
	return rtio_wait_ended(r, target, deadline);
}
