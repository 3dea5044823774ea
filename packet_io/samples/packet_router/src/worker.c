/* SPDX-License-Identifier: Apache-2.0 */
#include "worker.h"

#include <errno.h>

#include <zephyr/packet_io/batch.h>
#include <zephyr/packet_io/inspect.h>

#define PRIORITY   5
#define BATCH_SIZE 64

static void run(void *p1, void *p2, void *p3)
{
	struct worker *worker = p1;
	struct k_poll_event events[] = {
		K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_MSGQ_DATA_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY,
					 worker->queue->msgq),
		K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_SEM_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY,
					 &worker->stop),
	};

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	do {
		events[0].state = K_POLL_STATE_NOT_READY;
		(void)k_poll(events, ARRAY_SIZE(events), K_FOREVER);
		while (packet_event_process_batch(worker->queue, BATCH_SIZE, K_NO_WAIT) > 0) {
		}
	} while (events[1].state != K_POLL_STATE_SEM_AVAILABLE);
}

int worker_start(struct worker *worker, struct packet_event_queue *queue, k_thread_stack_t *stack,
		 size_t stack_size)
{
	worker->queue = queue;
	(void)k_sem_init(&worker->stop, 0, 1);
	if (k_thread_create(&worker->thread, stack, stack_size, run, worker, NULL, NULL, PRIORITY,
			    0, K_NO_WAIT) == NULL) {
		return -EAGAIN;
	}
	(void)k_thread_name_set(&worker->thread, packet_event_queue_name(queue));
	return 0;
}

void worker_stop(struct worker *worker)
{
	k_sem_give(&worker->stop);
	(void)k_thread_join(&worker->thread, K_FOREVER);
}
