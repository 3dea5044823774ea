/* SPDX-License-Identifier: Apache-2.0 */
/** @file The IMU: registers on both buses, FIFO, watermark, the clock. */
#include <errno.h>

#include <zephyr/sys/byteorder.h>

#include "../support/bench.h"

ZTEST_SUITE(rtio_imu, NULL, NULL, bench_before, bench_after, NULL);

static const struct rtio_iodev *iodev;
static struct rtio_sim_imu *imu;
static uint8_t read_bit;
static uint32_t interrupts;
static struct port_irq line;

static void interrupt(void *arg)
{
	ARG_UNUSED(arg);
	interrupts++;
}

/* @p bus 0: I2C, 1: SPI. */
static void begin(int way, int bus)
{
	bench_begin(way);
	iodev = bus == 0 ? bench.i2c_imu : bench.spi_imu;
	imu = bus == 0 ? &bench.imu : &bench.fast_imu;
	read_bit = bus == 0 ? 0 : IMU_SPI_READ;
	interrupts = 0;
	line.routine = interrupt;
	imu->irq = &line;
}

static uint8_t get(uint8_t reg)
{
	uint8_t value;

	zassert_equal(bench_get(iodev, reg | read_bit, &value, 1), 1);
	return value;
}

static void get_frame(uint8_t frame[IMU_FRAME_SIZE])
{
	zassert_equal(bench_get(iodev, IMU_REG_FIFO | read_bit, frame, IMU_FRAME_SIZE),
		      IMU_FRAME_SIZE);
}

static void expect_frame(uint32_t n)
{
	uint8_t frame[IMU_FRAME_SIZE];
	int16_t axes[IMU_AXES];

	get_frame(frame);
	rtio_sim_imu_ramp(n, axes);
	for (uint32_t i = 0; i < IMU_AXES; i++) {
		zassert_equal((int16_t)sys_get_le16(&frame[4 + 2 * i]), axes[i]);
	}
}

static uint32_t count(void)
{
	uint8_t status[3];

	zassert_equal(bench_get(iodev, IMU_REG_STATUS | read_bit, status, 3), 3);
	return sys_get_le16(&status[1]);
}

ZTEST(rtio_imu, test_registers)
{
	static const uint8_t writable[] = {IMU_REG_RANGE, IMU_REG_PERIOD, IMU_REG_PERIOD + 1,
					   IMU_REG_WATERMARK};

	for (int bus = 0; bus < 2; bus++) {
		uint8_t all[IMU_REG_FIFO];

		begin(0, bus);
		zassert_equal(get(IMU_REG_ID), IMU_ID);
		for (size_t i = 0; i < sizeof(writable); i++) {
			zassert_equal(bench_set(iodev, writable[i], (uint8_t)(5 + i)), 2);
		}
		for (size_t i = 0; i < sizeof(writable); i++) {
			zassert_equal(get(writable[i]), 5 + i);
		}
		zassert_equal(bench_set(iodev, IMU_REG_ID, 9), 2);
		zassert_equal(bench_set(iodev, 0x3f, 9), 2);
		zassert_equal(bench_get(iodev, read_bit, all, sizeof(all)), sizeof(all));
		zassert_equal(all[IMU_REG_ID], IMU_ID);
		zassert_equal(all[IMU_REG_WATERMARK], 8);
		zassert_equal(all[0x3f], 0);
	}
}

