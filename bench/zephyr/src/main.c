/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Instructions per operation, on a board under QEMU with -icount shift=6: each takes 64 ns of the
 * board's clock. (T(2n) - T(n)) / n takes away what does not belong to the operation; the loop
 * around it stays in.
 */
#include <zephyr/kernel.h>
#include <zephyr/packet_io/packet_io.h>
#include <zephyr/sys/printk.h>

#define N              5000U
#define NS_INSTRUCTION 64U

NET_BUF_POOL_DEFINE(pool, 4, 64, 0, NULL);

static void handler(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	ARG_UNUSED(buf);
}

PACKET_EVENT_QUEUE_DEFINE(events, 4);
PACKET_SINK_DEFINE_IMMEDIATE(i0, handler);
PACKET_SINK_DEFINE_IMMEDIATE(i1, handler);
PACKET_SINK_DEFINE_IMMEDIATE(i2, handler);
PACKET_SINK_DEFINE_IMMEDIATE(i3, handler);
PACKET_SINK_DEFINE_QUEUED(q0, handler, events);
PACKET_SINK_DEFINE_QUEUED(q1, handler, events);
PACKET_SINK_DEFINE_QUEUED(q2, handler, events);
PACKET_SINK_DEFINE_QUEUED(q3, handler, events);

PACKET_SOURCE_DEFINE(to_none);
PACKET_SOURCE_DEFINE(to_i1);
PACKET_SOURCE_DEFINE(to_i4);
PACKET_SOURCE_DEFINE(to_q1);
PACKET_SOURCE_DEFINE(to_q4);

PACKET_CONNECT(&to_i1, &i0);
PACKET_CONNECT(&to_i4, &i0);
PACKET_CONNECT(&to_i4, &i1);
PACKET_CONNECT(&to_i4, &i2);
PACKET_CONNECT(&to_i4, &i3);
PACKET_CONNECT(&to_q1, &q0);
PACKET_CONNECT(&to_q4, &q0);
PACKET_CONNECT(&to_q4, &q1);
PACKET_CONNECT(&to_q4, &q2);
PACKET_CONNECT(&to_q4, &q3);

static struct net_buf *buf;

static void send_to_none(void)
{
	(void)packet_source_send(&to_none, buf, K_NO_WAIT);
}

static void send_to_i1(void)
{
	(void)packet_source_send(&to_i1, buf, K_NO_WAIT);
}

static void send_to_i4(void)
{
	(void)packet_source_send(&to_i4, buf, K_NO_WAIT);
}

static void process(unsigned int count)
{
	while (count-- > 0) {
		(void)packet_event_process(&events, K_NO_WAIT);
	}
}

static void send_to_q1(void)
{
	(void)packet_source_send(&to_q1, buf, K_NO_WAIT);
	process(1);
}

static void send_to_q4(void)
{
	(void)packet_source_send(&to_q4, buf, K_NO_WAIT);
	process(4);
}

static void ref_unref(void)
{
	net_buf_unref(net_buf_ref(buf));
}

static uint32_t cycles(void (*operation)(void), uint32_t n)
{
	uint32_t start = k_cycle_get_32();

	while (n-- > 0) {
		operation();
	}
	return k_cycle_get_32() - start;
}

static void measure(const char *what, void (*operation)(void))
{
	uint32_t once = cycles(operation, N);
	uint64_t ns = k_cyc_to_ns_near64(cycles(operation, 2 * N) - once);
	uint32_t tenths = (uint32_t)(ns * 10 / N / NS_INSTRUCTION);

	printk("%s: %u.%u instructions\n", what, (unsigned int)(tenths / 10),
	       (unsigned int)(tenths % 10));
}

static void run(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	buf = net_buf_alloc(&pool, K_NO_WAIT);
	measure("net_buf ref and unref", ref_unref);
	measure("send to no sink", send_to_none);
	measure("send to 1 immediate sink", send_to_i1);
	measure("send to 4 immediate sinks", send_to_i4);
	measure("send to 1 queued sink and process", send_to_q1);
	measure("send to 4 queued sinks and process", send_to_q4);
	printk("PROJECT EXECUTION SUCCESSFUL\n");
}

K_THREAD_DEFINE(bench_thread, 2048, run, NULL, NULL, NULL, 5, 0, 0);
