/* SPDX-License-Identifier: Apache-2.0 */
/** @file What is in a buffer of the IMU: its head, and the decoder of its frames. */
#include <zephyr/rtio/imu6_regs.h>
#include <zephyr/sys/byteorder.h>

#include <errno.h>

#include "imu6_head.h"

#define FULL_SCALE 32768

void imu6_head_clock(struct rtio_imu6 *imu)
{
	imu->time_us = k_ticks_to_us_floor64((uint64_t)port_clock_ticks());
}

void imu6_head_put(uint8_t *buf, struct rtio_imu6 *imu, uint32_t frames)
{
	sys_put_le32(IMU6_HEAD_MARK, buf);
	sys_put_le16((uint16_t)frames, &buf[IMU6_HEAD_FRAMES]);
	buf[IMU6_HEAD_RANGES] = imu->ranges;
	buf[IMU6_HEAD_FLAGS] = imu->overrun ? IMU6_HEAD_OVERRUN : 0;
	sys_put_le64(imu->time_us, &buf[IMU6_HEAD_TIME]);
	memcpy(&buf[IMU6_HEAD_CLOCK], &imu->head[IMU_REG_CLOCK - IMU_REG_STATUS], 4);
	sys_put_le32(0, &buf[IMU6_HEAD_ZERO]);
	imu->overrun = false;
}

bool rtio_imu6_overrun(const uint8_t *buf)
{
	return (buf[IMU6_HEAD_FLAGS] & IMU6_HEAD_OVERRUN) != 0;
}

static int count_frames(const uint8_t *buf, size_t len)
{
	uint32_t frames;

	if (len < RTIO_IMU6_HEAD_SIZE || sys_get_le32(buf) != IMU6_HEAD_MARK) {
		return -EINVAL;
	}
	frames = sys_get_le16(&buf[IMU6_HEAD_FRAMES]);
	return len < RTIO_IMU6_BUF_SIZE(frames) ? -EINVAL : (int)frames;
}

static bool has_channel(const struct sensor_channel *channel)
{
	return channel->index == 0 && channel->quantity <= SENSOR_GYRO_Z &&
	       (channel->unit == SENSOR_SI ||
		(channel->unit == SENSOR_RAW && channel->quantity != SENSOR_TIMESTAMP));
}

/* @p value, of @p full at full scale, rounded to the nearest, halves away from 0. */
static int64_t scale(int16_t value, int64_t full)
{
	int64_t product = value * full;

	return (product + (product < 0 ? -FULL_SCALE / 2 : FULL_SCALE / 2)) / FULL_SCALE;
}

/* How long before the moment in the head it was, is what the clock of the IMU shows less. */
static int64_t timestamp(const uint8_t *buf, const uint8_t *frame)
{
	uint32_t before = sys_get_le32(&buf[IMU6_HEAD_CLOCK]) - sys_get_le32(frame);

	return (int64_t)(sys_get_le64(&buf[IMU6_HEAD_TIME]) - before);
}

static int64_t value(const uint8_t *buf, uint32_t n, const struct sensor_channel *channel)
{
	static const uint32_t acc_full[4] = {19613300, 39226600, 78453200, 156906400};
	static const uint32_t gyro_full[4] = {4363323, 8726646, 17453293, 34906585};
	const uint8_t *frame = &buf[RTIO_IMU6_BUF_SIZE(n)];
	uint8_t ranges = buf[IMU6_HEAD_RANGES];
	uint32_t axis = channel->quantity - (uint32_t)SENSOR_ACC_X;
	int16_t raw;

	if (channel->quantity == SENSOR_TIMESTAMP) {
		return timestamp(buf, frame);
	}
	raw = (int16_t)sys_get_le16(&frame[4 + 2 * axis]);
	if (channel->unit == SENSOR_RAW) {
		return raw;
	}
	return axis < 3 ? scale(raw, acc_full[ranges & 3]) : scale(raw, gyro_full[ranges >> 2 & 3]);
}

const struct sensor_decoder rtio_imu6_decoder = {
	.count = count_frames, .has = has_channel, .value = value};
