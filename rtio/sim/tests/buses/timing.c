/* SPDX-License-Identifier: Apache-2.0 */
/** @file How long it takes, to the microsecond, on the virtual clock. */
#include <errno.h>

#include "../support/bench.h"

ZTEST_SUITE(rtio_bus_timing, NULL, NULL, bench_before, bench_after, NULL);

static uint8_t bytes[32];
static const uint8_t reg = IMU_REG_LATEST;

static void expect_us(int64_t began, int64_t us)
{
	int64_t took = rtio_sim_now() - began;

	zassert_equal(took, us, "%d us instead of %d", (int)took, (int)us);
}

/* 10 us a bit: a byte 9, START and address 10, STOP 1. */
ZTEST(rtio_bus_timing, test_i2c)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		int64_t began;

		bench_begin(way);
		began = rtio_sim_now();
		(void)bench_write(bench.i2c_imu, bytes, 3, 0);
		zassert_equal(bench_go(1), 3);
		expect_us(began, 10 * (10 + 27 + 1));
		began = rtio_sim_now();
		zassert_equal(bench_get(bench.i2c_imu, reg, bytes, 12), 12);
		expect_us(began, 10 * (10 + 9 + 10 + 108 + 1));
		rtio_sqe_prep_i2c_configure(rtio_sqe_acquire(&bench_rtio), bench.i2c_imu,
					    RTIO_PRIO_NORM, RTIO_SIM_I2C_FAST_PLUS, NULL);
		zassert_ok(bench_go(1));
		began = rtio_sim_now();
		zassert_equal(bench_get(bench.i2c_imu, reg, bytes, 12), 12);
		expect_us(began, 10 + 9 + 10 + 108 + 1);
	}
}

/* Of 1 MHz, and of the 2 MHz that the radio's iodev says. */
ZTEST(rtio_bus_timing, test_spi)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		int64_t began;

		bench_begin(way);
		began = rtio_sim_now();
		(void)bench_write(bench.spi_imu, bytes, 20, 0);
		zassert_equal(bench_go(1), 20);
		expect_us(began, 1 + 160);
		began = rtio_sim_now();
		(void)bench_write(bench.spi_radio, bytes, 20, 0);
		zassert_equal(bench_go(1), 20);
		expect_us(began, 81); /* 80.5 */
	}
}

ZTEST(rtio_bus_timing, test_stuck)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		int64_t began;

		bench_begin(way);
		rtio_sim_bus_fault(bench.i2c, RTIO_SIM_FAULT_STUCK, 1);
		began = rtio_sim_now();
		(void)bench_write(bench.i2c_imu, bytes, 3, 0);
		zassert_equal(bench_go(1), -ETIMEDOUT);
		expect_us(began, 380 + RTIO_SIM_BUS_TIMEOUT_US);
		began = rtio_sim_now();
		rtio_sqe_prep_i2c_recover(rtio_sqe_acquire(&bench_rtio), bench.i2c_imu,
					  RTIO_PRIO_NORM, NULL);
		zassert_ok(bench_go(1));
		expect_us(began, 100);
	}
}

/* Two buses at the same time. */
ZTEST(rtio_bus_timing, test_side_by_side)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		int64_t began;

		bench_begin(way);
		began = rtio_sim_now();
		(void)bench_write(bench.i2c_imu, bytes, 3, 0);
		(void)bench_write(bench.spi_radio, bytes, 20, 0);
		zassert_equal(bench_go(2), 3); /* of the one that ends last */
		expect_us(began, 380);
	}
}

#ifdef CONFIG_RTIO_DEADLINE

/* In the middle of a message, and while nothing goes on: at the deadline, not later. */
ZTEST(rtio_bus_timing, test_deadline)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		for (uint32_t hang = 0; hang < 2; hang++) {
			int64_t began;
			struct rtio_sqe *sqe;

			bench_begin(way);
			if (hang != 0) {
				rtio_sim_bus_fault(bench.i2c, RTIO_SIM_FAULT_HANG, 1);
			}
			sqe = bench_write(bench.i2c_imu, &reg, 1, RTIO_SQE_TRANSACTION);
			rtio_sqe_set_deadline(sqe, K_USEC(300));
			(void)bench_read(bench.i2c_imu, bytes, 32, 0);
			began = rtio_sim_now();
			zassert_ok(rtio_submit(&bench_rtio, 2));
			expect_us(began, 300);
			expect_cqe(&bench_rtio, 0, -ETIMEDOUT);
			expect_cqe(&bench_rtio, 0, -ECANCELED);
			/* What was to come later does not come, nor does the next one come earlier. */
			began = rtio_sim_now();
			(void)bench_write(bench.i2c_imu, bytes, 3, 0);
			zassert_equal(bench_go(1), 3);
			expect_us(began, 380);
		}
	}
}

/* A bus in use by somebody else: the time in its queue counts. */
ZTEST(rtio_bus_timing, test_deadline_in_the_queue)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		int64_t began;

		bench_begin(way);
		began = rtio_sim_now();
		(void)bench_write(bench.i2c_imu, bytes, 32, 0);
		rtio_sqe_set_deadline(bench_write(bench.i2c_imu, bytes, 3, 0), K_USEC(1000));
		zassert_ok(rtio_submit(&bench_rtio, 1));
		expect_us(began, 1000);
		expect_cqe(&bench_rtio, 0, -ETIMEDOUT);
		zassert_equal(bench_go(1), 32);
		expect_us(began, 10 * (10 + 9 * 32 + 1));
	}
}

#endif

/* Weeks. */
ZTEST(rtio_bus_timing, test_late_in_life)
{
	bench_begin(0);
	for (int week = 0; week < 5; week++) {
		int64_t began;

		k_sleep(K_HOURS(24 * 7));
		began = rtio_sim_now();
		(void)bench_write(bench.i2c_imu, bytes, 3, 0);
		zassert_equal(bench_go(1), 3);
		expect_us(began, 380);
	}
}
