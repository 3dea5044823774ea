/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Buffers of 256 bytes from a pool with caches of threads: a shared library with a copy of net_buf of
 * its own, built with that option, so that the other rows have it without.
 */
#include <zephyr/net_buf.h>

#include "handoff.h"

#define BUFFERS     511
#define BUFFER_SIZE 256

NET_BUF_POOL_FIXED_DEFINE(cached_pool, BUFFERS, BUFFER_SIZE, 0, NULL);

/* Under callgrind, which refuses membarrier(2), caches stay closed. One thread needs no fence. */
static void open_caches(void)
{
	if (!port_fence_all()) {
		cached_pool.cache_full = CONFIG_NET_BUF_POOL_CACHE_SIZE;
		cached_pool.cache_limit = CONFIG_NET_BUF_POOL_CACHE_SIZE;
	}
}

static double alloc_release(unsigned long n)
{
	double begin;

	open_caches();
	begin = bench_now();

	while (n-- > 0) {
		net_buf_unref(net_buf_alloc(&cached_pool, K_NO_WAIT));
	}
	return bench_now() - begin;
}

static double bursts(unsigned long n)
{
	struct net_buf *bufs[BENCH_BURST];
	double begin;

	open_caches();
	begin = bench_now();
	while (n-- > 0) {
		for (unsigned int i = 0; i < BENCH_BURST; i++) {
			bufs[i] = net_buf_alloc(&cached_pool, K_NO_WAIT);
		}
		for (unsigned int i = 0; i < BENCH_BURST; i++) {
			net_buf_unref(bufs[i]);
		}
	}
	return bench_now() - begin;
}

static struct handoff handoff;

static void giver(unsigned long n)
{
	while (n-- > 0) {
		handoff_give(&handoff, net_buf_alloc(&cached_pool, K_FOREVER));
	}
}

static void taker(unsigned long n)
{
	while (n-- > 0) {
		net_buf_unref(handoff_take(&handoff));
	}
}

static double two_cores(unsigned long n)
{
	return bench_pair(giver, taker, n);
}

const struct bench_row bench_net_buf_cached_rows[] = {
	{
		.work = "net_buf alloc + release, cached",
		.run = alloc_release,
		.instructions_target = 65,
		.peers = {{.name = "rte_pktmbuf with cache",
			   .run = dpdk_mbuf_cached_pair,
			   .target = 1.0}},
	},
	{
		.work = "net_buf bursts of 32, cached",
		.run = bursts,
		.per_op = BENCH_BURST,
		.peers = {{.name = "rte_pktmbuf with cache",
			   .run = dpdk_mbuf_cached_bursts,
			   .target = 1.0}},
	},
	{
		.work = "net_buf released on another core, cached",
		.run = two_cores,
		.threads = true,
		.peers = {{.name = "rte_pktmbuf with cache",
			   .run = dpdk_mbuf_cached_two_cores,
			   .target = 1.0}},
	},
	{.work = NULL},
};
