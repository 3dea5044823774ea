/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE

#include "output.h"

#include <bridge/packet_rtio.h>
#include <zephyr/packet_io/deliver.h>
#include <zephyr/rtio/fd.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>

#include "backoff.h"
#include "deframer.h"
#include "options.h"

/* Bytes that the kernel takes before a peer that reads nothing is noticed. */
#define SEND_BUFFER 65536

struct output {
	struct endpoint endpoint;
	struct rtio_fd device;
	struct packet_sink sink;
	struct packet_sink_rtio half;
	struct packet_connection connection;
	struct backoff backoff;
	bool up; /* the device is open, and frames go to it; else the sink is held */
	uint32_t connects;
	uint32_t routed;  /* frames that were for it, if it gets some only; atomic */
	uint32_t bytes;   /* written to this connection; wraps; atomic */
	uint32_t unacked; /* bytes, of connections that were lost */
	int error;        /* of the last write that failed; atomic */
	bool told;        /* it is known that it cannot be written */
	uint8_t heard;    /* what the peer says, which nobody wants to know */
};

static struct output outputs[OUTS_MAX];
static unsigned int output_count;

/* Requests of sinks: for frames in as many pieces as can be. */
RTIO_POOL_DEFINE(contexts, OUTS_MAX, OUTPUT_DEPTH *(FRAME_PIECES_MAX + 1) + 1, 1);
/* Reads from peers, by which it is known when they go. */
RTIO_DEFINE(control, 2 * OUTS_MAX, 2 * OUTS_MAX);

static void output_say(const struct output *out, const char *what, int error)
{
	(void)fprintf(stderr, "gateway: --out %s: %s%s%s\n", out->endpoint.name, what,
		      error != 0 ? ": " : "", error != 0 ? strerror(-error) : "");
}

static void note_write(struct packet_sink_rtio *half, struct net_buf *buf, int result)
{
	struct output *out = CONTAINER_OF(half, struct output, half);

	ARG_UNUSED(buf);
	if (result >= 0) {
		(void)atomic32_add_relaxed(&out->bytes, (uint32_t)result);
	} else {
		__atomic_store_n(&out->error, result, __ATOMIC_RELAXED);
	}
}

/* ---- connections ----------------------------------------------------------------------------- */

/* Read from the peer; the end of that is the end of the connection. */
static void listen_to(struct output *out)
{
	struct rtio_sqe sqe;

	rtio_sqe_prep_read(&sqe, &out->device.iodev, RTIO_PRIO_NORM, &out->heard, 1, out);
	(void)rtio_sqe_copy_in(&control, &sqe, 1);
	(void)rtio_submit(&control, 0);
}

