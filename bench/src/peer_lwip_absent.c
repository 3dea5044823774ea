/* SPDX-License-Identifier: Apache-2.0 */
/** @file In place of peer_lwip.c where lwIP is not installed: the peer is left out, and named. */
#include <stdio.h>

#include "bench.h"
#include "peer_absent.h"

bool bench_lwip_start(void)
{
	fprintf(stderr, "bench: lwIP is not installed (Debian: liblwip-dev): rows without it\n");
	return false;
}

ABSENT(lwip_pair)
ABSENT(lwip_chain)
ABSENT(lwip_copy)
