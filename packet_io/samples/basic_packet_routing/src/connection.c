/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "connection.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

const char *address_parse(const char *text, struct address *address)
{
	const char *colon = strrchr(text, ':');
	const char *host = text;
	size_t host_len;
	size_t port_len;
	long port;

	if (colon == NULL) {
		return "it is not HOST:PORT";
	}
	host_len = (size_t)(colon - text);
	if (host_len >= 2 && host[0] == '[' && host[host_len - 1] == ']') {
		host++;
		host_len -= 2;
	} else if (memchr(host, ':', host_len) != NULL || memchr(host, '[', host_len) != NULL) {
		return "an IPv6 address stands in brackets: [::1]:5000";
	}
	if (host_len == 0) {
		return "there is no host before the colon";
	}
	if (host_len >= sizeof(address->host)) {
		return "the host is too long";
	}
	port_len = strspn(colon + 1, "0123456789");
	port = strtol(colon + 1, NULL, 10);
	if (port_len == 0 || port_len >= sizeof(address->port) || colon[1 + port_len] != '\0' ||
	    port < 1 || port > 65535) {
		return "the port is not a number from 1 to 65535";
	}
	memcpy(address->host, host, host_len);
	address->host[host_len] = '\0';
	memcpy(address->port, colon + 1, port_len + 1);
	return NULL;
}

/* Wait for @p events. @return what poll() says, going on after a signal with all of the timeout. */
static int wait_for(int fd, short events, int timeout_ms)
{
	struct pollfd pfd = {.fd = fd, .events = events};
	int ret;

	do {
		ret = poll(&pfd, 1, timeout_ms);
	} while (ret < 0 && errno == EINTR);
	return ret;
}

/* @return the error the socket has kept, as a positive number; 0: none. */
static int pending_error(int fd)
{
	socklen_t len = sizeof(int);
	int error = 0;

	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 ? error : errno;
}

/* @return 0 or a negative error. */
static int connect_within(int fd, const struct addrinfo *to, int timeout_ms)
{
	if (connect(fd, to->ai_addr, to->ai_addrlen) == 0) {
		return 0;
	}
	if (errno != EINPROGRESS && errno != EINTR) {
		return -errno;
	}
	if (wait_for(fd, POLLOUT, timeout_ms) == 0) {
		return -ETIMEDOUT;
	}
	return -pending_error(fd);
}

/* @return a connected socket that does not block, or a negative error. */
static int try_address(const struct addrinfo *to, int timeout_ms)
{
	int fd = socket(to->ai_family, to->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
			to->ai_protocol);
	int on = 1;
	int ret;

	if (fd < 0) {
		return -errno;
	}
	ret = connect_within(fd, to, timeout_ms);
	if (ret != 0) {
		(void)close(fd);
		return ret;
	}
	/* Readings are worth more now than in a fuller segment later. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

int connection_open(const struct address *address, int timeout_ms, char *error, size_t size)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
	struct addrinfo *list;
	int fd = -1;
	int ret = getaddrinfo(address->host, address->port, &hints, &list);

	if (ret != 0) {
		(void)snprintf(error, size, "%s: %s", address->host,
			       ret == EAI_SYSTEM ? strerror(errno) : gai_strerror(ret));
		return -1;
	}
	for (const struct addrinfo *to = list; to != NULL && fd < 0; to = to->ai_next) {
		fd = try_address(to, timeout_ms);
	}
	freeaddrinfo(list);
	if (fd < 0) {
		(void)snprintf(error, size, "cannot connect to %s port %s: %s", address->host,
			       address->port, strerror(-fd));
		return -1;
	}
	return fd;
}

/* Step over @p sent bytes. @return how many pieces are done with. */
static size_t advance(struct iovec *iov, size_t count, size_t sent)
{
	size_t done = 0;

	while (done < count && sent >= iov[done].iov_len) {
		sent -= iov[done].iov_len;
		done++;
	}
	if (done < count) {
		iov[done].iov_base = (char *)iov[done].iov_base + sent;
		iov[done].iov_len -= sent;
	}
	return done;
}

int connection_send(int fd, struct iovec *iov, size_t count, int timeout_ms)
{
	while (count > 0) {
		struct msghdr message = {.msg_iov = iov, .msg_iovlen = count};
		ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);

		if (sent >= 0) {
			size_t done = advance(iov, count, (size_t)sent);

			iov += done;
			count -= done;
		} else if (errno == EAGAIN) {
			if (wait_for(fd, POLLOUT, timeout_ms) == 0) {
				return -ETIMEDOUT;
			}
		} else if (errno != EINTR) {
			return -errno;
		}
	}
	return 0;
}

/* Read and forget what the peer sends. @return 0 at its end, or a negative error. */
static int read_to_end(int fd, int timeout_ms)
{
	char scratch[512];

	for (;;) {
		ssize_t len = recv(fd, scratch, sizeof(scratch), 0);

		if (len == 0) {
			return 0;
		}
		if (len < 0 && errno == EAGAIN) {
			if (wait_for(fd, POLLIN, timeout_ms) == 0) {
				return -ETIMEDOUT;
			}
		} else if (len < 0 && errno != EINTR) {
			return -errno;
		}
	}
}

/*
 * A peer that closed its side early may still have something to acknowledge, or to refuse. There is
 * no event for that.
 */
static int wait_for_acknowledgement(int fd, int timeout_ms)
{
	const struct timespec pause = {.tv_nsec = 5000000};
	int unacknowledged = 0;
	int error;

	for (int waited = 0; waited <= timeout_ms; waited += 5) {
		error = pending_error(fd);
		if (error != 0) {
			return -error;
		}
		if (ioctl(fd, SIOCOUTQ, &unacknowledged) != 0 || unacknowledged == 0) {
			return 0;
		}
		(void)nanosleep(&pause, NULL);
	}
	return -ETIMEDOUT;
}

int connection_finish(int fd, int timeout_ms)
{
	int ret;

	if (shutdown(fd, SHUT_WR) != 0) {
		return -errno;
	}
	ret = read_to_end(fd, timeout_ms);
	return ret != 0 ? ret : wait_for_acknowledgement(fd, timeout_ms);
}
