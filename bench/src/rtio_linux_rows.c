/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Reads by requests, beside liburing used directly and plain read(2): of a file in memory, of a socket
 * pair into which the same thread has written, of one into which another thread writes while it waits, and of
 * one into which it writes itself between asking and waiting.
 */
#define _GNU_SOURCE /* memfd_create */

#include <zephyr/rtio/fd.h>
#include <zephyr/rtio/fd_engine.h>

#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"
#include "peer_uring.h"

#define SMALL 64
#define LARGE 4096
#define BATCH 8

RTIO_DEFINE(reads, 2 * BATCH, 2 * BATCH);

static struct rtio_fd file_dev;
static struct rtio_fd socket_dev;
static int file_fd = -1;
static int ends[2];
static uint8_t bufs[BATCH][LARGE];
static const uint8_t zeros[LARGE];

static void must(bool ok)
{
	if (!ok) {
		abort();
	}
}

/* The descriptors of all sides. */
static void set_up(void)
{
	if (file_fd >= 0) {
		return;
	}
	file_fd = memfd_create("bench", MFD_CLOEXEC);
	must(write(file_fd, zeros, LARGE) == LARGE);
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
	must(rtio_fd_init(&file_dev, file_fd, RTIO_FD_POSITIONED) == 0);
	must(rtio_fd_init(&socket_dev, ends[0], 0) == 0);
}

static void feed(uint32_t len)
{
	must(write(ends[1], zeros, len) == (ssize_t)len);
}

/* ---- ours ------------------------------------------------------------------------------------ */

static void ask(const struct rtio_fd *dev, uint8_t *buf, uint32_t len)
{
	struct rtio_sqe *sqe = rtio_sqe_acquire(&reads);

	rtio_sqe_prep_read(sqe, &dev->iodev, 0, buf, len, NULL);
}

static void answers(uint32_t n, uint32_t len)
{
	for (uint32_t i = 0; i < n; i++) {
		struct rtio_cqe *cqe = rtio_cqe_consume_block(&reads);

		must(cqe->result == (int)len);
		rtio_cqe_release(&reads, cqe);
	}
}

static double file_reads(unsigned long n, uint32_t len, uint32_t batch)
{
	double begin;

	set_up();
	begin = bench_now();
	while (n-- > 0) {
		for (uint32_t i = 0; i < batch; i++) {
			ask(&file_dev, bufs[i], len);
		}
		(void)rtio_submit(&reads, batch);
		answers(batch, len);
	}
	return bench_now() - begin;
}

static double socket_reads(unsigned long n, uint32_t len, bool waits)
{
	double begin;

	set_up();
	begin = bench_now();
	while (n-- > 0) {
		if (!waits) {
			feed(len);
		}
		ask(&socket_dev, bufs[0], len);
		(void)rtio_submit(&reads, 0);
		if (waits) {
			feed(len);
		}
		answers(1, len);
	}
	return bench_now() - begin;
}

/* ---- answers of another thread --------------------------------------------------------------- */

static int echo_ends[2];
static struct rtio_fd echo_dev;

/* Sends back what comes. */
static void *echo(void *arg)
{
	static uint8_t buf[LARGE];
	ssize_t len;

	(void)arg;
	while ((len = read(echo_ends[1], buf, sizeof(buf))) > 0) {
		must(write(echo_ends[1], buf, (size_t)len) == len);
	}
	return NULL;
}

static void echo_start(void)
{
	pthread_t thread;

	if (echo_dev.iodev.api == NULL) {
		must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, echo_ends) == 0);
		must(rtio_fd_init(&echo_dev, echo_ends[0], 0) == 0);
		must(pthread_create(&thread, NULL, echo, NULL) == 0);
	}
}

static void tell(uint32_t len)
{
	must(write(echo_ends[0], zeros, len) == (ssize_t)len);
}

static double echo_ours(unsigned long n, uint32_t len)
{
	double begin;

	set_up();
	echo_start();
	begin = bench_now();
	while (n-- > 0) {
		tell(len);
		ask(&echo_dev, bufs[0], len);
		(void)rtio_submit(&reads, 1);
		answers(1, len);
	}
	return bench_now() - begin;
}

static double echo_plain(unsigned long n, uint32_t len)
{
	double begin;

	set_up();
	echo_start();
	begin = bench_now();
	while (n-- > 0) {
		tell(len);
		must(read(echo_ends[0], bufs[0], len) == (ssize_t)len);
	}
	return bench_now() - begin;
}

static double echo_uring(unsigned long n, uint32_t len)
{
	double begin;

	set_up();
	echo_start();
	begin = bench_now();
	while (n-- > 0) {
		tell(len);
		peer_uring_ask(echo_ends[0], bufs[0], len, false);
		peer_uring_answers(1, (int)len);
	}
	return bench_now() - begin;
}

/* ---- plain calls ----------------------------------------------------------------------------- */

