/* SPDX-License-Identifier: Apache-2.0 */
/** @file What requests do, on each kind of descriptor. */
#define _GNU_SOURCE

#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

ZTEST_SUITE(rtio_fd, NULL, NULL, NULL, fd_after, NULL);

static const uint8_t text[] = "the quick brown fox jumps over the lazy dog";

/* A request that waits first, and one for which all is there. */
static void there_and_back(int in, int out)
{
	struct rtio_fd *from = device(in);
	struct rtio_fd *to = device(out);
	uint8_t buf[64];

	ask_read(from, buf, sizeof(buf), 1);
	submit(0);
	expect_quiet();
	ask_write(to, text, 10, 2);
	submit(2);
	for (int i = 0; i < 2; i++) {
		zassert_equal(next_any().result, 10, "%s", engine_now());
	}
	zassert_mem_equal(buf, text, 10);

	ask_write(to, text + 10, 20, 3);
	submit(1);
	zassert_equal(next_result(3), 20);
	ask_read(from, buf, 8, 4);
	submit(1);
	zassert_equal(next_result(4), 8);
	zassert_mem_equal(buf, text + 10, 8);
	ask_pool(from, 5, false);
	submit(1);
	zassert_equal(next_block(5, buf, sizeof(buf)), 12);
	zassert_mem_equal(buf, text + 18, 12);

	/* The end. */
	zassert_ok(rtio_fd_close(to));
	ask_read(from, buf, 8, 6);
	submit(1);
	zassert_equal(next_result(6), 0);
}

FD_TEST(rtio_fd, pipes)
{
	int ends[2];

	make_pipe(ends);
	there_and_back(ends[0], ends[1]);
}

FD_TEST(rtio_fd, socket_pair)
{
	int ends[2];

	make_pair(SOCK_STREAM, ends);
	there_and_back(ends[0], ends[1]);
}

FD_TEST(rtio_fd, datagrams_keep_their_borders)
{
	struct rtio_fd *a;
	struct rtio_fd *b;
	uint8_t buf[64];
	int ends[2];

	make_pair(SOCK_DGRAM, ends);
	a = device(ends[0]);
	b = device(ends[1]);
	ask_write(b, text, 10, 1);
	ask_write(b, text, 0, 2);
	ask_write(b, text, 20, 3);
	ask_write(b, text, 30, 4);
	submit(4);
	zassert_equal(next_result(1), 10);
	zassert_equal(next_result(2), 0);
	zassert_equal(next_result(3), 20);
	zassert_equal(next_result(4), 30);
	ask_read(a, buf, sizeof(buf), 1);
	ask_read(a, buf, sizeof(buf), 2);
	ask_read(a, buf, 12, 3);
	ask_pool(a, 4, false);
	submit(4);
	zassert_equal(next_result(1), 10);
	zassert_equal(next_result(2), 0);
	zassert_equal(next_result(3), -EMSGSIZE, "it did not fit");
	zassert_equal(next_block(4, buf, sizeof(buf)), 30);
	zassert_mem_equal(buf, text, 30);
}

FD_TEST(rtio_fd, file_by_its_position)
{
	struct rtio_fd *dev = device(make_memory_file(1000));
	uint8_t buf[600];
	uint8_t same[600];

	zassert_equal(pread(dev->fd, same, 600, 400), 600);
	for (uintptr_t i = 0; i < 2; i++) {
		ask_read(dev, buf, 200, i);
	}
	submit(2);
	zassert_equal(next_result(0), 200);
	zassert_equal(next_result(1), 200);
	ask_read(dev, buf, 700, 2);
	submit(1);
	zassert_equal(next_result(2), 600, "%s: all but what is behind the end", engine_now());
	zassert_mem_equal(buf, same, 600);
	ask_read(dev, buf, 1, 3);
	submit(1);
	zassert_equal(next_result(3), 0);
	ask_write(dev, text, 10, 4);
	submit(1);
	zassert_equal(next_result(4), 10);
	zassert_equal(lseek(dev->fd, 0, SEEK_END), 1010);
}

