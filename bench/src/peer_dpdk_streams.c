/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The work done with DPDK's ring for many producers and many consumers, and with buffers from a pool
 * without cache sent through it.
 */
#include "peer_dpdk.h"

#include <rte_mbuf.h>
#include <rte_ring.h>
#include <rte_ring_elem.h>

#define PLACES      256 /* of the ring, which holds one event less */
#define BUFFERS     255
#define BUFFER_SIZE 256
#define SINKS_MAX   256

struct event {
	void *sink;
	struct rte_mbuf *buf;
};

static struct rte_mempool *pool;
static struct rte_ring *ring;
static struct rte_ring *large_ring; /* for more than 255 sinks */
static unsigned long handled;

bool dpdk_streams_start(void)
{
	pool = rte_pktmbuf_pool_create("streams", BUFFERS, 0, 0, BUFFER_SIZE, 0);
	ring = rte_ring_create_elem("streams", sizeof(struct event), PLACES, 0, 0);
	large_ring = rte_ring_create_elem("fan-out", sizeof(struct event), 2 * SINKS_MAX, 0, 0);
	return pool != NULL && ring != NULL && large_ring != NULL;
}

static bool put(struct rte_mbuf *buf)
{
	struct event event = {ring, buf};

	return rte_ring_mp_enqueue_elem(ring, &event, sizeof(event)) == 0;
}

static bool get(struct event *event)
{
	return rte_ring_mc_dequeue_elem(ring, event, sizeof(*event)) == 0;
}

/* ---- events ---------------------------------------------------------------------------------- */

static bool put_event(void)
{
	return put(NULL);
}

static bool get_event(void)
{
	struct event event;

	return get(&event);
}

static const struct contestant contestant = {put_event, get_event};

CONTEST_DEFINE(dpdk_events, contestant);

/* ---- fan-out --------------------------------------------------------------------------------- */

double dpdk_fanout(unsigned int x, unsigned long n)
{
	struct rte_mbuf *buf = rte_pktmbuf_alloc(pool);
	double begin = bench_now();

	while (n-- > 0) {
		struct event event = {large_ring, buf};

		rte_mbuf_refcnt_update(buf, (int16_t)x);
		for (unsigned int i = 0; i < x; i++) {
			(void)rte_ring_mp_enqueue_elem(large_ring, &event, sizeof(event));
		}
		while (rte_ring_mc_dequeue_elem(large_ring, &event, sizeof(event)) == 0) {
			handled += event.buf->data_len;
			rte_pktmbuf_free(event.buf);
		}
	}
	begin = bench_now() - begin;
	rte_pktmbuf_free(buf);
	return begin;
}

/* ---- streams --------------------------------------------------------------------------------- */

/* Each buffer is in the ring at most once, so there is always room. */
static void send(unsigned long n)
{
	while (n-- > 0) {
		struct rte_mbuf *buf;

		while ((buf = rte_pktmbuf_alloc(pool)) == NULL) {
			bench_relax();
		}
		(void)put(buf);
	}
}

static void receive(unsigned long n)
{
	struct event event;

	while (n-- > 0) {
		while (!get(&event)) {
			bench_relax();
		}
		handled += event.buf->data_len;
		rte_pktmbuf_free(event.buf);
	}
}

double dpdk_stream(unsigned long n)
{
	return bench_pair(send, receive, n);
}

static void put_burst(struct rte_mbuf *const bufs[BENCH_BURST])
{
	struct event events[BENCH_BURST];

	for (unsigned int i = 0; i < BENCH_BURST; i++) {
		events[i] = (struct event){ring, bufs[i]};
	}
	(void)rte_ring_mp_enqueue_bulk_elem(ring, events, sizeof(events[0]), BENCH_BURST, NULL);
}

/* @return how many there were. */
static unsigned int get_burst(struct rte_mbuf *bufs[BENCH_BURST])
{
	struct event events[BENCH_BURST];
	unsigned int count =
		rte_ring_mc_dequeue_burst_elem(ring, events, sizeof(events[0]), BENCH_BURST, NULL);

	for (unsigned int i = 0; i < count; i++) {
		handled += events[i].buf->data_len;
		bufs[i] = events[i].buf;
	}
	return count;
}

static void send_bursts(unsigned long n)
{
	struct rte_mbuf *bufs[BENCH_BURST];

	while (n-- > 0) {
		while (rte_pktmbuf_alloc_bulk(pool, bufs, BENCH_BURST) != 0) {
			bench_relax();
		}
		put_burst(bufs);
	}
}

static void receive_bursts(unsigned long n)
{
	struct rte_mbuf *bufs[BENCH_BURST];

	n *= BENCH_BURST;
	while (n > 0) {
		unsigned int count = get_burst(bufs);

		if (count == 0) {
			bench_relax();
			continue;
		}
		rte_pktmbuf_free_bulk(bufs, count);
		n -= count;
	}
}

double dpdk_stream_bursts(unsigned long n)
{
	return bench_pair(send_bursts, receive_bursts, n);
}

double dpdk_batch(unsigned long n)
{
	struct rte_mbuf *bufs[BENCH_BURST];
	struct rte_mbuf *done[BENCH_BURST];
	double begin;

	if (rte_pktmbuf_alloc_bulk(pool, bufs, BENCH_BURST) != 0) {
		return 0;
	}
	begin = bench_now();
	while (n-- > 0) {
		for (unsigned int i = 0; i < BENCH_BURST; i++) {
			rte_mbuf_refcnt_update(bufs[i], 1);
		}
		put_burst(bufs);
		rte_pktmbuf_free_bulk(done, get_burst(done));
	}
	begin = bench_now() - begin;
	rte_pktmbuf_free_bulk(bufs, BENCH_BURST);
	return begin;
}
