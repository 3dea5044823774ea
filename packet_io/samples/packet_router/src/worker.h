/* SPDX-License-Identifier: Apache-2.0 */
/** @file A thread that processes the events of one queue until it is told to stop. */
#ifndef PACKET_ROUTER_WORKER_H_
#define PACKET_ROUTER_WORKER_H_

#include <zephyr/packet_io/packet_io.h>

/** A worker; static memory, filled with zeros. */
struct worker {
	struct packet_event_queue *queue;
	struct k_thread thread;
	struct k_sem stop; /**< given once: process what is there, then end */
};

/**
 * Start @p worker on @p queue, with @p stack of @p stack_size bytes.
 * @return 0, -EAGAIN if the system has no room for a thread.
 */
int worker_start(struct worker *worker, struct packet_event_queue *queue, k_thread_stack_t *stack,
		 size_t stack_size);

/** Have it process what is queued, and end. Senders have stopped before. Blocks: until then. */
void worker_stop(struct worker *worker);

#endif /* PACKET_ROUTER_WORKER_H_ */
