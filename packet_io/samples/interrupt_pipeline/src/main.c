/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A pipeline on a microcontroller without an operating system: a timer's interrupt takes samples and
 * sends them, one stage looks at each of them at once, in the interrupt, and the main loop does the
 * slow work, asleep in between.
 *
 *     timer ISR --> samples --+--> threshold (immediate, in the ISR) --> alarms --+
 *                             |                                                   |
 *                             +--> average (queued) ------------------------------+--> main loop
 *
 * Every now and then the main loop is busy for long, and the queue of the averages overflows: what
 * it misses is counted, and nothing else is disturbed.
 */
#include <zephyr/net_buf/watch.h>
#include <zephyr/packet_io/inspect.h>
#include <zephyr/packet_io/packet_io.h>
#include <zephyr/sys/byteorder.h>
#include <zephyr/sys/printk.h>

#include <errno.h>

#include <port/bare.h>

#include "timer.h"

#define SAMPLES       200
#define SAMPLE_TICKS  5
#define ALARM_ABOVE   900
#define BUSY_EVERY    50
#define BUSY_FOR_USEC 60000

NET_BUF_POOL_FIXED_DEFINE(sample_pool, 8, 8, 0, NULL);
NET_BUF_POOL_FIXED_DEFINE(alarm_pool, 4, 4, 0, NULL);

static uint32_t sum;
static uint32_t averaged;
static uint32_t highest;

PACKET_SOURCE_DEFINE(samples);
PACKET_SOURCE_DEFINE(alarms);

/* In the interrupt: quick, and it may send. */
static void check_threshold(struct packet_sink *sink, struct net_buf *buf)
{
	uint16_t value = sys_get_le16(buf->data);
	struct net_buf *alarm;

	ARG_UNUSED(sink);
	if (value <= ALARM_ABOVE) {
		return;
	}
	alarm = net_buf_alloc(&alarm_pool, K_NO_WAIT);
	if (alarm != NULL) {
		net_buf_add_le16(alarm, value);
		(void)packet_source_send_consume(&alarms, alarm, K_NO_WAIT);
	}
}

/* In the main loop. */
static void add_to_average(struct packet_sink *sink, struct net_buf *buf)
{
	ARG_UNUSED(sink);
	sum += sys_get_le16(buf->data);
	averaged++;
	if (averaged % BUSY_EVERY == 0) {
		k_busy_wait(BUSY_FOR_USEC);
	}
}

static void note_alarm(struct packet_sink *sink, struct net_buf *buf)
{
	uint16_t value = sys_get_le16(buf->data);

	ARG_UNUSED(sink);
	highest = MAX(highest, value);
}

PACKET_EVENT_QUEUE_DEFINE(slow_work, 6);
PACKET_SINK_DEFINE_IMMEDIATE(threshold, check_threshold);
PACKET_SINK_DEFINE_QUEUED(average, add_to_average, slow_work);
PACKET_SINK_DEFINE_QUEUED(alarm_log, note_alarm, slow_work);

PACKET_CONNECT(&samples, &threshold);
PACKET_CONNECT(&samples, &average);
PACKET_CONNECT(&alarms, &alarm_log);

static uint32_t taken;  /* samples; written by the ISR */
static uint32_t missed; /* because no buffer was free; written by the ISR */

static void take_sample(void)
{
	struct net_buf *buf = net_buf_alloc(&sample_pool, K_NO_WAIT);

	taken++;
	if (buf == NULL) {
		missed++;
		return;
	}
	/* A saw tooth, for want of a sensor. */
	net_buf_add_le16(buf, (uint16_t)(taken * 37 % 1000));
	(void)packet_source_send_consume(&samples, buf, K_NO_WAIT);
}

static void on_tick(void)
{
	static uint32_t ticks;

	port_clock_tick();
	if (++ticks % SAMPLE_TICKS == 0 && taken < SAMPLES) {
		take_sample();
	}
}

/* ---- the table ------------------------------------------------------------------------------- */

static int print_source(struct packet_source *src, void *user_data)
{
	uint32_t sent;
	uint32_t delivered;

	ARG_UNUSED(user_data);
	packet_source_get_stats(src, &sent, &delivered);
	printk("source %-12s sent %4u   delivered %4u\n", packet_source_name(src),
	       (unsigned int)sent, (unsigned int)delivered);
	return 0;
}

static int print_sink(struct packet_sink *sink, void *user_data)
{
	uint32_t handled;
	uint32_t dropped;

	ARG_UNUSED(user_data);
	packet_sink_get_stats(sink, &handled, &dropped);
	printk("sink   %-12s handled %4u   dropped %4u\n", packet_sink_name(sink),
	       (unsigned int)handled, (unsigned int)dropped);
	return 0;
}

static bool print_pool(struct net_buf_pool *pool)
{
	size_t home = net_buf_pool_free_count(pool);

	printk("pool   %-12s buffers %3u   home %3u   most in use %3u\n", pool->name,
	       pool->buf_count, (unsigned int)home, (unsigned int)net_buf_get_max_used(pool));
	return home == pool->buf_count;
}

/* @return whether everything that was sent is accounted for. */
static bool print_table(void)
{
	uint32_t handled;
	uint32_t dropped;
	bool home;

	printk("%u samples in %u ms; average %u, highest alarm %u, no buffer for %u\n",
	       (unsigned int)taken, (unsigned int)k_uptime_get_32(), (unsigned int)(sum / averaged),
	       (unsigned int)highest, (unsigned int)missed);
	(void)packet_source_foreach(print_source, NULL);
	(void)packet_sink_foreach(print_sink, NULL);
	home = print_pool(&sample_pool);
	home = print_pool(&alarm_pool) && home;
	packet_sink_get_stats(&average, &handled, &dropped);
	return home && handled + dropped + missed == SAMPLES && handled == averaged;
}

int main(void)
{
	bool good;

	printk("an interrupt every %u ms sends a sample; the main loop sleeps in between\n",
	       SAMPLE_TICKS * 1000 / CONFIG_SYS_CLOCK_TICKS_PER_SEC);
	timer_start(on_tick);
	while (packet_event_process(&slow_work, K_MSEC(100)) == 0) {
		/* until no packet comes any more */
	}
	good = print_table();
	printk(good ? "every packet is accounted for, every buffer is home\n"
		    : "something is missing\n");
	return good ? 0 : 1;
}
