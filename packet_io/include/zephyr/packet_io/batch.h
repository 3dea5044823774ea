/* SPDX-License-Identifier: Apache-2.0 */
/** @file Beyond the original API: several packets, or events, in one call. */
#ifndef ZEPHYR_PACKET_IO_BATCH_H_
#define ZEPHYR_PACKET_IO_BATCH_H_

#include <zephyr/packet_io/packet_io.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Send @p n packets to every sink of @p src, each sink in the order of @p bufs; keep the references.
 *
 * Ownership: as packet_source_send(), for each packet.
 * Context: thread; ISR with K_NO_WAIT.   Blocks: up to @p timeout for all packets together.
 * Cost: O(n * sinks of @p src).
 * @return the deliveries of all packets together; -EINVAL, and nothing is sent, if @p src or
 * @p bufs is NULL or a packet is NULL or has no reference. 0 for @p n == 0.
 */
int packet_source_send_batch(struct packet_source *src, struct net_buf *const *bufs, size_t n,
			     k_timeout_t timeout);

/** The same, giving up the references to all @p n packets; on -EINVAL all are still the caller's. */
int packet_source_send_batch_consume(struct packet_source *src, struct net_buf *const *bufs,
				     size_t n, k_timeout_t timeout);

/**
 * Process up to @p max events: wait for the first, then take what is there, never waiting again.
 *
 * Context: thread; ISR with K_NO_WAIT.   Blocks: while the queue is empty, up to @p timeout.
 * Cost: O(events processed), and their handlers.
 * @return how many events were taken off, damaged ones and those with a faulty handler included
 * (they are reported); -EAGAIN if none came in time; -EINVAL if @p queue is NULL or has no msgq of
 * events. 0 for @p max == 0.
 */
int packet_event_process_batch(struct packet_event_queue *queue, size_t max, k_timeout_t timeout);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_PACKET_IO_BATCH_H_ */
