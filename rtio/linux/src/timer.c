/* SPDX-License-Identifier: Apache-2.0 */
/** @file Timers that are read. */
#define _GNU_SOURCE

#include <zephyr/rtio/fd_open.h>

#include <errno.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define NS_PER_S 1000000000LL

/* A relative timeout as the system has it, at least one nanosecond. @return whether it is one. */
static bool to_itimerspec(k_timeout_t timeout, struct timespec *ts)
{
	int64_t rate = CONFIG_SYS_CLOCK_TICKS_PER_SEC;
	int64_t ticks = timeout.ticks;

	if (ticks < 0) {
		return false;
	}
	ts->tv_sec = (time_t)(ticks / rate);
	ts->tv_nsec = (long)(ticks % rate * NS_PER_S / rate);
	return true;
}

int rtio_timer_set(struct rtio_fd *dev, k_timeout_t first, k_timeout_t period)
{
	struct itimerspec spec = {{0, 0}, {0, 0}};

	if (!K_TIMEOUT_EQ(first, K_FOREVER)) {
		if (!to_itimerspec(first, &spec.it_value) ||
		    !to_itimerspec(period, &spec.it_interval)) {
			return -EINVAL;
		}
		if (spec.it_value.tv_sec == 0 && spec.it_value.tv_nsec == 0) {
			spec.it_value.tv_nsec = 1; /* 0 would stop it */
		}
	}
	return timerfd_settime(dev->fd, 0, &spec, NULL) != 0 ? -errno : 0;
}

int rtio_timer_open(struct rtio_fd *dev, k_timeout_t first, k_timeout_t period)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	int ret;

	if (fd < 0) {
		return -errno;
	}
	ret = rtio_fd_init(dev, fd, RTIO_FD_OWNED);
	if (ret != 0) {
		(void)close(fd);
		return ret;
	}
	ret = rtio_timer_set(dev, first, period);
	if (ret != 0) {
		(void)rtio_fd_close(dev);
	}
	return ret;
}
