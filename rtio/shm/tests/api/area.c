/* SPDX-License-Identifier: Apache-2.0 */
/** @file The area: its making, its way to the client, its end. */
#define _GNU_SOURCE /* F_ADD_SEALS, fallocate */
#include "../support/rig.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

ZTEST_SUITE(shm_area, NULL, NULL, NULL, NULL, NULL);

static void expect_invalid(struct rtio_shm_config config)
{
	int fds = rig_count_fds();

	zassert_equal(rtio_shm_server_open(&rig_server, &config), -EINVAL);
	zassert_equal(rig_count_fds(), fds);
}

RTIO_DEFINE(few_requests, RIG_ENTRIES - 1, RIG_ENTRIES + 1);
RTIO_DEFINE(few_completions, RIG_ENTRIES, RIG_ENTRIES);

ZTEST(shm_area, test_configurations_that_cannot_be)
{
	struct rtio_shm_config c;

	zassert_equal(rtio_shm_server_open(NULL, &rig_config), -EINVAL);
	zassert_equal(rtio_shm_server_open(&rig_server, NULL), -EINVAL);
	c = rig_config, c.r = NULL, expect_invalid(c);
	c = rig_config, c.slots = NULL, expect_invalid(c);
	c = rig_config, c.iodevs = NULL, expect_invalid(c);
	c = rig_config, c.num_iodevs = RTIO_SHM_NO_IODEV, expect_invalid(c);
	c = rig_config, c.entries = 0, expect_invalid(c);
	c = rig_config, c.entries = 12, expect_invalid(c);
	c = rig_config, c.entries = 2 * RIG_ENTRIES, expect_invalid(c);
	c = rig_config, c.data_size = RTIO_SHM_DATA_MAX + 1, expect_invalid(c);
	c = rig_config, c.r = &few_requests, expect_invalid(c);
	c = rig_config, c.r = &few_completions, expect_invalid(c);
}

ZTEST(shm_area, test_every_descriptor_can_be_missing)
{
	struct rlimit before;
	int fds = rig_count_fds();
	int first = dup(STDIN_FILENO); /* the first number that is free */

	(void)close(first);
	zassert_ok(getrlimit(RLIMIT_NOFILE, &before));
	for (int more = 0; more < 6; more++) {
		struct rlimit few = {(rlim_t)(first + more), before.rlim_max};
		int ret;

		zassert_ok(setrlimit(RLIMIT_NOFILE, &few));
		ret = rtio_shm_server_open(&rig_server, &rig_config);
		zassert_ok(setrlimit(RLIMIT_NOFILE, &before));
		zassert_equal(ret, -EMFILE, "%d with %d descriptors", ret, more);
		zassert_equal(rig_count_fds(), fds);
		zassert_equal(rig_count_areas(), 0);
	}
	zassert_ok(rtio_shm_server_open(&rig_server, &rig_config));
	zassert_ok(rtio_shm_server_close(&rig_server));
	zassert_equal(rtio_shm_server_close(&rig_server), -EALREADY);
	zassert_equal(rig_count_fds(), fds);
}

ZTEST(shm_area, test_nobody_changes_its_size)
{
	int fd;

	rig_open(false);
	fd = dup(rig_server.area_fd);
	zassert_equal(fcntl(fd, F_GET_SEALS), F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
	zassert_equal(ftruncate(fd, 0), -1);
	zassert_equal(errno, EPERM);
	zassert_equal(ftruncate(fd, (off_t)rig_server.area_size + 1), -1);
	zassert_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), -1);
	/* A hole is zeros, not a fault. */
	zassert_ok(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
			     (off_t)rig_server.area_size));
	zassert_equal(rig_server.data[RIG_DATA - 1], 0);
	zassert_ok(rig_turns());
	(void)close(fd);
	rig_close();
}

