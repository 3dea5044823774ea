/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Executors with a limit: chains that they hold back. Contexts without an executor have no code of this;
 * those with one reach it through the executor.
 */
#include "internal.h"

static unsigned int band_of(const struct rtio_executor *exec, const struct rtio_iodev_sqe *s)
{
	return exec->by_prio ? rtio_prio_band(s) : 0;
}

static bool admit(struct rtio *r, struct rtio_iodev_sqe *head)
{
	struct rtio_executor *exec = r->executor;
	k_spinlock_key_t key = rtio_lock(r);
	bool go = exec->active < exec->limit;

	if (go) {
		exec->active++;
	} else {
		status_set(head, status_get(head) | MARK_PENDING);
		rtio_prio_queue_put_band(&exec->pending, head, band_of(exec, head));
#ifdef CONFIG_RTIO_DEADLINE
		if ((head->sqe.flags & RTIO_SQE_DEADLINE) != 0) {
			rtio_deadline_wait(head);
		}
#endif
	}
	rtio_unlock(r, key);
	return go;
}

static struct rtio_iodev_sqe *next_chain(struct rtio *r)
{
	struct rtio_executor *exec = r->executor;
	k_spinlock_key_t key = rtio_lock(r);
	/* There are more than the limit while some end that were cancelled or late. */
	struct rtio_iodev_sqe *s =
		exec->active > exec->limit ? NULL : rtio_prio_queue_get(&exec->pending);

	if (s == NULL) {
		exec->active--;
	} else {
		status_set(s, status_get(s) & ~MARK_PENDING);
	}
	rtio_unlock(r, key);
	return s;
}

static void take_held_out(struct rtio *r, struct rtio_iodev_sqe *s)
{
	struct rtio_executor *exec = r->executor;

	(void)rtio_prio_queue_remove_band(&exec->pending, s, band_of(exec, s));
	status_set(s, status_get(s) & ~MARK_PENDING);
	exec->active++;
}

const struct z_rtio_executor_ops z_rtio_executor_ops = {
	.admit = admit,
	.next = next_chain,
	.take_out = take_held_out,
};

void rtio_set_executor(struct rtio *r, struct rtio_executor *exc)
{
	r->executor = exc;
}
