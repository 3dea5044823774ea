/* SPDX-License-Identifier: Apache-2.0 */
/** @file Real devices: sockets, pipes and files, with both engines. */
#define _GNU_SOURCE /* memfd_create */

#include "fixture.h"

#include <zephyr/rtio/fd.h>
#include <zephyr/rtio/fd_engine.h>

#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#define BYTES 40000

static struct rtio_fd in;
static struct rtio_fd out;
static int in_end;  /* where the test writes */
static int out_end; /* where it reads */
static bool ended;

PACKET_SOURCE_RTIO_DEFINE(from, &the_reader, &in.iodev);
PACKET_SINK_RTIO_DEFINE(to, &out.iodev, 3, 2);
PACKET_CONNECT(&from, &to);
PACKET_SOURCE_DEFINE(by_hand);
PACKET_CONNECT(&by_hand, &to);

static void note_end(struct packet_source_rtio *src, int result)
{
	ARG_UNUSED(src);
	zassert_equal(result, -ENODATA);
	ended = true;
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	from_rtio.ended = note_end;
	from_rtio.timeout = K_FOREVER;
	from_rtio.pauses = 0;
	to_rtio.timeout = K_FOREVER;
	to_rtio.written = 0;
	to_rtio.failed = 0;
	ended = false;
}

ZTEST_SUITE(bridge_rtio_linux, NULL, NULL, before, NULL, NULL);

static void on_engines(void (*body)(void))
{
	static const enum rtio_engine_kind kinds[] = {RTIO_ENGINE_URING, RTIO_ENGINE_POLL};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct rtio_engine_conf conf = {.kind = kinds[i]};

		if (rtio_engine_start(&conf) == 0) {
			before(NULL);
			body();
			zassert_ok(rtio_engine_stop());
		}
	}
}

static void open_pair(struct rtio_fd *dev, int *other, int type)
{
	int ends[2];

	zassert_ok(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends));
	zassert_ok(rtio_fd_init(dev, ends[0], RTIO_FD_OWNED));
	*other = ends[1];
}

static void close_both(void)
{
	zassert_ok(rtio_fd_close(&in));
	zassert_ok(rtio_fd_close(&out));
	expect_all_home();
}

static uint8_t byte_at(uint32_t i)
{
	return (uint8_t)(i * 7 + i / 251);
}

static void *write_all(void *arg)
{
	uint8_t bytes[100];

	ARG_UNUSED(arg);
	for (uint32_t done = 0; done < BYTES; done += sizeof(bytes)) {
		for (uint32_t i = 0; i < sizeof(bytes); i++) {
			bytes[i] = byte_at(done + i);
		}
		if (write(in_end, bytes, sizeof(bytes)) != (ssize_t)sizeof(bytes)) {
			break;
		}
	}
	(void)close(in_end);
	return NULL;
}

/* Reads nothing at first: what is before it fills, up to whoever writes, and the pool runs dry. */
static void *read_all(void *arg)
{
	uint32_t *correct = arg;
	uint8_t bytes[977];
	ssize_t n;

	for (int i = 0; atomic32_load_relaxed(&from_rtio.pauses) == 0 && i < 10000; i++) {
		(void)k_msleep(1);
	}
	while (*correct < BYTES && (n = read(out_end, bytes, sizeof(bytes))) > 0) {
		for (ssize_t i = 0; i < n && bytes[i] == byte_at(*correct); i++) {
			++*correct;
		}
	}
	return NULL;
}

static void through(void)
{
	int small = 1;
	pthread_t threads[2];
	uint32_t correct = 0;

	open_pair(&in, &in_end, SOCK_STREAM);
	open_pair(&out, &out_end, SOCK_STREAM);
	zassert_ok(setsockopt(out.fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small)));
	zassert_ok(packet_source_rtio_start(&from_rtio));
	zassert_ok(pthread_create(&threads[0], NULL, write_all, NULL));
	zassert_ok(pthread_create(&threads[1], NULL, read_all, &correct));
	while (!ended) {
		zassert_ok(packet_rtio_process(reader, K_SECONDS(20)));
	}
	(void)pthread_join(threads[0], NULL);
	(void)pthread_join(threads[1], NULL);
	(void)close(out_end);
	zassert_ok(packet_sink_rtio_hold(&to_rtio, K_SECONDS(20)));
	packet_sink_rtio_resume(&to_rtio);
	close_both();
	zassert_equal(correct, BYTES, "%u", (unsigned int)correct);
	zassert_true(from_rtio.pauses > 0, "the pool never ran dry");
	zassert_equal(to_rtio.failed, 0);
	zassert_equal(to_rtio.dropped, 0);
}

