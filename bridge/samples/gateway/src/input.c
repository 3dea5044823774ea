/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE

#include "input.h"

#include <bridge/packet_rtio.h>
#include <zephyr/net_buf/watch.h>
#include <zephyr/rtio/fd_engine.h>
#include <zephyr/rtio/fd_open.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "backoff.h"
#include "options.h"
#include "output.h"

/*
 * What all outputs together can hold, if none of them gets anything out, is less than there is: one that
 * stalls does not take the memory away from the others.
 */
#define BLOCKS (OUTS_MAX * OUTPUT_DEPTH * 4 + 64)
#define BUFS   4096
#define SIZE   2048

BUILD_ASSERT(BUFS > OUTS_MAX * OUTPUT_DEPTH * FRAME_PIECES_MAX, "");

static struct rtio_fd device;
static void take_bytes(struct packet_sink *sink, struct net_buf *buf);

RTIO_NET_BUF_POOL_DEFINE(memory, BUFS, BLOCKS, SIZE, 64, 0, NULL);
PACKET_RTIO_READER_DEFINE(reader, memory, 1);
PACKET_SOURCE_RTIO_DEFINE(bytes, &reader, &device.iodev);
PACKET_SINK_DEFINE_IMMEDIATE(deframe, take_bytes);
PACKET_CONNECT(&bytes, &deframe);
PACKET_SOURCE_DEFINE(frames);

static struct {
	const struct endpoint *endpoint;
	struct deframer deframer;
	struct backoff backoff;
	pthread_t thread;
	uint32_t stop;  /* the thread is to end; atomic */
	uint32_t ended; /* the source has, with result; atomic */
	int result;
	bool open;
	bool failed;
	bool over;
	uint32_t opens;
	uint32_t kernel_dropped; /* of sockets that were closed */
	uint32_t skipped;        /* likewise */
	bool closing;            /* it has been told to end */
	bool refuses;            /* the socket takes no more */
	uint32_t quiet_reads;    /* reads at quiet_since */
	int64_t quiet_since;
} input;

static void take_bytes(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	deframer_take(&input.deframer, buf);
}

static void note_end(struct packet_source_rtio *src, int result)
{
	ARG_UNUSED(src);
	deframer_end(&input.deframer);
	input.result = result;
	/* Release: pairs with the acquire of who looks after it. */
	atomic32_store_release(&input.ended, 1);
}

static void *serve(void *arg)
{
	ARG_UNUSED(arg);
	while (atomic32_load_acquire(&input.stop) == 0) {
		(void)packet_rtio_process(&reader, K_MSEC(100));
	}
	return NULL;
}

static int open_udp(uint16_t port)
{
	struct sockaddr_in6 any = {
		.sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = IN6ADDR_ANY_INIT};
	struct sockaddr_in any4 = {.sin_family = AF_INET, .sin_port = htons(port)};
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int off = 0;
	int ret;

	if (fd >= 0) {
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
		ret = bind(fd, (struct sockaddr *)&any, sizeof(any));
	} else {
		fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		ret = fd < 0 ? -1 : bind(fd, (struct sockaddr *)&any4, sizeof(any4));
	}
	if (ret == 0) {
		ret = rtio_fd_init(&device, fd, RTIO_FD_OWNED);
	} else {
		ret = -errno;
	}
	if (ret != 0 && fd >= 0) {
		(void)close(fd);
	}
	return ret;
}

static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int ret;

	if (fd < 0) {
		return -errno;
	}
	ret = rtio_fd_init(&device, fd, RTIO_FD_OWNED);
	if (ret != 0) {
		(void)close(fd);
	}
	return ret;
}

/* Open the device and begin to read. @return 0, a negative errno value. */
static int open_input(void)
{
	const struct endpoint *endpoint = input.endpoint;
	struct rtio_serial_conf conf = {.baud = endpoint->baud};
	int ret;

	switch (endpoint->kind) {
	case ENDPOINT_SERIAL:
		ret = rtio_serial_open(&device, endpoint->path, &conf);
		break;
	case ENDPOINT_UDP:
		ret = open_udp(endpoint->port);
		break;
	default:
		ret = open_file(endpoint->path);
		break;
	}
	if (ret == 0) {
		input.open = true;
		input.opens++;
		atomic32_store_relaxed(&input.ended, 0);
		ret = packet_source_rtio_start(&bytes_rtio);
	}
	return ret;
}

static void say(const char *what, int error)
{
	(void)fprintf(stderr, "gateway: --in %s: %s%s%s\n", input.endpoint->name, what,
		      error != 0 ? ": " : "", error != 0 ? strerror(-error) : "");
}

/* Which port the system chose. */
static void say_port(void)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in; /* the port is at the same place for both families */
		struct sockaddr_in6 in6;
	} address = {.in6 = {0}};
	socklen_t len = sizeof(address);

	if (getsockname(device.fd, &address.any, &len) == 0) {
		(void)printf("listening on UDP port %u\n", ntohs(address.in.sin_port));
		(void)fflush(stdout);
	}
}

