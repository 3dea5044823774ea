/* SPDX-License-Identifier: Apache-2.0 */
/** @file Readers: values in both units, channels in any order, buffers that are none. */
#include <errno.h>

#include <zephyr/rtio/imu6.h>
#include <zephyr/sys/byteorder.h>
#include <zephyr/ztest.h>

#define FRAMES 3

static const struct rtio_sensor sensor = {{NULL, NULL}, &rtio_imu6_decoder};
static uint8_t buf[RTIO_IMU6_BUF_SIZE(FRAMES)];

/* As the driver lays it out: mark, frames, ranges, flags, time, clock; then frames. */
static void lay_out(uint8_t ranges, uint64_t time_us, uint32_t clock)
{
	static const uint8_t mark[] = {'I', 'M', 'U', '6'};

	memset(buf, 0, sizeof(buf));
	memcpy(buf, mark, sizeof(mark));
	sys_put_le16(FRAMES, &buf[4]);
	buf[6] = ranges;
	sys_put_le64(time_us, &buf[8]);
	sys_put_le32(clock, &buf[16]);
}

static void put_frame(uint32_t n, uint32_t clock, const int16_t axes[6])
{
	uint8_t *frame = &buf[RTIO_IMU6_BUF_SIZE(n)];

	sys_put_le32(clock, frame);
	for (int i = 0; i < 6; i++) {
		sys_put_le16((uint16_t)axes[i], &frame[4 + 2 * i]);
	}
}

ZTEST_SUITE(rtio_decoder, NULL, NULL, NULL, NULL, NULL);

ZTEST(rtio_decoder, test_raw)
{
	static const int16_t axes[FRAMES][6] = {
		{1, -2, 3, -4, 5, -6},
		{INT16_MIN, INT16_MAX, 0, INT16_MAX, INT16_MIN, -1},
		{100, 200, 300, 400, 500, 600},
	};
	struct sensor_channel channels[] = {
		SENSOR_CHANNEL(int32_t, SENSOR_GYRO_Z, 0, SENSOR_RAW),
		SENSOR_TIMESTAMP_CHANNEL,
		SENSOR_CHANNEL(int32_t, SENSOR_ACC_X, 0, SENSOR_RAW),
		SENSOR_CHANNEL(int64_t, SENSOR_ACC_Y, 0, SENSOR_RAW),
		SENSOR_CHANNEL(int32_t, SENSOR_GYRO_X, 0, SENSOR_RAW),
	};
	struct sensor_reader reader;

	lay_out(0, 1000000, 5000);
	for (uint32_t n = 0; n < FRAMES; n++) {
		put_frame(n, 5000 - 30 + 10 * n, axes[n]);
	}
	zassert_ok(
		sensor_reader(&sensor, buf, sizeof(buf), &reader, channels, ARRAY_SIZE(channels)));
	zassert_equal(reader.count, FRAMES);
	for (uint32_t n = 0; n < FRAMES; n++) {
		zassert_true(sensor_reader_next(&reader));
		zassert_equal(channels[0].value.i32, axes[n][5]);
		zassert_equal(channels[1].value.u32, 1000000 - 30 + 10 * n);
		zassert_equal(channels[2].value.i32, axes[n][0]);
		zassert_equal(channels[3].value.i64, axes[n][1]);
		zassert_equal(channels[4].value.i32, axes[n][3]);
	}
	zassert_false(sensor_reader_next(&reader));
	zassert_false(sensor_reader_next(&reader));
}

/* Full scale and one step, in each range, in um/s^2 and urad/s. */
ZTEST(rtio_decoder, test_units)
{
	static const int32_t acc[4] = {19613300, 39226600, 78453200, 156906400};
	static const int32_t gyro[4] = {4363323, 8726646, 17453293, 34906585};
	static const int32_t acc_step[4] = {599, 1197, 2394, 4788};
	static const int32_t gyro_step[4] = {133, 266, 533, 1065};
	static const int16_t axes[FRAMES][6] = {
		{INT16_MIN, 16384, 1, INT16_MIN, 16384, 1},
		{INT16_MAX, -16384, -1, INT16_MAX, -16384, -1},
		{0, 0, 0, 0, 0, 0},
	};

	for (uint8_t range = 0; range < 4; range++) {
		struct sensor_channel channels[6];
		struct sensor_reader reader;

		for (uint8_t i = 0; i < 6; i++) {
			struct sensor_channel channel =
				SENSOR_CHANNEL(int32_t, (uint8_t)(SENSOR_ACC_X + i), 0, SENSOR_SI);

			channels[i] = channel;
		}
		lay_out((uint8_t)(range | (3 - range) << 2), 0, 0);
		for (uint32_t n = 0; n < FRAMES; n++) {
			put_frame(n, 0, axes[n]);
		}
		zassert_ok(sensor_reader(&sensor, buf, sizeof(buf), &reader, channels, 6));
		zassert_true(sensor_reader_next(&reader));
		zassert_equal(channels[0].value.i32, -acc[range]);
		zassert_equal(channels[1].value.i32, (acc[range] + 1) / 2);
		zassert_equal(channels[2].value.i32, acc_step[range]);
		zassert_equal(channels[3].value.i32, -gyro[3 - range]);
		zassert_equal(channels[4].value.i32, (gyro[3 - range] + 1) / 2);
		zassert_equal(channels[5].value.i32, gyro_step[3 - range]);
		zassert_true(sensor_reader_next(&reader));
		zassert_equal(channels[1].value.i32, -(acc[range] + 1) / 2);
		zassert_equal(channels[2].value.i32, -acc_step[range]);
		zassert_equal(channels[5].value.i32, -gyro_step[3 - range]);
		zassert_true(sensor_reader_next(&reader));
		zassert_equal(channels[0].value.i32, 0);
		zassert_equal(channels[5].value.i32, 0);
	}
}

