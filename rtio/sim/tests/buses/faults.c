/* SPDX-License-Identifier: Apache-2.0 */
/** @file Faults in every position: each request answers once, with the right code, and then all works again. */
#include <errno.h>

#include "../support/bench.h"

ZTEST_SUITE(rtio_faults, NULL, NULL, bench_before, bench_after, NULL);

#define LEN 5

static const uint8_t reg = IMU_REG_LATEST;
static uint8_t bytes[LEN];

/*
 * A chain of a transaction, write and read, and a read. @return the results.
 * I2C positions: 1 address, 2 register, 3 address, 4 to 8 bytes; 9 address, 10 to 14 data.
 * SPI positions: 1 selection, 2 register, 3 to 7 bytes; 8 selection, 9 to 13 data.
 */
static void run(const struct rtio_iodev *iodev, int results[3])
{
	(void)bench_write(iodev, &reg, 1, RTIO_SQE_TRANSACTION);
	(void)bench_read(iodev, bytes, LEN, RTIO_SQE_CHAINED);
	(void)bench_read(iodev, bytes, LEN, 0);
	zassert_ok(rtio_submit(&bench_rtio, 3));
	for (int i = 0; i < 3; i++) {
		struct rtio_cqe *cqe = rtio_cqe_consume(&bench_rtio);

		zassert_not_null(cqe);
		results[i] = cqe->result;
		rtio_cqe_release(&bench_rtio, cqe);
	}
	bench_home();
}

static void expect(const int results[3], int first, int second, int third, uint32_t at)
{
	zassert_true(results[0] == first && results[1] == second && results[2] == third,
		     "fault at %u: %d %d %d instead of %d %d %d", (unsigned int)at, results[0],
		     results[1], results[2], first, second, third);
}

/* With a failure at @p at, of which the first position of the second part is @p second. */
static void expect_failure(const int results[3], int error, uint32_t at, uint32_t second)
{
	if (at < second) {
		expect(results, error, -ECANCELED, -ECANCELED, at);
	} else {
		expect(results, LEN, LEN, error, at);
	}
}

static void expect_works(const struct rtio_iodev *iodev)
{
	int results[3];

	run(iodev, results);
	expect(results, LEN, LEN, LEN, 0);
}

/* What the bus did is over: it has let go of the device. */
static void expect_released(const struct rtio_sim_bus *bus)
{
	zassert_is_null(bus->open);
	zassert_is_null(bus->head);
	zassert_is_null(bus->queue.current);
}

ZTEST(rtio_faults, test_i2c_not_acknowledged)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		bench_begin(way);
		for (uint32_t at = 1; at <= 14; at++) {
			bool address = at == 1 || at == 3 || at == 9;
			int results[3];

			rtio_sim_bus_fault(bench.i2c, RTIO_SIM_FAULT_NACK, at);
			run(bench.i2c_imu, results);
			expect_failure(results, address ? -ENXIO : -EIO, at, 9);
			expect_released(bench.i2c);
			expect_works(bench.i2c_imu);
		}
	}
}

/* The last message is short; one that is not fails the transaction. */
ZTEST(rtio_faults, test_i2c_short)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		bench_begin(way);
		for (uint32_t at = 1; at <= 14; at++) {
			int results[3];
			int part = at <= 3 ? 0 : (int)at - 4;

			rtio_sim_bus_fault(bench.i2c, RTIO_SIM_FAULT_SHORT, at);
			run(bench.i2c_imu, results);
			if (at <= 2) {
				expect(results, -EIO, -ECANCELED, -ECANCELED, at);
			} else if (at < 9) {
				expect(results, part, part, LEN, at);
			} else {
				expect(results, LEN, LEN, at == 9 ? 0 : (int)at - 10, at);
			}
			expect_works(bench.i2c_imu);
		}
	}
}

static int recover(void)
{
	rtio_sqe_prep_i2c_recover(rtio_sqe_acquire(&bench_rtio), bench.i2c_imu, RTIO_PRIO_NORM,
				  NULL);
	return bench_go(1);
}

/* A line is held: it takes a time-out to notice; nobody gets through until it is freed. */
ZTEST(rtio_faults, test_i2c_stuck)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		bench_begin(way);
		for (uint32_t at = 1; at <= 14; at++) {
			int results[3];

			rtio_sim_bus_fault(bench.i2c, RTIO_SIM_FAULT_STUCK, at);
			run(bench.i2c_imu, results);
			expect_failure(results, -ETIMEDOUT, at, 9);
			zassert_equal(bench_get(bench.i2c_eeprom, 0, bytes, 1), -EBUSY);
			zassert_ok(recover());
			expect_released(bench.i2c);
			expect_works(bench.i2c_imu);
		}
	}
}