bool input_begin(const struct endpoint *endpoint)
{
	int ret;

	input.endpoint = endpoint;
	deframer_init(&input.deframer, &frames, endpoint->kind == ENDPOINT_UDP);
	bytes_rtio.ended = note_end;
	ret = open_input();
	if (ret != 0) {
		say("it cannot be opened", ret);
		return false;
	}
	(void)rtio_engine_register(reader.r); /* it does as well without */
	if (endpoint->kind == ENDPOINT_UDP) {
		say_port();
	}
	ret = -pthread_create(&input.thread, NULL, serve, NULL);
	if (ret != 0) {
		say("no thread", ret);
	}
	return ret == 0;
}

/* @return what the kernel says about the socket; 0 if there is none. */
static uint32_t socket_info(unsigned int what)
{
	uint32_t info[SK_MEMINFO_VARS] = {0};
	socklen_t len = sizeof(info);

	if (!input.open || input.endpoint->kind != ENDPOINT_UDP ||
	    getsockopt(device.fd, SOL_SOCKET, SO_MEMINFO, info, &len) != 0) {
		return 0;
	}
	return info[what];
}

/* Datagrams that the kernel has dropped since the socket was opened. */
static uint32_t socket_drops(void)
{
	return socket_info(SK_MEMINFO_DROPS);
}

/* Nothing has been read for so long, and nothing is there: all has been passed on. */
#define QUIET_MS 20

/* Have the socket refuse what comes, and count it; @return whether all that it had taken was read. */
static bool socket_is_empty(int64_t now)
{
	struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog program = {.len = 1, .filter = &nothing};
	uint32_t reads = atomic32_load_relaxed(&bytes_rtio.packets);

	if (input.endpoint->kind != ENDPOINT_UDP) {
		return true;
	}
	if (!input.closing) {
		input.closing = true;
		input.quiet_since = now;
		input.refuses = setsockopt(device.fd, SOL_SOCKET, SO_ATTACH_FILTER, &program,
					   sizeof(program)) == 0;
	}
	if (!input.refuses) {
		return true; /* others could keep it busy for ever */
	}
	if (reads != input.quiet_reads || socket_info(SK_MEMINFO_RMEM_ALLOC) != 0) {
		input.quiet_reads = reads;
		input.quiet_since = now;
	}
	return now - input.quiet_since >= QUIET_MS;
}

static void close_input(void)
{
	input.kernel_dropped += socket_drops();
	input.skipped += atomic32_load_relaxed(&device.skipped);
	(void)rtio_fd_close(&device);
	input.open = false;
}

/* It did not go on. */
static void try_later(const char *what, int error, int64_t now)
{
	char line[80];

	(void)snprintf(line, sizeof(line), "%s; trying again in %u ms", what,
		       (unsigned int)backoff_failed(&input.backoff, now));
	say(line, error);
}

bool input_step(int64_t now)
{
	int ret;

	if (input.open && atomic32_load_acquire(&input.ended) != 0) {
		close_input();
		if (input.endpoint->kind == ENDPOINT_FILE) {
			input.failed = input.result != -ENODATA;
			if (input.failed) {
				say("it cannot be read", input.result);
			}
			return false;
		}
		try_later(input.result == -ENODATA ? "it went away" : "it failed",
			  input.result == -ENODATA ? 0 : input.result, now);
	} else if (!input.open && now >= input.backoff.at) {
		ret = open_input();
		if (ret != 0) {
			try_later("it cannot be opened", ret, now);
		} else {
			backoff_worked(&input.backoff);
			say("it is back", 0);
		}
	}
	return true;
}

bool input_failed(void)
{
	return input.failed;
}

bool input_stop(int64_t now)
{
	if (input.open) {
		if (!socket_is_empty(now)) {
			return false;
		}
		(void)packet_source_rtio_stop(&bytes_rtio);
		if (atomic32_load_acquire(&input.ended) == 0) {
			return false;
		}
		close_input();
	}
	if (!input.over) {
		input.over = true;
		atomic32_store_release(&input.stop, 1);
		(void)pthread_join(input.thread, NULL);
		(void)rtio_engine_unregister(reader.r);
	}
	return true;
}

void input_counters_get(struct input_counters *counters)
{
	const struct deframer_counters *own = &input.deframer.counters;

	counters->frames.good = atomic32_load_relaxed(&own->good);
	counters->frames.bad_crc = atomic32_load_relaxed(&own->bad_crc);
	counters->frames.cut = atomic32_load_relaxed(&own->cut);
	counters->frames.too_long = atomic32_load_relaxed(&own->too_long);
	counters->reads = atomic32_load_relaxed(&bytes_rtio.packets);
	counters->pauses = atomic32_load_relaxed(&bytes_rtio.pauses);
	counters->kernel_dropped = input.kernel_dropped + socket_drops();
	counters->skipped =
		input.skipped + (input.open ? atomic32_load_relaxed(&device.skipped) : 0);
	counters->opens = input.opens;
}

bool input_all_home(void)
{
	return net_buf_pool_free_count(&memory) == BUFS &&
	       rtio_net_buf_blocks_free(&memory) == BLOCKS;
}
