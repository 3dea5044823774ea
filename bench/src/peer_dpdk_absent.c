/* SPDX-License-Identifier: Apache-2.0 */
/** @file In place of peer_dpdk.c where DPDK is not installed: the peer is left out, and named. */
#include <stdio.h>

#include "bench.h"
#include "peer_absent.h"
#include "peer_dpdk.h"

bool bench_dpdk_start(void)
{
	fprintf(stderr, "bench: DPDK is not installed (Debian: libdpdk-dev): rows without it\n");
	return false;
}

ABSENT(dpdk_mbuf_pair)
ABSENT(dpdk_mbuf_cached_pair)
ABSENT(dpdk_mbuf_cached_bursts)
ABSENT(dpdk_mbuf_cached_two_cores)
ABSENT(dpdk_mempool_pair)
ABSENT(dpdk_mempool_bursts)
ABSENT(dpdk_mbuf_bursts)
ABSENT(dpdk_mbuf_ref_unref)
ABSENT(dpdk_mbuf_chain)
ABSENT(dpdk_mbuf_two_cores)
ABSENT(dpdk_mbuf_two_cores_bursts)
ABSENT(dpdk_events_same_thread)
ABSENT(dpdk_events_pair)
ABSENT(dpdk_events_two_producers)
ABSENT(dpdk_events_contended)
ABSENT(dpdk_stream)
ABSENT(dpdk_stream_bursts)
ABSENT(dpdk_batch)

#define ABSENT_CURVE(name)                                                                         \
	double name(unsigned int x, unsigned long n)                                               \
	{                                                                                          \
		(void)x;                                                                           \
		(void)n;                                                                           \
		return 0;                                                                          \
	}

ABSENT_CURVE(dpdk_pool_pair)
ABSENT_CURVE(dpdk_pool_all)
ABSENT_CURVE(dpdk_fanout)