ZTEST(shm_area, test_parts_do_not_overlap)
{
	for (uint32_t entries = 1; entries <= RTIO_SHM_ENTRIES_MAX; entries *= 2) {
		struct shm_layout l = rtio_shm_layout(entries, RTIO_SHM_DATA_MAX);

		zassert_true(l.cancel_offset >= sizeof(struct rtio_shm_header));
		zassert_true(l.sq_offset >= l.cancel_offset + entries * 4);
		zassert_true(l.cq_offset >= l.sq_offset + entries * sizeof(struct rtio_shm_sqe));
		zassert_true(l.data_offset >= l.cq_offset + entries * sizeof(struct rtio_shm_cqe));
		zassert_equal(l.sq_offset % 64 + l.cq_offset % 32 + l.data_offset % 4096, 0);
		zassert_true(l.size >= (size_t)l.data_offset + RTIO_SHM_DATA_MAX);
	}
}

ZTEST(shm_area, test_one_client)
{
	int sockets[2];

	rig_open(true);
	zassert_ok(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
	zassert_equal(rtio_shm_server_send(&rig_server, sockets[0]), -EALREADY);
	(void)close(sockets[0]);
	(void)close(sockets[1]);
	rig_close();
}

ZTEST(shm_area, test_a_server_without_client)
{
	rig_open(false);
	zassert_equal(rtio_shm_server_run(&rig_server), -EINVAL);
	rig_close();
	zassert_equal(rtio_shm_server_run(&rig_server), -EINVAL);
}

ZTEST(shm_area, test_sockets_that_cannot_carry_it)
{
	int sockets[2];
	int file;

	rig_open(false);
	zassert_equal(rtio_shm_server_send(&rig_server, -1), -EBADF);
	file = open("/dev/zero", O_RDONLY);
	zassert_true(rtio_shm_server_send(&rig_server, file) < 0);
	(void)close(file);

	zassert_ok(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
	(void)close(sockets[1]);
	zassert_equal(rtio_shm_server_send(&rig_server, sockets[0]), -EPIPE);
	(void)close(sockets[0]);

	/* Full. */
	zassert_ok(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
	while (send(sockets[0], "x", 1, MSG_DONTWAIT) == 1) {
	}
	zassert_equal(rtio_shm_server_send(&rig_server, sockets[0]), -EAGAIN);
	(void)close(sockets[0]);
	(void)close(sockets[1]);
	zassert_equal(rig_server.socket, -1);
	rig_close();
}

/* What a server that is none sends. @return what the client says. */
static int open_after(const struct shm_hello *hello, const int *fds, size_t count)
{
	struct rtio_shm_client c = {0};
	int before = rig_count_fds();
	int sockets[2];
	char control[CMSG_SPACE(4 * sizeof(int))] __aligned(8) = {0};
	struct iovec iov = {(void *)(uintptr_t)hello, sizeof(*hello)};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
	int ret;

	zassert_ok(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
	if (count > 0) {
		struct cmsghdr *h;

		msg.msg_control = control;
		msg.msg_controllen = CMSG_SPACE(count * sizeof(int));
		h = CMSG_FIRSTHDR(&msg);
		h->cmsg_level = SOL_SOCKET;
		h->cmsg_type = SCM_RIGHTS;
		h->cmsg_len = CMSG_LEN(count * sizeof(int));
		memcpy(CMSG_DATA(h), fds, count * sizeof(int));
	}
	zassert_equal(sendmsg(sockets[0], &msg, 0), (ssize_t)sizeof(*hello));
	ret = rtio_shm_client_open(&c, sockets[1], K_MSEC(100));
	if (ret == 0) {
		rtio_shm_client_close(&c);
	} else {
		(void)close(sockets[1]);
	}
	(void)close(sockets[0]);
	zassert_equal(rig_count_fds(), before, "the client keeps descriptors");
	return ret;
}

ZTEST(shm_area, test_a_client_knows_an_area)
{
	const struct shm_hello good = {RTIO_SHM_MAGIC, RTIO_SHM_VERSION};
	const struct shm_hello old = {RTIO_SHM_MAGIC, RTIO_SHM_VERSION + 1};
	const struct shm_hello strange = {1, RTIO_SHM_VERSION};
	struct rtio_shm_header *h;
	int small;
	int fds[4];

	rig_open(false);
	h = rig_server.header;
	fds[0] = rig_server.area_fd;
	fds[1] = rig_server.bell_fd;
	fds[2] = fds[3] = rig_server.view_fd;
	zassert_ok(open_after(&good, fds, 3));
	zassert_equal(open_after(&old, fds, 3), -EPROTO);
	zassert_equal(open_after(&strange, fds, 3), -EPROTO);
	zassert_equal(open_after(&good, fds, 0), -EPROTO);
	zassert_equal(open_after(&good, fds, 2), -EPROTO);
	zassert_equal(open_after(&good, fds, 4), -EPROTO);

	h->version++;
	zassert_equal(open_after(&good, fds, 3), -EPROTO);
	h->version--;
	h->entries *= 2;
	zassert_equal(open_after(&good, fds, 3), -EPROTO);
	h->entries /= 2;
	h->data_size += 4096;
	zassert_equal(open_after(&good, fds, 3), -EPROTO);
	h->data_size -= 4096;
	h->cq_offset += 32;
	zassert_equal(open_after(&good, fds, 3), -EPROTO);
	h->cq_offset -= 32;

	small = memfd_create("small", MFD_CLOEXEC);
	fds[0] = small;
	zassert_equal(open_after(&good, fds, 3), -EPROTO);
	zassert_ok(ftruncate(small, 4096));
	zassert_equal(open_after(&good, fds, 3), -EPROTO);
	(void)close(small);
	rig_close();
}

ZTEST(shm_area, test_a_server_that_says_nothing)
{
	struct rtio_shm_client c;
	int sockets[2];

	zassert_ok(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
	zassert_equal(rtio_shm_client_open(&c, sockets[1], K_NO_WAIT), -EAGAIN);
	zassert_equal(rtio_shm_client_open(&c, sockets[1], K_MSEC(5)), -EAGAIN);
	(void)close(sockets[0]);
	zassert_equal(rtio_shm_client_open(&c, sockets[1], K_FOREVER), -EPIPE);
	(void)close(sockets[1]);
}

ZTEST(shm_area, test_close_waits_for_what_is_under_way)
{
	struct rtio_shm_sqe *sqe;

	rig_open(true);
	rig_devices[RIG_FULL].later = true;
	rig_devices[RIG_FULL].deaf = true;
	sqe = rtio_shm_sqe_acquire(&rig_client);
	rtio_shm_sqe_prep_read(sqe, RIG_FULL, RTIO_PRIO_LOW, 0, 100, 1);
	(void)rtio_shm_submit(&rig_client);
	(void)rig_turns();
	zassert_equal(rtio_shm_server_close(&rig_server), -EBUSY);
	rtio_shm_server_stop(&rig_server);
	zassert_ok(rig_turns());
	zassert_equal(rig_devices[RIG_FULL].asked, 1);
	zassert_equal(rtio_shm_submit(&rig_client), -ECANCELED);
	zassert_true(sim_end(&rig_devices[RIG_FULL], 100));
	zassert_equal(rig_turns(), -ECANCELED);
	rig_expect(1, 100);
	rig_close();
}

ZTEST(shm_area, test_stop_before_run)
{
	rig_open(true);
	rtio_shm_server_stop(&rig_server);
	zassert_equal(rtio_shm_server_run(&rig_server), -ECANCELED);
	rig_close();
}

ZTEST(shm_area, test_the_same_memory_many_times)
{
	rig_open(true);
	for (int i = 0; i < 20; i++) {
		struct rtio_shm_sqe *sqe = rtio_shm_sqe_acquire(&rig_client);

		rtio_shm_sqe_prep_nop(sqe, RIG_FULL, 1);
		(void)rtio_shm_submit(&rig_client);
		(void)rig_turns();
		rig_expect(1, 0);
		rig_again();
	}
	rig_close();
}

ZTEST(shm_area, test_stop_after_the_end_leaves_nothing)
{
	rig_open(true);
	rtio_shm_server_stop(&rig_server);
	zassert_equal(rtio_shm_server_run(&rig_server), -ECANCELED);
	rtio_shm_server_stop(&rig_server);
	zassert_ok(rtio_shm_server_close(&rig_server));
	zassert_is_null(rtio_cqe_consume(&rig_context));
	rig_close();
}
