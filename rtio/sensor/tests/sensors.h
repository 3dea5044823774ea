/* SPDX-License-Identifier: Apache-2.0 */
/** @file The IMU on the bench, with its driver. */
#ifndef RTIO_SENSOR_TESTS_SENSORS_H_
#define RTIO_SENSOR_TESTS_SENSORS_H_

#include <zephyr/rtio/imu6.h>

#include "../../sim/tests/support/bench.h"

extern struct rtio_imu6 imu6;
extern struct rtio_sim_imu *imu6_model;
extern uint8_t imu6_buf[RTIO_IMU6_BUF_SIZE(BENCH_IMU_DEPTH)];

/* Lay the bench anew, with the IMU on I2C (0) or SPI (1), started; samples only by imu6_samples(). */
void imu6_begin(int way, int bus, uint8_t watermark);

/* Take @p n samples. */
void imu6_samples(uint32_t n);

/* Acquire a read of up to @p frames into imu6_buf. */
struct rtio_sqe *imu6_read(uint32_t frames);

/* The @p len bytes at @p buf are samples @p first and so on, @p count of them. */
void imu6_expect(const uint8_t *buf, int len, uint32_t first, uint32_t count);

#endif /* RTIO_SENSOR_TESTS_SENSORS_H_ */
