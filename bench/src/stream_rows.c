/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Packets that one thread allocates and sends, and another one processes and releases; and batches of
 * them, with two threads and with one.
 */
#include <stdlib.h>

#include <zephyr/packet_io/batch.h>

#include "peer_cond.h"
#include "peer_dpdk.h"

#define BUFFERS     255
#define BUFFER_SIZE 256

/* Each buffer is in the queue at most once, so there is always room. */
NET_BUF_POOL_FIXED_DEFINE(stream_pool, BUFFERS, BUFFER_SIZE, 0, NULL);
PACKET_EVENT_QUEUE_DEFINE(stream_queue, BUFFERS);

static unsigned long handled;

static void handler(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	handled += buf->len;
}

PACKET_SOURCE_DEFINE(stream_source);
PACKET_SINK_DEFINE_QUEUED(stream_sink, handler, stream_queue);
PACKET_CONNECT(&stream_source, &stream_sink);

static void send(unsigned long n)
{
	while (n-- > 0) {
		struct net_buf *buf;

		while ((buf = net_buf_alloc(&stream_pool, K_NO_WAIT)) == NULL) {
			bench_relax();
		}
		(void)packet_source_send_consume(&stream_source, buf, K_NO_WAIT);
	}
}

static void receive(unsigned long n)
{
	while (n-- > 0) {
		while (packet_event_process(&stream_queue, K_NO_WAIT) != 0) {
			bench_relax();
		}
	}
}

static double stream(unsigned long n)
{
	return bench_pair(send, receive, n);
}

static void send_blocking(unsigned long n)
{
	while (n-- > 0) {
		struct net_buf *buf = net_buf_alloc(&stream_pool, K_FOREVER);

		(void)packet_source_send_consume(&stream_source, buf, K_FOREVER);
	}
}

static void receive_blocking(unsigned long n)
{
	while (n-- > 0) {
		(void)packet_event_process(&stream_queue, K_FOREVER);
	}
}

static double stream_blocking(unsigned long n)
{
	return bench_pair(send_blocking, receive_blocking, n);
}

static void alloc_burst(struct net_buf *bufs[BENCH_BURST])
{
	for (unsigned int i = 0; i < BENCH_BURST; i++) {
		while ((bufs[i] = net_buf_alloc(&stream_pool, K_NO_WAIT)) == NULL) {
			bench_relax();
		}
	}
}

static void send_bursts(unsigned long n)
{
	struct net_buf *bufs[BENCH_BURST];

	while (n-- > 0) {
		alloc_burst(bufs);
		(void)packet_source_send_batch_consume(&stream_source, bufs, BENCH_BURST,
						       K_NO_WAIT);
	}
}

static void receive_bursts(unsigned long n)
{
	n *= BENCH_BURST;
	while (n > 0) {
		int count = packet_event_process_batch(&stream_queue, BENCH_BURST, K_NO_WAIT);

		if (count > 0) {
			n -= (unsigned long)count;
		} else {
			bench_relax();
		}
	}
}

static double stream_bursts(unsigned long n)
{
	return bench_pair(send_bursts, receive_bursts, n);
}

static double batch(unsigned long n)
{
	struct net_buf *bufs[BENCH_BURST];
	double begin;

	alloc_burst(bufs);
	begin = bench_now();
	while (n-- > 0) {
		(void)packet_source_send_batch(&stream_source, bufs, BENCH_BURST, K_NO_WAIT);
		(void)packet_event_process_batch(&stream_queue, BENCH_BURST, K_NO_WAIT);
	}
	begin = bench_now() - begin;
	for (unsigned int i = 0; i < BENCH_BURST; i++) {
		net_buf_unref(bufs[i]);
	}
	return begin;
}

/* ---- malloc(), a mutex and condition variables ----------------------------------------------- */

static void malloc_send(unsigned long n)
{
	while (n-- > 0) {
		struct cond_event event = {&stream_sink, malloc(BUFFER_SIZE)};

		cond_queue_put(&event);
	}
}

static void malloc_receive(unsigned long n)
{
	struct cond_event event;

	while (n-- > 0) {
		cond_queue_get(&event);
		handled++;
		free(event.buf);
	}
}

static double malloc_stream(unsigned long n)
{
	return bench_pair(malloc_send, malloc_receive, n);
}

/* ---- rows ------------------------------------------------------------------------------------ */

#define RING "rte_pktmbuf, rte_ring MP/MC"
#define COND "malloc, mutex + condition variable"

const struct bench_row bench_stream_rows[] = {
	{
		.work = "stream to a queued sink, spinning",
		.run = stream,
		.threads = true,
		.peers = {{.name = RING, .run = dpdk_stream, .target = 1.0}},
	},
	{
		.work = "stream to a queued sink, spinning, batches",
		.run = stream_bursts,
		.per_op = BENCH_BURST,
		.threads = true,
		.peers = {{.name = RING, .run = dpdk_stream_bursts}},
	},
	{
		.work = "stream to a queued sink, blocking",
		.run = stream_blocking,
		.threads = true,
		.peers = {{.name = COND, .run = malloc_stream, .target = 1.0}},
	},
	{
		.work = "batch of 32 sent and drained, of one",
		.run = batch,
		.per_op = BENCH_BURST,
		.peers = {{.name = RING, .run = dpdk_batch}},
	},
	{.work = NULL},
};
