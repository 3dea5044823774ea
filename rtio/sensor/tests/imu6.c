/* SPDX-License-Identifier: Apache-2.0 */
/** @file The IMU's driver, over each bus: reads at the watermark and at once, faults, cancels. */
#include <errno.h>

#include "sensors.h"

ZTEST_SUITE(rtio_imu6, NULL, NULL, bench_before, bench_after, NULL);

RTIO_IMU6_DEFINE(imu6, NULL, false);
struct rtio_sim_imu *imu6_model;
uint8_t imu6_buf[RTIO_IMU6_BUF_SIZE(BENCH_IMU_DEPTH)];

#define PERIOD 65535

void imu6_begin(int way, int bus, uint8_t watermark)
{
	struct rtio_imu6_config config = {.period_us = PERIOD, .watermark = watermark};

	bench_begin(way);
	imu6.bus = bus == 0 ? bench.i2c_imu : bench.spi_imu;
	imu6.spi = bus != 0;
	imu6.pending = false;
	imu6_model = bus == 0 ? &bench.imu : &bench.fast_imu;
	imu6_model->irq = &imu6.irq;
	zassert_ok(rtio_imu6_start(&imu6, &config));
	/* From here on the test takes the samples. */
	rtio_sim_timer_stop(&imu6_model->timer);
}

void imu6_samples(uint32_t n)
{
	while (n-- > 0) {
		rtio_sim_imu_sample(imu6_model);
	}
}

struct rtio_sqe *imu6_read(uint32_t frames)
{
	return bench_read(&imu6.sensor.iodev, imu6_buf, RTIO_IMU6_BUF_SIZE(frames), 0);
}

void imu6_expect(const uint8_t *buf, int len, uint32_t first, uint32_t count)
{
	struct sensor_channel channels[] = {
		SENSOR_CHANNEL(int32_t, SENSOR_ACC_X, 0, SENSOR_RAW),
		SENSOR_CHANNEL(int32_t, SENSOR_GYRO_Z, 0, SENSOR_RAW),
	};
	struct sensor_reader reader;

	zassert_equal(len, (int)RTIO_IMU6_BUF_SIZE(count), "result %d", len);
	zassert_ok(sensor_reader(&imu6.sensor, buf, len, &reader, channels, ARRAY_SIZE(channels)));
	for (uint32_t n = first; n < first + count; n++) {
		int16_t axes[IMU_AXES];

		rtio_sim_imu_ramp(n, axes);
		zassert_true(sensor_reader_next(&reader));
		zassert_equal(channels[0].value.i32, axes[0], "%d instead of %d",
			      (int)channels[0].value.i32, axes[0]);
		zassert_equal(channels[1].value.i32, axes[5]);
	}
	zassert_false(sensor_reader_next(&reader));
}

#define EACH_BUS                                                                                   \
	for (int way = 0; way < BENCH_WAYS; way++)                                                 \
		for (int bus = 0; bus < 2; bus++)

ZTEST(rtio_imu6, test_start)
{
	EACH_BUS
	{
		struct rtio_imu6_config config = {1000, 1, 2, 0};

		imu6_begin(way, bus, 1);
		zassert_ok(rtio_imu6_start(&imu6, &config));
		zassert_equal(imu6_model->range, 1 | 2 << 2);
		zassert_equal(imu6_model->period, 1000);
		zassert_equal(imu6_model->watermark, 1);
		zassert_equal(imu6_model->control, IMU_CONTROL_RUN | IMU_CONTROL_IRQ);
		zassert_ok(rtio_imu6_stop(&imu6));
		zassert_equal(imu6_model->control, 0);
		config.period_us = 0;
		zassert_equal(rtio_imu6_start(&imu6, &config), -EINVAL);
		config = (struct rtio_imu6_config){1000, 4, 0, 0};
		zassert_equal(rtio_imu6_start(&imu6, &config), -EINVAL);
		config = (struct rtio_imu6_config){1000, 0, 4, 0};
		zassert_equal(rtio_imu6_start(&imu6, &config), -EINVAL);
	}
}

