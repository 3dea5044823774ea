/* SPDX-License-Identifier: Apache-2.0 */
/** @file Several packets in one call. */
#include <zephyr/packet_io/batch.h>

#include "internal.h"

/* Most events that are put into a queue at once: what a call has on its stack. */
#define AT_ONCE 16

static void count_some(struct packet_source *src, uint32_t n)
{
#ifdef CONFIG_PACKET_IO_STATS
	if (n > 0) {
		compat_count(&src->send_count, n);
		compat_count(&src->queued_total, n);
	}
#else
	ARG_UNUSED(src);
	ARG_UNUSED(n);
#endif
}

/* Queue the first of @p n packets, at most AT_ONCE. @return how many. */
static uint32_t queue_some(struct packet_sink *sink, struct net_buf *const *bufs, uint32_t n,
			   bool consume)
{
	struct packet_event events[AT_ONCE];
	uint32_t ready = 0;
	uint32_t done;

	for (; ready < n && (consume || compat_ref_add(bufs[ready], 1)); ready++) {
		events[ready] = (struct packet_event){.sink = sink, .buf = bufs[ready]};
	}
	done = compat_put_some(sink->msgq, events, ready);
	if (!consume) {
		for (uint32_t i = done; i < ready; i++) {
			compat_ref_drop(bufs[i], 1);
		}
	}
	return done;
}

/*
 * The short way to a single sink, a queued one: as many at once as its queue takes. What is left goes
 * the usual way, packet by packet. @return how many are queued.
 */
static size_t send_some(struct packet_source *src, struct net_buf *const *bufs, size_t n,
			bool consume)
{
	struct packet_sink *sink;
	size_t done = 0;
	uint32_t want;
	uint32_t got;

	if (packet_has_runtime(src) || src->wired_count != 1) {
		return 0;
	}
	sink = src->wired[0];
	if (sink->mode != SINK_MODE_QUEUED || sink->handler == NULL ||
	    !packet_is_event_queue(sink->msgq)) {
		return 0;
	}
	do {
		want = (uint32_t)MIN(n - done, AT_ONCE);
		got = queue_some(sink, bufs + done, want, consume);
		done += got;
	} while (got == want && done < n);
	count_some(src, (uint32_t)done);
	return done;
}

static int send_batch(struct packet_source *src, struct net_buf *const *bufs, size_t n,
		      bool consume, k_timeout_t timeout)
{
	struct packet_wait wait;
	int delivered = 0;
	size_t i;

	if (src == NULL || bufs == NULL) {
		return -EINVAL;
	}
	for (i = 0; i < n; i++) {
		if (!packet_is_sendable(bufs[i])) {
			return -EINVAL;
		}
	}
	packet_wait_begin(&wait, timeout);
	i = COMPAT_AT_ONCE ? send_some(src, bufs, n, consume) : 0;
	for (delivered = (int)i; i < n; i++) {
		delivered += packet_send_one(src, bufs[i], consume, &wait);
	}
	return delivered;
}

int packet_source_send_batch(struct packet_source *src, struct net_buf *const *bufs, size_t n,
			     k_timeout_t timeout)
{
	return send_batch(src, bufs, n, false, timeout);
}

int packet_source_send_batch_consume(struct packet_source *src, struct net_buf *const *bufs,
				     size_t n, k_timeout_t timeout)
{
	return send_batch(src, bufs, n, true, timeout);
}
