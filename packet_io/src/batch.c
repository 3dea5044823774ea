/* SPDX-License-Identifier: Apache-2.0 */
/** @file Several packets in one call. */
#include <zephyr/packet_io/batch.h>

#include "internal.h"

static int send_batch(struct packet_source *src, struct net_buf *const *bufs, size_t n,
		      bool consume, k_timeout_t timeout)
{
	struct packet_wait wait;
	int delivered = 0;

	if (src == NULL || bufs == NULL) {
		return -EINVAL;
	}
	for (size_t i = 0; i < n; i++) {
		if (!packet_is_sendable(bufs[i])) {
			return -EINVAL;
		}
	}
	packet_wait_begin(&wait, timeout);
	for (size_t i = 0; i < n; i++) {
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
