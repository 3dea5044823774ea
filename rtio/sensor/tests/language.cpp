/* SPDX-License-Identifier: Apache-2.0 */
/** @file The headers of buses, sensors and UARTs in C++. */
#include <zephyr/rtio/imu6.h>
#include <zephyr/rtio/sim/eeprom.h>
#include <zephyr/rtio/sim/i2c.h>
#include <zephyr/rtio/sim/imu.h>
#include <zephyr/rtio/sim/radio.h>
#include <zephyr/rtio/sim/spi.h>
#include <zephyr/rtio/uart.h>
#include <zephyr/ztest.h>

static bool receive(void *hw, uint8_t *byte)
{
	ARG_UNUSED(hw);
	ARG_UNUSED(byte);
	return false;
}

static uint32_t sent;

static bool transmit(void *hw, uint8_t byte)
{
	ARG_UNUSED(hw);
	sent += byte;
	return true;
}

static void transmit_interrupt(void *hw, bool on)
{
	ARG_UNUSED(hw);
	ARG_UNUSED(on);
}

static const struct rtio_uart_hw_api hw_api = {receive, transmit, transmit_interrupt};
RTIO_UART_DEFINE(line, &hw_api, nullptr, 16, 8, -1);
RTIO_DEFINE(ctx, 4, 4);

static struct rtio_sim_bus i2c;
static struct rtio_sim_bus spi;
RTIO_SIM_I2C_IODEV(on_i2c, &i2c, 0x6a, 0);
RTIO_SIM_SPI_IODEV(on_spi, &spi, 0, 0, 0);
RTIO_IMU6_DEFINE(imu, &on_i2c, false);
static struct rtio_sim_imu model;
static uint8_t fifo[4 * IMU_FRAME_SIZE];

ZTEST_SUITE(rtio_devices_language, NULL, NULL, NULL, NULL, NULL);

ZTEST(rtio_devices_language, test_uart)
{
	rtio_sqe_prep_tiny_write(rtio_sqe_acquire(&ctx), &line.iodev, RTIO_PRIO_NORM,
				 (const uint8_t *)"\1\2", 2, nullptr);
	zassert_ok(rtio_submit(&ctx, 1));
	zassert_equal(rtio_flush_completion_queue(&ctx), 0);
	zassert_equal(sent, 3);
}

ZTEST(rtio_devices_language, test_sensor)
{
	struct rtio_imu6_config config = {1000, 0, 0, 1};
	struct sensor_channel channels[] = {
		SENSOR_TIMESTAMP_CHANNEL,
		SENSOR_CHANNEL(int32_t, SENSOR_ACC_X, 0, SENSOR_RAW),
	};
	struct sensor_reader reader;
	uint8_t buf[RTIO_IMU6_BUF_SIZE(4)];

	rtio_sim_i2c_init(&i2c);
	rtio_sim_spi_init(&spi, 1000000);
	zassert_not_null(on_spi.api);
	rtio_sim_imu_init(&model, fifo, 4, &imu.irq);
	zassert_ok(rtio_sim_bus_attach(&i2c, &model.target, 0x6a));
	zassert_ok(rtio_imu6_start(&imu, &config));
	rtio_sqe_prep_read(rtio_sqe_acquire(&ctx), &imu.sensor.iodev, RTIO_PRIO_NORM, buf,
			   sizeof(buf), nullptr);
	zassert_ok(rtio_submit(&ctx, 0));
	struct rtio_cqe *cqe = rtio_cqe_consume_block(&ctx);

	zassert_ok(sensor_reader(&imu.sensor, buf, cqe->result, &reader, channels, 2));
	zassert_true(sensor_reader_next(&reader));
	zassert_equal(channels[1].value.i32, -300);
	rtio_cqe_release(&ctx, cqe);
	zassert_ok(rtio_imu6_stop(&imu));
}
