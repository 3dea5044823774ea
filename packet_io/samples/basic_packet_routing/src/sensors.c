/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A sensor that finds all its buffers in use waits until one comes home. That is the flow control
 * of the whole pipeline: there are as many headers and as many places in the queue as there are
 * buffers, so nothing behind a sensor can be full.
 */
#include "sensors.h"

#include <errno.h>

#include <zephyr/packet_io/inspect.h>

#include "packet.h"
#include "processor.h"

#define STACK_SIZE 4096
#define PRIORITY   5

BUILD_ASSERT(SENSOR_COUNT *SENSOR_BUFFERS <= PROCESSOR_HEADERS, "a header for every record");

PACKET_SOURCE_DEFINE(sensor1);
PACKET_SOURCE_DEFINE(sensor2);

NET_BUF_POOL_DEFINE(sensor1_pool, SENSOR_BUFFERS, RECORD_SIZE_MAX, 0, NULL);
NET_BUF_POOL_DEFINE(sensor2_pool, SENSOR_BUFFERS, RECORD_SIZE_MAX, 0, NULL);

K_THREAD_STACK_ARRAY_DEFINE(stacks, SENSOR_COUNT, STACK_SIZE);

/* Constant but for what is written below "state". */
struct sensor {
	struct packet_source *source;
	struct net_buf_pool *pool;
	uint32_t payload;   /* bytes */
	uint32_t slow_down; /* its period in periods of sensor1 */
	/* state */
	struct k_thread thread;
	struct k_sem stop; /* given once, when it shall end */
	atomic_t sent;
};

static struct sensor sensors[SENSOR_COUNT] = {
	{.source = &sensor1, .pool = &sensor1_pool, .payload = 96, .slow_down = 1},
	{.source = &sensor2, .pool = &sensor2_pool, .payload = 24, .slow_down = 4},
};

static struct sensors_plan plan;
static atomic_t started; /* records begun by both */
static atomic_t running; /* threads that have not ended */
static atomic_t waits;

/* @return whether there is another record to make. */
static bool claim_record(void)
{
	return plan.count == 0 || (uint64_t)atomic_inc(&started) < plan.count;
}

static void send_record(struct sensor *sensor)
{
	uint8_t id = (uint8_t)(sensor - sensors);
	uint32_t sequence = (uint32_t)atomic_get(&sensor->sent);
	struct net_buf *record = net_buf_alloc(sensor->pool, K_NO_WAIT);
	uint8_t *payload;

	if (record == NULL) {
		(void)atomic_inc(&waits);
		record = net_buf_alloc(sensor->pool, K_FOREVER);
	}
	net_buf_add_u8(record, id);
	net_buf_add_le24(record, 0);
	net_buf_add_le32(record, sequence);
	payload = net_buf_add(record, sensor->payload);
	for (uint32_t i = 0; i < sensor->payload; i++) {
		payload[i] = packet_payload_byte(id, sequence, i);
	}
	(void)packet_source_send_consume(sensor->source, record, K_NO_WAIT);
	(void)atomic_inc(&sensor->sent);
}

/* When record number @p n is due, counted from @p start; no error adds up. */
static k_ticks_t due(const struct sensor *sensor, k_ticks_t start, uint64_t n)
{
	uint64_t periods = n * sensor->slow_down * 1000U; /* thousandths of sensor1's */
	uint64_t seconds = periods / plan.millihertz;
	uint64_t rest = periods % plan.millihertz;

	return start + (k_ticks_t)(seconds * CONFIG_SYS_CLOCK_TICKS_PER_SEC +
				   rest * CONFIG_SYS_CLOCK_TICKS_PER_SEC / plan.millihertz);
}

static void run(void *p1, void *p2, void *p3)
{
	struct sensor *sensor = p1;
	k_ticks_t start = k_uptime_ticks();
	uint64_t n = 0;

	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	while (claim_record()) {
		send_record(sensor);
		n++;
		if (k_sem_take(&sensor->stop, K_TIMEOUT_ABS_TICKS(due(sensor, start, n))) == 0) {
			break;
		}
	}
	if (atomic_dec(&running) == 1) {
		plan.done();
	}
}

int sensors_start(const struct sensors_plan *new_plan)
{
	plan = *new_plan;
	(void)atomic_set(&running, SENSOR_COUNT);
	for (uint32_t i = 0; i < SENSOR_COUNT; i++) {
		struct sensor *sensor = &sensors[i];

		(void)k_sem_init(&sensor->stop, 0, 1);
		if (k_thread_create(&sensor->thread, stacks[i], STACK_SIZE, run, sensor, NULL, NULL,
				    PRIORITY, 0, K_FOREVER) == NULL) {
			return -EAGAIN;
		}
		(void)k_thread_name_set(&sensor->thread, packet_source_name(sensor->source));
	}
	for (uint32_t i = 0; i < SENSOR_COUNT; i++) {
		k_thread_start(&sensors[i].thread);
	}
	return 0;
}

void sensors_stop(void)
{
	for (uint32_t i = 0; i < SENSOR_COUNT; i++) {
		k_sem_give(&sensors[i].stop);
	}
	for (uint32_t i = 0; i < SENSOR_COUNT; i++) {
		(void)k_thread_join(&sensors[i].thread, K_FOREVER);
	}
}

bool sensors_done(void)
{
	return atomic_get(&running) == 0;
}

uint32_t sensors_sent(uint8_t sensor)
{
	return (uint32_t)atomic_get(&sensors[sensor].sent);
}

uint32_t sensors_waits(void)
{
	return (uint32_t)atomic_get(&waits);
}

struct net_buf_pool *sensors_pool(uint8_t sensor)
{
	return sensors[sensor].pool;
}
