/* SPDX-License-Identifier: Apache-2.0 */
/** @file The client's side of getting an area, and of leaving. */
#include "internal.h"

#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Wait until there is something to receive. @return 0, -EAGAIN after @p end. */
static int wait_readable(int socket, k_timepoint_t end)
{
	struct pollfd fd = {socket, POLLIN, 0};

	for (;;) {
		k_timeout_t left = sys_timepoint_timeout(end);
		bool forever = K_TIMEOUT_EQ(left, K_FOREVER);
		int64_t ms = forever ? -1 : (int64_t)k_ticks_to_ms_ceil64((uint64_t)left.ticks);
		int n = poll(&fd, 1, (int)MIN(ms, INT_MAX));

		if (n > 0) {
			return 0;
		}
		if (n < 0 && errno != EINTR) {
			return -errno;
		}
		if (n == 0 && sys_timepoint_expired(end)) {
			return -EAGAIN;
		}
	}
}

static void close_all(const int *fds, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		(void)close(fds[i]);
	}
}

/* @return 0 with three descriptors in @p fds. */
static int receive_fds(int socket, int fds[HELLO_FDS])
{
	struct shm_hello hello = {0, 0};
	union {
		char bytes[CMSG_SPACE(HELLO_FDS * sizeof(int))];
		struct cmsghdr aligned;
	} control;
	struct iovec iov = {&hello, sizeof(hello)};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
	int received[sizeof(control) /
		     sizeof(int)]; /* alignment may make room for more than that */
	struct cmsghdr *header;
	size_t count = 0;
	ssize_t got;

	msg.msg_control = control.bytes;
	msg.msg_controllen = sizeof(control.bytes);
	do {
		got = recvmsg(socket, &msg, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	} while (got < 0 && errno == EINTR);
	if (got <= 0) {
		return got == 0 || errno == ECONNRESET ? -EPIPE : -errno;
	}
	header = CMSG_FIRSTHDR(&msg);
	if (header != NULL && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
		count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(received, CMSG_DATA(header), count * sizeof(int));
	}
	if (count != HELLO_FDS || (msg.msg_flags & MSG_CTRUNC) != 0 ||
	    got != (ssize_t)sizeof(hello) || hello.magic != RTIO_SHM_MAGIC ||
	    hello.version != RTIO_SHM_VERSION) {
		close_all(received, count);
		return -EPROTO;
	}
	memcpy(fds, received, sizeof(received[0]) * HELLO_FDS);
	return 0;
}

/* Whether an area is what its size says. */
static bool area_is_sound(const struct rtio_shm_header *h, size_t size)
{
	struct shm_layout l;

	if (h->magic != RTIO_SHM_MAGIC || h->version != RTIO_SHM_VERSION ||
	    !IS_POWER_OF_TWO(h->entries) || h->entries > RTIO_SHM_ENTRIES_MAX ||
	    h->data_size > RTIO_SHM_DATA_MAX) {
		return false;
	}
	l = rtio_shm_layout(h->entries, h->data_size);
	return l.size == size && l.sq_offset == h->sq_offset && l.cq_offset == h->cq_offset &&
	       l.cancel_offset == h->cancel_offset && l.data_offset == h->data_offset;
}

/* Map the area, and get memory for the tags. */
static int map_area(struct rtio_shm_client *c, int fd)
{
	struct stat st;
	void *area;
	void *tags;

	if (fstat(fd, &st) != 0) {
		return -errno;
	}
	if (st.st_size < (off_t)sizeof(struct rtio_shm_header)) {
		return -EPROTO;
	}
	area = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (area == MAP_FAILED) {
		return -errno;
	}
	if (!area_is_sound(area, (size_t)st.st_size)) {
		(void)munmap(area, (size_t)st.st_size);
		return -EPROTO;
	}
	c->header = area;
	c->entries = c->header->entries;
	tags = mmap(NULL, c->entries * sizeof(*c->tags), PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (tags == MAP_FAILED) {
		(void)munmap(area, (size_t)st.st_size);
		return -errno;
	}
	c->tags = tags;
	c->area_size = (size_t)st.st_size;
	return 0;
}

static void set_up_client(struct rtio_shm_client *c)
{
	uint8_t *area = (uint8_t *)c->header;

	c->cancels = (uint32_t *)(void *)(area + c->header->cancel_offset);
	c->sq = (struct rtio_shm_sqe *)(void *)(area + c->header->sq_offset);
	c->cq = (struct rtio_shm_cqe *)(void *)(area + c->header->cq_offset);
	c->data = area + c->header->data_offset;
	c->data_size = c->header->data_size;
	for (uint32_t i = 0; i < c->entries; i++) {
		c->tags[i].next = i + 1;
	}
}

int rtio_shm_client_open(struct rtio_shm_client *c, int socket, k_timeout_t timeout)
{
	int fds[HELLO_FDS] = {-1, -1, -1};
	int ret = wait_readable(socket, sys_timepoint_calc(timeout));

	ret = ret == 0 ? receive_fds(socket, fds) : ret;
	if (ret != 0) {
		return ret;
	}
	memset(c, 0, sizeof(*c));
	ret = map_area(c, fds[0]);
	if (ret != 0) {
		close_all(fds, HELLO_FDS);
		c->header = NULL;
		return ret;
	}
	(void)close(fds[0]);
	c->bell_fd = fds[1];
	c->view_fd = fds[2];
	c->socket = socket;
	set_up_client(c);
	return 0;
}

void rtio_shm_client_close(struct rtio_shm_client *c)
{
	if (c->header == NULL) {
		return;
	}
	(void)munmap(c->tags, c->entries * sizeof(*c->tags));
	(void)munmap(c->header, c->area_size);
	c->header = NULL;
	rtio_shm_close_fd(&c->bell_fd);
	rtio_shm_close_fd(&c->view_fd);
	rtio_shm_close_fd(&c->socket);
}
