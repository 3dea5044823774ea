/* SPDX-License-Identifier: Apache-2.0 */
/** @file Beyond the original API: a packet straight to one sink, with the reason if it fails. */
#ifndef ZEPHYR_PACKET_IO_DELIVER_H_
#define ZEPHYR_PACKET_IO_DELIVER_H_

#include <zephyr/packet_io/packet_io.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Deliver a packet to @p sink and keep the caller's reference.
 *
 * Ownership: @p buf stays the caller's; a queued sink that took it has a reference of its own.
 * Context: thread; ISR with K_NO_WAIT.   Blocks: up to @p timeout, only on a full queue.   Cost: O(1).
 * @return 0; -EINVAL if an argument is NULL or @p buf has no reference; -ENOTSUP if the sink has no
 * handler, no queue of events where it needs one, or an unknown mode; -ENOBUFS if its queue is full
 * (or was purged meanwhile) or @p buf has as many references as its count holds; -EAGAIN if the
 * queue was full until @p timeout; -EFAULT if the handler released the buffer it borrowed.
 * -ENOBUFS and -EAGAIN count a drop.
 */
int packet_sink_deliver(struct packet_sink *sink, struct net_buf *buf, k_timeout_t timeout);

/**
 * The same, giving up the caller's reference, delivered or not; on -EINVAL it is still the caller's.
 */
int packet_sink_deliver_consume(struct packet_sink *sink, struct net_buf *buf, k_timeout_t timeout);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_PACKET_IO_DELIVER_H_ */
