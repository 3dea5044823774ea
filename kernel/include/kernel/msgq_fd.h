/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A message queue as a descriptor for an event loop. Goes beyond Zephyr's API.
 */
#ifndef KERNEL_MSGQ_FD_H_
#define KERNEL_MSGQ_FD_H_

#include <zephyr/kernel/msgq.h>

#ifdef CONFIG_MSGQ_FD

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A descriptor that is readable while @p msgq has messages, and not otherwise: for poll(), epoll,
 * level triggered or not, and what stands on them. Nobody but the queue reads or writes it.
 *
 * Every call returns the same one.
 * Ownership: the queue's, until msgq_fd_close(). A child of fork() shares it with its parent, though
 * not the queue: there it is of no use.
 * Context: thread.   Blocks: no.
 * Cost: for the queue a system call, under its locks, when a message comes into the empty queue and
 * when the last one leaves it, and the longer way in between for whoever takes. Queues without a
 * descriptor pay nothing.
 * @return the descriptor; -EINVAL if @p msgq is NULL; -EMFILE, -ENFILE or -ENOMEM.
 */
int msgq_fd_open(struct k_msgq *msgq);

/**
 * Close it, before the queue's memory is used for something else. Take it out of all event loops
 * first.
 * Context: thread.   Blocks: no.   Cost: a system call.
 * @return 0; -ENOENT if there is none; -EINVAL if @p msgq is NULL.
 */
int msgq_fd_close(struct k_msgq *msgq);

#ifdef __cplusplus
}
#endif

#endif /* CONFIG_MSGQ_FD */

#endif /* KERNEL_MSGQ_FD_H_ */
