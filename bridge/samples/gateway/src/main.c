/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A gateway: frames from a serial port, UDP or a file go to TCP, UDP and files.
 *
 *     device --reads--> bytes --> deframe --> frames --+--> writes --> connection
 *                                                      +--> writes --> file
 *
 * What is read stays where it is; pieces of it are written from there.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input.h"
#include "options.h"
#include "output.h"
#include "report.h"

#define STEP_MS 50
#define LAST_MS 1000 /* for what is under way at the end */

static volatile sig_atomic_t told_to_end;

/* A second one ends the program at once. */
static void on_signal(int number)
{
	told_to_end = 1;
	(void)signal(number, SIG_DFL);
}

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

/* What is written would be read again, without end. */
static bool is_input(const struct endpoint *out, const struct endpoint *in)
{
	struct stat written;
	struct stat read;

	return in->kind == ENDPOINT_FILE && out->kind == ENDPOINT_FILE &&
	       stat(in->path, &read) == 0 && stat(out->path, &written) == 0 &&
	       S_ISREG(read.st_mode) && read.st_dev == written.st_dev &&
	       read.st_ino == written.st_ino;
}

static bool begin(const struct options *options)
{
	for (unsigned int i = 0; i < options->out_count; i++) {
		if (is_input(&options->outs[i], &options->in)) {
			(void)fprintf(stderr, "gateway: --out %s: it is the file that is read\n",
				      options->outs[i].name);
			return false;
		}
	}
	for (unsigned int i = 0; i < options->out_count; i++) {
		if (!output_open(&frames, &options->outs[i])) {
			return false;
		}
	}
	return input_begin(&options->in);
}

/* @return whether all went well. */
static bool run(const struct options *options)
{
	int64_t begun = k_uptime_get();
	uint32_t lines = 0;
	bool goes_on = true;
	bool well = true;

	while (goes_on && well && told_to_end == 0) {
		uint32_t seconds = (uint32_t)((k_uptime_get() - begun) / 1000);

		well = outputs_step(STEP_MS);
		goes_on = input_step(k_uptime_get());
		if (options->counters_s != 0 && seconds / options->counters_s > lines) {
			lines = seconds / options->counters_s;
			report_line(seconds);
		}
	}
	return well;
}

/* Take no more, and let out what there is. @return whether that went well. */
static bool end(void)
{
	int64_t since = k_uptime_get();
	uint32_t written = 0;

	while (!input_stop(k_uptime_get())) {
		uint32_t now_written = outputs_written();

		(void)outputs_step(1);
		if (now_written != written) {
			written = now_written;
			since = k_uptime_get();
		} else if (k_uptime_get() - since > 5 * LAST_MS) {
			outputs_cancel(); /* something blocks the input that does not go on */
		}
	}
	return outputs_close(LAST_MS);
}

int main(int argc, char *argv[])
{
	struct sigaction action = {.sa_handler = on_signal};
	struct options options;
	bool well;

	take_closed_streams();
	options_parse(&options, argc, argv);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	(void)signal(SIGPIPE, SIG_IGN); /* a write that fails says so itself */
	(void)signal(SIGXFSZ, SIG_IGN);
	if (!begin(&options)) {
		return EXIT_FAILURE;
	}
	well = run(&options);
	well = end() && well && !input_failed();
	well = report_end(options.in.name) && well;
	return well ? EXIT_SUCCESS : EXIT_FAILURE;
}
