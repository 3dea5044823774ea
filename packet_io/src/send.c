/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Sending: one packet to all sinks of a source.
 *
 * Immediate sinks borrow the sender's reference: none is taken for them. Queued sinks need one
 * each. The first of them makes the call take all that may be needed, in one step; what was not
 * given away goes back in one step at the end. A consuming send counts its caller's reference in,
 * so that to one queued sink, or to the last one, it gives that and touches the count not at all.
 */
#include <zephyr/logging/log.h>

#include "internal.h"

LOG_MODULE_REGISTER(packet_io, CONFIG_PACKET_IO_LOG_LEVEL);

k_timeout_t packet_wait_left(const struct packet_wait *wait)
{
	if (K_TIMEOUT_EQ(wait->timeout, K_NO_WAIT) || K_TIMEOUT_EQ(wait->timeout, K_FOREVER)) {
		return wait->timeout;
	}
	return sys_timepoint_timeout(wait->end);
}

static void count_handled(struct packet_sink *sink)
{
#ifdef CONFIG_PACKET_IO_STATS
	compat_count(&sink->handled_count, 1);
#else
	ARG_UNUSED(sink);
#endif
}

static void count_dropped(struct packet_sink *sink)
{
#ifdef CONFIG_PACKET_IO_STATS
	compat_count(&sink->dropped_count, 1);
#else
	ARG_UNUSED(sink);
#endif
}

static void count_sent(struct packet_source *src)
{
#ifdef CONFIG_PACKET_IO_STATS
	compat_count(&src->send_count, 1);
#else
	ARG_UNUSED(src);
#endif
}

static void count_delivered(struct packet_source *src, int delivered)
{
#ifdef CONFIG_PACKET_IO_STATS
	if (delivered > 0) {
		compat_count(&src->queued_total, (uint32_t)delivered);
	}
#else
	ARG_UNUSED(src);
	ARG_UNUSED(delivered);
#endif
}

/*
 * Have a reference to give away, and, if the call consumes and more sinks follow, one more to go on
 * with. Takes enough for @p left sinks at once, or, near the limit of the count, what it must.
 */
static ALWAYS_INLINE bool hold(struct packet_delivery *d, uint32_t left)
{
	uint32_t must = d->consume && left > 1 ? 2 : 1;

	if (likely(d->held >= must)) {
		return true;
	}
	if (likely(compat_ref_add(d->buf, left - d->held))) {
		d->held = left;
		return true;
	}
	if (compat_ref_add(d->buf, must - d->held)) {
		d->held = must;
		return true;
	}
	return false;
}

/* The queue is full: wait for room as long as the call still may. */
static int put_waiting(struct packet_delivery *d, struct packet_sink *sink,
		       const struct packet_event *event)
{
	k_timeout_t left = packet_wait_left(d->wait);
	int ret = -ENOBUFS;

	if (!K_TIMEOUT_EQ(left, K_NO_WAIT)) {
		ret = k_msgq_put(sink->msgq, event, left);
		if (ret == 0) {
			return 0;
		}
		ret = ret == -EAGAIN ? -EAGAIN : -ENOBUFS;
	} else if (!K_TIMEOUT_EQ(d->wait->timeout, K_NO_WAIT)) {
		ret = -EAGAIN;
	}
	count_dropped(sink);
	LOG_DBG("sink %p: queue full, packet dropped", (void *)sink);
	return ret;
}

static ALWAYS_INLINE int deliver_queued(struct packet_delivery *d, struct packet_sink *sink,
					uint32_t left)
{
	struct packet_event event = {.sink = sink, .buf = d->buf};

	if (unlikely(!packet_is_event_queue(sink->msgq))) {
		return -ENOTSUP;
	}
	if (unlikely(!hold(d, left))) {
		count_dropped(sink);
		LOG_WRN("buffer %p: no more references, packet dropped", (void *)d->buf);
		return -ENOBUFS;
	}
	if (unlikely(k_msgq_put(sink->msgq, &event, K_NO_WAIT) != 0)) {
		int ret = put_waiting(d, sink, &event);

		if (ret != 0) {
			return ret;
		}
	}
	d->held--;
	return 0;
}

