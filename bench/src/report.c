/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include <stdlib.h>
#include <string.h>

#include "peers.h"

bool bench_report_begin(struct bench_report *report, const char *json_path)
{
	report->json_path = json_path;
	if (json_path == NULL) {
		return true;
	}
	report->json = fopen(json_path, "w");
	if (report->json == NULL) {
		perror(json_path);
		return false;
	}
	fputs("{\"rows\": [", report->json);
	report->first = true;
	return true;
}

bool bench_report_end(struct bench_report *report)
{
	bool written;

	if (report->json == NULL) {
		return true;
	}
	fputs("\n]}\n", report->json);
	written = ferror(report->json) == 0;
	if (fclose(report->json) != 0 || !written) {
		perror(report->json_path);
		return false;
	}
	return true;
}

/* Begin an element of a JSON list. */
static void json_next(struct bench_report *report)
{
	fputs(report->first ? "\n  " : ",\n  ", report->json);
	report->first = false;
}

static void print_number(FILE *out, const char *format, double value, const char *none)
{
	if (value > 0) {
		fprintf(out, format, value);
	} else {
		fputs(none, out);
	}
}

/* Instructions of one operation of @p work, from a file that instructions.py wrote; -1 unknown. */
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

/* ---- rows ------------------------------------------------------------------------------------ */

static void text_heading(void)
{
	printf("Medians of %d runs of each side that take turns, pinned to cores; nanoseconds (ns) and "
	       "instructions (i)\nof one operation, of a fan-out for one sink. Ratio is ours by the "
	       "peer's; it should be at most what is said, and\nthen the aim. Asserts, statistics, "
	       "names and logging are off, runtime wiring is on.\n\n",
	       BENCH_PASSES);
	printf("%-44s %8s %6s %7s %5s  %-34s %8s %6s %7s %5s\n", "work", "ns", "i", "at most",
	       "aim", "peer", "peer ns", "ratio", "at most", "aim");
}

static void text_ours(const struct bench_row *row, double ns, double i)
{
	printf("%-44s %8.1f ", row->work, ns);
	print_number(stdout, "%6.0f", i, "     -");
	print_number(stdout, " %7.0f", row->instructions_target, "       -");
	print_number(stdout, " %5.0f", row->instructions_aim, "     -");
}

static void text_peer(const struct bench_side *peer, double ns, double peer_ns, bool too_many)
{
	bool here = bench_peer_here(peer->name);

	printf("  %-34s ", peer->name);
	if (here) {
		printf("%8.1f %6.2f", peer_ns, ns / peer_ns);
	} else {
		printf("%15s", "not here");
	}
	print_number(stdout, " %7.2f", peer->target, "       -");
	print_number(stdout, " %5.2f", peer->aim, "     -");
	if (too_many || (here && peer->target > 0 && ns / peer_ns > peer->target)) {
		printf("  missed");
	}
}

static void json_row(struct bench_report *report, const struct bench_row *row,
		     const struct bench_side *peer, double ns, double peer_ns, double i)
{
	FILE *out = report->json;

	json_next(report);
	fprintf(out, "{\"work\": \"%s\", \"ns\": %.2f, \"i\": ", row->work, ns);
	print_number(out, "%.1f", i, "null");
	print_number(out, ", \"i_target\": %.0f", row->instructions_target, ", \"i_target\": null");
	print_number(out, ", \"i_aim\": %.0f", row->instructions_aim, ", \"i_aim\": null");
	if (peer == NULL) {
		fputs(", \"peer\": null}", out);
		return;
	}
	fprintf(out, ", \"peer\": \"%s\"", peer->name);
	print_number(out, ", \"target\": %.2f", peer->target, ", \"target\": null");
	print_number(out, ", \"aim\": %.2f", peer->aim, ", \"aim\": null");
	if (bench_peer_here(peer->name)) {
		fprintf(out, ", \"peer_ns\": %.2f, \"ratio\": %.3f}", peer_ns, ns / peer_ns);
	} else {
		fputs(", \"peer_ns\": null, \"ratio\": null}", out);
	}
}

void bench_report_row(struct bench_report *report, const struct bench_row *row,
		      const double ns[BENCH_SIDES])
{
	double i = instructions_of(report->instructions, row->work);
	bool too_many = row->instructions_target > 0 && i > row->instructions_target;
	unsigned int p = 0;

	if (!report->headed) {
		text_heading();
		report->headed = true;
	}
	do {
		const struct bench_side *peer = &row->peers[p];

		text_ours(row, ns[0], i);
		if (peer->name != NULL) {
			text_peer(peer, ns[0], ns[p + 1], too_many && p == 0);
		}
		putchar('\n');
		if (report->json != NULL) {
			json_row(report, row, peer->name != NULL ? peer : NULL, ns[0], ns[p + 1],
				 i);
		}
		p++;
	} while (p < BENCH_PEERS_MAX && row->peers[p].name != NULL);
	(void)fflush(stdout);
}

/* ---- curves ---------------------------------------------------------------------------------- */

void bench_report_curves(struct bench_report *report)
{
	if (report->json != NULL) {
		fputs("\n], \"curves\": [", report->json);
		report->first = true;
	}
}

void bench_report_curve(struct bench_report *report, const struct bench_curve *curve)
{
	printf("\n%s, ns of one\n%-20s", curve->work, curve->x_name);
	for (unsigned int s = 0; s < BENCH_CURVE_SIDES_MAX && curve->sides[s].name != NULL; s++) {
		printf(" %28s", curve->sides[s].name);
	}
	putchar('\n');
	if (report->json == NULL) {
		return;
	}
	json_next(report);
	fprintf(report->json, "{\"work\": \"%s\", \"x_name\": \"%s\", \"sides\": [", curve->work,
		curve->x_name);
	for (unsigned int s = 0; s < BENCH_CURVE_SIDES_MAX && curve->sides[s].name != NULL; s++) {
		fprintf(report->json, "%s\"%s\"", s > 0 ? ", " : "", curve->sides[s].name);
	}
	fputs("], \"points\": [", report->json);
	report->first = true;
}

void bench_report_point(struct bench_report *report, const struct bench_curve *curve,
			unsigned int x, const double ns[BENCH_CURVE_SIDES_MAX])
{
	printf("%-20u", x);
	for (unsigned int s = 0; s < BENCH_CURVE_SIDES_MAX && curve->sides[s].name != NULL; s++) {
		if (bench_peer_here(curve->sides[s].name)) {
			printf(" %28.1f", ns[s]);
		} else {
			printf(" %28s", "not here");
		}
	}
	putchar('\n');
	(void)fflush(stdout);
	if (report->json == NULL) {
		return;
	}
	json_next(report);
	fprintf(report->json, "{\"x\": %u, \"ns\": [", x);
	for (unsigned int s = 0; s < BENCH_CURVE_SIDES_MAX && curve->sides[s].name != NULL; s++) {
		fputs(s > 0 ? ", " : "", report->json);
		print_number(report->json, "%.2f", ns[s], "null");
	}
	fputs("]}", report->json);
}

void bench_report_curve_end(struct bench_report *report)
{
	if (report->json != NULL) {
		fputs("\n  ]}", report->json);
		report->first = false;
	}
}
