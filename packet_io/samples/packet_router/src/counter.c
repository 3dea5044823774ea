/* SPDX-License-Identifier: Apache-2.0 */
#include "counter.h"

static struct counter_totals counted;

static void count(struct packet_sink *sink, struct net_buf *frame)
{
	uint64_t len = net_buf_frags_len(frame);

	ARG_UNUSED(sink);
	counted.frames++;
	counted.bytes += len;
	counted.longest = MAX(counted.longest, len);
}

PACKET_SINK_DEFINE_IMMEDIATE(counter, count);

void counter_totals(struct counter_totals *totals)
{
	*totals = counted;
}