static ALWAYS_INLINE int deliver_immediate(struct packet_delivery *d, struct packet_sink *sink)
{
	sink->handler(sink, d->buf);
	count_handled(sink);
	if (unlikely(compat_ref_get(d->buf) == 0)) {
		LOG_ERR("sink %p: its handler released a buffer that it borrowed", (void *)sink);
		d->held = 0;
		return -EFAULT;
	}
	return 0;
}

static ALWAYS_INLINE int deliver(struct packet_delivery *d, struct packet_sink *sink, uint32_t left)
{
	if (unlikely(sink->handler == NULL)) {
		return -ENOTSUP;
	}
	if (sink->mode == SINK_MODE_IMMEDIATE) {
		return deliver_immediate(d, sink);
	}
	if (likely(sink->mode == SINK_MODE_QUEUED)) {
		return deliver_queued(d, sink, left);
	}
	return -ENOTSUP;
}

int packet_deliver(struct packet_delivery *delivery, struct packet_sink *sink, uint32_t left)
{
	return deliver(delivery, sink, left);
}

/* The runtime connections. @return whether the send goes on; adds to *@p delivered. */
static void send_runtime(struct packet_source *src, struct packet_delivery *d, int *delivered)
{
#ifdef CONFIG_PACKET_IO_RUNTIME_OBSERVERS
	struct packet_sender walk;
	struct packet_sink *sink;

	packet_walk_begin(src, &walk);
	while ((sink = packet_walk_next(src, &walk, NULL)) != NULL) {
		/* How many follow is not known: keep one to go on with. */
		int ret = deliver(d, sink, d->consume ? 2 : 1);

		if (ret == 0) {
			(*delivered)++;
		} else if (ret == -EFAULT) {
			(*delivered)++;
			break;
		}
	}
	packet_walk_end(src, &walk);
#else
	ARG_UNUSED(src);
	ARG_UNUSED(d);
	ARG_UNUSED(delivered);
#endif
}

int packet_send_one(struct packet_source *src, struct net_buf *buf, bool consume,
		    const struct packet_wait *wait)
{
	struct packet_delivery d = {
		.buf = buf,
		.wait = wait,
		.held = consume ? 1 : 0,
		.consume = consume,
	};
	/* Decided once: a connection that a handler adds belongs to the next packet. */
	bool runtime = packet_has_runtime(src);
	uint32_t left = src->wired_count + (runtime ? 1 : 0);
	bool faulty = false;
	int delivered = 0;

	count_sent(src);
	for (uint32_t i = 0; i < src->wired_count; i++, left--) {
		int ret = deliver(&d, src->wired[i], left);

		if (likely(ret == 0)) {
			delivered++;
		} else if (ret == -EFAULT) {
			delivered++;
			faulty = true;
			break;
		}
	}
	if (unlikely(runtime) && !faulty) {
		send_runtime(src, &d, &delivered);
	}
	if (d.held != 0) {
		compat_ref_drop(buf, d.held);
	}
	count_delivered(src, delivered);
	return delivered;
}

int packet_source_send(struct packet_source *src, struct net_buf *buf, k_timeout_t timeout)
{
	struct packet_wait wait;

	if (unlikely(src == NULL || !packet_is_sendable(buf))) {
		return -EINVAL;
	}
	packet_wait_begin(&wait, timeout);
	return packet_send_one(src, buf, false, &wait);
}

int packet_source_send_consume(struct packet_source *src, struct net_buf *buf, k_timeout_t timeout)
{
	struct packet_wait wait;

	if (unlikely(src == NULL || !packet_is_sendable(buf))) {
		return -EINVAL;
	}
	packet_wait_begin(&wait, timeout);
	return packet_send_one(src, buf, true, &wait);
}
