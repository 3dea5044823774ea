/* SPDX-License-Identifier: Apache-2.0 */
#include <zephyr/packet_io/inspect.h>

#include "processor.h"
#include "receiver.h"
#include "report.h"
#include "sensors.h"
#include "tcp_sink.h"
#include "validator.h"

static bool is_equal(const char *what, uint32_t sensor, uint32_t is, uint32_t must)
{
	if (is != must) {
		report_error("%s %lu packets of sensor%lu, which sent %lu", what, (unsigned long)is,
			     (unsigned long)sensor + 1, (unsigned long)must);
	}
	return is == must;
}

static int check_sink(struct packet_sink *sink, void *user_data)
{
	bool *good = user_data;
	uint32_t dropped;

	packet_sink_get_stats(sink, NULL, &dropped);
	if (dropped != 0) {
		report_error("%s dropped %lu packets", packet_sink_name(sink),
			     (unsigned long)dropped);
		*good = false;
	}
	return 0;
}

static bool is_home(struct net_buf_pool *pool)
{
	size_t away = pool->buf_count - net_buf_get_available(pool);

	if (away != 0) {
		report_error("%zu buffers of %s did not come home", away, pool->name);
	}
	return away == 0;
}

bool report_verdict(const struct receiver_report *received)
{
	uint32_t sent = 0;
	bool good = true;

	for (uint8_t i = 0; i < SENSOR_COUNT; i++) {
		sent += sensors_sent(i);
		good &= is_equal("the validator passed", i, validator_good(i), sensors_sent(i));
		if (received != NULL) {
			good &= is_equal("the receiver got", i, received->packets[i],
					 sensors_sent(i));
		}
		good &= is_home(sensors_pool(i));
	}
	good &= is_home(processor_pool());
	if (validator_bad() != 0) {
		report_error("the validator refused %lu packets", (unsigned long)validator_bad());
		good = false;
	}
	if (processor_failures() != 0) {
		report_error("%lu packets got no header", (unsigned long)processor_failures());
		good = false;
	}
	(void)packet_sink_foreach(check_sink, &good);
	if (tcp_sink_sent() != sent) {
		report_error("%lu of %lu packets did not reach the peer",
			     (unsigned long)(sent - tcp_sink_sent()), (unsigned long)sent);
		good = false;
	}
	return good;
}
