/* SPDX-License-Identifier: Apache-2.0 */
/** @file Work done with DPDK, without huge pages, beside what bench.h names. */
#ifndef BENCH_PEER_DPDK_H_
#define BENCH_PEER_DPDK_H_

#include "contest.h"

/** Create what each file needs, after rte_eal_init(). @return false if there is no memory. */
bool dpdk_buffers_start(void);
bool dpdk_streams_start(void);

/* Buffers from a pool without cache: one at a time, BENCH_BURST, chained, from core to core. */
double dpdk_mempool_pair(unsigned long n);
double dpdk_mempool_bursts(unsigned long n);
double dpdk_mbuf_bursts(unsigned long n);
double dpdk_mbuf_ref_unref(unsigned long n);
double dpdk_mbuf_chain(unsigned long n);
double dpdk_mbuf_two_cores(unsigned long n);
double dpdk_mbuf_two_cores_bursts(unsigned long n);

/* A pool of x - 1: one buffer at a time, and all of them. */
double dpdk_pool_pair(unsigned int x, unsigned long n);
double dpdk_pool_all(unsigned int x, unsigned long n);

/* A ring MP/MC of 16-byte events. */
CONTEST_DECLARE(dpdk_events);

/* A buffer x times into a ring, and out again; its count is raised once. */
double dpdk_fanout(unsigned int x, unsigned long n);

/* Buffers got, put in the ring, taken out and freed by another thread; BENCH_BURST at a time. */
double dpdk_stream(unsigned long n);
double dpdk_stream_bursts(unsigned long n);

/* BENCH_BURST events of buffers that are there, put in the ring and taken out by one thread. */
double dpdk_batch(unsigned long n);

#endif /* BENCH_PEER_DPDK_H_ */
