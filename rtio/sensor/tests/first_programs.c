/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The three programs with which RTIO was first described, in today's calls: requests chained and waited
 * for, device to device without waiting, a sensor on a bus with a reader.
 */
#include <errno.h>

#include <zephyr/rtio/imu6.h>

#include "../../sim/tests/support/bench.h"

ZTEST_SUITE(rtio_first_programs, NULL, NULL, bench_before, bench_after, NULL);

RTIO_DEFINE(ez_io, 4, 4);

static const struct rtio_iodev *i2c_dev;
static const struct rtio_iodev *spi_dev;

/* ---- chained, waiting ------------------------------------------------------------------------ */

static uint8_t reg_addr[2] = {0x00, 0x40};
static uint8_t buf[32];

static int do_some_io(void)
{
	struct rtio_sqe *write_sqe = rtio_sqe_acquire(&ez_io);
	struct rtio_sqe *read_sqe = rtio_sqe_acquire(&ez_io);
	struct rtio_cqe *write_cqe;
	struct rtio_cqe *read_cqe;
	int result;

	rtio_sqe_prep_write(write_sqe, i2c_dev, RTIO_PRIO_LOW, reg_addr, 2, NULL);
	write_sqe->flags |= RTIO_SQE_CHAINED; /* the next item in the queue will wait on this one */
	rtio_sqe_prep_read(read_sqe, i2c_dev, RTIO_PRIO_LOW, buf, 32, NULL);

	rtio_submit(&ez_io, 2);

	write_cqe = rtio_cqe_consume(&ez_io);
	read_cqe = rtio_cqe_consume(&ez_io);
	result = write_cqe->result < 0 ? write_cqe->result : read_cqe->result;
	rtio_cqe_release(&ez_io, write_cqe);
	rtio_cqe_release(&ez_io, read_cqe);
	return result;
}

static void ez_io_home(void)
{
	for (int i = 0; i < 1000000 && rtio_sqe_acquirable(&ez_io) < 4; i++) {
		k_yield();
	}
	expect_home(&ez_io);
}

ZTEST(rtio_first_programs, test_chained_blocking_requests)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		bench_begin(way);
		i2c_dev = bench.i2c_eeprom;
		for (uint32_t i = 0; i < BENCH_EEPROM_SIZE; i++) {
			bench.memory[i] = (uint8_t)(i ^ 0x5a);
		}
		zassert_equal(do_some_io(), 32);
		zassert_mem_equal(buf, &bench.memory[0x40], 32);
		for (uint32_t at = 1; at <= 3 + 1 + 32; at++) {
			rtio_sim_bus_fault(bench.i2c, RTIO_SIM_FAULT_NACK, at);
			zassert_true(do_some_io() < 0);
			ez_io_home();
		}
	}
}

/* ---- device to device, without waiting ------------------------------------------------------- */

static const uint8_t send = RADIO_SEND;
static int read_result;
static int write_result;
static uint32_t turns;

static void forward(void)
{
	static uint32_t read, write;
	struct rtio_sqe *sqe = rtio_sqe_acquire(&ez_io);
	int to_come = 3;

	rtio_sqe_prep_read(sqe, i2c_dev, RTIO_PRIO_LOW, buf, 32, &read);
	sqe->flags |= RTIO_SQE_CHAINED; /* the next item in the queue will wait on this one */

	/* Safe to do as the chain ensures that if one fails all behind it fail. */
	sqe = rtio_sqe_acquire(&ez_io);
	rtio_sqe_prep_tiny_write(sqe, spi_dev, RTIO_PRIO_LOW, &send, 1, NULL);
	sqe->flags |= RTIO_SQE_TRANSACTION;
	sqe = rtio_sqe_acquire(&ez_io);
	rtio_sqe_prep_write(sqe, spi_dev, RTIO_PRIO_LOW, buf, 32, &write);

	/* Returns at once. */
	rtio_submit(&ez_io, 0);

	read_result = 1;
	write_result = 1;
	turns = 0;
	while (to_come > 0) {
		struct rtio_cqe *cqe = rtio_cqe_consume(&ez_io);

		if (cqe == NULL) { /* not yet: something else could be done */
			turns++;
			bench_sleep(100);
			continue;
		}
		if (cqe->userdata == &read) {
			read_result = cqe->result;
		}
		if (cqe->userdata == &write) {
			write_result = cqe->result;
		}
		rtio_cqe_release(&ez_io, cqe);
		to_come--;
	}
}

/* The radio has sent what it took. */
static void await_frames(uint32_t frames)
{
	static const uint8_t ask = RADIO_STATUS;

	for (int i = 0; i < 100000 && bench.frames < frames; i++) {
		(void)bench_write(bench.spi_radio, &ask, 1, 0);
		zassert_equal(bench_go(1), 1);
	}
	zassert_equal(bench.frames, frames);
}