FD_TEST(rtio_fd, file_on_disk)
{
	char name[] = "rtio-test-XXXXXX";
	int fd = mkstemp(name);
	struct rtio_fd *dev;
	uint8_t buf[sizeof(text)];

	zassert_true(fd >= 0);
	zassert_ok(unlink(name));
	dev = device(fd);
	ask_write(dev, text, sizeof(text), 1);
	submit(1);
	zassert_equal(next_result(1), (int)sizeof(text));
	zassert_equal(lseek(fd, 0, SEEK_SET), 0);
	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	ask_read(dev, buf, sizeof(buf), 2);
	submit(1);
	zassert_equal(next_result(2), (int)sizeof(text));
	zassert_mem_equal(buf, text, sizeof(text));
}

FD_TEST(rtio_fd, positioned)
{
	static uint8_t bufs[SQ][16];
	int fd = make_memory_file(SQ * 16);
	struct rtio_fd dev = {0};
	uint8_t same[16];

	zassert_ok(rtio_fd_init(&dev, fd, RTIO_FD_OWNED | RTIO_FD_POSITIONED));
	dev.unit = 16;
	memset(bufs, 0, sizeof(bufs));
	for (uint32_t i = 0; i < SQ; i++) {
		ask_read(&dev, bufs[i], 16, i)->iodev_flags = SQ - 1 - i;
	}
	submit(SQ);
	for (int i = 0; i < SQ; i++) {
		zassert_equal(next_any().result, 16);
	}
	for (int i = 0; i < SQ; i++) {
		zassert_equal(pread(fd, same, 16, (SQ - 1 - i) * 16L), 16);
		zassert_mem_equal(bufs[i], same, 16);
	}
	ask_write(&dev, text, 16, 0)->iodev_flags = 3;
	submit(1);
	zassert_equal(next_result(0), 16);
	zassert_equal(pread(fd, same, 16, 48), 16);
	zassert_mem_equal(same, text, 16);
	zassert_ok(rtio_fd_close(&dev));
}

FD_TEST(rtio_fd, gathered_and_scattered)
{
	static uint8_t large[40][100];
	struct rtio_fd_vec pieces[RTIO_FD_GATHER_MAX];
	struct rtio_fd *a;
	struct rtio_fd *b;
	uint8_t buf[100];
	int ends[2];
	int total = 0;

	make_pair(SOCK_STREAM, ends);
	a = device(ends[0]);
	b = device(ends[1]);
	for (int i = 0; i < RTIO_FD_GATHER_MAX; i++) {
		memset(large[i], i, 100);
		pieces[i] = (struct rtio_fd_vec){large[i], (uint32_t)(i * 3)};
		total += i * 3;
	}
	zassert_equal(rtio_fd_write_gathered(&ctx, b, 0, pieces, 0, NULL), -EINVAL);
	zassert_equal(rtio_fd_write_gathered(&ctx, b, 0, pieces, 33, NULL), -EINVAL);
	zassert_ok(
		rtio_fd_write_gathered(&ctx, b, 0, pieces, RTIO_FD_GATHER_MAX, UINT_TO_POINTER(7)));
	submit(1);
	zassert_equal(next_result(7), total, "%s", engine_now());
	for (int i = 1; i < RTIO_FD_GATHER_MAX; i++) {
		ask_read(a, buf, (uint32_t)i * 3, 1);
		submit(1);
		zassert_equal(next_result(1), i * 3);
		zassert_mem_equal(buf, large[i], (size_t)i * 3);
	}
	/* Into two pieces, with one call: each member says the sum. */
	ask_write(b, text, 30, 1);
	submit(1);
	zassert_equal(next_result(1), 30);
	ask_read(a, buf, 10, 2)->flags |= RTIO_SQE_TRANSACTION;
	ask_read(a, buf + 50, 20, 3);
	submit(2);
	zassert_equal(next_result(2), 30);
	zassert_equal(next_result(3), 30);
	zassert_mem_equal(buf, text, 10);
	zassert_mem_equal(buf + 50, text + 10, 20);
}

