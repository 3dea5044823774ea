/* SPDX-License-Identifier: Apache-2.0 */
/** @file A packet straight to one sink. */
#include <zephyr/packet_io/deliver.h>

#include "internal.h"

static int deliver_one(struct packet_sink *sink, struct net_buf *buf, bool consume,
		       k_timeout_t timeout)
{
	struct packet_wait wait;
	struct packet_delivery delivery = {
		.buf = buf,
		.wait = &wait,
		.held = consume ? 1 : 0,
		.consume = consume,
	};
	int ret;

	if (sink == NULL || !packet_is_sendable(buf)) {
		return -EINVAL;
	}
	packet_wait_begin(&wait, timeout);
	ret = packet_deliver(&delivery, sink, 1);
	if (delivery.held != 0) {
		compat_ref_drop(buf, delivery.held);
	}
	return ret;
}

int packet_sink_deliver(struct packet_sink *sink, struct net_buf *buf, k_timeout_t timeout)
{
	return deliver_one(sink, buf, false, timeout);
}

int packet_sink_deliver_consume(struct packet_sink *sink, struct net_buf *buf, k_timeout_t timeout)
{
	return deliver_one(sink, buf, true, timeout);
}
