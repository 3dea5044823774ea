/* SPDX-License-Identifier: Apache-2.0 */
#include "measure.h"

#include <stdlib.h>

#include "peers.h"

#define ROW_NS   20e6 /* how long one run of one side of a row takes, about */
#define POINT_NS 4e6  /* of a point of a curve */

/* One side: a function of a row, or of a curve at a size. */
struct side {
	double (*row)(unsigned long n);
	double (*curve)(unsigned int x, unsigned long n);
	unsigned int x;
	unsigned long n;
	double samples[BENCH_PASSES];
};

static double run(const struct side *side, unsigned long n)
{
	return side->row != NULL ? side->row(n) : side->curve(side->x, n);
}

static bool is_here(const struct side *side)
{
	return side->row != NULL || side->curve != NULL;
}

/* The shorter time of two runs: the first may have to set up, or be interrupted. */
static double shorter_run(const struct side *side, unsigned long n)
{
	double first = run(side, n);
	double second = run(side, n);

	return first < second ? first : second;
}

/* @return how many times to do it, so that one run takes about @p ns. */
static unsigned long calibrate(const struct side *side, double ns)
{
	unsigned long n = 1;
	double took = shorter_run(side, n);

	while (took < ns / 10 && n < 1UL << 30) {
		n *= 4;
		took = shorter_run(side, n);
	}
	n = (unsigned long)((double)n * ns / took);
	return n > 0 ? n : 1;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double median(double values[BENCH_PASSES])
{
	qsort(values, BENCH_PASSES, sizeof(*values), compare);
	return values[BENCH_PASSES / 2];
}

/* All sides take turns, so that what slows the machine down for a while slows down all. */
static void measure(struct side *sides, unsigned int count, double run_ns, double divisor,
		    double *ns)
{
	for (unsigned int s = 0; s < count; s++) {
		sides[s].n = is_here(&sides[s]) ? calibrate(&sides[s], run_ns) : 0;
	}
	for (unsigned int pass = 0; pass < BENCH_PASSES; pass++) {
		for (unsigned int s = 0; s < count; s++) {
			struct side *side = &sides[s];

			side->samples[pass] =
				side->n != 0 ? run(side, side->n) / (double)side->n : 0;
		}
	}
	for (unsigned int s = 0; s < count; s++) {
		ns[s] = median(sides[s].samples) / divisor;
	}
}

void bench_measure_row(const struct bench_row *row, double ns[BENCH_SIDES])
{
	struct side sides[BENCH_SIDES] = {{.row = row->run}};

	for (unsigned int p = 0; p < BENCH_PEERS_MAX && row->peers[p].name != NULL; p++) {
		if (bench_peer_here(row->peers[p].name)) {
			sides[p + 1].row = row->peers[p].run;
		}
	}
	measure(sides, BENCH_SIDES, ROW_NS, row->per_op != 0 ? row->per_op : 1, ns);
}

void bench_measure_point(const struct bench_curve *curve, unsigned int x,
			 double ns[BENCH_CURVE_SIDES_MAX])
{
	struct side sides[BENCH_CURVE_SIDES_MAX] = {{0}};

	for (unsigned int s = 0; s < BENCH_CURVE_SIDES_MAX && curve->sides[s].name != NULL; s++) {
		if (bench_peer_here(curve->sides[s].name)) {
			sides[s].curve = curve->sides[s].run;
			sides[s].x = x;
		}
	}
	measure(sides, BENCH_CURVE_SIDES_MAX, POINT_NS, curve->per_x ? x : 1, ns);
}
