/* SPDX-License-Identifier: Apache-2.0 */
/** @file Event queues in an application's event loop. */
#include <zephyr/packet_io/event_fd.h>

#include <kernel/msgq_fd.h>

#include "internal.h"

int packet_event_queue_fd(struct packet_event_queue *queue)
{
	if (queue == NULL || !packet_is_event_queue(queue->msgq)) {
		return -EINVAL;
	}
	return msgq_fd_open(queue->msgq);
}

int packet_event_queue_fd_close(struct packet_event_queue *queue)
{
	if (queue == NULL || !packet_is_event_queue(queue->msgq)) {
		return -EINVAL;
	}
	return msgq_fd_close(queue->msgq);
}