ZTEST(rtio_first_programs, test_device_to_device)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		bench_begin(way);
		i2c_dev = bench.i2c_eeprom;
		spi_dev = bench.spi_radio;
		for (uint32_t i = 0; i < BENCH_EEPROM_SIZE; i++) {
			bench.memory[i] = (uint8_t)(i ^ 0xa5);
		}
		forward();
		zassert_equal(read_result, 32);
		zassert_equal(write_result, 32);
		zassert_true(turns > 0);
		await_frames(1);
		zassert_equal(bench.frame_len, 32);
		zassert_mem_equal(bench.frame, bench.memory, 32);
		/* The read fails: nothing is sent. */
		for (uint32_t at = 1; at <= 33; at++) {
			rtio_sim_bus_fault(bench.i2c, RTIO_SIM_FAULT_NACK, at);
			forward();
			zassert_equal(read_result, at == 1 ? -ENXIO : -EIO);
			zassert_equal(write_result, -ECANCELED);
			ez_io_home();
		}
		await_frames(1);
	}
}

/* ---- a sensor on a bus ----------------------------------------------------------------------- */

#define FRAMES   8
#define BUF_SIZE RTIO_IMU6_BUF_SIZE(FRAMES)
#define READINGS 100

static uint8_t bufs[4][BUF_SIZE];
RTIO_IMU6_DEFINE(sensor_dev, NULL, true);
RTIO_EXECUTOR_CONCURRENT_DEFINE(exec, 2);

static void read_into(uint8_t *into)
{
	struct rtio_sqe *read_sqe = rtio_sqe_acquire(&ez_io);

	zassert_not_null(read_sqe);
	rtio_sqe_prep_read(read_sqe, &sensor_dev.sensor.iodev, RTIO_PRIO_HIGH, into, BUF_SIZE,
			   into);
}

/* @return readings in the buffer of @p cqe, which must go on from number @p seen. */
static uint32_t process(const struct rtio_cqe *cqe, uint32_t seen)
{
	struct sensor_channel channels[4] = {
		SENSOR_TIMESTAMP_CHANNEL,
		SENSOR_CHANNEL(int32_t, SENSOR_ACC_X, 0, SENSOR_RAW),
		SENSOR_CHANNEL(int32_t, SENSOR_ACC_Y, 0, SENSOR_RAW),
		SENSOR_CHANNEL(int32_t, SENSOR_ACC_Z, 0, SENSOR_RAW),
	};
	struct sensor_reader reader;
	uint32_t before = 0;
	uint32_t n = 0;

	zassert_ok(sensor_reader(&sensor_dev.sensor, cqe->userdata, cqe->result, &reader, channels,
				 ARRAY_SIZE(channels)));
	while (sensor_reader_next(&reader)) {
		for (int i = 0; i < 3; i++) {
			zassert_equal(channels[1 + i].value.i32,
				      (int32_t)(seen + n) * 10 + i - 300);
		}
		if (n > 0) {
			zassert_equal(channels[0].value.u32 - before, 1000);
		}
		before = channels[0].value.u32;
		n++;
	}
	return n;
}

/* Set up, and four buffers to fill while we wait and process. */
static void start_sensor(int way)
{
	struct rtio_imu6_config config = {.period_us = 1000, .watermark = 4};

	bench_begin(way);
	sensor_dev.bus = bench.spi_imu;
	sensor_dev.pending = false;
	bench.fast_imu.irq = &sensor_dev.irq;
	rtio_set_executor(&ez_io, &exec.ctx);
	zassert_ok(rtio_imu6_start(&sensor_dev, &config));
	for (int i = 0; i < 4; i++) {
		read_into(bufs[i]);
	}
}

ZTEST(rtio_first_programs, test_sensor_on_a_bus)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		uint32_t seen = 0;

		start_sensor(way);
		while (seen < READINGS) {
			struct rtio_cqe *cqe;

			/* Waits for one completion. */
			rtio_submit(&ez_io, 0);
			cqe = rtio_cqe_consume_block(&ez_io);
			zassert_true(cqe->result > 0, "result %d", (int)cqe->result);
			seen += process(cqe, seen);
			read_into(cqe->userdata);
			rtio_cqe_release(&ez_io, cqe);
		}
		rtio_sqe_drop_all(&ez_io);
		zassert_ok(rtio_imu6_stop(&sensor_dev));
		(void)rtio_cancel_all(&ez_io, NULL);
		for (int i = 0; i < 1000000 && rtio_sqe_acquirable(&ez_io) < 4; i++) {
			k_yield();
		}
		(void)rtio_flush_completion_queue(&ez_io);
		ez_io_home();
		rtio_set_executor(&ez_io, NULL);
	}
}
