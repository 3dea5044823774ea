/* SPDX-License-Identifier: Apache-2.0 */
/** @file What happens on the wires: START, addresses, bytes, STOP. */
#include <errno.h>

#include "../support/bench.h"

ZTEST_SUITE(rtio_wires, NULL, NULL, bench_before, bench_after, NULL);

static void expect_trace(const char *trace)
{
	zassert_str_equal(bench.trace, trace, "%s instead of %s", bench.trace, trace);
	bench.trace[0] = '\0';
	bench.i2c->trace_len = 0;
	bench.spi->trace_len = 0;
}

ZTEST(rtio_wires, test_i2c_alone)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		uint8_t bytes[3] = {IMU_REG_WATERMARK, 7, 0};

		bench_begin(way);
		(void)bench_write(bench.i2c_imu, bytes, 2, 0);
		zassert_equal(bench_go(1), 2);
		expect_trace("SwwP");
		(void)bench_read(bench.i2c_imu, bytes, 3, 0);
		zassert_equal(bench_go(1), 3);
		expect_trace("SrrrP");
		zassert_equal(bench.imu.watermark, 7);
		(void)bench_write(bench.i2c_imu, bytes, 0, 0);
		zassert_equal(bench_go(1), 0);
		expect_trace("SP"); /* asks whether it is there */
		rtio_sqe_prep_nop(rtio_sqe_acquire(&bench_rtio), bench.i2c_imu, NULL);
		zassert_equal(bench_go(1), 0);
		expect_trace("");
	}
}

ZTEST(rtio_wires, test_i2c_transactions)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		static const uint8_t reg = IMU_REG_ID;
		static const uint8_t value[2] = {0, 9};
		uint8_t id = 0;

		bench_begin(way);
		/* The other direction: a repeated START. */
		zassert_equal(bench_get(bench.i2c_imu, IMU_REG_ID, &id, 1), 1);
		zassert_equal(id, IMU_ID);
		expect_trace("SwRrP");
		/* The same direction: gathered. */
		(void)bench_write(bench.i2c_imu, &reg, 1, RTIO_SQE_TRANSACTION);
		(void)bench_write(bench.i2c_imu, value, 2, 0);
		zassert_equal(bench_go(2), 2);
		expect_trace("SwwwP");
		/* Unless asked for, and then with a STOP between. */
		(void)bench_write(bench.i2c_imu, &reg, 1, RTIO_SQE_TRANSACTION);
		bench_write(bench.i2c_imu, value, 2, RTIO_SQE_TRANSACTION)->iodev_flags =
			RTIO_IODEV_I2C_RESTART | RTIO_IODEV_I2C_STOP;
		(void)bench_read(bench.i2c_imu, &id, 1, 0);
		zassert_equal(bench_go(3), 1);
		expect_trace("SwRwwPSrP");
	}
}

/* In a chain each request is one of its own on the bus. */
ZTEST(rtio_wires, test_i2c_chain)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		static const uint8_t reg = IMU_REG_ID;
		uint8_t id = 0;

		bench_begin(way);
		(void)bench_write(bench.i2c_imu, &reg, 1, RTIO_SQE_CHAINED);
		(void)bench_read(bench.i2c_imu, &id, 1, 0);
		zassert_equal(bench_go(2), 1);
		zassert_equal(id, IMU_ID);
		expect_trace("SwPSrP");
	}
}

ZTEST(rtio_wires, test_i2c_nobody)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		uint8_t byte;

		bench_begin(way);
		(void)bench_read(bench.i2c_nobody, &byte, 1, 0);
		zassert_equal(bench_go(1), -ENXIO);
		expect_trace("SN");
		zassert_equal(bench_get(bench.i2c_nobody, 0, &byte, 1), -ENXIO);
		expect_trace("SN");
	}
}

ZTEST(rtio_wires, test_i2c_configure)
{
	bench_begin(0);
	rtio_sqe_prep_i2c_configure(rtio_sqe_acquire(&bench_rtio), bench.i2c_imu, RTIO_PRIO_NORM,
				    RTIO_SIM_I2C_FAST, NULL);
	zassert_equal(bench_go(1), 0);
	zassert_equal(bench.i2c->hz, 400000);
	rtio_sqe_prep_i2c_configure(rtio_sqe_acquire(&bench_rtio), bench.i2c_imu, RTIO_PRIO_NORM,
				    0x70, NULL);
	zassert_equal(bench_go(1), -EINVAL);
	zassert_equal(bench.i2c->hz, 400000);
}

