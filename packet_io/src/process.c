/* SPDX-License-Identifier: Apache-2.0 */
/** @file Processing: events off a queue, to the handlers of their sinks. */
#include <zephyr/logging/log.h>
#include <zephyr/packet_io/batch.h>

#include "internal.h"

LOG_MODULE_DECLARE(packet_io, CONFIG_PACKET_IO_LOG_LEVEL);

/* An event that nobody can have queued by sending: release what it holds, if it holds anything. */
static __attribute__((cold)) int event_damaged(const struct packet_sink *sink, struct net_buf *buf)
{
	LOG_ERR("damaged event: sink %p, buffer %p", (const void *)sink, (void *)buf);
	ARG_UNUSED(sink);
	if (packet_is_sendable(buf)) {
		compat_ref_drop(buf, 1);
	}
	return -EINVAL;
}

/* @return as packet_event_queue_process(). */
static ALWAYS_INLINE int handle(struct packet_sink *sink, struct net_buf *buf)
{
	packet_handler_t handler;

	if (unlikely(sink == NULL || (handler = sink->handler) == NULL ||
		     !packet_is_sendable(buf))) {
		return event_damaged(sink, buf);
	}
	handler(sink, buf);
#ifdef CONFIG_PACKET_IO_STATS
	compat_count(&sink->handled_count, 1);
#endif
	if (unlikely(!compat_ref_end(buf))) {
		LOG_ERR("sink %p: its handler released a buffer that it borrowed", (void *)sink);
		return -EFAULT;
	}
	return 0;
}

/* Take an event off @p msgq and handle it; *@p taken: whether there was one. */
static ALWAYS_INLINE int process(struct k_msgq *msgq, struct packet_event_queue *queue,
				 k_timeout_t timeout, bool *taken)
{
	struct packet_event event;

	*taken = compat_get(msgq, &event, timeout) == 0;
	if (!*taken) {
		return -EAGAIN;
	}
#ifdef CONFIG_PACKET_IO_STATS
	if (queue != NULL) {
		compat_count(&queue->processed_count, 1);
	}
#else
	ARG_UNUSED(queue);
#endif
	return handle(event.sink, event.buf);
}

int packet_event_queue_process(struct packet_event_queue *queue, k_timeout_t timeout)
{
	bool taken;

	if (unlikely(queue == NULL || !packet_is_event_queue(queue->msgq))) {
		return -EINVAL;
	}
	return process(queue->msgq, queue, timeout, &taken);
}

int packet_sink_process(struct packet_sink *sink, k_timeout_t timeout)
{
	struct packet_event_queue *queue = NULL;
	bool taken;

	if (unlikely(sink == NULL || !packet_is_event_queue(sink->msgq))) {
		return -EINVAL;
	}
#ifdef CONFIG_PACKET_IO_STATS
	queue = sink->queue;
#endif
	return process(sink->msgq, queue, timeout, &taken);
}

int packet_event_process_batch(struct packet_event_queue *queue, size_t max, k_timeout_t timeout)
{
	bool taken = true;
	int count = 0;

	if (queue == NULL || !packet_is_event_queue(queue->msgq)) {
		return -EINVAL;
	}
	while ((size_t)count < max && count < INT_MAX) {
		(void)process(queue->msgq, queue, count == 0 ? timeout : K_NO_WAIT, &taken);
		if (!taken) {
			break;
		}
		count++;
	}
	return count == 0 && !taken ? -EAGAIN : count;
}
