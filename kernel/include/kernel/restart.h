/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Stopping the threads of K_THREAD_DEFINE(), and starting them again, in one process. Not there on
 * Zephyr.
 *
 * A thread that is asked to end does so in its next wait for time to pass or for something to come,
 * or at once if it is in one: k_sleep(), k_sem_take(), k_thread_join() and the like, and a little later
 * also k_msgq_get(), k_fifo_get(), k_poll(), packet_event_process(), rtio_cqe_consume_block() and the
 * like; whatever their timeout. There a loop that serves something has nothing in its hands. It goes on
 * waiting, and working, where it waits for room or for somebody to finish: buffers and other memory, a
 * place in a queue, a mutex, the end of a request. Code that waits for time or events while it has
 * something to lose says so with kernel_hold().
 */
#ifndef KERNEL_RESTART_H_
#define KERNEL_RESTART_H_

#include <zephyr/kernel/thread.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifdef CONFIG_MULTITHREADING

/** How far stopping has come. */
enum kernel_stopping {
	KERNEL_STOPPING_WORK, /**< a thread does something else than wait for messages */
	KERNEL_STOPPING_WAIT, /**< all that have not ended seem to wait for messages */
	KERNEL_STOPPING_ALL,  /**< these were asked to end, too */
};

/**
 * Ask all threads of K_THREAD_DEFINE() to end, those that have not begun too, and wait until they
 * have. Each millisecond of that @p meanwhile is called, if it is not NULL. Threads that wait for messages go
 * on, for what others may still send them, until it has returned true.
 *
 * Other threads, work queues, timers and interrupts go on.
 * Context: thread, but none of those.   Blocks: up to @p timeout, and as long as @p meanwhile does.
 * Cost: O(those threads) a millisecond.
 * @return 0; -EAGAIN if some have not ended by then, those that hold it up being named on the console: this
 * may be called again; -EDEADLK, nothing done, in one of them.
 */
int kernel_stop_threads(k_timeout_t timeout, bool (*meanwhile)(enum kernel_stopping phase));

/**
 * Start them again, each after the delay that its definition says.
 *
 * Context: thread.   Blocks: no.   Cost: O(those threads).
 * @return 0; -EBUSY, nothing done, if one of them runs; -EAGAIN if the system has no room for one of them: those
 * before it run.
 */
int kernel_restart_threads(void);

/**
 * Until as many calls of kernel_release(), the calling thread does not end where it waits. Without threads
 * it does nothing.   Context: any.   Blocks: no.   Cost: a few instructions.
 */
void kernel_hold(void);
void kernel_release(void);

#else

static inline void kernel_hold(void)
{
}

static inline void kernel_release(void)
{
}

#endif /* CONFIG_MULTITHREADING */

#ifdef __cplusplus
}
#endif

#endif /* KERNEL_RESTART_H_ */
