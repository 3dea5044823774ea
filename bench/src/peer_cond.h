/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The queue everybody writes first: a ring of 255 16-byte events, a mutex, two condition variables.
 */
#ifndef BENCH_PEER_COND_H_
#define BENCH_PEER_COND_H_

#include "contest.h"

struct cond_event {
	void *sink;
	void *buf;
};

/** Put an event, get one, waiting as long as it takes. */
void cond_queue_put(const struct cond_event *event);
void cond_queue_get(struct cond_event *event);

/* The contest, never waiting. */
CONTEST_DECLARE(cond);

/** From thread to thread, waiting. */
double cond_pair_blocking(unsigned long n);

#endif /* BENCH_PEER_COND_H_ */
