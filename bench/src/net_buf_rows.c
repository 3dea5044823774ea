/* SPDX-License-Identifier: Apache-2.0 */
/** @file Buffers of 256 bytes, taken and given back: on one thread, and from one core to another. */
#include <stdlib.h>

#include <zephyr/net_buf.h>

#include "handoff.h"
#include "peer_dpdk.h"

#define BUFFERS     64
#define ENOUGH      511 /* as many as can be under way: nobody waits for one */
#define BUFFER_SIZE 256
#define CHAIN       4

NET_BUF_POOL_FIXED_DEFINE(bench_pool, BUFFERS, BUFFER_SIZE, 0, NULL);
NET_BUF_POOL_FIXED_DEFINE(shared_pool, ENOUGH, BUFFER_SIZE, 0, NULL);

static struct handoff handoff;

/* ---- ours ------------------------------------------------------------------------------------ */

static double alloc_release(unsigned long n)
{
	double begin = bench_now();

	while (n-- > 0) {
		net_buf_unref(net_buf_alloc(&bench_pool, K_NO_WAIT));
	}
	return bench_now() - begin;
}

static double bursts(unsigned long n)
{
	struct net_buf *bufs[BENCH_BURST];
	double begin = bench_now();

	while (n-- > 0) {
		for (unsigned int i = 0; i < BENCH_BURST; i++) {
			bufs[i] = net_buf_alloc(&bench_pool, K_NO_WAIT);
		}
		for (unsigned int i = 0; i < BENCH_BURST; i++) {
			net_buf_unref(bufs[i]);
		}
	}
	return bench_now() - begin;
}

static double ref_unref(unsigned long n)
{
	struct net_buf *buf = net_buf_alloc(&bench_pool, K_NO_WAIT);
	double begin = bench_now();

	while (n-- > 0) {
		net_buf_unref(net_buf_ref(buf));
	}
	begin = bench_now() - begin;
	net_buf_unref(buf);
	return begin;
}

static double chain(unsigned long n)
{
	double begin = bench_now();

	while (n-- > 0) {
		struct net_buf *head = net_buf_alloc(&bench_pool, K_NO_WAIT);

		for (unsigned int i = 1; i < CHAIN; i++) {
			(void)net_buf_frag_add(head, net_buf_alloc(&bench_pool, K_NO_WAIT));
		}
		net_buf_unref(head);
	}
	return bench_now() - begin;
}

static void give(unsigned long n)
{
	while (n-- > 0) {
		handoff_give(&handoff, net_buf_alloc(&shared_pool, K_FOREVER));
	}
}

static void take(unsigned long n)
{
	while (n-- > 0) {
		net_buf_unref(handoff_take(&handoff));
	}
}

static double two_cores(unsigned long n)
{
	return bench_pair(give, take, n);
}

/* The same, BENCH_BURST at a time. */

static void give_bursts(unsigned long n)
{
	struct net_buf *bufs[BENCH_BURST];

	while (n-- > 0) {
		for (unsigned int i = 0; i < BENCH_BURST; i++) {
			bufs[i] = net_buf_alloc(&shared_pool, K_FOREVER);
		}
		for (unsigned int i = 0; i < BENCH_BURST; i++) {
			handoff_give(&handoff, bufs[i]);
		}
	}
}

static void take_bursts(unsigned long n)
{
	struct net_buf *bufs[BENCH_BURST];

	while (n-- > 0) {
		for (unsigned int i = 0; i < BENCH_BURST; i++) {
			bufs[i] = handoff_take(&handoff);
		}
		for (unsigned int i = 0; i < BENCH_BURST; i++) {
			net_buf_unref(bufs[i]);
		}
	}
}

static double two_cores_bursts(unsigned long n)
{
	return bench_pair(give_bursts, take_bursts, n);
}

/* ---- malloc() -------------------------------------------------------------------------------- */

static double malloc_free(unsigned long n)
{
	double begin = bench_now();

	while (n-- > 0) {
		void *volatile block = malloc(BUFFER_SIZE);

		free(block);
	}
	return bench_now() - begin;
}

