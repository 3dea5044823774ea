/* SPDX-License-Identifier: Apache-2.0 */
/** @file Which of the peers are here. */
#ifndef BENCH_PEERS_H_
#define BENCH_PEERS_H_

#include <stdbool.h>

/** Set up all that are installed. The calling thread is pinned to its first core again. */
void bench_peers_start(void);

/** @return whether the peer of this name can be used; if not, bench_peers_start() has said why. */
bool bench_peer_here(const char *name);

#endif /* BENCH_PEERS_H_ */
