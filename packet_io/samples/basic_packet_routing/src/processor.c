/* SPDX-License-Identifier: Apache-2.0 */
#include "processor.h"

#include <zephyr/sys/atomic.h>

#include "packet.h"

NET_BUF_POOL_DEFINE(header_pool, PROCESSOR_HEADERS, PACKET_HEADER_SIZE, 0, NULL);

static atomic_t failures;

static void add_header(struct packet_sink *sink, struct net_buf *record)
{
	struct net_buf *header = net_buf_alloc(&header_pool, K_NO_WAIT);

	ARG_UNUSED(sink);
	if (header == NULL) {
		(void)atomic_inc(&failures);
		return;
	}
	net_buf_add_le32(header, PACKET_MAGIC);
	net_buf_add_le32(header, (uint32_t)net_buf_frags_len(record));

	/* The record is borrowed; the chain needs a reference to it of its own. */
	if (net_buf_ref(record) == NULL) {
		net_buf_unref(header);
		(void)atomic_inc(&failures);
		return;
	}
	net_buf_frag_insert(header, record);
	(void)packet_source_send_consume(&processor_out, header, K_NO_WAIT);
}

PACKET_SINK_DEFINE_IMMEDIATE(processor_in, add_header);
PACKET_SOURCE_DEFINE(processor_out);

struct net_buf_pool *processor_pool(void)
{
	return &header_pool;
}

uint32_t processor_failures(void)
{
	return (uint32_t)atomic_get(&failures);
}
