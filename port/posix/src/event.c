/* SPDX-License-Identifier: Apache-2.0 */
/** @file Descriptors for event loops: an eventfd, whose count is 1 while it is to be readable. */
#include <zephyr/autoconf.h>

#include <errno.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <port/port.h>

int port_event_open(void)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	return fd >= 0 ? fd : -errno;
}

void port_event_set(int fd, bool readable)
{
	int saved = errno;
	uint64_t count = 1;

	/* Neither blocks or fails: the count is 0 before, or 1. */
	if (readable) {
		(void)!write(fd, &count, sizeof(count));
	} else {
		(void)!read(fd, &count, sizeof(count));
	}
	errno = saved;
}

void port_event_close(int fd)
{
	(void)close(fd);
}
