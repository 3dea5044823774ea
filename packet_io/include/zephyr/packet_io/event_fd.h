/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * An event queue in an event loop of the application's: beside sockets and timers, in the
 * application's own thread. On Linux only, with CONFIG_MSGQ_FD.
 */
#ifndef ZEPHYR_PACKET_IO_EVENT_FD_H_
#define ZEPHYR_PACKET_IO_EVENT_FD_H_

#include <zephyr/packet_io/packet_io.h>

#ifdef CONFIG_MSGQ_FD

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A descriptor that is readable while events wait in @p queue, and not otherwise. When it is, call
 * packet_event_process(queue, K_NO_WAIT), once or until it returns -EAGAIN. Nobody reads or writes
 * the descriptor itself. Edge-triggered epoll works, too, if the queue is emptied each time.
 *
 * Every call returns the same one. Others may process the same queue.
 * Ownership: the queue's, until packet_event_queue_fd_close().
 * Context: thread.   Blocks: no.
 * Cost: see msgq_fd_open(). Queues without a descriptor pay nothing.
 * @return the descriptor; -EINVAL if @p queue is NULL or not an event queue; -EMFILE, -ENFILE or
 * -ENOMEM if the system has none.
 */
int packet_event_queue_fd(struct packet_event_queue *queue);

/**
 * Close it. Take it out of all event loops first.
 * Context: thread.   Blocks: no.   Cost: a system call.
 * @return 0; -ENOENT if there is none; -EINVAL if @p queue is NULL or not an event queue.
 */
int packet_event_queue_fd_close(struct packet_event_queue *queue);

#ifdef __cplusplus
}
#endif

#endif /* CONFIG_MSGQ_FD */

#endif /* ZEPHYR_PACKET_IO_EVENT_FD_H_ */
