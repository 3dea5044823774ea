/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * How the parts are wired, and the life of the program.
 *
 *     sensor1 --+                    +--> tcp_sink (queued) --> peer
 *               +--> processor_in ---+
 *     sensor2 --+                    +--> validator_in (immediate)
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zephyr/kernel.h>
#include <zephyr/packet_io/packet_io.h>

#include "connection.h"
#include "events.h"
#include "options.h"
#include "processor.h"
#include "receiver_process.h"
#include "report.h"
#include "sensors.h"
#include "tcp_sink.h"
#include "validator.h"

PACKET_CONNECT(&sensor1, &processor_in);
PACKET_CONNECT(&sensor2, &processor_in);
PACKET_CONNECT(&processor_out, &tcp_sink);
PACKET_CONNECT(&processor_out, &validator_in);

/*
 * What the caller has closed is taken, so that nothing that is opened is mistaken for a standard stream; the
 * wrong way round, so that using it fails as it would have.
 */
static void take_closed_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0) {
			(void)open("/dev/null",
				   (fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) | O_CLOEXEC);
		}
	}
}

/* Connect as the options say. @return the socket, -1 after an error that was reported. */
static int open_peer(struct options *options, struct receiver *receiver)
{
	char error[512];
	int fd;
	int ret;

	if (!options->connect) {
		ret = receiver_start(receiver, &options->address);
		if (ret != 0) {
			report_error("cannot start the receiver: %s", strerror(-ret));
			return -1;
		}
	}
	fd = connection_open(&options->address, options->timeout_ms, error, sizeof(error));
	if (fd < 0) {
		report_error("%s", error);
	}
	return fd;
}

/* Until a limit is reached, the user has enough, or the peer has failed. */
static void let_it_run(const struct options *options)
{
	int64_t start = k_uptime_get();
	int64_t next_progress = report_progress_interval();

	for (;;) {
		int64_t elapsed = k_uptime_get() - start;
		int64_t wait = options->quiet ? INT32_MAX : next_progress - elapsed;

		if (events_interrupted() || sensors_done() || tcp_sink_error() != 0) {
			break;
		}
		if (options->duration_ms >= 0) {
			if (elapsed >= options->duration_ms) {
				break;
			}
			wait = MIN(wait, options->duration_ms - elapsed);
		}
		if (wait > 0) {
			events_wait((int)MIN(wait, INT32_MAX));
		} else {
			report_progress(elapsed);
			next_progress = elapsed + report_progress_interval();
		}
	}
	if (!options->quiet) {
		report_progress(k_uptime_get() - start);
	}
	report_progress_end();
}

static void report_peer_error(const struct options *options, int error)
{
	const char *host = options->address.host;
	const char *port = options->address.port;

	if (error == -ETIMEDOUT) {
		report_error("the peer, %s port %s, did nothing for %g s", host, port,
			     (double)options->timeout_ms / 1000);
	} else if (error == -EPIPE || error == -ECONNRESET) {
		report_error("the peer, %s port %s, went away", host, port);
	} else {
		report_error("sending to %s port %s: %s", host, port, strerror(-error));
	}
}

/* @return whether the receiver found everything good. */
static bool finish_receiver(struct receiver *receiver, int timeout_ms,
			    struct receiver_report *received)
{
	int ret = receiver_finish(receiver, timeout_ms, received);

	if (ret != 0) {
		memset(received, 0, sizeof(*received));
		report_error("the receiver %s",
			     ret == -ETIMEDOUT ? "did not end" : "ended without a report");
		return false;
	}
	if (received->fault[0] != '\0') {
		report_error("the receiver found a fault: %s", received->fault);
		return false;
	}
	return true;
}

/* Run the pipeline until it ends. @return 0 or why the peer did not get everything. */
static int run_pipeline(const struct options *options, int fd)
{
	const struct sensors_plan plan = {
		.millihertz = options->millihertz,
		.count = options->count,
		.done = events_wake,
	};
	int ret;

	if (tcp_sink_start(fd, options->timeout_ms, events_wake) != 0 ||
	    sensors_start(&plan) != 0) {
		report_error("the system has no room for another thread");
		exit(EXIT_FAILURE);
	}
	let_it_run(options);
	sensors_stop();
	tcp_sink_stop();
	ret = tcp_sink_error();
	return ret != 0 ? ret : connection_finish(fd, options->timeout_ms);
}

int main(int argc, char **argv)
{
	struct options options;
	struct receiver receiver = {0};
	struct receiver_report received;
	bool good = true;
	bool ours;
	int ret;
	int fd;

	take_closed_streams();
	options_parse(argc, argv, &options);
	if (options.receiver) {
		return receiver_main();
	}
	fd = open_peer(&options, &receiver);
	if (fd < 0) {
		return EXIT_FAILURE;
	}
	ours = receiver.pid != 0;
	ret = events_init();
	if (ret != 0) {
		report_error("cannot wait for signals: %s", strerror(-ret));
		return EXIT_FAILURE;
	}

	ret = run_pipeline(&options, fd);
	(void)close(fd);
	if (ret != 0) {
		report_peer_error(&options, ret);
		good = false;
	}
	if (ours) {
		good &= finish_receiver(&receiver, options.timeout_ms, &received);
	}
	if (!report_table(ours ? &received : NULL)) {
		report_error("cannot write the table");
		good = false;
	}
	good &= report_verdict(ours ? &received : NULL);
	if (good) {
		(void)printf("%s; all buffers are home.\n",
			     ours ? "Every packet arrived whole and in order"
				  : "The peer took every packet");
		good = fflush(stdout) == 0;
	}
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
