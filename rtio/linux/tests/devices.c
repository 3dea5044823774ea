/* SPDX-License-Identifier: Apache-2.0 */
/** @file Sockets that connect and listen, serial ports, timers. */
#define _GNU_SOURCE

#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

ZTEST_SUITE(rtio_fd_devices, NULL, NULL, NULL, fd_after, NULL);

/* A socket bound to a free port of this machine; *@p addr: where that is. */
static int bound(int type, struct sockaddr_in *addr)
{
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(*addr);

	zassert_true(fd >= 0);
	*addr = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	zassert_ok(bind(fd, (struct sockaddr *)addr, sizeof(*addr)));
	zassert_ok(getsockname(fd, (struct sockaddr *)addr, &len));
	return fd;
}

/* A connection, made through the devices. */
FD_TEST(rtio_fd_devices, tcp)
{
	struct sockaddr_in addr;
	struct rtio_fd *listener;
	struct rtio_fd *client;
	struct rtio_fd *server;
	int connection = -1;
	uint8_t buf[8];
	int fd = bound(SOCK_STREAM, &addr);

	zassert_ok(listen(fd, 4));
	listener = device(fd);
	client = device(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
	ask_read(listener, &connection, sizeof(connection), 1);
	submit(0);
	expect_quiet();
	zassert_ok(rtio_fd_connect(client, (struct sockaddr *)&addr, sizeof(addr)));
	/* At once: it waits for the connection. */
	ask_write(client, "hello", 5, 2);
	submit(0);
	for (int i = 0; i < 2; i++) {
		struct rtio_cqe cqe = next_any();

		zassert_equal(cqe.result, POINTER_TO_UINT(cqe.userdata) == 1 ? 4 : 5, "%s: %d",
			      engine_now(), cqe.result);
	}
	zassert_true(connection >= 0);
	server = device(connection);
	ask_read(server, buf, sizeof(buf), 3);
	submit(1);
	zassert_equal(next_result(3), 5);
	zassert_mem_equal(buf, "hello", 5);
	zassert_equal(rtio_fd_connect(client, (struct sockaddr *)&addr, 1000), -EINVAL);

	/* A listener does nothing else. */
	ask_read(listener, buf, 3, 4);
	ask_write(listener, buf, 3, 5);
	ask_pool(listener, 6, false);
	submit(3);
	zassert_equal(next_result(4), -EINVAL);
	zassert_equal(next_result(5), -ENOTSUP);
	zassert_equal(next_result(6), -ENOTSUP);

	/* Reset by the peer, with data under way. */
	ask_read(client, buf, sizeof(buf), 7);
	submit(0);
	{
		struct linger now = {1, 0};

		zassert_ok(setsockopt(connection, SOL_SOCKET, SO_LINGER, &now, sizeof(now)));
	}
	zassert_ok(rtio_fd_close(server));
	zassert_equal(next_result(7), -ECONNRESET, "%s", engine_now());
}

FD_TEST(rtio_fd_devices, connection_refused)
{
	struct sockaddr_in addr;
	struct rtio_fd *client;
	uint8_t buf[8];
	int fd = bound(SOCK_STREAM, &addr);

	client = device(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
	/* Nobody listens. */
	zassert_ok(rtio_fd_connect(client, (struct sockaddr *)&addr, sizeof(addr)));
	ask_write(client, "hello", 5, 1);
	ask_read(client, buf, sizeof(buf), 2);
	submit(2);
	zassert_equal(next_any().result, -ECONNREFUSED, "%s", engine_now());
	zassert_equal(next_any().result, -ECONNREFUSED);
	ask_write(client, "hello", 5, 3);
	submit(1);
	zassert_equal(next_result(3), -ECONNREFUSED);
	/* And then somebody does. */
	zassert_ok(listen(fd, 1));
	zassert_ok(rtio_fd_connect(client, (struct sockaddr *)&addr, sizeof(addr)));
	ask_write(client, "hello", 5, 4);
	submit(1);
	zassert_equal(next_result(4), 5, "%s", engine_now());
	(void)close(fd);
}

/* A connection that nobody answers is given up when the device is closed. */
FD_TEST(rtio_fd_devices, close_while_connecting)
{
	struct sockaddr_in addr;
	struct rtio_fd *clients[4];
	int fd = bound(SOCK_STREAM, &addr);

	/* The queue of a listener that accepts nothing fills; then connections wait. */
	zassert_ok(listen(fd, 0));
	for (int i = 0; i < 4; i++) {
		clients[i] = device(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
		zassert_ok(rtio_fd_connect(clients[i], (struct sockaddr *)&addr, sizeof(addr)));
	}
	ask_write(clients[3], "x", 1, 1);
	submit(0);
	expect_quiet();
	zassert_equal(rtio_fd_connect(clients[3], (struct sockaddr *)&addr, sizeof(addr)), -EBUSY);
	zassert_ok(rtio_fd_close(clients[3]));
	zassert_equal(next_result(1), -ECANCELED, "%s", engine_now());
	(void)close(fd);
}

FD_TEST(rtio_fd_devices, udp)
{
	struct sockaddr_in to;
	struct rtio_fd *in;
	struct rtio_fd *out;
	uint8_t buf[BLOCK];

	in = device(bound(SOCK_DGRAM, &to));
	out = device(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	ask_write(out, "abc", 3, 1);
	submit(1);
	zassert_equal(next_result(1), -EDESTADDRREQ, "%s", engine_now());
	zassert_ok(rtio_fd_connect(out, (struct sockaddr *)&to, sizeof(to)));
	ask_pool(in, 2, true);
	submit(0);
	for (uint32_t i = 1; i < 30; i++) {
		ask_write(out, "abcdefghijklmnopqrstuvwxyz012345", i, 1);
		submit(0);
		for (int j = 0; j < 2; j++) {
			struct rtio_cqe *cqe = rtio_cqe_consume_timeout(&ctx, K_SECONDS(20));
			uint8_t *block;
			uint32_t len;

			zassert_not_null(cqe, "%s", engine_now());
			zassert_equal(cqe->result, (int)i);
			if (rtio_cqe_get_mempool_buffer(&ctx, cqe, &block, &len) == 0) {
				rtio_release_buffer(&ctx, block, len);
			}
			rtio_cqe_release(&ctx, cqe);
		}
	}
	zassert_ok(rtio_fd_close(in));
	zassert_equal(next_result(2), -ECANCELED);
	/* Nobody is there any more: the kernel says so at the second datagram, or at a read. */
	ask_write(out, "abc", 3, 3);
	submit(1);
	zassert_equal(next_result(3), 3);
	ask_read(out, buf, sizeof(buf), 4);
	submit(1);
	zassert_equal(next_result(4), -ECONNREFUSED, "%s", engine_now());
}

FD_TEST(rtio_fd_devices, unix_packets)
{
	struct rtio_fd *a;
	struct rtio_fd *b;
	uint8_t buf[BLOCK];
	int ends[2];

	make_pair(SOCK_SEQPACKET, ends);
	a = device(ends[0]);
	b = device(ends[1]);
	ask_pool(a, 1, true);
	ask_write(b, "abc", 3, 2);
	ask_write(b, "defgh", 5, 3);
	submit(0);
	for (int i = 0; i < 4; i++) {
		struct rtio_cqe *cqe = rtio_cqe_consume_timeout(&ctx, K_SECONDS(20));
		uint8_t *block;
		uint32_t len;

		zassert_not_null(cqe);
		zassert_true(cqe->result == 3 || cqe->result == 5);
		if (rtio_cqe_get_mempool_buffer(&ctx, cqe, &block, &len) == 0) {
			memcpy(buf, block, (size_t)cqe->result);
			rtio_release_buffer(&ctx, block, len);
		}
		rtio_cqe_release(&ctx, cqe);
	}
	zassert_mem_equal(buf, "defgh", 5);
	zassert_ok(rtio_fd_close(b));
	zassert_equal(next_result(1), -ENODATA, "%s: the end", engine_now());
}

static int open_pty(char *name, size_t size)
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	zassert_true(fd >= 0);
	zassert_ok(grantpt(fd));
	zassert_ok(unlockpt(fd));
	zassert_ok(ptsname_r(fd, name, size));
	return fd;
}

FD_TEST(rtio_fd_devices, serial_port)
{
	struct rtio_serial_conf conf = {.baud = 9600, .stop_bits = 2, .parity = RTIO_SERIAL_EVEN};
	struct rtio_fd port = {0};
	rtio_sqe_handle_t handle;
	struct termios t;
	char name[64];
	uint8_t buf[BLOCK];
	int far = open_pty(name, sizeof(name));

	zassert_ok(rtio_serial_open(&port, name, &conf));
	zassert_ok(tcgetattr(port.fd, &t));
	zassert_equal(cfgetospeed(&t), B9600);
	/* Whether a pty keeps parity and stop bits is its own affair; raw it must be. */
	zassert_equal(t.c_lflag & (tcflag_t)(ICANON | ECHO | ISIG), 0);
	zassert_equal(t.c_iflag & (tcflag_t)(IXON | ICRNL), 0);
	ask_read(&port, buf, sizeof(buf), 1);
	submit(0);
	expect_quiet();
	zassert_equal(write(far, "\r\n\003\021x", 5), 5);
	zassert_equal(next_result(1), 5, "%s", engine_now());
	zassert_mem_equal(buf, "\r\n\003\021x", 5);
	ask_write(&port, "\n\0\377", 3, 2);
	submit(1);
	zassert_equal(next_result(2), 3);
	zassert_equal(read(far, buf, sizeof(buf)), 3);
	zassert_mem_equal(buf, "\n\0\377", 3);
	/* What waits can be cancelled; a multishot read goes on until the line hangs up. */
	handle = rtio_sqe_handle(ask_read(&port, buf, sizeof(buf), 3));
	submit(0);
	expect_quiet();
	zassert_ok(rtio_cancel(&ctx, handle));
	zassert_equal(next_result(3), -ECANCELED, "%s", engine_now());
	ask_pool(&port, 4, true);
	submit(0);
	for (int i = 0; i < 20; i++) {
		zassert_equal(write(far, "abcdefgh", 8), 8);
		zassert_equal(next_block(4, buf, sizeof(buf)), 8);
	}
	(void)close(far);
	{
		int result = next_result(4);

		zassert_true(result == -EIO || result == -ENODATA, "%s: %d", engine_now(), result);
	}
	zassert_ok(rtio_fd_close(&port));
}

FD_TEST(rtio_fd_devices, serial_port_badly_set)
{
	struct rtio_serial_conf conf = {.baud = 12345};
	struct rtio_fd port = {0};
	char name[64];
	int ends[2];
	int far = open_pty(name, sizeof(name));

	zassert_equal(rtio_serial_open(&port, name, &conf), -EINVAL);
	conf = (struct rtio_serial_conf){.data_bits = 9};
	zassert_equal(rtio_serial_open(&port, name, &conf), -EINVAL);
	conf = (struct rtio_serial_conf){.stop_bits = 3};
	zassert_equal(rtio_serial_open(&port, name, &conf), -EINVAL);
	conf = (struct rtio_serial_conf){.parity = (enum rtio_serial_parity)7};
	zassert_equal(rtio_serial_open(&port, name, &conf), -EINVAL);
	zassert_equal(rtio_serial_open(&port, "/dev/no such port", NULL), -ENOENT);
	zassert_equal(rtio_serial_open(&port, "/dev/null", NULL), -ENOTTY);
	make_pipe(ends);
	zassert_equal(rtio_serial_set(ends[0], NULL), -ENOTTY);
	(void)close(ends[0]);
	(void)close(ends[1]);
	(void)close(far);
}

/*
 * The next expiry of a timer that a multishot read is about. Who is held up for long finds that it has run
 * out of memory, and asks again.
 */
static void next_expiry(struct rtio_fd *timer)
{
	uint8_t buf[8];
	int ret;

	while ((ret = next_block(3, buf, sizeof(buf))) == -ENOMEM) {
		ask_pool(timer, 3, true);
		submit(0);
	}
	zassert_equal(ret, 8, "%s: %d", engine_now(), ret);
}

/* All that comes until nothing comes for a while, or the read has ended. @return how it ended; 0: it has not. */
static int drain_timer(k_timeout_t quiet)
{
	struct rtio_cqe *cqe;
	uint8_t *block;
	uint32_t len;
	int result = 8;

	while (result == 8 && (cqe = rtio_cqe_consume_timeout(&ctx, quiet)) != NULL) {
		result = cqe->result;
		if (rtio_cqe_get_mempool_buffer(&ctx, cqe, &block, &len) == 0) {
			rtio_release_buffer(&ctx, block, len);
		}
		rtio_cqe_release(&ctx, cqe);
	}
	return result == 8 ? 0 : result;
}

FD_TEST(rtio_fd_devices, timer)
{
	struct rtio_fd timer = {0};
	int64_t begin = k_uptime_ticks();
	uint64_t count = 0;
	int ret;

	zassert_equal(rtio_timer_open(&timer, K_MSEC(1), K_FOREVER), -EINVAL);
	zassert_ok(rtio_timer_open(&timer, K_MSEC(20), K_NO_WAIT));
	ask_read(&timer, &count, sizeof(count), 1);
	submit(1);
	zassert_equal(next_result(1), 8);
	zassert_equal(count, 1);
	zassert_true(k_uptime_ticks() - begin >= (int64_t)k_ms_to_ticks_floor64(20), "%s",
		     engine_now());
	/* Once was all. */
	ask_read(&timer, &count, sizeof(count), 2);
	submit(0);
	expect_quiet();
	zassert_ok(rtio_timer_set(&timer, K_MSEC(5), K_MSEC(5)));
	zassert_equal(next_result(2), 8);
	ask_pool(&timer, 3, true);
	submit(0);
	for (int i = 0; i < 5; i++) {
		next_expiry(&timer);
	}
	/* It stands still. */
	zassert_ok(rtio_timer_set(&timer, K_FOREVER, K_NO_WAIT));
	ret = drain_timer(K_MSEC(20));
	if (ret != 0) {
		zassert_equal(ret, -ENOMEM, "%s: %d", engine_now(), ret);
		ask_pool(&timer, 3, true);
		submit(0);
	}
	zassert_ok(rtio_fd_close(&timer));
	zassert_equal(drain_timer(K_SECONDS(20)), -ECANCELED, "%s", engine_now());
}