/* The clock of the IMU goes round between the frames, ours is far beyond 32 bits. */
ZTEST(rtio_decoder, test_time)
{
	static const int16_t axes[6];
	struct sensor_channel channels[] = {SENSOR_TIMESTAMP64_CHANNEL, SENSOR_TIMESTAMP_CHANNEL};
	uint64_t now = 0x500000010ULL;
	struct sensor_reader reader;

	lay_out(0, now, 10);
	put_frame(0, (uint32_t)-20, axes);
	put_frame(1, (uint32_t)-5, axes);
	put_frame(2, 10, axes);
	zassert_ok(sensor_reader(&sensor, buf, sizeof(buf), &reader, channels, 2));
	zassert_true(sensor_reader_next(&reader));
	zassert_true(channels[0].value.u64 == now - 30);
	zassert_equal(channels[1].value.u32, (uint32_t)(now - 30));
	zassert_true(sensor_reader_next(&reader));
	zassert_true(channels[0].value.u64 == now - 15);
	zassert_true(sensor_reader_next(&reader));
	zassert_true(channels[0].value.u64 == now);
}

ZTEST(rtio_decoder, test_bad_buffers)
{
	struct sensor_channel channels[] = {SENSOR_TIMESTAMP_CHANNEL};
	struct sensor_reader reader;

	lay_out(0, 0, 0);
	for (int32_t len = -EIO; len < (int32_t)sizeof(buf); len++) {
		zassert_equal(sensor_reader(&sensor, buf, len, &reader, channels, 1), -EINVAL);
	}
	for (uint32_t i = 0; i < 6; i++) {
		lay_out(0, 0, 0);
		buf[i] ^= 0x40;
		zassert_equal(sensor_reader(&sensor, buf, sizeof(buf), &reader, channels, 1),
			      -EINVAL);
	}
	/* Fewer than there would be room for. */
	lay_out(0, 0, 0);
	sys_put_le16(0, &buf[4]);
	zassert_ok(sensor_reader(&sensor, buf, sizeof(buf), &reader, channels, 1));
	zassert_false(sensor_reader_next(&reader));
}

ZTEST(rtio_decoder, test_bad_channels)
{
	struct sensor_channel bad[] = {
		SENSOR_CHANNEL(int32_t, SENSOR_GYRO_Z + 1, 0, SENSOR_RAW),
		SENSOR_CHANNEL(int32_t, SENSOR_ACC_X, 1, SENSOR_RAW),
		SENSOR_CHANNEL(int32_t, SENSOR_ACC_X, 0, SENSOR_SI + 1),
		SENSOR_CHANNEL(uint32_t, SENSOR_TIMESTAMP, 0, SENSOR_RAW),
		SENSOR_CHANNEL(int16_t, SENSOR_ACC_X, 0, SENSOR_RAW),
	};
	struct sensor_reader reader;

	lay_out(0, 0, 0);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		zassert_equal(sensor_reader(&sensor, buf, sizeof(buf), &reader, &bad[i], 1),
			      i == ARRAY_SIZE(bad) - 1 ? -EINVAL : -ENOTSUP);
	}
	zassert_ok(sensor_reader(&sensor, buf, sizeof(buf), &reader, NULL, 0));
	zassert_true(sensor_reader_next(&reader));
}

/* Nothing outside the buffer is read, whatever is in it: each length in memory of its own. */
ZTEST(rtio_decoder, test_any_bytes)
{
	uint32_t state = 1;

	for (int i = 0; i < 20000; i++) {
		static uint8_t exact[sizeof(buf)];
		uint32_t len = (uint32_t)(i % (int)(sizeof(buf) + 1));
		uint8_t *end = &exact[sizeof(exact) - len];
		struct sensor_channel channels[] = {
			SENSOR_TIMESTAMP_CHANNEL,
			SENSOR_CHANNEL(int32_t, SENSOR_ACC_Z, 0, SENSOR_SI),
		};
		struct sensor_reader reader;
		uint32_t n = 0;

		lay_out(0, 0, 0);
		for (int k = 0; k < 3; k++) {
			state = state * 1664525 + 1013904223;
			buf[4 + (state >> 8) % (sizeof(buf) - 4)] = (uint8_t)(state >> 24);
		}
		memcpy(end, buf, len);
		if (sensor_reader(&sensor, end, (int32_t)len, &reader, channels, 2) == 0) {
			while (sensor_reader_next(&reader)) {
				n++;
			}
			zassert_true(RTIO_IMU6_BUF_SIZE(n) <= len);
		}
	}
}
