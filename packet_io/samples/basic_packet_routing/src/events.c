/* SPDX-License-Identifier: Apache-2.0 */
#include "events.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

static int wake_fd = -1;
static volatile sig_atomic_t interrupted;

void events_wake(void)
{
	const uint64_t one = 1;

	/* It can fail only when there are 2^64 - 2 calls to see already. */
	if (write(wake_fd, &one, sizeof(one)) < 0) {
		return;
	}
}

static void on_signal(int number)
{
	int saved = errno;

	(void)number;
	interrupted = 1;
	events_wake();
	errno = saved;
}

int events_init(void)
{
	struct sigaction action = {
		.sa_handler = on_signal,
		.sa_flags = SA_RESTART | (int)SA_RESETHAND,
	};

	wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (wake_fd < 0) {
		return -errno;
	}
	(void)sigemptyset(&action.sa_mask);
	if (sigaction(SIGINT, &action, NULL) != 0 || sigaction(SIGTERM, &action, NULL) != 0 ||
	    signal(SIGPIPE, SIG_IGN) == SIG_ERR) {
		return -errno;
	}
	return 0;
}

void events_wait(int timeout_ms)
{
	struct pollfd pfd = {.fd = wake_fd, .events = POLLIN};
	uint64_t count;

	if (poll(&pfd, 1, timeout_ms) > 0 && read(wake_fd, &count, sizeof(count)) < 0) {
		return; /* somebody else's wake-up was taken with it: nothing to do */
	}
}

bool events_interrupted(void)
{
	return interrupted != 0;
}
