/* SPDX-License-Identifier: Apache-2.0 */
/** @file In place of peer_lwip.c where lwIP is not installed: the peer is left out, and named. */
#include <stdio.h>

#include "bench.h"

bool bench_lwip_start(void)
{
	fprintf(stderr, "bench: lwIP is not installed (Debian: liblwip-dev): rows without it\n");
	return false;
}

/* Never called: measure.c leaves a peer out that did not start. */
#define ABSENT(name)                                                                               \
	double name(unsigned long n)                                                               \
	{                                                                                          \
		(void)n;                                                                           \
		return 0;                                                                          \
	}

ABSENT(lwip_pair)
ABSENT(lwip_chain)
ABSENT(lwip_copy)
