/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Counting semaphores.
 *
 * Unless something else is said. Context: any. Blocks: never. Cost: one short lock.
 */
#ifndef ZEPHYR_KERNEL_SEM_H_
#define ZEPHYR_KERNEL_SEM_H_

#include <limits.h>

#include <zephyr/spinlock.h>
#include <zephyr/sys/util.h>
#include <zephyr/sys_clock.h>
#include <kernel/poll_q.h>
#include <kernel/wait_q.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The limit of a semaphore that needs none. */
#define K_SEM_MAX_LIMIT UINT_MAX

/** A semaphore. Threads wait only while the count is 0. */
struct k_sem {
	struct k_spinlock lock; /**< guards the rest */
	unsigned int count;     /**< how often it can be taken now */
	unsigned int limit;     /**< the highest count; constant */
	struct wait_q takers;   /**< who waits in k_sem_take() */
#ifdef CONFIG_POLL
	struct poll_q pollers; /**< who waits in k_poll() */
#endif
};

#define Z_SEM_INITIALIZER(obj, initial_count, count_limit)                                         \
	{                                                                                          \
		{}, (initial_count), (count_limit), {NULL, NULL},                                  \
			IF_ENABLED(CONFIG_POLL, ({NULL, NULL}))                                    \
	}

/** Define a semaphore. Both numbers are constants. RAM: the semaphore. */
#define K_SEM_DEFINE(name, initial_count, count_limit)                                             \
	struct k_sem name = Z_SEM_INITIALIZER(name, initial_count, count_limit);                   \
	BUILD_ASSERT((count_limit) != 0 && (initial_count) <= (count_limit),                       \
		     "the limit of a semaphore is above 0 and not below its count")

/**
 * Make @p sem a semaphore with nobody waiting. Context: before anybody uses it. Blocks: no.
 * @return 0, -EINVAL if @p limit is 0 or below @p initial_count; @p sem is then unchanged.
 */
int k_sem_init(struct k_sem *sem, unsigned int initial_count, unsigned int limit);

/**
 * Take @p sem: lower its count, or wait for somebody to give it.
 *
 * When this returns 0, whoever gave the semaphore touches it no more: it may live on the stack of
 * the thread that takes it.
 *
 * Context: thread; ISR with K_NO_WAIT.   Blocks: up to @p timeout.   Cost: one short lock.
 * @return 0, -EBUSY if the count is 0 and not waiting, -EAGAIN after @p timeout or if it was reset.
 */
int k_sem_take(struct k_sem *sem, k_timeout_t timeout);

/**
 * Give @p sem to the thread that waits first, or raise its count, up to the limit.
 * Context: any.   Cost: one short lock; a system call only if somebody sleeps.
 */
void k_sem_give(struct k_sem *sem);

/** Set the count to 0; who waits gets -EAGAIN. Context: any. */
void k_sem_reset(struct k_sem *sem);

/** @return the count of @p sem at some moment of the call. Context: any. */
unsigned int k_sem_count_get(struct k_sem *sem);

#ifdef CONFIG_POLL
/* For k_poll(). @return whether the count is above 0. */
bool z_sem_poll(struct k_sem *sem, struct k_poll_event *event, enum poll_step step);
#endif

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_KERNEL_SEM_H_ */
