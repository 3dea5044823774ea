/* SPDX-License-Identifier: Apache-2.0 */
/** @file A flight recorder: the latest records survive, whatever happens to this program. */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "options.h"
#include "producers.h"
#include "readback.h"
#include "record.h"
#include "recorder.h"

struct mpsc_pbuf_buffer ring;

static volatile sig_atomic_t told_to_end;

static void on_signal(int number)
{
	(void)number;
	told_to_end = 1;
}

static uint32_t get_wlen(const union mpsc_pbuf_generic *packet)
{
	return ((const struct record *)packet)->wlen;
}

static bool start_ring(uint32_t bytes)
{
	struct mpsc_pbuf_buffer_config config = {
		.size = bytes / (uint32_t)sizeof(uint32_t),
		.get_wlen = get_wlen,
		.flags = MPSC_PBUF_MODE_OVERWRITE | MPSC_PBUF_MAX_UTILIZATION,
	};

	config.buf = calloc(config.size, sizeof(uint32_t));
	if (config.buf == NULL) {
		(void)fputs("flight_recorder: there is no memory for the ring\n", stderr);
		return false;
	}
	mpsc_pbuf_init(&ring, &config);
	return true;
}

/* Until the time is over, a signal comes, or all is made; then what is left. */
static bool record_all(struct recorder *recorder, const struct options *options)
{
	int64_t end = options->seconds > 0 ? k_uptime_get() + 1000LL * options->seconds : INT64_MAX;
	int count = 0;

	while (told_to_end == 0 && k_uptime_get() < end && !producers_done() && count >= 0) {
		count = recorder_step(recorder);
	}
	return count >= 0;
}

static bool run(const struct options *options, const struct file_list *list,
		const struct readback *found)
{
	struct recorder recorder = {
		.options = options,
		.writer = {.dir = options->dir,
			   .limit = options->file_bytes,
			   .keep = options->files,
			   .sync = options->sync},
		.run = found->last_run + 1,
	};
	uint64_t made;
	uint32_t max;
	bool ok;

	if (!start_ring(options->ring_bytes) || !files_begin(&recorder.writer, list)) {
		return false;
	}
	producers_start(options->threads, options->per_thread);
	ok = record_all(&recorder, options);
	made = producers_stop();
	while (ok) {
		int count = recorder_step(&recorder);

		ok = count >= 0;
		if (count == 0) {
			break;
		}
	}
	ok = files_end(&recorder.writer) && ok;
	(void)mpsc_pbuf_get_max_utilization(&ring, &max);
	(void)printf("run %u: made %" PRIu64 " records, %" PRIu64
		     " are in files, %u were overwritten; the ring held up to %u bytes\n",
		     recorder.run, made, recorder.committed, recorder_lost(), max);
	return ok;
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

int main(int argc, char *argv[])
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
	struct options options;
	struct readback found;
	struct file_list list;
	bool ok;

	take_closed_streams();
	options_parse(&options, argc, argv);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	(void)signal(SIGXFSZ, SIG_IGN); /* a write that fails says so itself */
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	ok = files_list(options.dir, &list);
	if (ok && options.read && list.count == 0) {
		(void)fprintf(stderr, "flight_recorder: there are no records in %s\n", options.dir);
		ok = false;
	}
	ok = ok && readback(options.dir, &list, options.read && options.verbose, &found);
	if (ok) {
		readback_print(&found, &list);
		ok = options.read || run(&options, &list, &found);
	}
	free(list.numbers);
	free(ring.buf);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		(void)fputs("flight_recorder: standard output cannot be written\n", stderr);
		ok = false;
	}
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
