/* SPDX-License-Identifier: Apache-2.0 */
/** @file The work done with DPDK's pools, without cache. */
#include "peer_dpdk.h"

#include <stdio.h>

#include <rte_mbuf.h>
#include <rte_mempool.h>

#include "handoff.h"

#define BUFFERS     63
#define ENOUGH      511
#define BUFFER_SIZE 256
#define CHAIN       4

static struct rte_mempool *pool;
static struct rte_mempool *shared_pool;
static struct handoff handoff;

static struct rte_mempool *create(const char *name, unsigned int buffers)
{
	return rte_pktmbuf_pool_create(name, buffers, 0, 0, BUFFER_SIZE, 0);
}

bool dpdk_buffers_start(void)
{
	pool = create("buffers", BUFFERS);
	shared_pool = create("shared", ENOUGH);
	return pool != NULL && shared_pool != NULL;
}

double dpdk_mempool_pair(unsigned long n)
{
	double begin = bench_now();

	while (n-- > 0) {
		void *block;

		if (rte_mempool_get(pool, &block) == 0) {
			rte_mempool_put(pool, block);
		}
	}
	return bench_now() - begin;
}

double dpdk_mempool_bursts(unsigned long n)
{
	void *blocks[BENCH_BURST];
	double begin = bench_now();

	while (n-- > 0) {
		for (unsigned int i = 0; i < BENCH_BURST; i++) {
			(void)rte_mempool_get(pool, &blocks[i]);
		}
		for (unsigned int i = 0; i < BENCH_BURST; i++) {
			rte_mempool_put(pool, blocks[i]);
		}
	}
	return bench_now() - begin;
}

double dpdk_mbuf_bursts(unsigned long n)
{
	struct rte_mbuf *bufs[BENCH_BURST];
	double begin = bench_now();

	while (n-- > 0) {
		for (unsigned int i = 0; i < BENCH_BURST; i++) {
			bufs[i] = rte_pktmbuf_alloc(pool);
		}
		for (unsigned int i = 0; i < BENCH_BURST; i++) {
			rte_pktmbuf_free(bufs[i]);
		}
	}
	return bench_now() - begin;
}

double dpdk_mbuf_ref_unref(unsigned long n)
{
	struct rte_mbuf *buf = rte_pktmbuf_alloc(pool);
	double begin = bench_now();

	while (n-- > 0) {
		rte_mbuf_refcnt_update(buf, 1);
		rte_pktmbuf_free(buf);
	}
	begin = bench_now() - begin;
	rte_pktmbuf_free(buf);
	return begin;
}

double dpdk_mbuf_chain(unsigned long n)
{
	double begin = bench_now();

	while (n-- > 0) {
		struct rte_mbuf *head = rte_pktmbuf_alloc(pool);

		for (unsigned int i = 1; i < CHAIN; i++) {
			(void)rte_pktmbuf_chain(head, rte_pktmbuf_alloc(pool));
		}
		rte_pktmbuf_free(head);
	}
	return bench_now() - begin;
}

static struct rte_mbuf *get_shared(void)
{
	struct rte_mbuf *buf;

	while ((buf = rte_pktmbuf_alloc(shared_pool)) == NULL) {
		bench_relax();
	}
	return buf;
}

static void give(unsigned long n)
{
	while (n-- > 0) {
		handoff_give(&handoff, get_shared());
	}
}

static void take(unsigned long n)
{
	while (n-- > 0) {
		rte_pktmbuf_free(handoff_take(&handoff));
	}
}

double dpdk_mbuf_two_cores(unsigned long n)
{
	return bench_pair(give, take, n);
}

static void give_bursts(unsigned long n)
{
	struct rte_mbuf *bufs[BENCH_BURST];

	while (n-- > 0) {
		for (unsigned int i = 0; i < BENCH_BURST; i++) {
			bufs[i] = get_shared();
		}
		for (unsigned int i = 0; i < BENCH_BURST; i++) {
			handoff_give(&handoff, bufs[i]);
		}
	}
}

static void take_bursts(unsigned long n)
{
	struct rte_mbuf *bufs[BENCH_BURST];

	while (n-- > 0) {
		for (unsigned int i = 0; i < BENCH_BURST; i++) {
			bufs[i] = handoff_take(&handoff);
		}
		for (unsigned int i = 0; i < BENCH_BURST; i++) {
			rte_pktmbuf_free(bufs[i]);
		}
	}
}

double dpdk_mbuf_two_cores_bursts(unsigned long n)
{
	return bench_pair(give_bursts, take_bursts, n);
}

/* ---- pools of any size ----------------------------------------------------------------------- */

#define MOST 65535U

/* The pool that the last call used, and its size: a curve stays at a size for many calls. */
static struct rte_mempool *sized_pool;
static unsigned int size;
static struct rte_mbuf *taken[MOST];

static bool set_size(unsigned int x)
{
	if (size != x) {
		rte_mempool_free(sized_pool);
		sized_pool = create("sized", x - 1);
		size = x;
		if (sized_pool == NULL) {
			fprintf(stderr, "bench: DPDK has no memory for a pool of %u\n", x - 1);
		}
	}
	return sized_pool != NULL;
}

double dpdk_pool_pair(unsigned int x, unsigned long n)
{
	double begin;

	if (!set_size(x)) {
		return 0;
	}
	begin = bench_now();
	while (n-- > 0) {
		rte_pktmbuf_free(rte_pktmbuf_alloc(sized_pool));
	}
	return bench_now() - begin;
}

double dpdk_pool_all(unsigned int x, unsigned long n)
{
	double begin;

	if (!set_size(x)) {
		return 0;
	}
	begin = bench_now();
	while (n-- > 0) {
		for (unsigned int i = 0; i < x - 1; i++) {
			taken[i] = rte_pktmbuf_alloc(sized_pool);
		}
		for (unsigned int i = 0; i < x - 1; i++) {
			rte_pktmbuf_free(taken[i]);
		}
	}
	return bench_now() - begin;
}
