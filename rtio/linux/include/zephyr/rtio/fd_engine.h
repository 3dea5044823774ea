/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The engine behind devices over file descriptors: one thread that does what cannot be done at once,
 * through io_uring, or through epoll where the kernel has no io_uring for this process. Linux only.
 */
#ifndef ZEPHYR_RTIO_FD_ENGINE_H_
#define ZEPHYR_RTIO_FD_ENGINE_H_

#include <zephyr/rtio/rtio.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Kinds of engines. */
enum rtio_engine_kind {
	RTIO_ENGINE_AUTO, /**< io_uring if it can be had, else epoll */
	RTIO_ENGINE_URING,
	RTIO_ENGINE_POLL,
};

/** How to start; zeroed is the default. */
struct rtio_engine_conf {
	/**
	 * Which; RTIO_ENGINE_AUTO: as the environment says, RTIO_ENGINE=uring or RTIO_ENGINE=poll, or
	 * if it does not, what can be had.
	 */
	enum rtio_engine_kind kind;
	/** Leave everything to the thread; else a request first tries to end in the submitter's. */
	bool deferred;
};

/** What has happened since the start; of what ended at once each device has a count. They wrap. */
struct rtio_engine_stats {
	uint32_t handed;    /**< operations that the thread began */
	uint32_t fixed;     /**< of those, with memory registered with the kernel */
	uint32_t multishot; /**< reads that the kernel repeats by itself, begun */
	uint32_t cancelled; /**< operations the kernel was asked to stop */
	uint32_t wakes;     /**< times that the thread was woken by a submitter */
};

/**
 * Start the engine. Who does not call this gets the default with the first device.
 *
 * Context: thread.   Blocks: until the engine runs.
 * @return 0; -EALREADY if one runs; -EINVAL for an unknown kind, here or in the environment; with
 * RTIO_ENGINE_URING: -ENOSYS if the library was built without liburing or the kernel has no io_uring,
 * -EPERM if the kernel refuses it to this process, -ENOTSUP if it lacks an operation that is needed;
 * -ENOMEM, -EMFILE, -EAGAIN as the system says; -ECHILD in a process that was forked from one with an
 * engine.
 */
int rtio_engine_start(const struct rtio_engine_conf *conf);

/**
 * Stop it. All devices have to be closed. It can be started again.
 * Context: thread.   Blocks: until the thread has ended.
 * @return 0; -EALREADY if none runs; -EBUSY while devices are open.
 */
int rtio_engine_stop(void);

/** @return which kind runs, RTIO_ENGINE_AUTO if none does. Context: thread. */
enum rtio_engine_kind rtio_engine_kind(void);

/**
 * @return a line for people, a constant: which engine runs and, if it is not io_uring, why not.
 * Context: thread.
 */
const char *rtio_engine_report(void);

/** Copy the counters to @p stats. Context: any. */
void rtio_engine_stats_get(struct rtio_engine_stats *stats);

/**
 * Register the memory of the pool of @p r with the kernel, so that reads into its blocks need not look
 * up and pin their pages each time. Starts the engine if none runs. With the epoll engine nothing
 * happens.
 *
 * Ownership: the memory must stay what it is until rtio_engine_unregister() or rtio_engine_stop().
 * Context: thread.   Blocks: until the engine has done it.
 * @return 0; -EALREADY if it is registered; -EINVAL if @p r has no pool; -ENOSPC if
 * CONFIG_RTIO_LINUX_POOLS are registered; -ENOTSUP if the kernel is older than 5.19; -ENOMEM if RLIMIT_MEMLOCK does not allow it, and everything
 * works as without; -EDEADLK in the engine's thread.
 */
int rtio_engine_register(struct rtio *r);

/** Undo it. Requests under way go on. @return 0, -ENOENT, -EDEADLK. Context: thread. Blocks: as above. */
int rtio_engine_unregister(struct rtio *r);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_FD_ENGINE_H_ */