static double malloc_bursts(unsigned long n)
{
	void *volatile blocks[BENCH_BURST];
	double begin = bench_now();

	while (n-- > 0) {
		for (unsigned int i = 0; i < BENCH_BURST; i++) {
			blocks[i] = malloc(BUFFER_SIZE);
		}
		for (unsigned int i = 0; i < BENCH_BURST; i++) {
			free(blocks[i]);
		}
	}
	return bench_now() - begin;
}

static void malloc_give(unsigned long n)
{
	while (n-- > 0) {
		handoff_give(&handoff, malloc(BUFFER_SIZE));
	}
}

static void malloc_take(unsigned long n)
{
	while (n-- > 0) {
		free(handoff_take(&handoff));
	}
}

static double malloc_two_cores(unsigned long n)
{
	return bench_pair(malloc_give, malloc_take, n);
}

static void malloc_give_bursts(unsigned long n)
{
	void *blocks[BENCH_BURST];

	while (n-- > 0) {
		for (unsigned int i = 0; i < BENCH_BURST; i++) {
			blocks[i] = malloc(BUFFER_SIZE);
		}
		for (unsigned int i = 0; i < BENCH_BURST; i++) {
			handoff_give(&handoff, blocks[i]);
		}
	}
}

static void malloc_take_bursts(unsigned long n)
{
	void *blocks[BENCH_BURST];

	while (n-- > 0) {
		for (unsigned int i = 0; i < BENCH_BURST; i++) {
			blocks[i] = handoff_take(&handoff);
		}
		for (unsigned int i = 0; i < BENCH_BURST; i++) {
			free(blocks[i]);
		}
	}
}

static double malloc_two_cores_bursts(unsigned long n)
{
	return bench_pair(malloc_give_bursts, malloc_take_bursts, n);
}

/* ---- rows ------------------------------------------------------------------------------------ */

#define PKTMBUF "rte_pktmbuf without cache"
#define MEMPOOL "rte_mempool without cache"
#define MALLOC  "glibc malloc"

const struct bench_row bench_net_buf_rows[] = {
	{
		.work = "net_buf alloc + release",
		.run = alloc_release,
		.instructions_target = 90,
		.instructions_aim = 65,
		.peers =
			{
				{.name = PKTMBUF, .run = dpdk_mbuf_pair, .target = 1.0},
				{.name = MEMPOOL, .run = dpdk_mempool_pair},
				{.name = MALLOC, .run = malloc_free},
			},
	},
	{
		.work = "net_buf alloc + release, bursts of 32",
		.run = bursts,
		.per_op = BENCH_BURST,
		.peers =
			{
				{.name = PKTMBUF, .run = dpdk_mbuf_bursts, .target = 1.0},
				{.name = MEMPOOL, .run = dpdk_mempool_bursts},
				{.name = MALLOC, .run = malloc_bursts},
			},
	},
	{
		.work = "net_buf released on another core",
		.run = two_cores,
		.threads = true,
		.peers =
			{
				{.name = PKTMBUF, .run = dpdk_mbuf_two_cores, .target = 1.0},
				{.name = MALLOC, .run = malloc_two_cores},
			},
	},
	{
		.work = "net_buf released on another core, bursts",
		.run = two_cores_bursts,
		.per_op = BENCH_BURST,
		.threads = true,
		.peers =
			{
				{.name = PKTMBUF, .run = dpdk_mbuf_two_cores_bursts, .target = 1.0},
				{.name = MALLOC, .run = malloc_two_cores_bursts},
			},
	},
	{
		.work = "net_buf ref + unref",
		.run = ref_unref,
		.peers = {{.name = "rte_pktmbuf", .run = dpdk_mbuf_ref_unref}},
	},
	{
		.work = "net_buf chain of 4, got and released",
		.run = chain,
		.peers = {{.name = PKTMBUF, .run = dpdk_mbuf_chain}},
	},
	{.work = NULL},
};
