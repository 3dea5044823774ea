/* SPDX-License-Identifier: Apache-2.0 */
/** @file Results, as text on standard output and as JSON in a file. */
#ifndef BENCH_REPORT_H_
#define BENCH_REPORT_H_

#include <stdio.h>

#include "measure.h"

/** Where results go. */
struct bench_report {
	FILE *json;               /**< NULL: text only */
	const char *json_path;    /**< its name, for messages */
	const char *instructions; /**< a file that instructions.py wrote, or NULL */
	bool first;  /**< nothing stands before in the JSON list that is being written */
	bool headed; /**< the heading of the rows is printed */
};

/** Begin. @p json_path may be NULL. @return false, after a message, if it cannot be written. */
bool bench_report_begin(struct bench_report *report, const char *json_path);

/** A row. The first has a heading before it. */
void bench_report_row(struct bench_report *report, const struct bench_row *row,
		      const double ns[BENCH_SIDES]);

/** What comes after the rows; the beginning of a curve, a point of it, its end. */
void bench_report_curves(struct bench_report *report);
void bench_report_curve(struct bench_report *report, const struct bench_curve *curve);
void bench_report_point(struct bench_report *report, const struct bench_curve *curve,
			unsigned int x, const double ns[BENCH_CURVE_SIDES_MAX]);
void bench_report_curve_end(struct bench_report *report);

/** End. @return false, after a message, if not everything could be written. */
bool bench_report_end(struct bench_report *report);

#endif /* BENCH_REPORT_H_ */