static double plain_file(unsigned long n, uint32_t len, uint32_t batch)
{
	double begin;

	set_up();
	begin = bench_now();
	while (n-- > 0) {
		for (uint32_t i = 0; i < batch; i++) {
			must(pread(file_fd, bufs[i], len, 0) == (ssize_t)len);
		}
	}
	return bench_now() - begin;
}

static double plain_socket(unsigned long n, uint32_t len)
{
	double begin;

	set_up();
	begin = bench_now();
	while (n-- > 0) {
		feed(len);
		must(read(ends[0], bufs[0], len) == (ssize_t)len);
	}
	return bench_now() - begin;
}

/* ---- liburing -------------------------------------------------------------------------------- */

static double uring_file(unsigned long n, uint32_t len, uint32_t batch)
{
	double begin;

	set_up();
	begin = bench_now();
	while (n-- > 0) {
		for (uint32_t i = 0; i < batch; i++) {
			peer_uring_ask(file_fd, bufs[i], len, true);
		}
		peer_uring_answers(batch, (int)len);
	}
	return bench_now() - begin;
}

static double uring_socket(unsigned long n, uint32_t len, bool waits)
{
	double begin;

	set_up();
	begin = bench_now();
	while (n-- > 0) {
		if (!waits) {
			feed(len);
		}
		peer_uring_ask(ends[0], bufs[0], len, false);
		if (waits) {
			peer_uring_submit();
			feed(len);
		}
		peer_uring_answers(1, (int)len);
	}
	return bench_now() - begin;
}

/* ---- rows ------------------------------------------------------------------------------------ */

#define RUN(name, call)                                                                            \
	static double name(unsigned long n)                                                        \
	{                                                                                          \
		return call;                                                                       \
	}

RUN(ours_file_small, file_reads(n, SMALL, 1))
RUN(ours_file_large, file_reads(n, LARGE, 1))
RUN(ours_file_batch, file_reads(n, SMALL, BATCH))
RUN(ours_socket_small, socket_reads(n, SMALL, false))
RUN(ours_socket_large, socket_reads(n, LARGE, false))
RUN(ours_socket_later, socket_reads(n, SMALL, true))
RUN(ours_echo_small, echo_ours(n, SMALL))
RUN(ours_echo_large, echo_ours(n, LARGE))
RUN(plain_echo_small, echo_plain(n, SMALL))
RUN(plain_echo_large, echo_plain(n, LARGE))
RUN(uring_echo_small, echo_uring(n, SMALL))
RUN(uring_echo_large, echo_uring(n, LARGE))
RUN(plain_file_small, plain_file(n, SMALL, 1))
RUN(plain_file_large, plain_file(n, LARGE, 1))
RUN(plain_file_batch, plain_file(n, SMALL, BATCH))
RUN(plain_socket_small, plain_socket(n, SMALL))
RUN(plain_socket_large, plain_socket(n, LARGE))
RUN(uring_file_small, uring_file(n, SMALL, 1))
RUN(uring_file_large, uring_file(n, LARGE, 1))
RUN(uring_file_batch, uring_file(n, SMALL, BATCH))
RUN(uring_socket_small, uring_socket(n, SMALL, false))
RUN(uring_socket_large, uring_socket(n, LARGE, false))
RUN(uring_socket_later, uring_socket(n, SMALL, true))

#define URING "liburing, one ring"
#define PLAIN "read(2)"

/*
 * Against liburing 1.1 is the target. Who asks, does something else and waits then has the engine's thread
 * wait meanwhile, which changes threads twice: that has no target.
 */
#define ROW(title, ours, times, bound)                                                             \
	{                                                                                          \
		.work = (title), .run = ours_##ours, .per_op = (times), .threads = true,            \
		.peers = {                                                                         \
			{.name = URING, .run = uring_##ours, .target = (bound)},                   \
			{.name = PLAIN, .run = plain_##ours},                                      \
		},                                                                                 \
	}

const struct bench_row bench_rtio_linux_rows[] = {
	ROW("rtio read 64 B, file in memory", file_small, 1, 1.1),
	ROW("rtio read 4 KiB, file in memory", file_large, 1, 1.1),
	ROW("rtio read 64 B, file in memory, batch of 8", file_batch, BATCH, 1.1),
	ROW("rtio write(2) + read 64 B, socket pair", socket_small, 1, 1.1),
	ROW("rtio write(2) + read 4 KiB, socket pair", socket_large, 1, 1.1),
	ROW("rtio read 64 B, another thread's answer", echo_small, 1, 1.1),
	ROW("rtio read 4 KiB, another thread's answer", echo_large, 1, 1.1),
	{
		.work = "rtio read 64 B begun, fed, waited for",
		.run = ours_socket_later,
		.threads = true,
		.peers = {{.name = URING, .run = uring_socket_later}},
	},
	{.work = NULL},
};
