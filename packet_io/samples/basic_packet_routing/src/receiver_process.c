/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "receiver_process.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* @return a socket listening on a free loopback port, or a negative error. */
static int listen_on_loopback(struct address *address)
{
	struct sockaddr_in name = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(name);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0) {
		return -errno;
	}
	if (bind(fd, (struct sockaddr *)&name, sizeof(name)) != 0 || listen(fd, 1) != 0 ||
	    getsockname(fd, (struct sockaddr *)&name, &len) != 0) {
		int error = errno;

		(void)close(fd);
		return -error;
	}
	(void)snprintf(address->host, sizeof(address->host), "127.0.0.1");
	(void)snprintf(address->port, sizeof(address->port), "%u", ntohs(name.sin_port));
	return fd;
}

/*
 * Run this program again. Not fork(): threads may run already. In a process group of its own, so
 * that a Ctrl-C at the terminal leaves the receiver to see the stream end.
 */
static int spawn(pid_t *pid, int listen_fd, int report_fd)
{
	char name[] = "basic_packet_routing";
	char option[] = RECEIVER_OPTION;
	char *argv[] = {name, option, NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	int error;

	(void)posix_spawn_file_actions_init(&files);
	(void)posix_spawnattr_init(&attr);
	error = posix_spawn_file_actions_adddup2(&files, listen_fd, STDIN_FILENO);
	if (error == 0) {
		error = posix_spawn_file_actions_adddup2(&files, report_fd, STDOUT_FILENO);
	}
	if (error == 0) {
		(void)posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP);
		error = posix_spawn(pid, "/proc/self/exe", &files, &attr, argv, environ);
	}
	(void)posix_spawn_file_actions_destroy(&files);
	(void)posix_spawnattr_destroy(&attr);
	return -error;
}

int receiver_start(struct receiver *receiver, struct address *address)
{
	int report_pipe[2];
	int listen_fd = listen_on_loopback(address);
	int ret;

	if (listen_fd < 0) {
		return listen_fd;
	}
	if (pipe2(report_pipe, O_CLOEXEC) != 0) {
		ret = -errno;
		(void)close(listen_fd);
		return ret;
	}
	ret = spawn(&receiver->pid, listen_fd, report_pipe[1]);
	(void)close(report_pipe[1]);
	(void)close(listen_fd);
	if (ret != 0) {
		receiver->pid = 0;
		(void)close(report_pipe[0]);
		return ret;
	}
	receiver->report_fd = report_pipe[0];
	return 0;
}

/* One report is one write, which a pipe keeps in one piece. */
static int read_report(int fd, int timeout_ms, struct receiver_report *report)
{
	struct pollfd pfd = {.fd = fd, .events = POLLIN};
	ssize_t len;
	int ready;

	do {
		ready = poll(&pfd, 1, timeout_ms);
	} while (ready < 0 && errno == EINTR);
	if (ready == 0) {
		return -ETIMEDOUT;
	}
	do {
		len = read(fd, report, sizeof(*report));
	} while (len < 0 && errno == EINTR);
	return len == (ssize_t)sizeof(*report) ? 0 : -EPIPE;
}

int receiver_finish(struct receiver *receiver, int timeout_ms, struct receiver_report *report)
{
	int ret = read_report(receiver->report_fd, timeout_ms, report);

	if (ret == -ETIMEDOUT) {
		(void)kill(receiver->pid, SIGKILL);
	}
	(void)close(receiver->report_fd);
	while (waitpid(receiver->pid, NULL, 0) < 0 && errno == EINTR) {
	}
	receiver->pid = 0;
	return ret;
}