FD_TEST(rtio_fd, gathered_datagram)
{
	struct rtio_fd_vec pieces[3] = {{text, 4}, {text + 4, 5}, {text + 9, 6}};
	struct rtio_fd_vec many[CONFIG_RTIO_LINUX_VECTORS + 1];
	struct rtio_fd *a;
	struct rtio_fd *b;
	uint8_t buf[64];
	int ends[2];

	make_pair(SOCK_DGRAM, ends);
	a = device(ends[0]);
	b = device(ends[1]);
	zassert_ok(rtio_fd_write_gathered(&ctx, b, 0, pieces, 3, UINT_TO_POINTER(7)));
	submit(1);
	zassert_equal(next_result(7), 15);
	ask_read(a, buf, sizeof(buf), 1);
	submit(1);
	zassert_equal(next_result(1), 15, "%s: one datagram", engine_now());
	zassert_mem_equal(buf, text, 15);
	for (size_t i = 0; i < ARRAY_SIZE(many); i++) {
		many[i] = pieces[0];
	}
	zassert_ok(rtio_fd_write_gathered(&ctx, b, 0, many, ARRAY_SIZE(many), NULL));
	submit(1);
	zassert_equal(next_result(0), -EMSGSIZE);
}

FD_TEST(rtio_fd, tiny_write_and_nop)
{
	struct rtio_fd *to;
	struct rtio_sqe *sqe;
	uint8_t buf[8];
	int ends[2];

	make_pipe(ends);
	to = device(ends[1]);
	sqe = rtio_sqe_acquire(&ctx);
	rtio_sqe_prep_tiny_write(sqe, &to->iodev, 0, text, 7, UINT_TO_POINTER(1));
	submit(1);
	zassert_equal(next_result(1), 7);
	zassert_equal(read(ends[0], buf, sizeof(buf)), 7);
	zassert_mem_equal(buf, text, 7);
	sqe = rtio_sqe_acquire(&ctx);
	rtio_sqe_prep_nop(sqe, &to->iodev, UINT_TO_POINTER(2));
	submit(1);
	zassert_equal(next_result(2), 0);
	(void)close(ends[0]);
}

FD_TEST(rtio_fd, transceive)
{
	static uint8_t out[100000];
	static uint8_t in[2][100000];
	struct rtio_fd *dev[2];
	struct rtio_sqe *sqe;
	int ends[2];

	/* More than the sockets hold: both directions have to go on at once. */
	make_pair(SOCK_STREAM, ends);
	for (int i = 0; i < 2; i++) {
		int size = 4096;

		dev[i] = device(ends[i]);
		zassert_ok(setsockopt(ends[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)));
	}
	for (size_t i = 0; i < sizeof(out); i++) {
		out[i] = (uint8_t)(i / 3);
	}
	for (int i = 0; i < 2; i++) {
		sqe = rtio_sqe_acquire(&ctx);
		rtio_sqe_prep_transceive(sqe, &dev[i]->iodev, 0, out, in[i], sizeof(out),
					 UINT_TO_POINTER(i));
	}
	submit(2);
	for (int i = 0; i < 2; i++) {
		zassert_equal(next_any().result, (int)sizeof(out), "%s", engine_now());
	}
	zassert_mem_equal(in[0], out, sizeof(out));
	zassert_mem_equal(in[1], out, sizeof(out));
	/* It waits for a read before it. */
	ask_read(dev[0], in[1], 20, 2);
	sqe = rtio_sqe_acquire(&ctx);
	rtio_sqe_prep_transceive(sqe, &dev[0]->iodev, 0, out, in[0], 30, UINT_TO_POINTER(3));
	ask_read(dev[0], in[1] + 20, 20, 4);
	submit(0);
	expect_quiet();
	zassert_equal(write(ends[1], out, 20), 20);
	zassert_equal(next_result(2), 20, "%s", engine_now());
	zassert_equal(read(ends[1], in[1], sizeof(in[1])), 30);
	zassert_equal(write(ends[1], out, 30), 30);
	zassert_equal(next_result(3), 30, "%s", engine_now());
	zassert_equal(write(ends[1], out, 20), 20);
	zassert_equal(next_result(4), 20, "%s", engine_now());
	/* The peer goes: what came is not all. */
	sqe = rtio_sqe_acquire(&ctx);
	rtio_sqe_prep_transceive(sqe, &dev[0]->iodev, 0, out, in[0], 100, UINT_TO_POINTER(1));
	submit(0);
	zassert_equal(write(ends[1], out, 30), 30);
	zassert_ok(shutdown(ends[1], SHUT_WR));
	zassert_equal(next_result(1), 30);
}

