/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Writes as sinks.
 *
 * A packet is a chain of two: the write, a transaction of its fragments, and a callback, which lets go of
 * the packet where the write has ended. Nobody has to consume anything.
 */
#include <bridge/packet_rtio.h>

#include <kernel/restart.h>
#include <zephyr/irq.h>

#include <errno.h>

static void count_one(uint32_t *counter)
{
	(void)atomic32_add_relaxed(counter, 1); /* relaxed: a count */
}

/* The write of the packet in @p sqe's userdata has come to @p res. */
static void write_ended(struct rtio *r, const struct rtio_sqe *sqe, int res, void *arg0)
{
	struct packet_sink_rtio *half = arg0;
	struct net_buf *buf = sqe->userdata;

	ARG_UNUSED(r);
	count_one(res < 0 ? &half->failed : &half->written);
	if (half->ended != NULL) {
		half->ended(half, buf, res);
	}
	net_buf_unref(buf);
	k_sem_give(&half->room);
}

/* Prepare the requests of @p buf. @return how many; 0 if there are too many. */
static size_t prepare_write(struct packet_sink_rtio *half, struct net_buf *buf,
			    struct rtio_sqe *sqes)
{
	const struct net_buf *frag = buf;
	size_t count = 0;

	do {
		if (frag->len == 0 && (frag->frags != NULL || count != 0)) {
			continue;
		}
		if (count == CONFIG_BRIDGE_RTIO_FRAGMENTS) {
			return 0;
		}
		rtio_sqe_prep_write(&sqes[count], half->iodev, RTIO_PRIO_NORM, frag->data,
				    frag->len, NULL);
		sqes[count].flags |= RTIO_SQE_TRANSACTION | RTIO_SQE_NO_RESPONSE;
		count++;
	} while ((frag = frag->frags) != NULL);
	sqes[count - 1].flags ^= RTIO_SQE_TRANSACTION | RTIO_SQE_CHAINED;
	rtio_sqe_prep_callback_no_cqe(&sqes[count], write_ended, half, buf);
	return count + 1;
}

/* @return whether the write of @p buf has begun, or even ended. */
static bool begin_write_of(struct packet_sink_rtio *half, struct net_buf *buf)
{
	struct rtio_sqe sqes[CONFIG_BRIDGE_RTIO_FRAGMENTS + 1];
	size_t count = prepare_write(half, buf, sqes);

	if (count == 0 || net_buf_ref(buf) == NULL) {
		return false;
	}
	if (rtio_sqe_copy_in(half->r, sqes, count) != 0) {
		net_buf_unref(buf);
		return false;
	}
	(void)rtio_submit(half->r, 0);
	return true;
}

/* Wait for room: whoever does has a packet in its hands. @return 0, or as k_sem_take(). */
static int take_room(struct packet_sink_rtio *half, k_timeout_t timeout)
{
	int ret;

	kernel_hold();
	ret = k_sem_take(&half->room, timeout);
	kernel_release();
	return ret;
}

void packet_sink_rtio_write(struct packet_sink *sink, struct net_buf *buf)
{
	struct packet_sink_rtio *half = sink->user_data;

	if (take_room(half, k_is_in_isr() ? K_NO_WAIT : half->timeout) != 0) {
		count_one(&half->dropped);
	} else if (!begin_write_of(half, buf)) {
		count_one(&half->dropped);
		k_sem_give(&half->room);
	}
}

int packet_sink_rtio_init(struct packet_sink_rtio *half, struct packet_sink *sink, struct rtio *r,
			  const struct rtio_iodev *iodev, uint32_t depth)
{
	if (depth == 0) {
		return -EINVAL;
	}
	memset(half, 0, sizeof(*half));
	half->r = r;
	half->iodev = iodev;
	half->depth = depth;
	(void)k_sem_init(&half->room, depth, depth);
	sink->mode = SINK_MODE_IMMEDIATE;
	sink->handler = packet_sink_rtio_write;
	sink->user_data = half;
	sink->msgq = NULL;
	return 0;
}

int packet_sink_rtio_hold(struct packet_sink_rtio *half, k_timeout_t timeout)
{
	k_timepoint_t end = sys_timepoint_calc(timeout);

	for (uint32_t taken = 0; taken < half->depth; taken++) {
		if (take_room(half, sys_timepoint_timeout(end)) != 0) {
			while (taken-- > 0) {
				k_sem_give(&half->room);
			}
			return -EAGAIN;
		}
	}
	return 0;
}

void packet_sink_rtio_resume(struct packet_sink_rtio *half)
{
	for (uint32_t i = 0; i < half->depth; i++) {
		k_sem_give(&half->room);
	}
}

uint32_t packet_sink_rtio_cancel(struct packet_sink_rtio *half)
{
	return rtio_cancel_all(half->r, half->iodev);
}

uint32_t packet_sink_rtio_pending(struct packet_sink_rtio *half)
{
	return half->depth - k_sem_count_get(&half->room);
}
