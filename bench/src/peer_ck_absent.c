/* SPDX-License-Identifier: Apache-2.0 */
/** @file In place of peer_ck.c where Concurrency Kit is not installed: the peer is left out, and named. */
#include "peer_absent.h"
#include "peer_ck.h"

#include <stdio.h>

bool bench_ck_start(void)
{
	fprintf(stderr,
		"bench: Concurrency Kit is not installed (Debian: libck-dev): rows without it\n");
	return false;
}

ABSENT(ck_ring_same_thread)
ABSENT(ck_ring_pair)
ABSENT(ck_ring_two_producers)
ABSENT(ck_ring_contended)
