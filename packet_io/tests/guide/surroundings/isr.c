/* SPDX-License-Identifier: Apache-2.0 */
#include "surroundings.h"

#include <zephyr/irq_offload.h>

static atomic_t packets_received;
static atomic_t processed;

static void process_handler(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	zassert_false(k_is_in_isr());
	zassert_equal(buf->data[63], 63);
	(void)atomic_inc(&processed);
}

static void read_hardware_fifo(uint8_t *data, size_t len)
{
	zassert_true(k_is_in_isr());
	for (size_t i = 0; i < len; i++) {
		data[i] = (uint8_t)i;
	}
}

NET_BUF_POOL_DEFINE(isr_pool, 2, 64, 4, NULL);
PACKET_SOURCE_DEFINE(isr_source);

#include "definitions.inc"

PACKET_SINK_DEFINE_IMMEDIATE(counting_sink, event_handler);
PACKET_CONNECT(&isr_source, &counting_sink);
PACKET_CONNECT(&isr_source, &isr_sink);

static void interrupt(const void *arg)
{
	ARG_UNUSED(arg);
	my_isr(NULL);
}

ZTEST(guide, test_isr)
{
	/* The third finds the pool empty. */
	for (int i = 0; i < 3; i++) {
		irq_offload(interrupt, NULL);
	}
	zassert_equal(atomic_get(&packets_received), 2);
	zassert_equal(atomic_get(&processed), 0);
	while (packet_event_process(&isr_queue, K_NO_WAIT) == 0) {
	}
	zassert_equal(atomic_get(&processed), 2);
	check_all_home(&isr_pool);
}
