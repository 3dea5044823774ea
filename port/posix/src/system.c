/* SPDX-License-Identifier: Apache-2.0 */
/** @file Console, entropy and the end. */
#include <zephyr/autoconf.h>

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include <port/port.h>

void port_print(const char *text, size_t len)
{
	int saved = errno;

	while (len > 0) {
		ssize_t n = write(STDOUT_FILENO, text, len);

		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n <= 0) {
			break; /* a console that is gone takes nothing, and nobody can be told */
		}
		text += n;
		len -= (size_t)n;
	}
	errno = saved;
}

int port_entropy(void *dst, size_t len)
{
	unsigned char *to = dst;

	while (len > 0) {
		ssize_t n = getrandom(to, len, 0);

		if (n < 0) {
			if (errno == EINTR) {
				continue;
			}
			return -ENOTSUP;
		}
		to += n;
		len -= (size_t)n;
	}
	return 0;
}

void port_fatal(void)
{
	abort();
}