ZTEST(rtio_imu, test_fifo)
{
	for (int bus = 0; bus < 2; bus++) {
		uint8_t frame[IMU_FRAME_SIZE];
		uint8_t latest[IMU_SAMPLE_SIZE];

		begin(0, bus);
		for (uint32_t i = 0; i < BENCH_IMU_DEPTH; i++) {
			rtio_sim_imu_sample(imu);
			zassert_equal(count(), i + 1);
		}
		/* Full: the newest are lost, and that is said once. */
		rtio_sim_imu_sample(imu);
		rtio_sim_imu_sample(imu);
		zassert_equal(imu->lost, 2);
		zassert_equal(get(IMU_REG_STATUS) & IMU_STATUS_OVERRUN, IMU_STATUS_OVERRUN);
		zassert_equal(get(IMU_REG_STATUS) & IMU_STATUS_OVERRUN, 0);
		zassert_equal(bench_get(iodev, IMU_REG_LATEST | read_bit, latest, sizeof(latest)),
			      sizeof(latest));
		zassert_equal((int16_t)sys_get_le16(latest), 17 * 10 - 300);
		/* Half a frame stays. */
		zassert_equal(bench_get(iodev, IMU_REG_FIFO | read_bit, frame, 9), 9);
		for (uint32_t i = 0; i < BENCH_IMU_DEPTH; i++) {
			zassert_equal(count(), BENCH_IMU_DEPTH - i);
			expect_frame(i);
		}
		get_frame(frame);
		zassert_equal(frame[0], IMU_NO_DATA);
		zassert_equal(frame[IMU_FRAME_SIZE - 1], IMU_NO_DATA);
		rtio_sim_imu_sample(imu);
		zassert_equal(bench_set(iodev, IMU_REG_CONTROL, IMU_CONTROL_EMPTY), 2);
		zassert_equal(count(), 0);
		zassert_equal(get(IMU_REG_CONTROL), 0);
	}
}

ZTEST(rtio_imu, test_watermark)
{
	for (int bus = 0; bus < 2; bus++) {
		begin(0, bus);
		zassert_equal(bench_set(iodev, IMU_REG_WATERMARK, 3), 2);
		rtio_sim_imu_sample(imu);
		zassert_equal(get(IMU_REG_STATUS), 0);
		rtio_sim_imu_sample(imu);
		rtio_sim_imu_sample(imu);
		zassert_equal(get(IMU_REG_STATUS), IMU_STATUS_WATERMARK);
		zassert_equal(interrupts, 0); /* not asked for */
		zassert_equal(bench_set(iodev, IMU_REG_CONTROL, IMU_CONTROL_IRQ), 2);
		rtio_sim_imu_sample(imu);
		zassert_equal(count(), 4); /* and the interrupt has come by now */
		zassert_equal(interrupts, 1);
		expect_frame(0);
		expect_frame(1);
		expect_frame(2);
		zassert_equal(get(IMU_REG_STATUS), 0);
		rtio_sim_imu_sample(imu); /* below it: none */
		zassert_equal(count(), 2);
		zassert_equal(interrupts, 1);
		imu->swallow_irqs = 1;
		rtio_sim_imu_sample(imu);
		zassert_equal(count(), 3);
		zassert_equal(interrupts, 1);
		rtio_sim_imu_sample(imu);
		zassert_equal(count(), 4);
		zassert_equal(interrupts, 2);
	}
}

#ifdef CONFIG_MULTITHREADING

/* Samples come in their time, and say when they were taken, by a clock that goes round. */
ZTEST(rtio_imu, test_running)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		int64_t began;
		uint32_t first;

		begin(way, 1);
		imu->clock_ahead = (uint32_t)-2500 - (uint32_t)rtio_sim_now();
		zassert_equal(bench_set(iodev, IMU_REG_PERIOD + 1, 1000 >> 8), 2);
		zassert_equal(bench_set(iodev, IMU_REG_PERIOD, 1000 & 0xff), 2);
		zassert_equal(bench_set(iodev, IMU_REG_CONTROL, IMU_CONTROL_RUN), 2);
		began = rtio_sim_now();
		first = (uint32_t)began + imu->clock_ahead + 1000;
		k_sleep(K_USEC(5500));
		for (uint32_t i = 0; i < 5; i++) {
			uint8_t frame[IMU_FRAME_SIZE];

			get_frame(frame);
			zassert_equal(sys_get_le32(frame), first + i * 1000);
		}
		zassert_equal(bench_set(iodev, IMU_REG_CONTROL, 0), 2);
		first = imu->samples;
		k_sleep(K_MSEC(10));
		zassert_equal(imu->samples, first);
	}
}

#endif
