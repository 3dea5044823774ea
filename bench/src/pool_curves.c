/* SPDX-License-Identifier: Apache-2.0 */
/** @file How the cost of a buffer of 256 bytes grows with its pool. */
#include <stdlib.h>

#include <zephyr/net_buf.h>

#include "bench.h"
#include "peer_dpdk.h"

#define BUFFER_SIZE 256
#define MOST        65535U

NET_BUF_POOL_FIXED_DEFINE(pool_16, 16, BUFFER_SIZE, 0, NULL);
NET_BUF_POOL_FIXED_DEFINE(pool_64, 64, BUFFER_SIZE, 0, NULL);
NET_BUF_POOL_FIXED_DEFINE(pool_256, 256, BUFFER_SIZE, 0, NULL);
NET_BUF_POOL_FIXED_DEFINE(pool_1024, 1024, BUFFER_SIZE, 0, NULL);
NET_BUF_POOL_FIXED_DEFINE(pool_4096, 4096, BUFFER_SIZE, 0, NULL);
NET_BUF_POOL_FIXED_DEFINE(pool_16384, 16384, BUFFER_SIZE, 0, NULL);
NET_BUF_POOL_FIXED_DEFINE(pool_65535, 65535, BUFFER_SIZE, 0, NULL);

static const unsigned int sizes[] = {16, 64, 256, 1024, 4096, 16384, 65535, 0};
static struct net_buf_pool *const pools[] = {
	&pool_16, &pool_64, &pool_256, &pool_1024, &pool_4096, &pool_16384, &pool_65535,
};

static void *taken[MOST];

static struct net_buf_pool *pool_of(unsigned int x)
{
	unsigned int i = 0;

	while (sizes[i] != x) {
		i++;
	}
	return pools[i];
}

static double pair(unsigned int x, unsigned long n)
{
	struct net_buf_pool *pool = pool_of(x);
	double begin = bench_now();

	while (n-- > 0) {
		net_buf_unref(net_buf_alloc(pool, K_NO_WAIT));
	}
	return bench_now() - begin;
}

static double all(unsigned int x, unsigned long n)
{
	struct net_buf_pool *pool = pool_of(x);
	double begin = bench_now();

	while (n-- > 0) {
		for (unsigned int i = 0; i < x; i++) {
			taken[i] = net_buf_alloc(pool, K_NO_WAIT);
		}
		for (unsigned int i = 0; i < x; i++) {
			net_buf_unref(taken[i]);
		}
	}
	return bench_now() - begin;
}

static double malloc_all(unsigned int x, unsigned long n)
{
	double begin = bench_now();

	while (n-- > 0) {
		for (unsigned int i = 0; i < x; i++) {
			taken[i] = malloc(BUFFER_SIZE);
		}
		for (unsigned int i = 0; i < x; i++) {
			free(taken[i]);
		}
	}
	return bench_now() - begin;
}

#define PKTMBUF "rte_pktmbuf without cache"

const struct bench_curve bench_pool_curves[] = {
	{
		.work = "net_buf alloc + release, one at a time",
		.x_name = "buffers of the pool",
		.x = sizes,
		.sides = {{.name = "ours", .run = pair}, {.name = PKTMBUF, .run = dpdk_pool_pair}},
	},
	{
		.work = "net_buf alloc + release, all of the pool, of one",
		.x_name = "buffers of the pool",
		.x = sizes,
		.per_x = true,
		.sides = {{.name = "ours", .run = all},
			  {.name = PKTMBUF, .run = dpdk_pool_all},
			  {.name = "glibc malloc", .run = malloc_all}},
	},
	{.work = NULL},
};
