/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The pipeline on Zephyr: the sensors, the processor and the validator of the Linux program, and,
 * in place of the TCP sink, a queued sink with a thread that processes its events, and reports.
 *
 *     sensor1 --+                    +--> consumer (queued), checks every byte
 *               +--> processor_in ---+
 *     sensor2 --+                    +--> validator_in (immediate)
 */
#include <errno.h>

#include <zephyr/kernel.h>
#include <zephyr/packet_io/inspect.h>
#include <zephyr/packet_io/packet_io.h>
#include <zephyr/sys/byteorder.h>
#include <zephyr/sys/printk.h>

#include "packet.h"
#include "processor.h"
#include "sensors.h"
#include "validator.h"

#define RECORDS    200U   /* of both sensors together */
#define MILLIHERTZ 50000U /* rate of sensor1 */
#define EVENTS     (SENSOR_COUNT * SENSOR_BUFFERS)

static uint32_t received[SENSOR_COUNT];
static uint32_t faults;

static const char *check_packet(const uint8_t *packet, size_t len)
{
	if (len < PACKET_HEADER_SIZE + RECORD_HEAD_SIZE || sys_get_le32(packet) != PACKET_MAGIC ||
	    sys_get_le32(packet + 4) != len - PACKET_HEADER_SIZE) {
		return "its header is damaged";
	}
	return packet_check_record(packet + PACKET_HEADER_SIZE, len - PACKET_HEADER_SIZE, received);
}

static void consume(struct packet_sink *sink, struct net_buf *buf)
{
	static uint8_t packet[PACKET_HEADER_SIZE + RECORD_SIZE_MAX];
	size_t len = net_buf_linearize(packet, sizeof(packet), buf, 0, sizeof(packet));
	const char *fault = check_packet(packet, len);

	ARG_UNUSED(sink);
	if (fault == NULL) {
		received[packet[PACKET_HEADER_SIZE]]++;
	} else {
		printk("a packet is not as it was sent: %s\n", fault);
		faults++;
	}
}

PACKET_EVENT_QUEUE_DEFINE(consumer_events, EVENTS);
PACKET_SINK_DEFINE_QUEUED(consumer, consume, consumer_events);

PACKET_CONNECT(&sensor1, &processor_in);
PACKET_CONNECT(&sensor2, &processor_in);
PACKET_CONNECT(&processor_out, &consumer);
PACKET_CONNECT(&processor_out, &validator_in);

static int print_source(struct packet_source *source, void *user_data)
{
	uint32_t sent;
	uint32_t delivered;

	ARG_UNUSED(user_data);
	packet_source_get_stats(source, &sent, &delivered);
	printk("%s: sent %u, delivered %u\n", packet_source_name(source), (unsigned int)sent,
	       (unsigned int)delivered);
	return 0;
}

static int print_sink(struct packet_sink *sink, void *user_data)
{
	uint32_t handled;
	uint32_t dropped;

	ARG_UNUSED(user_data);
	packet_sink_get_stats(sink, &handled, &dropped);
	printk("%s: handled %u, dropped %u\n", packet_sink_name(sink), (unsigned int)handled,
	       (unsigned int)dropped);
	return 0;
}

static bool is_home(struct net_buf_pool *pool)
{
	return atomic_get(&pool->avail_count) == pool->buf_count;
}

/* @return whether all that was sent arrived, here and at the validator, and all came home. */
static bool all_is_good(void)
{
	bool good = faults == 0 && validator_bad() == 0 && processor_failures() == 0;

	for (uint8_t i = 0; i < SENSOR_COUNT; i++) {
		good = good && received[i] == sensors_sent(i) &&
		       validator_good(i) == sensors_sent(i) && is_home(sensors_pool(i));
	}
	return good && is_home(processor_pool());
}

static void nothing(void)
{
}

static void run(void *p1, void *p2, void *p3)
{
	const struct sensors_plan plan = {
		.millihertz = MILLIHERTZ, .count = RECORDS, .done = nothing};
	int ret = sensors_start(&plan);

	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	for (uint32_t i = 0; i < RECORDS && ret == 0; i++) {
		ret = packet_event_process(&consumer_events, K_SECONDS(10));
	}
	sensors_stop();
	(void)packet_source_foreach(print_source, NULL);
	(void)packet_sink_foreach(print_sink, NULL);
	if (ret == 0 && all_is_good()) {
		printk("Every packet arrived whole and in order; all buffers are home.\n");
	} else {
		printk("Something went wrong (%d).\n", ret);
	}
}

K_THREAD_DEFINE(consumer_thread, 1024, run, NULL, NULL, NULL, 6, 0, 0);
