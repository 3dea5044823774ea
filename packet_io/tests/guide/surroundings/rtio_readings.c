/* SPDX-License-Identifier: Apache-2.0 */
#include <zephyr/ztest.h>
#include <zephyr/rtio/imu6.h>
#include <zephyr/rtio/sim/imu.h>
#include <zephyr/rtio/sim/spi.h>

/* Other documents define these, too. */
#define io readings_io
#define imu readings_imu
#define imu_own readings_imu_own
#define imu_on_spi readings_imu_on_spi

static struct rtio_sim_bus spi;
static struct rtio_sim_imu model;
static uint8_t fifo[64 * 16];
RTIO_SIM_SPI_IODEV(imu_on_spi, &spi, 0, 1000000, 64);
RTIO_IMU6_DEFINE(imu, &imu_on_spi, true);
RTIO_DEFINE(io, 4, 4);

static uint32_t readings;
static uint32_t time_before;

static void use(uint32_t time, int32_t acc_x, int32_t gyro_z)
{
	ARG_UNUSED(acc_x);
	ARG_UNUSED(gyro_z);
	zassert_true(readings == 0 || time - time_before == 1000);
	time_before = time;
	readings++;
}

ZTEST(documents, test_rtio_readings)
{
	static uint8_t buf[RTIO_IMU6_BUF_SIZE(4)];
	struct rtio_imu6_config config = {.period_us = 1000, .watermark = 4};
	struct rtio_cqe *cqe;
	int res;

	rtio_sim_spi_init(&spi, 1000000);
	rtio_sim_imu_init(&model, fifo, 64, NULL);
	zassert_ok(rtio_sim_bus_attach(&spi, &model.target, 0));
	model.irq = &imu.irq;
	zassert_ok(rtio_imu6_start(&imu, &config));
	rtio_sqe_prep_read(rtio_sqe_acquire(&io), &imu.sensor.iodev, RTIO_PRIO_NORM, buf,
			   sizeof(buf), NULL);
	rtio_submit(&io, 1);
	cqe = rtio_cqe_consume(&io);
#include "definitions.inc"
#include "step_1.inc"
	zassert_ok(res);
	zassert_equal(readings, 4);
	rtio_cqe_release(&io, cqe);
	zassert_ok(rtio_imu6_stop(&imu));
	rtio_sim_timer_stop(&model.timer);
}
