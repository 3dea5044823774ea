/* SPDX-License-Identifier: Apache-2.0 */
/** @file The counters. */
#include "internal.h"

static void report(uint32_t *to, const atomic_t *counter)
{
	if (to != NULL) {
		*to = counter != NULL ? (uint32_t)atomic_get(counter) : 0;
	}
}

void packet_source_get_stats(struct packet_source *src, uint32_t *send_count,
			     uint32_t *queued_total)
{
	report(send_count, src != NULL ? &src->send_count : NULL);
	report(queued_total, src != NULL ? &src->queued_total : NULL);
}

void packet_sink_get_stats(struct packet_sink *sink, uint32_t *handled_count,
			   uint32_t *dropped_count)
{
	report(handled_count, sink != NULL ? &sink->handled_count : NULL);
	report(dropped_count, sink != NULL ? &sink->dropped_count : NULL);
}

void packet_source_reset_stats(struct packet_source *src)
{
	if (src != NULL) {
		(void)atomic_clear(&src->send_count);
		(void)atomic_clear(&src->queued_total);
	}
}

void packet_sink_reset_stats(struct packet_sink *sink)
{
	if (sink != NULL) {
		(void)atomic_clear(&sink->handled_count);
		(void)atomic_clear(&sink->dropped_count);
	}
}
