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
	return compat_left(wait->end);
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
 * Near the limit of the count: @p held references are too few, and there were not enough for all
 * sinks. Take what the next one needs. @return how many there are now.
 */
static __attribute__((noinline)) uint32_t hold_least(struct net_buf *buf, uint32_t held,
						     uint32_t least)
{
	return held < least && compat_ref_add(buf, least - held) ? least : held;
}

/*
 * There is no reference to give away, or only the one to go on with: take enough for @p left sinks
 * at once. The last of them gets the caller's, if that is to go. @return whether there is one now.
 */
static ALWAYS_INLINE bool hold_more(struct packet_delivery *d, uint32_t left)
{
	uint32_t least;

	if (d->held == left || likely(compat_ref_add(d->buf, left - d->held))) {
		d->held = left;
		return true;
	}
	least = d->consume != 0 && left > 1 ? 2 : 1;
	d->held = hold_least(d->buf, d->held, least);
	return d->held >= least;
}

/* The queue is full: wait for room as long as the call still may. */
static __attribute__((noinline)) int put_waiting(const struct packet_wait *wait,
						 struct packet_sink *sink, struct net_buf *buf)
{
	struct packet_event event = {.sink = sink, .buf = buf};
	k_timeout_t left = packet_wait_left(wait);
	int ret = -ENOBUFS;

	if (!K_TIMEOUT_EQ(left, K_NO_WAIT)) {
		ret = k_msgq_put(sink->msgq, &event, left);
		if (ret == 0) {
			return 0;
		}
		ret = ret == -EAGAIN ? -EAGAIN : -ENOBUFS;
	} else if (!K_TIMEOUT_EQ(wait->timeout, K_NO_WAIT)) {
		ret = -EAGAIN;
	}
	count_dropped(sink);
	LOG_DBG("sink %p: queue full, packet dropped", (void *)sink);
	return ret;
}

/* The count of references is at its limit. */
static __attribute__((cold)) void drop_unreferenced(struct packet_sink *sink, struct net_buf *buf)
{
	count_dropped(sink);
	LOG_WRN("buffer %p: no more references, packet dropped", (void *)buf);
	ARG_UNUSED(buf);
}

static ALWAYS_INLINE int deliver_queued(struct packet_delivery *d, struct packet_sink *sink,
					uint32_t left)
{
	struct k_msgq *msgq = sink->msgq;

	if (unlikely(!packet_is_event_queue(msgq))) {
		return -ENOTSUP;
	}
	if (d->held <= d->consume && unlikely(!hold_more(d, left))) {
		drop_unreferenced(sink, d->buf);
		return -ENOBUFS;
	}
	if (unlikely(compat_put(msgq, (struct packet_event){.sink = sink, .buf = d->buf}) != 0)) {
		int ret = put_waiting(d->wait, sink, d->buf);

		if (ret != 0) {
			return ret;
		}
	}
	d->held--;
	return 0;
}

/* A handler gave up what was not its own. */
static __attribute__((cold)) void report_released(const struct packet_sink *sink)
{
	LOG_ERR("sink %p: its handler released a buffer that it borrowed", (const void *)sink);
	ARG_UNUSED(sink);
}

/* @return whether the handler left the buffer alone. */
static ALWAYS_INLINE bool call_handler(struct packet_sink *sink, packet_handler_t handler,
				       struct net_buf *buf)
{
	handler(sink, buf);
	count_handled(sink);
	if (unlikely(compat_ref_get(buf) == 0)) {
		report_released(sink);
		return false;
	}
	return true;
}