FD_TEST(rtio_fd, chain)
{
	struct rtio_fd *from;
	struct rtio_fd *to;
	uint8_t buf[64] = {0};
	int ends[2];

	make_pipe(ends);
	from = device(ends[0]);
	to = device(ends[1]);
	for (uintptr_t i = 0; i < 10; i++) {
		ask_write(to, text + i, 1, 2 * i)->flags |= RTIO_SQE_CHAINED;
		ask_read(from, buf + i, 1, 2 * i + 1)->flags |= i < 9 ? RTIO_SQE_CHAINED : 0;
	}
	submit(20);
	for (uintptr_t i = 0; i < 20; i++) {
		zassert_equal(next_result(i), 1);
	}
	zassert_mem_equal(buf, text, 10);
	/* One that fails fails the rest. */
	ask_read(from, NULL, 1, 0)->flags |= RTIO_SQE_CHAINED;
	ask_write(to, text, 1, 1);
	submit(2);
	zassert_equal(next_result(0), -EINVAL);
	zassert_equal(next_result(1), -ECANCELED);
}

FD_TEST(rtio_fd, bad_requests)
{
	struct rtio_fd *dev;
	struct rtio_sqe *sqe;
	uint8_t buf[8];
	int ends[2];

	make_pair(SOCK_STREAM, ends);
	dev = device(ends[0]);
	ask_read(dev, NULL, 8, 0);
	ask_read(dev, buf, 0, 1);
	ask_read(dev, buf, 1U << 31, 2);
	ask_write(dev, NULL, 8, 3);
	ask_write(dev, buf, 1U << 31, 4);
	ask_read(dev, buf, 8, 5)->flags |= RTIO_SQE_MULTISHOT;
	sqe = rtio_sqe_acquire(&ctx);
	rtio_sqe_prep_transceive(sqe, &dev->iodev, 0, buf, NULL, 8, UINT_TO_POINTER(6));
	sqe = rtio_sqe_acquire(&ctx);
	rtio_sqe_prep_i2c_recover(sqe, &dev->iodev, 0, UINT_TO_POINTER(7));
	ask_read(dev, buf, 8, 8)->flags |= RTIO_SQE_TRANSACTION;
	ask_write(dev, buf, 8, 9);
	submit(10);
	for (uintptr_t i = 0; i < 7; i++) {
		zassert_equal(next_result(i), -EINVAL, "%u", (unsigned int)i);
	}
	zassert_equal(next_result(7), -ENOTSUP);
	zassert_equal(next_result(8), -ENOTSUP);
	zassert_equal(next_result(9), -ECANCELED);
	(void)close(ends[1]);
}

FD_TEST(rtio_fd, bad_devices)
{
	struct rtio_fd dev = {0};
	struct rtio_fd *open_one;
	uint8_t buf[8];
	int ends[2];
	int dir;

	zassert_equal(rtio_fd_init(&dev, -1, 0), -EBADF);
	zassert_equal(rtio_fd_close(&dev), -EBADF);
	make_pipe(ends);
	zassert_equal(rtio_fd_init(&dev, ends[0], RTIO_FD_POSITIONED), -ENOTSUP);
	zassert_equal(rtio_fd_init(&dev, ends[0], 0x80), -EINVAL);
	dir = open("/", O_RDONLY | O_CLOEXEC);
	zassert_equal(rtio_fd_init(&dev, dir, 0), -ENOTSUP);
	(void)close(dir);
	open_one = device(ends[0]);
	zassert_equal(rtio_fd_init(open_one, ends[0], 0), -EBUSY);
	zassert_equal(rtio_engine_stop(), -EBUSY);
	zassert_equal(rtio_engine_start(NULL), -EALREADY);

	/* Submitted to one that is closed, and over a descriptor that is. */
	zassert_ok(rtio_fd_close(open_one));
	ask_read(open_one, buf, 8, 1);
	submit(1);
	zassert_equal(next_result(1), -EBADF);
	zassert_ok(rtio_fd_init(&dev, ends[1], 0));
	(void)close(ends[1]);
	ask_write(&dev, buf, 8, 2);
	submit(1);
	zassert_equal(next_result(2), -EBADF, "%s", engine_now());
	zassert_ok(rtio_fd_close(&dev));
}
