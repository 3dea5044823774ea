/* SPDX-License-Identifier: Apache-2.0 */
/** @file In place of peer_dpdk.c where DPDK is not installed: the peer is left out, and named. */
#include <stdio.h>

#include "bench.h"

bool bench_dpdk_start(void)
{
	fprintf(stderr, "bench: DPDK is not installed (Debian: libdpdk-dev): rows without it\n");
	return false;
}

/* Never called: main.c leaves a peer out that did not start. */
#define ABSENT(name)                                                                               \
	double name(unsigned long n)                                                               \
	{                                                                                          \
		(void)n;                                                                           \
		return 0;                                                                          \
	}

ABSENT(dpdk_mbuf_pair)
ABSENT(dpdk_mbuf_cached_pair)
ABSENT(dpdk_mbuf_cached_bursts)
ABSENT(dpdk_mbuf_cached_two_cores)
ABSENT(dpdk_ring_same_thread)
ABSENT(dpdk_ring_pair)
ABSENT(dpdk_fanout_queued_1)
ABSENT(dpdk_fanout_queued_4)
ABSENT(dpdk_fanout_queued_16)