/* One that is held for longer needs more pulses. */
ZTEST(rtio_faults, test_i2c_stuck_hard)
{
	uint8_t byte;

	bench_begin(0);
	bench.i2c->fault_held = 20;
	rtio_sim_bus_fault(bench.i2c, RTIO_SIM_FAULT_STUCK, 2);
	zassert_equal(bench_get(bench.i2c_imu, 0, &byte, 1), -ETIMEDOUT);
	zassert_equal(recover(), -EIO);
	zassert_equal(bench_get(bench.i2c_imu, 0, &byte, 1), -EBUSY);
	zassert_equal(recover(), -EIO);
	zassert_ok(recover());
	expect_works(bench.i2c_imu);
	zassert_ok(recover()); /* does no harm */
	expect_works(bench.i2c_imu);
}

ZTEST(rtio_faults, test_i2c_noise)
{
	uint8_t clean[LEN];
	uint8_t noisy[LEN];

	bench_begin(0);
	rtio_sim_imu_sample(&bench.imu);
	zassert_equal(bench_get(bench.i2c_imu, IMU_REG_LATEST, clean, LEN), LEN);
	for (uint32_t at = 4; at <= 8; at++) {
		rtio_sim_bus_fault(bench.i2c, RTIO_SIM_FAULT_NOISE, at);
		zassert_equal(bench_get(bench.i2c_imu, IMU_REG_LATEST, noisy, LEN), LEN);
		zassert_equal(noisy[at - 4], clean[at - 4] ^ 1);
		noisy[at - 4] ^= 1;
		zassert_mem_equal(noisy, clean, LEN);
	}
}

ZTEST(rtio_faults, test_spi)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		bench_begin(way);
		for (uint32_t at = 1; at <= 13; at++) {
			bool selection = at == 1 || at == 8;
			int results[3];

			rtio_sim_bus_fault(bench.spi, RTIO_SIM_FAULT_NACK, at);
			run(bench.spi_imu, results);
			expect_failure(results, selection ? -ENXIO : -EIO, at, 8);
			expect_released(bench.spi);
			expect_works(bench.spi_imu);

			rtio_sim_bus_fault(bench.spi, RTIO_SIM_FAULT_SHORT, at);
			run(bench.spi_imu, results);
			if (at <= 2) {
				expect(results, -EIO, -ECANCELED, -ECANCELED, at);
			} else if (at < 8) {
				expect(results, (int)at - 3, (int)at - 3, LEN, at);
			} else {
				expect(results, LEN, LEN, at == 8 ? 0 : (int)at - 9, at);
			}
			expect_works(bench.spi_imu);
		}
	}
}

/* Nobody notices but who looks at the data. */
ZTEST(rtio_faults, test_spi_held)
{
	uint8_t id[2];

	bench_begin(0);
	rtio_sim_bus_fault(bench.spi, RTIO_SIM_FAULT_STUCK, 3);
	zassert_equal(bench_get(bench.spi_imu, IMU_REG_ID | IMU_SPI_READ, id, 2), 2);
	zassert_equal(id[0], 0);
	rtio_sim_bus_heal(bench.spi);
	zassert_equal(bench_get(bench.spi_imu, IMU_REG_ID | IMU_SPI_READ, id, 2), 2);
	zassert_equal(id[0], IMU_ID);
}

#ifdef CONFIG_RTIO_SYS_MEM_BLOCKS

/* Memory of the pool goes home with each fault. */
ZTEST(rtio_faults, test_memory_comes_home)
{
	static const enum rtio_sim_fault kinds[] = {RTIO_SIM_FAULT_NACK, RTIO_SIM_FAULT_STUCK};

	bench_begin(0);
	for (size_t kind = 0; kind < ARRAY_SIZE(kinds); kind++) {
		for (uint32_t at = 1; at <= 1 + BENCH_EEPROM_PAGE; at++) {
			rtio_sqe_prep_read_with_pool(rtio_sqe_acquire(&bench_rtio),
						     bench.i2c_eeprom, RTIO_PRIO_NORM, NULL);
			rtio_sim_bus_fault(bench.i2c, kinds[kind], at);
			zassert_true(bench_go(1) < 0);
			zassert_ok(recover());
		}
	}
}

#endif