/* Operations that a bus has not. */
ZTEST(rtio_wires, test_other_operations)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		uint8_t byte = 0;

		bench_begin(way);
		rtio_sqe_prep_transceive(rtio_sqe_acquire(&bench_rtio), bench.i2c_imu,
					 RTIO_PRIO_NORM, &byte, &byte, 1, NULL);
		zassert_equal(bench_go(1), -EINVAL);
		rtio_sqe_prep_i2c_recover(rtio_sqe_acquire(&bench_rtio), bench.spi_imu,
					  RTIO_PRIO_NORM, NULL);
		zassert_equal(bench_go(1), -EINVAL);
		expect_trace("");
	}
}

ZTEST(rtio_wires, test_spi)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		static const uint8_t ask[3] = {IMU_REG_ID | IMU_SPI_READ, 0, 0};
		uint8_t answer[3] = {1, 1, 1};

		bench_begin(way);
		rtio_sqe_prep_transceive(rtio_sqe_acquire(&bench_rtio), bench.spi_imu,
					 RTIO_PRIO_NORM, ask, answer, 3, NULL);
		zassert_equal(bench_go(1), 3);
		expect_trace("SxxxP");
		zassert_equal(answer[0], 0);
		zassert_equal(answer[1], IMU_ID);
		zassert_equal(answer[2], 0);
		zassert_equal(bench_get(bench.spi_imu, IMU_REG_ID | IMU_SPI_READ, answer, 1), 1);
		zassert_equal(answer[0], IMU_ID);
		expect_trace("SxxP");
		zassert_equal(bench_set(bench.spi_imu, IMU_REG_WATERMARK, 5), 2);
		zassert_equal(bench.fast_imu.watermark, 5);
	}
}

/* What was submitted first, and together, goes first and undivided; unless it is less urgent. */
ZTEST(rtio_wires, test_order)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		static const uint8_t reg = IMU_REG_ID;
		uint8_t id[4] = {0};
		unsigned int key;

		bench_begin(way);
		key = irq_lock();
		for (int i = 0; i < 3; i++) {
			(void)bench_write(bench.i2c_imu, &reg, 1, RTIO_SQE_TRANSACTION);
			(void)bench_read(bench.i2c_imu, &id[i], 1, 0);
		}
		bench_read(bench.i2c_imu, &id[3], 1, 0)->prio = RTIO_PRIO_HIGH;
		zassert_ok(rtio_submit(&bench_rtio, 0));
		irq_unlock(key);
		zassert_equal(bench_go(7), 1);
		expect_trace("SwRrPSrPSwRrPSwRrP");
	}
}

#ifdef CONFIG_RTIO_SYS_MEM_BLOCKS

/* Without a length: as the iodev says. With one: that. */
ZTEST(rtio_wires, test_reads_into_the_pool)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		static const uint32_t lens[3] = {BENCH_EEPROM_PAGE, 40, BENCH_EEPROM_SIZE};

		bench_begin(way);
		for (uint32_t i = 0; i < BENCH_EEPROM_SIZE; i++) {
			bench.memory[i] = (uint8_t)i;
		}
		for (int i = 0; i < 3; i++) {
			struct rtio_sqe *sqe = rtio_sqe_acquire(&bench_rtio);
			struct rtio_cqe *cqe;
			uint8_t *buf;
			uint32_t len;

			rtio_sqe_prep_read_with_pool(sqe, bench.i2c_eeprom, RTIO_PRIO_NORM, NULL);
			sqe->rx.buf_len = i == 0 ? 0 : lens[i];
			bench.eeprom.at = 0;
			zassert_ok(rtio_submit(&bench_rtio, 1));
			cqe = rtio_cqe_consume(&bench_rtio);
			zassert_equal(cqe->result, (int)lens[i], "%d", (int)cqe->result);
			zassert_ok(rtio_cqe_get_mempool_buffer(&bench_rtio, cqe, &buf, &len));
			zassert_equal(len, ROUND_UP(lens[i], 32));
			zassert_mem_equal(buf, bench.memory, lens[i]);
			rtio_release_buffer(&bench_rtio, buf, len);
			rtio_cqe_release(&bench_rtio, cqe);
			expect_home(&bench_rtio);
		}
	}
}

/* More than the pool has: nothing on the wires. */
ZTEST(rtio_wires, test_no_memory)
{
	struct rtio_sqe *sqe = rtio_sqe_acquire(&bench_rtio);

	bench_begin(0);
	rtio_sqe_prep_read_with_pool(sqe, bench.i2c_eeprom, RTIO_PRIO_NORM, NULL);
	sqe->rx.buf_len = 8 * 32 + 1;
	zassert_equal(bench_go(1), -ENOMEM);
	expect_trace("");
}

#endif
