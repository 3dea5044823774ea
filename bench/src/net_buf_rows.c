/* SPDX-License-Identifier: Apache-2.0 */
/** @file Buffers of 256 bytes, taken and given back. */
#include <stdlib.h>

#include <zephyr/net_buf.h>

#include "bench.h"

#define BUFFERS     64
#define BUFFER_SIZE 256

NET_BUF_POOL_FIXED_DEFINE(bench_pool, BUFFERS, BUFFER_SIZE, 0, NULL);

static double alloc_release(unsigned long n)
{
	double begin = bench_now();

	while (n-- > 0) {
		net_buf_unref(net_buf_alloc(&bench_pool, K_NO_WAIT));
	}
	return bench_now() - begin;
}

static double malloc_free(unsigned long n)
{
	double begin = bench_now();

	while (n-- > 0) {
		void *volatile block = malloc(BUFFER_SIZE);

		free(block);
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

const struct bench_row bench_net_buf_rows[] = {
	{
		.work = "net_buf alloc + release",
		.run = alloc_release,
		.instructions_target = 90,
		.instructions_aim = 65,
		.peers =
			{
				{.name = "rte_pktmbuf without cache",
				 .run = dpdk_mbuf_pair,
				 .target = 1.0},
				{.name = "glibc malloc", .run = malloc_free},
			},
	},
	{.work = "net_buf ref + unref", .run = ref_unref},
	{.work = NULL},
};
