/* SPDX-License-Identifier: Apache-2.0 */
/** @file Medians of runs that take turns. */
#ifndef BENCH_MEASURE_H_
#define BENCH_MEASURE_H_

#include "bench.h"

#define BENCH_PASSES 9

/** Ours and the peers'. */
#define BENCH_SIDES (BENCH_PEERS_MAX + 1)

/** Measure a row: ns[0] of ours, ns[1...] of the peers', for one operation; 0 of one that is not here. */
void bench_measure_row(const struct bench_row *row, double ns[BENCH_SIDES]);

/** Measure a curve at size @p x, likewise, in the order of its sides. */
void bench_measure_point(const struct bench_curve *curve, unsigned int x,
			 double ns[BENCH_CURVE_SIDES_MAX]);

#endif /* BENCH_MEASURE_H_ */
