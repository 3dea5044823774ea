/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>

#include <zephyr/packet_io/inspect.h>

#include "capture.h"
#include "counter.h"
#include "report.h"
#include "router.h"
#include "writers.h"

#if !defined(CONFIG_PACKET_IO_STATS) || !defined(CONFIG_NET_BUF_POOL_USAGE) || !defined(CONFIG_POLL)
#error "this sample needs CONFIG_PACKET_IO_STATS, CONFIG_NET_BUF_POOL_USAGE and CONFIG_POLL"
#endif

void report_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)fputs("packet_router: ", stderr);
	(void)vfprintf(stderr, format, args);
	(void)fputc('\n', stderr);
	va_end(args);
}

static int print_source(struct packet_source *source, void *user_data)
{
	uint32_t sent;
	uint32_t delivered;

	ARG_UNUSED(user_data);
	packet_source_get_stats(source, &sent, &delivered);
	(void)printf("%-16s %10lu %10lu\n", packet_source_name(source), (unsigned long)sent,
		     (unsigned long)delivered);
	return 0;
}

static int print_sink(struct packet_sink *sink, void *user_data)
{
	uint32_t handled;
	uint32_t dropped;

	ARG_UNUSED(user_data);
	packet_sink_get_stats(sink, &handled, &dropped);
	(void)printf("%-16s %10lu %10lu  %s\n", packet_sink_name(sink), (unsigned long)handled,
		     (unsigned long)dropped,
		     sink->mode == SINK_MODE_QUEUED ? "queued" : "immediate");
	return 0;
}

static void print_pool(struct net_buf_pool *pool)
{
	unsigned int size = pool->buf_count;

	(void)printf("\n%-16s %10s %10s %10s\n", "pool", "size", "free", "low-water");
	(void)printf("%-16s %10u %10u %10u\n", pool->name, size,
		     (unsigned int)net_buf_get_available(pool),
		     size - (unsigned int)net_buf_get_max_used(pool));
}

static void print_files(void)
{
	(void)printf("\n%-16s %10s %10s\n", "file", "frames", "bytes");
	for (int i = 0; i < WRITER_COUNT; i++) {
		const struct capture_file *file = writers_file(i);

		(void)printf("%-16s %10llu %10llu\n", file->path, (unsigned long long)file->frames,
			     (unsigned long long)file->bytes);
	}
}

static void print_totals(void)
{
	struct capture_counts counts;
	struct counter_totals totals;

	capture_counts(&counts);
	counter_totals(&totals);
	(void)printf("\ncaptured: %llu frames, %llu bytes; routed: %llu frames, %llu bytes, "
		     "the longest %llu\n",
		     (unsigned long long)counts.frames, (unsigned long long)counts.bytes,
		     (unsigned long long)totals.frames, (unsigned long long)totals.bytes,
		     (unsigned long long)totals.longest);
	(void)printf("dropped: %llu without a buffer", (unsigned long long)counts.no_buffer);
	if (counts.has_kernel) {
		(void)printf(", %u by the kernel, %u by the interface", counts.by_kernel,
			     counts.by_interface);
	}
	(void)printf("; by queues as above\n");
}

bool report_table(void)
{
	(void)printf("%-16s %10s %10s\n", "source", "sent", "delivered");
	(void)packet_source_foreach(print_source, NULL);
	(void)printf("\n%-16s %10s %10s\n", "sink", "handled", "dropped");
	(void)packet_sink_foreach(print_sink, NULL);
	print_pool(capture_pool());
	print_files();
	print_totals();
	return fflush(stdout) == 0 && ferror(stdout) == 0;
}

bool report_balance(void)
{
	size_t away = capture_pool()->buf_count - net_buf_get_available(capture_pool());
	struct capture_counts counts;
	struct counter_totals totals;
	uint32_t dropped;

	capture_counts(&counts);
	counter_totals(&totals);
	packet_sink_get_stats(&router_in, NULL, &dropped);
	if (counts.frames != totals.frames + counts.no_buffer + dropped) {
		report_error("%llu frames were captured, %llu routed and %llu dropped before that",
			     (unsigned long long)counts.frames, (unsigned long long)totals.frames,
			     (unsigned long long)counts.no_buffer + dropped);
		return false;
	}
	if (away != 0) {
		report_error("%zu buffers did not come home", away);
		return false;
	}
	return true;
}