static ALWAYS_INLINE int deliver_immediate(struct packet_delivery *d, struct packet_sink *sink)
{
	if (unlikely(!call_handler(sink, sink->handler, d->buf))) {
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

/* The end of a send. @return @p delivered. */
static ALWAYS_INLINE int end_send(struct packet_source *src, const struct packet_delivery *d,
				  int delivered)
{
	if (d->held != 0) {
		compat_ref_drop(d->buf, d->held);
	}
	count_delivered(src, delivered);
	return delivered;
}

/* Go on with the runtime connections, to the end of the send. @return deliveries in all. */
static __attribute__((noinline)) int send_runtime(struct packet_source *src,
						  struct packet_delivery d, int delivered)
{
#ifdef CONFIG_PACKET_IO_RUNTIME_OBSERVERS
	struct packet_sender walk;
	struct packet_sink *sink;

	packet_walk_begin(src, &walk);
	while ((sink = packet_walk_next(src, &walk, NULL)) != NULL) {
		/* How many follow is not known: keep one to go on with. */
		int ret = packet_deliver(&d, sink, 1 + d.consume);

		if (ret == 0) {
			delivered++;
		} else if (ret == -EFAULT) {
			delivered++;
			break;
		}
	}
	packet_walk_end(src, &walk);
#endif
	return end_send(src, &d, delivered);
}

/* How a send goes, in one word; from bit HOW_FIRST on: how many sinks have the packet already. */
#define HOW_CONSUME BIT(0)
#define HOW_RUNTIME BIT(1) /* to the runtime connections as well */
#define HOW_FIRST   2

/* Send to the wired sinks, then, if there are any, through the runtime connections. */
static __attribute__((noinline)) int send_from(struct packet_source *src, struct net_buf *buf,
					       unsigned int how, const struct packet_wait *wait)
{
	struct packet_delivery d = {
		.buf = buf,
		.wait = wait,
		.held = how & HOW_CONSUME,
		.consume = how & HOW_CONSUME,
	};
	uint32_t more = how & HOW_RUNTIME ? 1 : 0; /* sinks behind the wired ones: at least one */
	int delivered = (int)(how >> HOW_FIRST);
	struct packet_sink *const *end = src->wired + src->wired_count;

	for (struct packet_sink *const *wire = src->wired + delivered; wire != end; wire++) {
		int ret = deliver(&d, *wire, (uint32_t)(end - wire) + more);

		if (likely(ret == 0)) {
			delivered++;
		} else if (ret == -EFAULT) {
			return end_send(src, &d, delivered + 1);
		}
	}
	if (unlikely(more != 0)) {
		return send_runtime(src, d, delivered);
	}
	return end_send(src, &d, delivered);
}

int packet_send_one(struct packet_source *src, struct net_buf *buf, bool consume,
		    const struct packet_wait *wait)
{
	unsigned int how = consume ? HOW_CONSUME : 0;

	/* Decided once: a connection that a handler adds belongs to the next packet. */
	if (packet_has_runtime(src)) {
		how |= HOW_RUNTIME;
	}
	if (unlikely(src->wired_count == 0)) {
		compat_ensure_started();
	}
	count_sent(src);
	return send_from(src, buf, how, wait);
}

static const struct packet_wait no_wait; /* zeros: K_NO_WAIT */

/*
 * The short way: nothing to wait for, and immediate sinks first. They need no reference and no
 * place on the stack. What is left, from the first other sink on, goes the usual way.
 */
static __attribute__((noinline)) int send_immediate(struct packet_source *src, struct net_buf *buf)
{
	struct packet_sink *const *wire = src->wired;
	struct packet_sink *const *end = wire + src->wired_count;
	int delivered = (int)src->wired_count;

	do {
		struct packet_sink *sink = *wire;
		packet_handler_t handler = sink->handler;

		if (unlikely(handler == NULL || sink->mode != SINK_MODE_IMMEDIATE)) {
			return send_from(src, buf, (uint32_t)(wire - src->wired) << HOW_FIRST,
					 &no_wait);
		}
		wire++;
		if (unlikely(!call_handler(sink, handler, buf))) {
			delivered = (int)(wire - src->wired);
			break;
		}
	} while (wire != end);
	count_delivered(src, delivered);
	return delivered;
}

/* The shortest way: one sink in all, and immediate. The order of the arguments is the handler's. */
static __attribute__((noinline)) int send_single(struct packet_sink *sink, struct net_buf *buf,
						 struct packet_source *src)
{
	(void)call_handler(sink, sink->handler, buf);
	count_delivered(src, 1);
	return 1;
}

/*
 * One sink in all, and no immediate one: what it takes is known before anything is done, and there is no
 * state for others.
 */
static __attribute__((noinline)) int
send_single_queued(struct packet_source *src, struct net_buf *buf, struct packet_sink *sink)
{
	if (unlikely(sink->mode != SINK_MODE_QUEUED || sink->handler == NULL ||
		     !packet_is_event_queue(sink->msgq))) {
		return send_from(src, buf, 0, &no_wait);
	}
	if (unlikely(!compat_ref_add(buf, 1))) {
		drop_unreferenced(sink, buf);
		return 0;
	}
	if (unlikely(compat_put(sink->msgq, (struct packet_event){.sink = sink, .buf = buf}) !=
		     0)) {
		(void)put_waiting(&no_wait, sink, buf);
		compat_ref_drop(buf, 1);
		return 0;
	}
	count_delivered(src, 1);
	return 1;
}

/* Send in whatever way. */
static ALWAYS_INLINE int send_any(struct packet_source *src, struct net_buf *buf, bool consume,
				  k_timeout_t timeout)
{
	struct packet_wait wait;

	if (src == NULL || !packet_is_sendable(buf)) {
		return -EINVAL;
	}
	packet_wait_begin(&wait, timeout);
	return packet_send_one(src, buf, consume, &wait);
}

static __attribute__((noinline)) int send_wait(struct packet_source *src, struct net_buf *buf,
					       k_timeout_t timeout)
{
	return send_any(src, buf, false, timeout);
}

/* Without waiting, but not as usual. Out of line: its caller needs no registers for it. */
static __attribute__((noinline)) int send_unusual(struct packet_source *src, struct net_buf *buf)
{
	return send_wait(src, buf, K_NO_WAIT);
}

/*
 * GCC, when it knows of a register that it is NULL, keeps that for the ways that need a NULL, and
 * must save another one on all.
 */
#if defined(__GNUC__) && !defined(__clang__)
#define FEW_REGISTERS __attribute__((optimize("no-cse-follow-jumps")))
#else
#define FEW_REGISTERS
#endif

FEW_REGISTERS int packet_source_send(struct packet_source *src, struct net_buf *buf,
				     k_timeout_t timeout)
{
	struct packet_sink *first;

	if (unlikely(!K_TIMEOUT_EQ(timeout, K_NO_WAIT))) {
		return send_wait(src, buf, timeout);
	}
	if (unlikely(src == NULL || !packet_is_sendable(buf) || packet_has_runtime(src) ||
		     src->wired_count == 0)) {
		return send_unusual(src, buf);
	}
	count_sent(src);
	first = src->wired[0];
	if (first->mode != SINK_MODE_IMMEDIATE) {
		if (src->wired_count > 1) {
			return send_from(src, buf, 0, &no_wait);
		}
		return send_single_queued(src, buf, first);
	}
	if (src->wired_count > 1 || unlikely(first->handler == NULL)) {
		return send_immediate(src, buf);
	}
	return send_single(first, buf, src);
}

int packet_source_send_consume(struct packet_source *src, struct net_buf *buf, k_timeout_t timeout)
{
	return send_any(src, buf, true, timeout);
}
