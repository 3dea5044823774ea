/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The benchmark: medians of interleaved runs, ours beside the peers', pinned, in one process.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure.h"
#include "peers.h"
#include "report.h"

static const struct bench_row *const row_lists[] = {
	bench_net_buf_rows, bench_net_buf_cached_rows, bench_msgq_rows, bench_wakeup_rows,
	bench_fanout_rows,  bench_stream_rows,         bench_mpsc_rows, bench_iob_rows,
	bench_rtio_rows,    bench_rtio_linux_rows,
};

static const struct bench_curve *const curve_lists[] = {
	bench_fanout_curves,
	bench_connection_curves,
	bench_pool_curves,
};

#define LISTS(of) (sizeof(of) / sizeof((of)[0]))

/* A place in lists of rows or curves. */
struct place {
	size_t list;
	size_t index;
};

/* @return the next row with @p only in the name of its work; NULL behind the last. */
static const struct bench_row *next_row(struct place *at, const char *only)
{
	while (at->list < LISTS(row_lists)) {
		const struct bench_row *row = &row_lists[at->list][at->index++];

		if (row->work == NULL) {
			*at = (struct place){.list = at->list + 1};
		} else if (strstr(row->work, only) != NULL) {
			return row;
		}
	}
	return NULL;
}

static const struct bench_curve *next_curve(struct place *at, const char *only)
{
	while (at->list < LISTS(curve_lists)) {
		const struct bench_curve *curve = &curve_lists[at->list][at->index++];

		if (curve->work == NULL) {
			*at = (struct place){.list = at->list + 1};
		} else if (strstr(curve->work, only) != NULL) {
			return curve;
		}
	}
	return NULL;
}

/* @return whether there were any. */
static bool measure_rows(struct bench_report *report, const char *only)
{
	struct place at = {0};
	const struct bench_row *row;
	bool any = false;

	while ((row = next_row(&at, only)) != NULL) {
		double ns[BENCH_SIDES];

		bench_measure_row(row, ns);
		bench_report_row(report, row, ns);
		any = true;
	}
	return any;
}

static bool measure_curves(struct bench_report *report, const char *only)
{
	struct place at = {0};
	const struct bench_curve *curve;
	bool any = false;

	while ((curve = next_curve(&at, only)) != NULL) {
		bench_report_curve(report, curve);
		for (const unsigned int *x = curve->x; *x != 0; x++) {
			double ns[BENCH_CURVE_SIDES_MAX];

			bench_measure_point(curve, *x, ns);
			bench_report_point(report, curve, *x, ns);
		}
		bench_report_curve_end(report);
		any = true;
	}
	return any;
}

/* For callgrind: do the work of one row n times and nothing else. */
static int run_one(const char *work, unsigned long n)
{
	struct place at = {0};
	const struct bench_row *row;

	while ((row = next_row(&at, work)) != NULL) {
		if (strcmp(row->work, work) == 0) {
			bench_pin(0);
			(void)row->run(n);
			return 0;
		}
	}
	fprintf(stderr, "bench: no work is called \"%s\"; --list shows what there is\n", work);
	return 2;
}

static int list_countable(const char *only)
{
	struct place at = {0};
	const struct bench_row *row;

	while ((row = next_row(&at, only)) != NULL) {
		if (!row->threads) {
			printf("%s\t%u\n", row->work, row->per_op != 0 ? row->per_op : 1);
		}
	}
	return 0;
}

static void usage(FILE *out)
{
	fputs("Usage: bench [--json FILE] [--instructions FILE] [--only WORDS] [--rows | --curves]\n"
	      "       bench --list\n"
	      "       bench --run WORK --times N\n"
	      "Without --list or --run: measure everything beside its peers and print the results.\n"
	      "  --json FILE          write them as JSON, too\n"
	      "  --instructions FILE  instruction counts to show, as instructions.py writes them\n"
	      "  --only WORDS         only work in whose name this is\n"
	      "  --rows, --curves     only the table; only what shows how cost grows\n"
	      "  --list               the names of the work whose instructions can be counted\n"
	      "  --run WORK --times N do one piece of work N times and print nothing (for callgrind)\n"
	      "  --help               this\n",
	      out);
}

static int misuse(const char *message, const char *argument)
{
	fprintf(stderr, "bench: %s%s\n", message, argument);
	usage(stderr);
	return 2;
}

/* What the command line asks for. */
struct request {
	const char *json_path;
	const char *instructions;
	const char *only;
	const char *work;
	const char *times;
	bool rows;
	bool curves;
	bool list;
	bool help;
};

/* @return 0; another exit status after a message. */
static int parse(struct request *request, int argc, char **argv)
{
	static const struct option options[] = {
		{"json", required_argument, NULL, 'j'},
		{"instructions", required_argument, NULL, 'i'},
		{"list", no_argument, NULL, 'l'},
		{"only", required_argument, NULL, 'o'},
		{"rows", no_argument, NULL, 't'},
		{"curves", no_argument, NULL, 'c'},
		{"run", required_argument, NULL, 'r'},
		{"times", required_argument, NULL, 'n'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'j':
			request->json_path = optarg;
			break;
		case 'i':
			request->instructions = optarg;
			break;
		case 'o':
			request->only = optarg;
			break;
		case 't':
			request->rows = true;
			break;
		case 'c':
			request->curves = true;
			break;
		case 'l':
			request->list = true;
			break;
		case 'r':
			request->work = optarg;
			break;
		case 'n':
			request->times = optarg;
			break;
		case 'h':
			request->help = true;
			return 0;
		default:
			usage(stderr);
			return 2;
		}
	}
	if (optind != argc) {
		return misuse("takes no argument without an option: ", argv[optind]);
	}
	if ((request->work == NULL) != (request->times == NULL)) {
		return misuse("--run and --times go together", "");
	}
	return 0;
}

static int run_request(const struct request *request)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(request->times, &end, 10);
	if (errno != 0 || *end != '\0' || n == 0 || request->times[0] == '-') {
		return misuse("--times wants a number from 1 on, not ", request->times);
	}
	return run_one(request->work, n);
}

static int measure_request(const struct request *request)
{
	struct bench_report report = {.instructions = request->instructions};
	bool both = request->rows == request->curves;
	bool any = false;

	if (!bench_report_begin(&report, request->json_path)) {
		return 1;
	}
	bench_peers_start();
	if (both || request->rows) {
		any = measure_rows(&report, request->only);
	}
	bench_report_curves(&report);
	if (both || request->curves) {
		any = measure_curves(&report, request->only) || any;
	}
	if (!bench_report_end(&report)) {
		return 1;
	}
	if (!any) {
		fprintf(stderr, "bench: no work has \"%s\" in its name; --list shows some\n",
			request->only);
		return 2;
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct request request = {.only = ""};
	int status = parse(&request, argc, argv);

	if (status != 0) {
		return status;
	}
	if (request.help) {
		usage(stdout);
		return 0;
	}
	if (request.list) {
		return list_countable(request.only);
	}
	return request.work != NULL ? run_request(&request) : measure_request(&request);
}
