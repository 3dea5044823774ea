/* SPDX-License-Identifier: Apache-2.0 */
/** @file Concurrency Kit's ring for many producers and many consumers, with 16-byte events. */
#ifndef BENCH_PEER_CK_H_
#define BENCH_PEER_CK_H_

#include "contest.h"

CONTEST_DECLARE(ck_ring);

#endif /* BENCH_PEER_CK_H_ */
