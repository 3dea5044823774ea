/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * How the parts are wired, and the life of the program.
 *
 *                                    +--> tcp_output ----+--> tcp_file   (queued) --> tcp.pcap
 *                                    |                   +--> counter    (immediate)
 *     capture_out --> router_in -----+--> udp_output ----+--> udp_file   (queued) --> udp.pcap
 *                     (queued)       |                   +--> counter
 *                                    +--> other_output --+--> other_file (queued) --> other.pcap
 *                                                        +--> counter
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <zephyr/packet_io/packet_io.h>

#include "capture.h"
#include "counter.h"
#include "options.h"
#include "report.h"
#include "router.h"
#include "writers.h"

PACKET_CONNECT(&capture_out, &router_in);
PACKET_CONNECT(&tcp_output, &tcp_file);
PACKET_CONNECT(&tcp_output, &counter);
PACKET_CONNECT(&udp_output, &udp_file);
PACKET_CONNECT(&udp_output, &counter);
PACKET_CONNECT(&other_output, &other_file);
PACKET_CONNECT(&other_output, &counter);

static void on_signal(int number)
{
	(void)number;
	capture_stop();
}

/*
 * The first SIGINT or SIGTERM ends the capture, a second one the program. They come to the main
 * thread, and what it reads from a pipe at that moment is given up.
 */
static void handle_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};

	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	/* A file that may grow no more, or a pipe nobody reads, is an error like a full disk. */
	(void)signal(SIGXFSZ, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
}

static void say_what_is_captured(const struct options *options)
{
	if (options->capture.interface != NULL) {
		(void)fprintf(stderr, "packet_router: capturing on %s, link type %s\n",
			      options->capture.interface,
			      pcap_datalink_val_to_name(pcap_datalink(capture_handle())));
	}
}

static void start_threads(void)
{
	sigset_t ours;
	sigset_t before;

	(void)sigemptyset(&ours);
	(void)sigaddset(&ours, SIGINT);
	(void)sigaddset(&ours, SIGTERM);
	(void)pthread_sigmask(SIG_BLOCK, &ours, &before);
	if (writers_start(capture_stop) != 0 ||
	    router_start(capture_link_type(), capture_patience()) != 0) {
		report_error("the system has no room for another thread");
		exit(EXIT_FAILURE);
	}
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* Capture and route until the end. @return whether all went well. */
static bool run_pipeline(void)
{
	bool good;

	start_threads();
	good = capture_run();
	router_stop();
	good &= writers_stop();
	return good;
}

int main(int argc, char **argv)
{
	struct options options;
	bool good;
	int ret;

	options_parse(argc, argv, &options);
	ret = capture_open(&options.capture);
	if (ret != 0) {
		return ret == 2 ? EXIT_USAGE : EXIT_FAILURE;
	}
	handle_signals();
	if (!writers_open(options.dir, options.capture.file, capture_handle())) {
		return EXIT_FAILURE;
	}
	say_what_is_captured(&options);
	good = run_pipeline();
	good &= report_balance();
	if (!report_table()) {
		report_error("cannot write the table");
		good = false;
	}
	capture_close();
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
