/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The benchmark: medians of interleaved runs, ours beside the peers', pinned, in one process.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "peer_uring.h"

#define PASSES   9
#define PASS_NS  20e6 /* how long one run of one side takes, about */
#define SIDES    (BENCH_PEERS_MAX + 1)
#define ROWS_MAX 96

static const struct bench_row *rows[ROWS_MAX];
static unsigned int row_count;
static const char *only = ""; /* work in whose name this is */
static bool have_dpdk;
static bool have_lwip;
static bool have_uring;

static void collect(const struct bench_row *list)
{
	for (; list->work != NULL && row_count < ROWS_MAX; list++) {
		if (strstr(list->work, only) != NULL) {
			rows[row_count++] = list;
		}
	}
}

static bool peer_usable(const struct bench_side *peer)
{
	if (strncmp(peer->name, "lwIP", 4) == 0) {
		return have_lwip;
	}
	if (strncmp(peer->name, "liburing", 8) == 0) {
		return have_uring;
	}
	return have_dpdk || strncmp(peer->name, "rte_", 4) != 0;
}

/* How many times to do it, so that one run takes about PASS_NS. */
static unsigned long calibrate(double (*run)(unsigned long n))
{
	unsigned long n = 16;
	double ns = run(n);

	while (ns < PASS_NS / 10 && n < 1UL << 30) {
		n *= 4;
		ns = run(n);
	}
	n = (unsigned long)((double)n * PASS_NS / ns);
	return n > 0 ? n : 1;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double median(double *values, unsigned int n)
{
	qsort(values, n, sizeof(*values), compare);
	return values[n / 2];
}

/* Measure all sides of a row; ns[0] is ours, ns[1...] the peers', 0 for one that is not there. */
static void measure(const struct bench_row *row, double ns[SIDES])
{
	double (*run[SIDES])(unsigned long) = {row->run};
	double samples[SIDES][PASSES];
	unsigned long n[SIDES] = {0};
	unsigned int divisor = row->per_op != 0 ? row->per_op : 1;

	for (unsigned int p = 0; p < BENCH_PEERS_MAX && row->peers[p].name != NULL; p++) {
		run[p + 1] = peer_usable(&row->peers[p]) ? row->peers[p].run : NULL;
	}
	for (unsigned int s = 0; s < SIDES; s++) {
		n[s] = run[s] != NULL ? calibrate(run[s]) : 0;
	}
	for (unsigned int pass = 0; pass < PASSES; pass++) {
		for (unsigned int s = 0; s < SIDES; s++) {
			samples[s][pass] = run[s] != NULL ? run[s](n[s]) / (double)n[s] : 0;
		}
	}
	for (unsigned int s = 0; s < SIDES; s++) {
		ns[s] = median(samples[s], PASSES) / divisor;
	}
}

/* Instructions of row @p index per operation, from a file that instructions.py wrote; -1 unknown. */
static double instructions_of(const char *path, const char *work)
{
	char line[256];
	double value = -1;
	FILE *file = path != NULL ? fopen(path, "r") : NULL;

	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		char *tab = strchr(line, '\t');

		if (tab != NULL) {
			*tab = '\0';
			if (strcmp(line, work) == 0) {
				value = strtod(tab + 1, NULL);
			}
		}
	}
	if (file != NULL) {
		(void)fclose(file);
	}
	return value;
}

static void print_number(FILE *out, const char *format, double value, const char *none)
{
	if (value > 0) {
		fprintf(out, format, value);
	} else {
		fputs(none, out);
	}
}

static void json_row(FILE *out, const struct bench_row *row, const struct bench_side *peer,
		     double ns, double peer_ns, double instructions, bool first)
{
	fprintf(out, "%s\n  {\"work\": \"%s\", \"ns\": %.2f, \"instructions\": ", first ? "" : ",",
		row->work, ns);
	print_number(out, "%.1f", instructions, "null");
	fprintf(out, ", \"peer\": ");
	if (peer == NULL) {
		fprintf(out, "null, \"peer_ns\": null, \"ratio\": null");
	} else {
		fprintf(out, "\"%s\", \"peer_ns\": %.2f, \"ratio\": %.3f", peer->name, peer_ns,
			ns / peer_ns);
	}
	fprintf(out, ", \"target\": ");
	print_number(out, "%.2f", peer != NULL ? peer->target : 0, "null");
	fprintf(out, ", \"aim\": ");
	print_number(out, "%.2f", peer != NULL ? peer->aim : 0, "null");
	fputc('}', out);
}

static void text_row(const struct bench_row *row, const struct bench_side *peer, double ns,
		     double peer_ns, double instructions)
{
	printf("%-44s %8.1f ", row->work, ns);
	print_number(stdout, "%8.0f", instructions, "       -");
	if (peer == NULL) {
		printf("  -\n");
		return;
	}
	printf("  %-34s %8.1f  %5.2f ", peer->name, peer_ns, ns / peer_ns);
	print_number(stdout, " %5.2f", peer->target, "     -");
	print_number(stdout, " %5.2f", peer->aim, "     -");
	printf("%s\n", peer->target > 0 && ns / peer_ns > peer->target ? "  missed" : "");
}