/* Each failure of setting it up is told, and it can be set up afterwards. */
ZTEST(rtio_imu6, test_start_fails)
{
	struct rtio_imu6_config config = {PERIOD, 0, 0, 1};

	for (int bus = 0; bus < 2; bus++) {
		struct rtio_sim_bus *wires;
		uint32_t positions;

		imu6_begin(0, bus, 1);
		wires = bus == 0 ? bench.i2c : bench.spi;
		positions = wires->positions;
		zassert_ok(rtio_imu6_start(&imu6, &config));
		positions = wires->positions - positions;
		for (uint32_t at = 1; at <= positions; at++) {
			rtio_sim_bus_fault(wires, RTIO_SIM_FAULT_NACK, at);
			zassert_true(rtio_imu6_start(&imu6, &config) < 0);
			rtio_sim_bus_fault(wires, RTIO_SIM_FAULT_SHORT, at);
			zassert_true(rtio_imu6_start(&imu6, &config) < 0, "at %u of %u",
				     (unsigned int)at, (unsigned int)positions);
			zassert_ok(rtio_imu6_start(&imu6, &config));
		}
	}
	imu6_begin(0, 0, 1);
	imu6.bus = bench.i2c_eeprom;
	zassert_equal(rtio_imu6_start(&imu6, &config), -ENODEV);
	imu6.bus = bench.i2c_nobody;
	zassert_equal(rtio_imu6_start(&imu6, &config), -ENXIO);
}

ZTEST(rtio_imu6, test_read_at_the_watermark)
{
	EACH_BUS
	{
		imu6_begin(way, bus, 4);
		(void)imu6_read(8);
		zassert_ok(rtio_submit(&bench_rtio, 0));
		imu6_samples(3);
		expect_no_cqe(&bench_rtio);
		imu6_samples(1);
		imu6_expect(imu6_buf, bench_go(1), 0, 4);
		zassert_equal(imu6_model->count, 0);
		/* The interrupt came before the read. */
		imu6_samples(5);
		(void)imu6_read(8);
		imu6_expect(imu6_buf, bench_go(1), 4, 5);
	}
}

/* What does not fit stays, and makes the next read wait only if it is less than the watermark. */
ZTEST(rtio_imu6, test_small_buffers)
{
	EACH_BUS
	{
		imu6_begin(way, bus, 4);
		imu6_samples(9);
		(void)imu6_read(3);
		imu6_expect(imu6_buf, bench_go(1), 0, 3);
		(void)imu6_read(3);
		imu6_expect(imu6_buf, bench_go(1), 3, 3);
		(void)imu6_read(3);
		zassert_ok(rtio_submit(&bench_rtio, 0));
		expect_no_cqe(&bench_rtio);
		imu6_samples(1);
		imu6_expect(imu6_buf, bench_go(1), 6, 3);
		/* Not even one. */
		imu6_samples(4);
		bench_read(&imu6.sensor.iodev, imu6_buf, RTIO_IMU6_BUF_SIZE(1) - 1, 0);
		zassert_equal(bench_go(1), -ENOMEM);
		(void)imu6_read(8);
		imu6_expect(imu6_buf, bench_go(1), 9, 5);
	}
}

ZTEST(rtio_imu6, test_read_now)
{
	EACH_BUS
	{
		imu6_begin(way, bus, 4);
		imu6_read(8)->iodev_flags = RTIO_SENSOR_NOW;
		imu6_expect(imu6_buf, bench_go(1), 0, 0);
		imu6_samples(2);
		imu6_read(8)->iodev_flags = RTIO_SENSOR_NOW;
		imu6_expect(imu6_buf, bench_go(1), 0, 2);
	}
}

