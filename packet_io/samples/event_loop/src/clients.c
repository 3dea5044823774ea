/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* accept4() */
#include "clients.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static int clients[CLIENTS_MAX];
static uint32_t count;
static uint32_t missed_packets;

int clients_listen(uint16_t *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons(*port),
				      .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	const int on = 1;

	if (fd < 0) {
		return -errno;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
	    bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
	    listen(fd, CLIENTS_MAX) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &length) != 0) {
		int error = errno;

		(void)close(fd);
		return -error;
	}
	*port = ntohs(address.sin_port);
	return fd;
}

int clients_accept(int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0) {
		return -EAGAIN;
	}
	if (count == CLIENTS_MAX) {
		(void)close(fd);
		return -EMFILE;
	}
	clients[count++] = fd;
	return fd;
}

static void forget(uint32_t i)
{
	(void)close(clients[i]); /* which takes it out of the event loop, too */
	clients[i] = clients[--count];
}

/* @return whether the client is still there. */
static bool write_one(int fd, const struct net_buf *buf)
{
	ssize_t written = send(fd, buf->data, buf->len, MSG_NOSIGNAL);

	if (written < 0 && (errno == EAGAIN || errno == EINTR)) {
		missed_packets++;
		return true;
	}
	/* Half a line cannot be taken back. */
	return written == (ssize_t)buf->len;
}

void clients_write(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	for (uint32_t i = count; i-- > 0;) {
		if (!write_one(clients[i], buf)) {
			forget(i);
		}
	}
}

void clients_read(int fd)
{
	char ignored[256];
	ssize_t got = recv(fd, ignored, sizeof(ignored), 0);

	if (got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR))) {
		return;
	}
	for (uint32_t i = 0; i < count; i++) {
		if (clients[i] == fd) {
			forget(i);
			return;
		}
	}
}

uint32_t clients_count(uint32_t *missed)
{
	*missed = missed_packets;
	return count;
}

void clients_close(void)
{
	while (count > 0) {
		forget(count - 1);
	}
}
