/* SPDX-License-Identifier: Apache-2.0 */
/** @file The server's side of making, handing over and freeing an area. */
#define _GNU_SOURCE /* memfd_create */
#include "internal.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

const char Z_RTIO_SHM_MODULE = 0;

static bool config_is_valid(const struct rtio_shm_config *c)
{
	return c->r != NULL && c->slots != NULL && (c->iodevs != NULL || c->num_iodevs == 0) &&
	       c->num_iodevs < RTIO_SHM_NO_IODEV && IS_POWER_OF_TWO(c->entries) &&
	       c->entries <= RTIO_SHM_ENTRIES_MAX && c->data_size <= RTIO_SHM_DATA_MAX &&
	       c->r->sq_size >= c->entries && c->r->cq_size > c->entries;
}

/* The area, which cannot become smaller under the server. */
static int make_area(struct rtio_shm_server *s, const struct shm_layout *l)
{
	void *area;

	s->area_fd = memfd_create("rtio_shm", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (s->area_fd == -1 || ftruncate(s->area_fd, (off_t)l->size) != 0 ||
	    fcntl(s->area_fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
		return -errno;
	}
	area = mmap(NULL, l->size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, s->area_fd,
		    0);
	if (area == MAP_FAILED) {
		return -errno;
	}
	s->header = area;
	s->area_size = l->size;
	s->cancels = (uint32_t *)(void *)((uint8_t *)area + l->cancel_offset);
	s->sq = (struct rtio_shm_sqe *)(void *)((uint8_t *)area + l->sq_offset);
	s->cq = (struct rtio_shm_cqe *)(void *)((uint8_t *)area + l->cq_offset);
	s->data = (uint8_t *)area + l->data_offset;
	return 0;
}

static void describe_area(struct rtio_shm_server *s, const struct shm_layout *l)
{
	struct rtio_shm_header *h = s->header;

	h->magic = RTIO_SHM_MAGIC;
	h->version = RTIO_SHM_VERSION;
	h->entries = s->config.entries;
	h->num_iodevs = s->config.num_iodevs;
	h->sq_offset = l->sq_offset;
	h->cq_offset = l->cq_offset;
	h->cancel_offset = l->cancel_offset;
	h->data_offset = l->data_offset;
	h->data_size = s->config.data_size;
	h->chain_max = CONFIG_RTIO_SHM_CHAIN_MAX;
}

static int watch_fd(int epoll, int fd, uint32_t events)
{
	struct epoll_event event = {.events = events | EPOLLET, .data = {.fd = fd}};

	return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : -errno;
}

/*
 * The client gets a view of the server's bell and not the bell: who has an eventfd can fill it up and
 * make it blocking, for everybody.
 */
static int make_bells(struct rtio_shm_server *s)
{
	int ret;

	s->bell_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	s->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	s->quit_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	s->view_fd = epoll_create1(EPOLL_CLOEXEC);
	s->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (s->bell_fd == -1 || s->wake_fd == -1 || s->quit_fd == -1 || s->view_fd == -1 ||
	    s->epoll_fd == -1) {
		return -errno;
	}
	ret = watch_fd(s->view_fd, s->wake_fd, EPOLLIN);
	ret = ret == 0 ? watch_fd(s->epoll_fd, s->bell_fd, EPOLLIN) : ret;
	return ret == 0 ? watch_fd(s->epoll_fd, s->quit_fd, EPOLLIN) : ret;
}

static void release_session(struct rtio_shm_server *s)
{
	int *const fds[] = {&s->area_fd, &s->bell_fd, &s->wake_fd, &s->view_fd,
			    &s->socket,  &s->quit_fd, &s->epoll_fd};

	if (s->header != NULL) {
		(void)munmap(s->header, s->area_size);
		s->header = NULL;
	}
	for (size_t i = 0; i < ARRAY_SIZE(fds); i++) {
		rtio_shm_close_fd(fds[i]);
	}
}

int rtio_shm_server_open(struct rtio_shm_server *s, const struct rtio_shm_config *config)
{
	struct shm_layout l;
	int ret;

	if (s == NULL || config == NULL || !config_is_valid(config)) {
		return -EINVAL;
	}
	memset(s, 0, sizeof(*s));
	memset(config->slots, 0, config->entries * sizeof(*config->slots));
	s->config = *config;
	s->area_fd = s->bell_fd = s->wake_fd = s->view_fd = -1;
	s->socket = s->quit_fd = s->epoll_fd = -1;
	l = rtio_shm_layout(config->entries, config->data_size);
	ret = make_area(s, &l);
	ret = ret == 0 ? make_bells(s) : ret;
	if (ret != 0) {
		release_session(s);
		return ret;
	}
	describe_area(s, &l);
	return 0;
}

static int send_fds(int socket, const int fds[HELLO_FDS])
{
	struct shm_hello hello = {RTIO_SHM_MAGIC, RTIO_SHM_VERSION};
	union {
		char bytes[CMSG_SPACE(HELLO_FDS * sizeof(int))];
		struct cmsghdr aligned;
	} control;
	struct iovec iov = {&hello, sizeof(hello)};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
	struct cmsghdr *header;
	ssize_t sent;

	memset(&control, 0, sizeof(control));
	msg.msg_control = control.bytes;
	msg.msg_controllen = sizeof(control.bytes);
	header = CMSG_FIRSTHDR(&msg);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(HELLO_FDS * sizeof(int));
	memcpy(CMSG_DATA(header), fds, HELLO_FDS * sizeof(int));
	do {
		sent = sendmsg(socket, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
	} while (sent < 0 && errno == EINTR);
	return sent == (ssize_t)sizeof(hello) ? 0 : sent < 0 ? -errno : -EAGAIN;
}

int rtio_shm_server_send(struct rtio_shm_server *s, int socket)
{
	const int fds[HELLO_FDS] = {s->area_fd, s->bell_fd, s->view_fd};
	int ret;

	if (s->socket != -1) {
		return -EALREADY;
	}
	/* Not EPOLLIN: what a client sends over the socket wakes nobody. */
	ret = watch_fd(s->epoll_fd, socket, EPOLLRDHUP);
	if (ret != 0) {
		return ret;
	}
	ret = send_fds(socket, fds);
	if (ret != 0) {
		(void)epoll_ctl(s->epoll_fd, EPOLL_CTL_DEL, socket, NULL);
		return ret;
	}
	s->socket = socket;
	rtio_shm_close_fd(&s->area_fd);
	rtio_shm_close_fd(&s->view_fd);
	return 0;
}

pid_t rtio_shm_server_fork(struct rtio_shm_server *s, struct rtio_shm_client *client)
{
	int sockets[2];
	pid_t pid;
	int ret;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) {
		return -1;
	}
	ret = rtio_shm_server_send(s, sockets[0]);
	if (ret != 0) {
		(void)close(sockets[0]);
		(void)close(sockets[1]);
		errno = -ret;
		return -1;
	}
	pid = fork();
	if (pid == 0) {
		release_session(s);
		if (rtio_shm_client_open(client, sockets[1], K_NO_WAIT) != 0) {
			_exit(127);
		}
		return 0;
	}
	/* Without a child nobody has the other end, and the client has left. */
	(void)close(sockets[1]);
	return pid;
}

int rtio_shm_server_close(struct rtio_shm_server *s)
{
	if (s->header == NULL) {
		return -EALREADY;
	}
	if (s->in_flight != 0) {
		return -EBUSY;
	}
	/* The bell's, if it was rung at the last moment. */
	(void)rtio_flush_completion_queue(s->config.r);
	release_session(s);
	return 0;
}
