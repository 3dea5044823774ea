/* SPDX-License-Identifier: Apache-2.0 */
/** @file DPDK, without huge pages, and the work done with one buffer and with a cache. */
#include <stdio.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_mbuf.h>

#include "handoff.h"
#include "peer_dpdk.h"

#define BUFFERS 63
#define BUFFER_SIZE 256
#define CACHED 511 /* buffers of the pool that has a cache */
#define CACHE_SIZE 32

static struct rte_mempool *pool;
static struct rte_mempool *cached_pool;

bool bench_dpdk_start(void)
{
	char *argv[] = {"bench",
			"--no-huge",
			"--no-shconf",
			"--no-pci",
			"--no-telemetry",
			"--log-level=1",
			"-m",
			"192",
			"-l",
			"0",
			NULL};

	if (rte_eal_init(sizeof(argv) / sizeof(argv[0]) - 1, argv) < 0) {
		fprintf(stderr, "bench: DPDK does not start: %s\n", rte_strerror(rte_errno));
		return false;
	}
	pool = rte_pktmbuf_pool_create("bench", BUFFERS, 0, 0, BUFFER_SIZE, 0);
	cached_pool = rte_pktmbuf_pool_create("cached", CACHED, CACHE_SIZE, 0, BUFFER_SIZE, 0);
	if (pool == NULL || cached_pool == NULL || !dpdk_buffers_start() || !dpdk_streams_start()) {
		fprintf(stderr, "bench: DPDK has no memory: %s\n", rte_strerror(rte_errno));
		return false;
	}
	return true;
}

double dpdk_mbuf_pair(unsigned long n)
{
	double begin = bench_now();

	while (n-- > 0) {
		rte_pktmbuf_free(rte_pktmbuf_alloc(pool));
	}
	return bench_now() - begin;
}

double dpdk_mbuf_cached_pair(unsigned long n)
{
	double begin = bench_now();

	while (n-- > 0) {
		rte_pktmbuf_free(rte_pktmbuf_alloc(cached_pool));
	}
	return bench_now() - begin;
}

double dpdk_mbuf_cached_bursts(unsigned long n)
{
	struct rte_mbuf *bufs[BENCH_BURST];
	double begin = bench_now();

	while (n-- > 0) {
		for (unsigned int i = 0; i < BENCH_BURST; i++) {
			bufs[i] = rte_pktmbuf_alloc(cached_pool);
		}
		for (unsigned int i = 0; i < BENCH_BURST; i++) {
			rte_pktmbuf_free(bufs[i]);
		}
	}
	return bench_now() - begin;
}

static struct handoff handoff;

static void giver(unsigned long n)
{
	while (n-- > 0) {
		struct rte_mbuf *buf = rte_pktmbuf_alloc(cached_pool);

		while (buf == NULL) {
			bench_relax();
			buf = rte_pktmbuf_alloc(cached_pool);
		}
		handoff_give(&handoff, buf);
	}
}

static void taker(unsigned long n)
{
	/* Only threads that DPDK knows have caches. */
	bool known = rte_thread_register() == 0;

	while (n-- > 0) {
		rte_pktmbuf_free(handoff_take(&handoff));
	}
	if (known) {
		rte_thread_unregister();
	}
}

double dpdk_mbuf_cached_two_cores(unsigned long n)
{
	return bench_pair(giver, taker, n);
}