/* Several at once: one after the other, the more urgent first. */
ZTEST(rtio_imu6, test_several_reads)
{
	EACH_BUS
	{
		static uint8_t bufs[3][RTIO_IMU6_BUF_SIZE(2)];
		unsigned int key;

		imu6_begin(way, bus, 2);
		key = irq_lock();
		for (uintptr_t i = 0; i < 3; i++) {
			struct rtio_sqe *sqe =
				bench_read(&imu6.sensor.iodev, bufs[i], sizeof(bufs[i]), 0);

			sqe->userdata = UINT_TO_POINTER(i);
			sqe->prio = i == 2 ? RTIO_PRIO_HIGH : RTIO_PRIO_LOW;
		}
		imu6_samples(6);
		zassert_ok(rtio_submit(&bench_rtio, 0));
		irq_unlock(key);
		for (uint32_t n = 0; n < 3; n++) {
			static const uintptr_t order[3] = {0, 2, 1};
			struct rtio_cqe *cqe = rtio_cqe_consume_block(&bench_rtio);

			zassert_equal(POINTER_TO_UINT(cqe->userdata), order[n]);
			imu6_expect(bufs[order[n]], cqe->result, 2 * n, 2);
			rtio_cqe_release(&bench_rtio, cqe);
		}
	}
}

/* Interrupts that are lost, and those that were for frames already read. */
ZTEST(rtio_imu6, test_interrupts_astray)
{
	EACH_BUS
	{
		imu6_begin(way, bus, 3);
		imu6_model->swallow_irqs = 2;
		(void)imu6_read(8);
		zassert_ok(rtio_submit(&bench_rtio, 0));
		imu6_samples(4);
		expect_no_cqe(&bench_rtio);
		imu6_samples(1);
		imu6_expect(imu6_buf, bench_go(1), 0, 5);
		port_irq_raise(&imu6.irq);
		(void)imu6_read(8);
		zassert_ok(rtio_submit(&bench_rtio, 0));
		port_irq_raise(&imu6.irq);
		expect_no_cqe(&bench_rtio);
		imu6_samples(3);
		imu6_expect(imu6_buf, bench_go(1), 5, 3);
	}
}

ZTEST(rtio_imu6, test_overrun)
{
	EACH_BUS
	{
		imu6_begin(way, bus, 4);
		imu6_samples(BENCH_IMU_DEPTH + 3);
		(void)imu6_read(BENCH_IMU_DEPTH);
		imu6_expect(imu6_buf, bench_go(1), 0, BENCH_IMU_DEPTH);
		zassert_true(rtio_imu6_overrun(imu6_buf));
		imu6_samples(4);
		(void)imu6_read(BENCH_IMU_DEPTH);
		imu6_expect(imu6_buf, bench_go(1), BENCH_IMU_DEPTH + 3, 4);
		zassert_false(rtio_imu6_overrun(imu6_buf));
	}
}

ZTEST(rtio_imu6, test_other_operations)
{
	static const uint8_t byte;

	imu6_begin(0, 0, 1);
	(void)bench_write(&imu6.sensor.iodev, &byte, 1, 0);
	zassert_equal(bench_go(1), -EINVAL);
}

/*
 * A fault in every position of a read: it answers once, no frame is lost that was not on the wires,
 * and the next read brings the rest.
 */
static void fault_everywhere(int way, int bus, enum rtio_sim_fault fault)
{
	struct rtio_sim_bus *wires;
	uint32_t positions;

	imu6_begin(way, bus, 2);
	wires = bus == 0 ? bench.i2c : bench.spi;
	positions = wires->positions;
	imu6_samples(2);
	(void)imu6_read(2);
	imu6_expect(imu6_buf, bench_go(1), 0, 2);
	positions = wires->positions - positions;
	for (uint32_t at = 1; at <= positions; at++) {
		uint32_t first;
		int result;

		imu6_begin(way, bus, 2);
		imu6_samples(2);
		rtio_sim_bus_fault(wires, fault, at);
		(void)imu6_read(2);
		result = bench_go(1);
		first = 2 - imu6_model->count;
		if (result >= 0) {
			imu6_expect(imu6_buf, result, 0, 1); /* the first frame, at least */
			first = 1;
		}
		rtio_sim_bus_heal(wires);
		imu6_samples(first);
		(void)imu6_read(2);
		imu6_expect(imu6_buf, bench_go(1), first, 2);
	}
}

ZTEST(rtio_imu6, test_not_acknowledged)
{
	EACH_BUS
	{
		fault_everywhere(way, bus, RTIO_SIM_FAULT_NACK);
	}
}

