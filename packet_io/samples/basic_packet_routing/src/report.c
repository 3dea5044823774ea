/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <zephyr/packet_io/inspect.h>

#include "processor.h"
#include "receiver.h"
#include "report.h"
#include "sensors.h"
#include "tcp_sink.h"

#if !defined(CONFIG_PACKET_IO_STATS) || !defined(CONFIG_NET_BUF_POOL_USAGE) || !defined(CONFIG_POLL)
#error "this sample needs CONFIG_PACKET_IO_STATS, CONFIG_NET_BUF_POOL_USAGE and CONFIG_POLL"
#endif

static bool line_is_open; /* the progress line has no end yet */

void report_error(const char *format, ...)
{
	va_list args;

	report_progress_end();
	va_start(args, format);
	(void)fputs("basic_packet_routing: ", stderr);
	(void)vfprintf(stderr, format, args);
	(void)fputc('\n', stderr);
	va_end(args);
}

int report_progress_interval(void)
{
	return isatty(STDERR_FILENO) ? 100 : 1000;
}

void report_progress(int64_t elapsed_ms)
{
	bool tty = isatty(STDERR_FILENO);

	(void)fprintf(stderr, "%s%5.1f s  sensor1 %lu  sensor2 %lu  sent to peer %lu  queued %lu%s",
		      tty ? "\r" : "", (double)elapsed_ms / 1000, (unsigned long)sensors_sent(0),
		      (unsigned long)sensors_sent(1), (unsigned long)tcp_sink_sent(),
		      (unsigned long)tcp_sink_queued(), tty ? "\033[K" : "\n");
	(void)fflush(stderr);
	line_is_open = tty;
}

void report_progress_end(void)
{
	if (line_is_open) {
		(void)fputc('\n', stderr);
		line_is_open = false;
	}
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

	(void)printf("%-16s %10u %10u %10u\n", pool->name, size,
		     (unsigned int)net_buf_get_available(pool),
		     size - (unsigned int)net_buf_get_max_used(pool));
}

bool report_table(const struct receiver_report *received)
{
	(void)printf("%-16s %10s %10s\n", "source", "sent", "delivered");
	(void)packet_source_foreach(print_source, NULL);
	(void)printf("\n%-16s %10s %10s\n", "sink", "handled", "dropped");
	(void)packet_sink_foreach(print_sink, NULL);
	(void)printf("\n%-16s %10s %10s %10s\n", "pool", "size", "free", "low-water");
	print_pool(sensors_pool(0));
	print_pool(sensors_pool(1));
	print_pool(processor_pool());
	(void)printf("\n%lu packets sent to the peer", (unsigned long)tcp_sink_sent());
	if (received != NULL) {
		(void)printf("; received and good: %lu from sensor1, %lu from sensor2, %llu bytes",
			     (unsigned long)received->packets[0],
			     (unsigned long)received->packets[1],
			     (unsigned long long)received->bytes);
	}
	(void)putchar('\n');
	if (sensors_waits() != 0) {
		(void)printf(
			"sensors waited %lu times for a buffer: the peer is slower than they are\n",
			(unsigned long)sensors_waits());
	}
	return fflush(stdout) == 0 && ferror(stdout) == 0;
}
