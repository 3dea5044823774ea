/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The head of a buffer of the IMU, 24 bytes, of which all that has several has the lowest first:
 *
 *      0  4  IMU6_HEAD_MARK
 *      4  2  frames
 *      6  1  ranges, as in IMU_REG_RANGE
 *      7  1  IMU6_HEAD_OVERRUN
 *      8  8  a moment in microseconds since start-up,
 *     16  4  and what the IMU's clock showed then
 *     20  4  0
 */
#ifndef RTIO_IMU6_HEAD_H_
#define RTIO_IMU6_HEAD_H_

#include <zephyr/rtio/imu6.h>

#define IMU6_HEAD_MARK    0x36554d49U /* "IMU6" */
#define IMU6_HEAD_OVERRUN 0x01U

#define IMU6_HEAD_FRAMES 4
#define IMU6_HEAD_RANGES 6
#define IMU6_HEAD_FLAGS  7
#define IMU6_HEAD_TIME   8
#define IMU6_HEAD_CLOCK  16
#define IMU6_HEAD_ZERO   20

/* Note what our clock shows, now that that of the IMU has been read. */
void imu6_head_clock(struct rtio_imu6 *imu);

/* Write the head of @p frames frames to @p buf. */
void imu6_head_put(uint8_t *buf, struct rtio_imu6 *imu, uint32_t frames);

#endif /* RTIO_IMU6_HEAD_H_ */