/* A stream through the pool of a few blocks, to a reader that is slow: everything comes, in order. */
ZTEST(bridge_rtio_linux, test_stream)
{
	on_engines(through);
}

static void datagrams(void)
{
	char got[40];

	open_pair(&in, &in_end, SOCK_DGRAM);
	open_pair(&out, &out_end, SOCK_DGRAM);
	zassert_ok(packet_source_rtio_start(&from_rtio));
	for (int i = 1; i <= 12; i++) {
		zassert_equal(write(in_end, "0123456789abcdef", (size_t)i), i);
		zassert_ok(packet_rtio_process(reader, K_SECONDS(20)));
		zassert_equal(read(out_end, got, sizeof(got)), i);
		zassert_mem_equal(got, "0123456789abcdef", (size_t)i);
	}
	zassert_equal(write(in_end, "", 0), 0);
	zassert_ok(packet_rtio_process(reader, K_SECONDS(20)));
	zassert_equal(read(out_end, got, sizeof(got)), 0);
	/* A chain is one datagram. */
	(void)packet_source_send_consume(&by_hand, packet_make("one ", "two ", "three"), K_NO_WAIT);
	zassert_equal(read(out_end, got, sizeof(got)), 13);
	zassert_mem_equal(got, "one two three", 13);
	zassert_ok(packet_source_rtio_stop(&from_rtio));
	from_rtio.ended = NULL;
	while (packet_source_rtio_state_get(&from_rtio) != PACKET_SOURCE_RTIO_IDLE) {
		zassert_ok(packet_rtio_process(reader, K_SECONDS(20)));
	}
	zassert_ok(packet_sink_rtio_hold(&to_rtio, K_SECONDS(20)));
	packet_sink_rtio_resume(&to_rtio);
	(void)close(in_end);
	(void)close(out_end);
	close_both();
}

ZTEST(bridge_rtio_linux, test_datagrams)
{
	on_engines(datagrams);
}

static void dies(void)
{
	open_pair(&in, &in_end, SOCK_STREAM);
	open_pair(&out, &out_end, SOCK_STREAM);
	(void)close(out_end);
	(void)packet_source_send_consume(&by_hand, packet_make("lost", NULL, NULL), K_NO_WAIT);
	zassert_ok(packet_sink_rtio_hold(&to_rtio, K_SECONDS(20)));
	zassert_equal(to_rtio.failed, 1);
	/* Another one in its place. */
	zassert_ok(rtio_fd_close(&out));
	open_pair(&out, &out_end, SOCK_STREAM);
	packet_sink_rtio_resume(&to_rtio);
	(void)packet_source_send_consume(&by_hand, packet_make("kept", NULL, NULL), K_NO_WAIT);
	zassert_ok(packet_sink_rtio_hold(&to_rtio, K_SECONDS(20)));
	packet_sink_rtio_resume(&to_rtio);
	zassert_equal(to_rtio.written, 1);
	(void)close(in_end);
	(void)close(out_end);
	close_both();
}

ZTEST(bridge_rtio_linux, test_the_peer_dies)
{
	on_engines(dies);
}

static void to_file(void)
{
	uint8_t bytes[BYTES];
	int fd = memfd_create("bridge test", MFD_CLOEXEC);
	pthread_t thread;
	int registered;

	zassert_true(fd >= 0);
	open_pair(&in, &in_end, SOCK_STREAM);
	zassert_ok(rtio_fd_init(&out, fd, 0));
	/* With an old kernel, or little memory that may be locked, all goes as without. */
	registered = rtio_engine_register(reader->r);
	zassert_true(registered == 0 || registered == -ENOTSUP || registered == -ENOMEM);
	zassert_ok(packet_source_rtio_start(&from_rtio));
	zassert_ok(pthread_create(&thread, NULL, write_all, NULL));
	while (!ended) {
		zassert_ok(packet_rtio_process(reader, K_SECONDS(20)));
	}
	(void)pthread_join(thread, NULL);
	zassert_ok(packet_sink_rtio_hold(&to_rtio, K_SECONDS(20)));
	packet_sink_rtio_resume(&to_rtio);
	zassert_equal(rtio_engine_unregister(reader->r), registered == 0 ? 0 : -ENOENT);
	close_both();
	zassert_equal(pread(fd, bytes, sizeof(bytes), 0), BYTES);
	for (uint32_t i = 0; i < BYTES; i++) {
		zassert_equal(bytes[i], byte_at(i));
	}
	(void)close(fd);
}

ZTEST(bridge_rtio_linux, test_to_a_file)
{
	on_engines(to_file);
}