/* Make a socket and begin to connect it. The sink is held. @return 0, a negative errno value. */
static int connect_output(struct output *out)
{
	const struct endpoint *endpoint = &out->endpoint;
	const struct sockaddr_storage *address = &endpoint->addresses[endpoint->address].name;
	bool tcp = endpoint->kind == ENDPOINT_TCP;
	int fd = socket(address->ss_family, (tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);
	int size = SEND_BUFFER;
	int ret;

	if (fd < 0) {
		return -errno;
	}
	if (tcp) {
		(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	}
	ret = rtio_fd_init(&out->device, fd, RTIO_FD_OWNED);
	if (ret != 0) {
		(void)close(fd);
		return ret;
	}
	(void)rtio_fd_connect(&out->device, (const struct sockaddr *)address,
			      endpoint->addresses[endpoint->address].len);
	atomic32_store_relaxed(&out->bytes, 0);
	__atomic_store_n(&out->error, 0, __ATOMIC_RELAXED);
	out->up = true;
	packet_sink_rtio_resume(&out->half);
	if (tcp) {
		listen_to(out);
	}
	return 0;
}

/* Bytes that were written to the connection and never came. */
static uint32_t bytes_unacked(const struct output *out)
{
	struct tcp_info info = {0};
	socklen_t len = sizeof(info);
	uint32_t lost;

	if (getsockopt(out->device.fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0 ||
	    info.tcpi_bytes_acked == 0) {
		return 0;
	}
	/* The beginning of the connection counts as one. */
	lost = atomic32_load_relaxed(&out->bytes) - ((uint32_t)info.tcpi_bytes_acked - 1);
	return (int32_t)lost > 0 ? lost : 0;
}

/* Have all writes end, and none begin. */
static void hold_output(struct output *out)
{
	while (packet_sink_rtio_hold(&out->half, K_MSEC(5)) != 0) {
		(void)packet_sink_rtio_cancel(&out->half);
	}
}

static void disconnect_output(struct output *out)
{
	hold_output(out);
	out->unacked += bytes_unacked(out);
	(void)rtio_fd_close(&out->device);
	out->up = false;
}

/* The read from the peer has ended with @p result. */
static void heard_from(struct output *out, int result)
{
	char line[80];
	uint32_t wait;
	bool worked;

	if (!out->up || result == -ECANCELED) {
		return;
	}
	if (result > 0) {
		listen_to(out);
		return;
	}
	worked = atomic32_load_relaxed(&out->bytes) != 0;
	disconnect_output(out);
	if (worked) {
		backoff_worked(&out->backoff);
	} else if (result < 0 && !endpoint_next_address(&out->endpoint)) {
		return; /* which is tried at once */
	}
	wait = backoff_failed(&out->backoff, k_uptime_get());
	(void)snprintf(line, sizeof(line), "%s; trying again in %u ms",
		       result == 0 ? "the peer has closed the connection" : "no connection",
		       (unsigned int)wait);
	output_say(out, line, result);
}

/* ---- all outputs ----------------------------------------------------------------------------- */

static int open_output_file(struct output *out)
{
	int fd = open(out->endpoint.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	int ret;

	if (fd < 0) {
		return -errno;
	}
	ret = rtio_fd_init(&out->device, fd, RTIO_FD_OWNED);
	if (ret != 0) {
		(void)close(fd);
		return ret;
	}
	out->half.timeout = K_FOREVER; /* the input waits: nothing is lost */
	out->up = true;
	return 0;
}

bool output_open(struct packet_source *source, const struct endpoint *endpoint)
{
	struct output *out = &outputs[output_count];
	const char *wrong = NULL;
	int ret;

	out->endpoint = *endpoint;
	(void)packet_sink_rtio_init(&out->half, &out->sink, rtio_pool_acquire(&contexts),
				    &out->device.iodev, OUTPUT_DEPTH);
	out->half.ended = note_write;
	if (endpoint->kind == ENDPOINT_FILE) {
		ret = open_output_file(out);
	} else {
		wrong = endpoint_look_up(&out->endpoint);
		hold_output(out);
		ret = wrong == NULL ? connect_output(out) : -EINVAL;
	}
	if (ret != 0) {
		(void)fprintf(stderr, "gateway: --out %s: it cannot be opened: %s\n",
			      endpoint->name, wrong != NULL ? wrong : strerror(-ret));
		return false;
	}
	out->connects = 1;
	out->connection.source = source;
	out->connection.sink = &out->sink;
	/* Before the input begins. */
	output_count++;
	return endpoint->route.some || packet_connection_add(&out->connection) == 0;
}

void outputs_route(struct net_buf *frame, uint8_t key)
{
	for (unsigned int i = 0; i < output_count; i++) {
		struct output *out = &outputs[i];
		const struct route *route = &out->endpoint.route;

		if (route->some && key >= route->first && key <= route->last) {
			/* Relaxed: a count, with one writer. */
			atomic32_store_relaxed(&out->routed, out->routed + 1);
			(void)packet_sink_deliver(&out->sink, frame, K_NO_WAIT);
		}
	}
}

/* @return false if @p out is a file that cannot be written, which is said once. */
static bool is_writable(struct output *out)
{
	int error = __atomic_load_n(&out->error, __ATOMIC_RELAXED);

	if (out->endpoint.kind != ENDPOINT_FILE || error == 0) {
		return true;
	}
	if (!out->told) {
		output_say(out, "it cannot be written", error);
	}
	out->told = true;
	return false;
}

/* @return false if @p out has failed for good. */
static bool look_after(struct output *out, int64_t now)
{
	int error = __atomic_load_n(&out->error, __ATOMIC_RELAXED);
	int ret;

	if (!is_writable(out)) {
		return false;
	}
	/* Nobody is there: who is meant may listen at another address only. */
	if (out->endpoint.kind == ENDPOINT_UDP && error == -ECONNREFUSED && out->up &&
	    out->endpoint.address_count > 1) {
		(void)endpoint_next_address(&out->endpoint);
		disconnect_output(out);
	}
	if (!out->up && now >= out->backoff.at) {
		out->connects++;
		ret = connect_output(out);
		if (ret != 0) {
			(void)backoff_failed(&out->backoff, now);
			output_say(out, "no socket", ret);
		}
	}
	return true;
}

bool outputs_step(uint32_t ms)
{
	struct rtio_cqe *cqe = rtio_cqe_consume_timeout(&control, K_MSEC(ms));
	bool well = true;

	for (; cqe != NULL; cqe = rtio_cqe_consume(&control)) {
		struct output *out = cqe->userdata;
		int result = cqe->result;

		rtio_cqe_release(&control, cqe);
		heard_from(out, result);
	}
	for (unsigned int i = 0; i < output_count; i++) {
		well = look_after(&outputs[i], k_uptime_get()) && well;
	}
	return well;
}

void outputs_cancel(void)
{
	for (unsigned int i = 0; i < output_count; i++) {
		(void)packet_sink_rtio_cancel(&outputs[i].half);
	}
}

bool outputs_close(uint32_t ms)
{
	k_timepoint_t end = sys_timepoint_calc(K_MSEC(ms));
	bool well = true;

	for (unsigned int i = 0; i < output_count; i++) {
		struct output *out = &outputs[i];
		bool file = out->endpoint.kind == ENDPOINT_FILE;

		if (!out->up) {
			continue;
		}
		if (packet_sink_rtio_hold(&out->half,
					  file ? K_FOREVER : sys_timepoint_timeout(end)) != 0) {
			hold_output(out);
			out->unacked += file ? 0 : bytes_unacked(out);
		}
		(void)rtio_fd_close(&out->device);
		out->up = false;
		well = is_writable(out) && well;
	}
	(void)rtio_flush_completion_queue(&control);
	return well;
}

unsigned int outputs_count(void)
{
	return output_count;
}

uint32_t outputs_written(void)
{
	uint32_t all = 0;

	for (unsigned int i = 0; i < output_count; i++) {
		all += atomic32_load_relaxed(&outputs[i].half.written);
	}
	return all;
}

const char *output_counters_get(unsigned int n, uint32_t good, struct output_counters *counters)
{
	struct output *out = &outputs[n];

	counters->routed = out->endpoint.route.some ? atomic32_load_relaxed(&out->routed) : good;
	counters->written = atomic32_load_relaxed(&out->half.written);
	counters->dropped = atomic32_load_relaxed(&out->half.dropped);
	counters->lost = atomic32_load_relaxed(&out->half.failed);
	counters->connects = out->connects;
	counters->unacked = out->unacked;
	counters->up = out->up;
	return out->endpoint.name;
}
