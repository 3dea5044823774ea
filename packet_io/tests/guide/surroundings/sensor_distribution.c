/* SPDX-License-Identifier: Apache-2.0 */
#include "surroundings.h"

typedef enum {
	ACCEL = 'a',
	GYRO = 'g',
	MAG = 'm',
} sensor_type_t;

static unsigned int fused['m' + 1];
static unsigned int logged;
static unsigned int uploaded;

static sensor_type_t identify_sensor(struct net_buf *buf)
{
	return (sensor_type_t)buf->data[0];
}

static void update_fusion_state(sensor_type_t type, struct net_buf *buf)
{
	zassert_equal(buf->len, 1);
	fused[type]++;
}

static void log_sensor_data(struct net_buf *buf)
{
	zassert_equal(buf->len, 1);
	logged++;
}

static void upload_to_cloud(struct net_buf *buf)
{
	zassert_equal(buf->data[0], 'a', "not an acceleration");
	uploaded++;
}

#include "definitions.inc"

NET_BUF_POOL_DEFINE(pool, 8, 1, 4, NULL);

static void send(struct packet_source *source, const char *type, int sinks)
{
	zassert_equal(send_bytes(source, &pool, type, 1), sinks);
}

ZTEST(guide, test_sensor_distribution)
{
	send(&accel_source, "a", 3);
	send(&accel_source, "a", 3);
	send(&gyro_source, "g", 2);
	send(&mag_source, "m", 2);
	zassert_equal(logged, 4);

	for (int i = 0; i < 4; i++) {
		zassert_ok(packet_event_process(&fusion_queue, K_NO_WAIT));
	}
	zassert_equal(fused[ACCEL], 2);
	zassert_equal(fused[GYRO], 1);
	zassert_equal(fused[MAG], 1);
	for (int i = 0; i < 2; i++) {
		zassert_ok(packet_event_process(&network_queue, K_NO_WAIT));
	}
	zassert_equal(uploaded, 2);
	zassert_equal(packet_event_process(&fusion_queue, K_NO_WAIT), -EAGAIN);
	zassert_equal(packet_event_process(&network_queue, K_NO_WAIT), -EAGAIN);
	check_all_home(&pool);
}
