/* SPDX-License-Identifier: Apache-2.0 */
#include "surroundings.h"

static atomic_t seen;

PACKET_SOURCE_DEFINE(sensor_source);
PACKET_SOURCE_DEFINE(data_source);
PACKET_SINK_DEFINE_WITH_DATA(debug_sink, count_packet, NULL, &seen);
NET_BUF_POOL_DEFINE(pool, 1, 16, 4, NULL);

#include "definitions.inc"

static int sinks_of(struct packet_source *source)
{
	return send_bytes(source, &pool, "x", 1);
}

ZTEST(guide, test_runtime_wiring)
{
	zassert_equal(sinks_of(&sensor_source), 0);

#include "step_1.inc"

	zassert_equal(sinks_of(&sensor_source), 1);
	zassert_equal(packet_connection_add(&runtime_conn), -EBUSY);

#include "step_2.inc"

	zassert_equal(sinks_of(&sensor_source), 0);
	zassert_equal(packet_connection_remove(&runtime_conn), -ENOENT);

	for (int i = 0; i < 3; i++) {
		enable_debug_monitoring(true);
		zassert_equal(sinks_of(&data_source), 1);
		enable_debug_monitoring(false);
		zassert_equal(sinks_of(&data_source), 0);
	}
	zassert_equal(atomic_get(&seen), 4);
	check_all_home(&pool);
}
