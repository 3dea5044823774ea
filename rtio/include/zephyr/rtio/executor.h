/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Executors: how many chains of a context are under way at once. A context without one starts all
 * that is submitted.
 *
 * What these macros define is RAM.
 */
#ifndef ZEPHYR_RTIO_EXECUTOR_H_
#define ZEPHYR_RTIO_EXECUTOR_H_

#include <zephyr/rtio/prio_queue.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rtio;
struct rtio_executor;

/* What an executor does about chains; the library's (pending.c). */
struct z_rtio_executor_ops {
	/* Decide about a chain. @return whether it starts now; else it is held back. */
	bool (*admit)(struct rtio *r, struct rtio_iodev_sqe *head);
	/* A chain has ended. @return one that was held back and starts now; NULL: none. */
	struct rtio_iodev_sqe *(*next)(struct rtio *r);
	/* Let go of a chain that is held back: it counts as under way. Context locked. */
	void (*take_out)(struct rtio *r, struct rtio_iodev_sqe *s);
};

extern const struct z_rtio_executor_ops z_rtio_executor_ops;

/** An executor; belongs to one context, whose lock guards it. */
struct rtio_executor {
	uint32_t limit;  /**< chains (or single requests, or transactions) at once; constant */
	bool by_prio;    /**< whether the priority of its first request orders chains; constant */
	uint32_t active; /**< chains under way */
	struct rtio_prio_queue pending; /**< heads of those that wait */
	/**
	 * A request, or transaction, goes to its iodev: the executor may change how, or do it otherwise
	 * (rtio_split()) and return true; whoever it gives it to ends it then. May be NULL; constant.
	 * Context: as submit() of an iodev.
	 */
	bool (*begin)(struct rtio_executor *exec, struct rtio_iodev_sqe *iodev_sqe);
	/**
	 * Asks for @p iodev_sqe to end soon if begin() has taken it over. NULL where it never does.
	 * Context: as cancel() of an iodev.   @return whether it has; else its iodev is asked.
	 */
	bool (*stop)(struct rtio_iodev_sqe *iodev_sqe);
	const struct z_rtio_executor_ops *ops; /**< the library's; constant */
};

/** As the seed declares them: objects that are cast to `struct rtio_executor *`. */
struct rtio_executor_simple {
	struct rtio_executor ctx;
};
struct rtio_executor_concurrent {
	struct rtio_executor ctx;
};

#define Z_RTIO_EXECUTOR(limit, by_prio, begin, stop)                                               \
	{                                                                                          \
		(limit), (by_prio), 0, {}, (begin), (stop), &z_rtio_executor_ops                                                 \
	}

/** Define an executor that does one chain after the other, in the order of submission. */
#define RTIO_EXECUTOR_SIMPLE_DEFINE(name)                                                          \
	struct rtio_executor_simple name = {Z_RTIO_EXECUTOR(1, false, NULL, NULL)}

/** Define one that has up to @p concurrency chains under way, started in the order of submission. */
#define RTIO_EXECUTOR_CONCURRENT_DEFINE(name, concurrency)                                         \
	BUILD_ASSERT((concurrency) > 0, "an executor that does nothing");                          \
	struct rtio_executor_concurrent name = {Z_RTIO_EXECUTOR(concurrency, false, NULL, NULL)}

/** The same, started by the priority of their first request, as in prio_queue.h. */
#define RTIO_EXECUTOR_PRIORITY_DEFINE(name, concurrency)                                           \
	BUILD_ASSERT((concurrency) > 0, "an executor that does nothing");                          \
	struct rtio_executor_concurrent name = {Z_RTIO_EXECUTOR(concurrency, true, NULL, NULL)}

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_EXECUTOR_H_ */
