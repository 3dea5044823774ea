/* SPDX-License-Identifier: Apache-2.0 */
/** @file The work done with DPDK's mbufs and rings, without huge pages. */
#include <stdio.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_mbuf.h>
#include <rte_ring.h>
#include <rte_ring_elem.h>

#include "handoff.h"

#define BUFFERS     63
#define BUFFER_SIZE 256
#define EVENTS      256
#define CACHED      511 /* buffers of the pool that has a cache */
#define CACHE_SIZE  32

struct event {
	void *sink;
	struct rte_mbuf *buf;
};

static struct rte_mempool *pool;
static struct rte_mempool *cached_pool;
static struct rte_ring *ring;

bool bench_dpdk_start(void)
{
	char *argv[] = {"bench",
			"--no-huge",
			"--no-shconf",
			"--no-pci",
			"--no-telemetry",
			"--log-level=1",
			"-m",
			"64",
			"-l",
			"0",
			NULL};

	if (rte_eal_init(sizeof(argv) / sizeof(argv[0]) - 1, argv) < 0) {
		fprintf(stderr, "bench: DPDK does not start: %s\n", rte_strerror(rte_errno));
		return false;
	}
	pool = rte_pktmbuf_pool_create("bench", BUFFERS, 0, 0, BUFFER_SIZE, 0);
	cached_pool = rte_pktmbuf_pool_create("cached", CACHED, CACHE_SIZE, 0, BUFFER_SIZE, 0);
	ring = rte_ring_create_elem("bench", sizeof(struct event), EVENTS, 0, 0);
	if (pool == NULL || cached_pool == NULL || ring == NULL) {
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

static int enqueue(struct event *event)
{
	return rte_ring_mp_enqueue_elem(ring, event, sizeof(*event));
}

static int dequeue(struct event *event)
{
	return rte_ring_mc_dequeue_elem(ring, event, sizeof(*event));
}

double dpdk_ring_same_thread(unsigned long n)
{
	struct event event = {ring, NULL};
	double begin = bench_now();

	while (n-- > 0) {
		(void)enqueue(&event);
		(void)dequeue(&event);
	}
	return bench_now() - begin;
}

static void producer(unsigned long n)
{
	struct event event = {ring, NULL};

	while (n-- > 0) {
		while (enqueue(&event) != 0) {
			bench_relax();
		}
	}
}

static void consumer(unsigned long n)
{
	struct event event;

	while (n-- > 0) {
		while (dequeue(&event) != 0) {
			bench_relax();
		}
	}
}

double dpdk_ring_pair(unsigned long n)
{
	return bench_pair(producer, consumer, n);
}

static unsigned long handled;

static double fanout(unsigned int sinks, unsigned long n)
{
	struct rte_mbuf *buf = rte_pktmbuf_alloc(pool);
	double begin = bench_now();

	while (n-- > 0) {
		struct event event = {ring, buf};

		rte_mbuf_refcnt_update(buf, (int16_t)sinks);
		for (unsigned int i = 0; i < sinks; i++) {
			(void)enqueue(&event);
		}
		while (dequeue(&event) == 0) {
			handled += event.buf->data_len;
			rte_pktmbuf_free(event.buf);
		}
	}
	begin = bench_now() - begin;
	rte_pktmbuf_free(buf);
	return begin;
}

double dpdk_fanout_queued_1(unsigned long n)
{
	return fanout(1, n);
}

double dpdk_fanout_queued_4(unsigned long n)
{
	return fanout(4, n);
}

double dpdk_fanout_queued_16(unsigned long n)
{
	return fanout(16, n);
}
