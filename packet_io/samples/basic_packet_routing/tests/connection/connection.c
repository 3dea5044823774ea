/* SPDX-License-Identifier: Apache-2.0 */
/** @file What a peer seldom makes happen: writes that end anywhere, and addresses of every form. */
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

#include "../../src/connection.h"

#define BYTES      1000000
#define TIMEOUT_MS 200

static uint8_t sent[BYTES];
static uint8_t received[BYTES];
static size_t received_len;

static int fds[2]; /* ours, which does not block, and the peer's */

static void before(void *fixture)
{
	int small = 4096;

	ARG_UNUSED(fixture);
	zassert_ok(socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
	zassert_ok(setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof(small)));
	zassert_ok(fcntl(fds[0], F_SETFL, O_NONBLOCK));
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	(void)close(fds[0]);
	(void)close(fds[1]);
}

ZTEST_SUITE(connection, NULL, NULL, before, after, NULL);

static struct k_thread reader;
static K_THREAD_STACK_DEFINE(reader_stack, 4096);

static void read_everything(void *p1, void *p2, void *p3)
{
	ssize_t len;

	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	received_len = 0;
	do {
		/* Sizes that no piece and no buffer of the system is a multiple of. */
		size_t most = MIN(sizeof(received) - received_len, 777 + received_len % 1000);

		len = read(fds[1], received + received_len, most);
		received_len += len > 0 ? (size_t)len : 0;
	} while (len > 0);
}

ZTEST(connection, test_pieces_of_any_size)
{
	static const size_t sizes[] = {1, 0, 70000, 3, 0, 0, 400000, 1, 1, 524288};
	struct iovec pieces[ARRAY_SIZE(sizes) + 1];
	size_t at = 0;

	for (size_t i = 0; i < BYTES; i++) {
		sent[i] = (uint8_t)(i * 7 + (i >> 8) * 3);
	}
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		pieces[i] = (struct iovec){sent + at, sizes[i]};
		at += sizes[i];
	}
	pieces[ARRAY_SIZE(sizes)] = (struct iovec){sent + at, BYTES - at};
	(void)k_thread_create(&reader, reader_stack, K_THREAD_STACK_SIZEOF(reader_stack),
			      read_everything, NULL, NULL, NULL, 5, 0, K_NO_WAIT);
	zassert_ok(connection_send(fds[0], pieces, ARRAY_SIZE(pieces), 60000));
	(void)shutdown(fds[0], SHUT_WR);
	(void)k_thread_join(&reader, K_FOREVER);
	zassert_equal(received_len, BYTES);
	zassert_mem_equal(received, sent, BYTES);
}

ZTEST(connection, test_nobody_reads)
{
	struct iovec piece = {sent, BYTES};
	int64_t start = k_uptime_get();

	zassert_equal(connection_send(fds[0], &piece, 1, TIMEOUT_MS), -ETIMEDOUT);
	zassert_true(k_uptime_get() - start >= TIMEOUT_MS);
	zassert_equal(connection_finish(fds[0], TIMEOUT_MS), -ETIMEDOUT);
}

ZTEST(connection, test_nobody_is_there)
{
	struct iovec piece = {sent, BYTES};

	(void)shutdown(fds[1], SHUT_RDWR);
	zassert_equal(connection_send(fds[0], &piece, 1, TIMEOUT_MS), -EPIPE);
}

ZTEST(connection, test_addresses)
{
	static const struct {
		const char *text;
		const char *host;
		const char *port;
	} good[] = {
		{"localhost:5000", "localhost", "5000"},
		{"192.0.2.1:1", "192.0.2.1", "1"},
		{"[::1]:65535", "::1", "65535"},
		{"[fe80::1%eth0]:80", "fe80::1%eth0", "80"},
		{"[name]:080", "name", "080"},
	};
	static const char *const bad[] = {
		"",        ":",       "host",    "host:",   ":1",       "[]:1",       "::1:1",
		"[::1]",   "[::1]1",  "a[b]:1",  "[::1:1",  "host:0",   "host:65536", "host:000001",
		"host:-1", "host:+1", "host:1 ", "host: 1", "host:0x1", "host:1:",    "host:http",
	};
	struct address address;

	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		zassert_is_null(address_parse(good[i].text, &address), "%s", good[i].text);
		zassert_str_equal(address.host, good[i].host);
		zassert_str_equal(address.port, good[i].port);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		zassert_not_null(address_parse(bad[i], &address), "%s", bad[i]);
	}
}
