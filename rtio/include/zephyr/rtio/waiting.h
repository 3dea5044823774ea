/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * For devices that can wait in a call of the system: a thread that submits a request and then waits for it
 * in the same rtio_submit() may as well wait for the device itself, so that nobody has to do that for it
 * and wake it. For devices of this library; Linux only.
 */
#ifndef ZEPHYR_RTIO_WAITING_H_
#define ZEPHYR_RTIO_WAITING_H_

#include <zephyr/rtio/rtio.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What the calling thread is about to do. */
struct z_rtio_submitter {
	/**
	 * It submits this one as the last one, and waits as soon as submit() of its device has returned.
	 * NULL: it does not.
	 */
	const struct rtio_iodev_sqe *last;
	/**
	 * Set by the device: called instead of that wait, until the count of ends has come to @p target.
	 * It sets this to NULL.   @return 0, -EAGAIN after @p deadline.
	 */
	int (*wait)(struct rtio *r, unsigned long target, int64_t deadline);
};

#ifdef CONFIG_PORT_POSIX
extern PORT_THREAD_LOCAL struct z_rtio_submitter z_rtio_submitter
	__attribute__((tls_model("initial-exec")));
#endif

/**
 * Wait until the count of ends has come to @p target, by @p sleep, and call @p work whenever that returns,
 * nothing locked, which may end requests.
 * @return 0; -EAGAIN if @p deadline came first, or @p work said that there is nothing to sleep for, or
 * one cannot sleep so, or the thread is being aborted.
 */
int z_rtio_wait_in(struct rtio *r, unsigned long target, int64_t deadline, struct port_sleep *sleep,
		   bool (*work)(struct port_sleep *sleep));

/** Wait for it as rtio_submit() does. @return 0, -EAGAIN after @p deadline. */
int z_rtio_wait(struct rtio *r, unsigned long target, int64_t deadline);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_WAITING_H_ */