ZTEST(rtio_imu6, test_short)
{
	EACH_BUS
	{
		fault_everywhere(way, bus, RTIO_SIM_FAULT_SHORT);
	}
}

/* The driver recovers the bus by itself. */
ZTEST(rtio_imu6, test_stuck)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		for (uint32_t at = 1; at <= 2 + 1 + 7 + 2; at++) {
			imu6_begin(way, 0, 2);
			imu6_samples(2);
			rtio_sim_bus_fault(bench.i2c, RTIO_SIM_FAULT_STUCK, at);
			(void)imu6_read(2);
			zassert_equal(bench_go(1), -ETIMEDOUT);
			(void)imu6_read(2);
			imu6_expect(imu6_buf, bench_go(1), 0, 2);
			zassert_equal(bench.i2c->held, 0);
		}
	}
}

static rtio_sqe_handle_t read_and_wait(void)
{
	rtio_sqe_handle_t handle = rtio_sqe_handle(imu6_read(2));

	zassert_ok(rtio_submit(&bench_rtio, 0));
	bench_sleep(10000);
	expect_no_cqe(&bench_rtio);
	return handle;
}

/* While it waits for an interrupt; behind another; while the bus hangs, in every position. */
ZTEST(rtio_imu6, test_cancel)
{
	EACH_BUS
	{
		struct rtio_sim_bus *wires;
		rtio_sqe_handle_t handle;
		rtio_sqe_handle_t behind;

		imu6_begin(way, bus, 2);
		wires = bus == 0 ? bench.i2c : bench.spi;
		handle = read_and_wait();
		behind = read_and_wait();
		zassert_ok(rtio_cancel(&bench_rtio, behind));
		expect_cqe(&bench_rtio, 0, -ECANCELED);
		zassert_ok(rtio_cancel(&bench_rtio, handle));
		expect_cqe(&bench_rtio, 0, -ECANCELED);
		for (uint32_t at = 1; at <= 20; at++) {
			imu6_begin(way, bus, 2);
			imu6_samples(2);
			rtio_sim_bus_fault(wires, RTIO_SIM_FAULT_HANG, at);
			handle = read_and_wait();
			bench_until_fault(wires);
			zassert_ok(rtio_cancel(&bench_rtio, handle));
			expect_cqe(&bench_rtio, 0, -ECANCELED);
			bench_home();
			imu6_samples(2 - imu6_model->count);
			(void)imu6_read(2);
			zassert_equal(bench_go(1), (int)RTIO_IMU6_BUF_SIZE(2));
		}
	}
}

/* At any moment of a read: it answers once, the bus goes on, and so does the next read. */
ZTEST(rtio_imu6, test_cancel_at_any_moment)
{
	EACH_BUS
	{
		uint32_t cancelled = 0;
		uint32_t us = 0;
		int result;

		do {
			rtio_sqe_handle_t handle;
			struct rtio_cqe *cqe;

			imu6_begin(way, bus, 2);
			imu6_samples(2);
			handle = rtio_sqe_handle(imu6_read(2));
			zassert_ok(rtio_submit(&bench_rtio, 0));
			bench_sleep(us);
			us += 100;
			(void)rtio_cancel(&bench_rtio, handle);
			cqe = rtio_cqe_consume_block(&bench_rtio);
			result = cqe->result;
			rtio_cqe_release(&bench_rtio, cqe);
			bench_home();
			expect_no_cqe(&bench_rtio);
			cancelled += result == -ECANCELED ? 1 : 0;
			zassert_true(result == -ECANCELED || result == (int)RTIO_IMU6_BUF_SIZE(2));
			imu6_samples(2 - imu6_model->count);
			(void)imu6_read(2);
			zassert_equal(bench_go(1), (int)RTIO_IMU6_BUF_SIZE(2));
		} while (result == -ECANCELED);
		/* Without a virtual clock, all of it can have passed before the first one. */
		zassert_true(cancelled > 2 || !IS_ENABLED(CONFIG_MULTITHREADING));
	}
}