static int run_all(const char *json_path, const char *instructions_path)
{
	FILE *json = NULL;
	bool first = true;

	if (json_path != NULL) {
		json = fopen(json_path, "w");
		if (json == NULL) {
			perror(json_path);
			return 1;
		}
		fputc('[', json);
	}
	printf("Medians of %d interleaved runs, pinned; ns and instructions (i) for one operation, of "
	       "a fan-out for one sink.\nAsserts, statistics, names and logging are off, runtime "
	       "wiring is on.\n\n",
	       PASSES);
	printf("%-44s %8s %8s  %-34s %8s  %5s  %5s %5s\n", "work", "ns", "i", "peer", "peer ns",
	       "ratio", "at most", "aim");
	for (unsigned int r = 0; r < row_count; r++) {
		const struct bench_row *row = rows[r];
		double i = instructions_of(instructions_path, row->work);
		double ns[SIDES];
		bool any = false;

		measure(row, ns);
		for (unsigned int p = 0; p < BENCH_PEERS_MAX && row->peers[p].name != NULL; p++) {
			if (!peer_usable(&row->peers[p])) {
				continue;
			}
			any = true;
			text_row(row, &row->peers[p], ns[0], ns[p + 1], i);
			if (json != NULL) {
				json_row(json, row, &row->peers[p], ns[0], ns[p + 1], i, first);
				first = false;
			}
		}
		if (!any) {
			text_row(row, NULL, ns[0], 0, i);
			if (json != NULL) {
				json_row(json, row, NULL, ns[0], 0, i, first);
				first = false;
			}
		}
		(void)fflush(stdout);
	}
	if (json != NULL) {
		fputs("\n]\n", json);
		if (fclose(json) != 0) {
			perror(json_path);
			return 1;
		}
	}
	return 0;
}

/* For callgrind: do the work of one row n times and nothing else. */
static int run_one(const char *work, unsigned long n)
{
	for (unsigned int r = 0; r < row_count; r++) {
		if (strcmp(rows[r]->work, work) == 0) {
			(void)rows[r]->run(n);
			return 0;
		}
	}
	fprintf(stderr, "bench: no work is called \"%s\"; --list shows what there is\n", work);
	return 2;
}

static int list_countable(void)
{
	for (unsigned int r = 0; r < row_count; r++) {
		if (!rows[r]->threads) {
			printf("%s\t%u\n", rows[r]->work,
			       rows[r]->per_op != 0 ? rows[r]->per_op : 1);
		}
	}
	return 0;
}

static void usage(FILE *out)
{
	fputs("Usage: bench [--json FILE] [--instructions FILE] [--only WORDS]\n"
	      "       bench --list\n"
	      "       bench --run WORK --times N\n"
	      "Without --run: measure everything beside its peers and print the table.\n"
	      "  --json FILE          write it as JSON, too\n"
	      "  --instructions FILE  instruction counts to show, as instructions.py writes them\n"
	      "  --only WORDS         only work in whose name this is\n"
	      "  --list               the names of the work whose instructions can be counted\n"
	      "  --run WORK --times N do one piece of work N times and print nothing (for callgrind)\n",
	      out);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"json", required_argument, NULL, 'j'},
		{"instructions", required_argument, NULL, 'i'},
		{"list", no_argument, NULL, 'l'},
		{"only", required_argument, NULL, 'o'},
		{"run", required_argument, NULL, 'r'},
		{"times", required_argument, NULL, 'n'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	const char *json_path = NULL;
	const char *instructions_path = NULL;
	const char *work = NULL;
	unsigned long n = 0;
	bool list = false;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'j':
			json_path = optarg;
			break;
		case 'i':
			instructions_path = optarg;
			break;
		case 'o':
			only = optarg;
			break;
		case 'l':
			list = true;
			break;
		case 'r':
			work = optarg;
			break;
		case 'n':
			n = strtoul(optarg, NULL, 10);
			break;
		case 'h':
			usage(stdout);
			return 0;
		default:
			usage(stderr);
			return 2;
		}
	}
	if (optind != argc || (work != NULL && n == 0)) {
		usage(stderr);
		return 2;
	}
	collect(bench_net_buf_rows);
	collect(bench_net_buf_cached_rows);
	collect(bench_msgq_rows);
	collect(bench_fanout_rows);
	collect(bench_mpsc_rows);
	collect(bench_iob_rows);
	collect(bench_rtio_rows);
	collect(bench_rtio_linux_rows);
	if (list) {
		return list_countable();
	}
	if (work != NULL) {
		return run_one(work, n);
	}
	bench_pin(0);
	have_dpdk = bench_dpdk_start();
	have_lwip = bench_lwip_start();
	have_uring = bench_uring_start();
	bench_pin(0);
	return run_all(json_path, instructions_path);
}
