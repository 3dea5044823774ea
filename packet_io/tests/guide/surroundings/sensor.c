/* SPDX-License-Identifier: Apache-2.0 */
#include <zephyr/ztest.h>
#include <zephyr/rtio/sensor.h>
#include <zephyr/sys/printk.h>

/* Other documents define this, too. */
#define reader sensor_readings

/* A reading is a byte: when it was, and what. */
static int count(const uint8_t *buf, size_t len)
{
	ARG_UNUSED(buf);
	return (int)len;
}

static bool has(const struct sensor_channel *channel)
{
	return channel->quantity == SENSOR_TIMESTAMP || channel->quantity == SENSOR_ACC_X;
}

static int64_t value(const uint8_t *buf, uint32_t n, const struct sensor_channel *channel)
{
	return channel->quantity == SENSOR_ACC_X ? -buf[n] : buf[n];
}

static const struct sensor_decoder decoder = {count, has, value};
static const struct rtio_sensor bytes = {.decoder = &decoder};

#include "definitions.inc"

ZTEST(documents, test_sensor)
{
	const struct rtio_sensor *sensor = &bytes;
	const uint8_t buf[] = {5, 6};
	struct rtio_cqe completion = {.result = sizeof(buf)};
	struct rtio_cqe *cqe = &completion;
	int res;

#include "step_1.inc"
	zassert_ok(res);
	zassert_equal(reader.next, 2);
	zassert_equal(channels[0].value.u32, 6);
	zassert_equal(channels[1].value.i32, -6);
}
