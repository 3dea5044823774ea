/* SPDX-License-Identifier: Apache-2.0 */
/** @file The EEPROM: pages, the write cycle, who asks until it is over. */
#include <errno.h>

#include "../support/bench.h"

ZTEST_SUITE(rtio_eeprom, NULL, NULL, bench_before, bench_after, NULL);

static uint8_t bytes[BENCH_EEPROM_PAGE];

/* Write an address and what is behind it, as one. */
static int write_at(uint32_t address, const uint8_t *data, uint32_t len)
{
	static uint8_t head[2];

	head[0] = (uint8_t)(address >> 8);
	head[1] = (uint8_t)address;
	(void)bench_write(bench.i2c_eeprom, head, 2, RTIO_SQE_TRANSACTION);
	(void)bench_write(bench.i2c_eeprom, data, len, 0);
	return bench_go(2);
}

static int read_at(uint32_t address, uint8_t *data, uint32_t len)
{
	static uint8_t head[2];

	head[0] = (uint8_t)(address >> 8);
	head[1] = (uint8_t)address;
	(void)bench_write(bench.i2c_eeprom, head, 2, RTIO_SQE_TRANSACTION);
	(void)bench_read(bench.i2c_eeprom, data, len, 0);
	return bench_go(2);
}

/* Ask until it answers. @return how often it did not. */
static int ask(void)
{
	int refused = 0;

	for (;;) {
		int ret;

		(void)bench_write(bench.i2c_eeprom, bytes, 0, 0);
		ret = bench_go(1);
		if (ret == 0) {
			return refused;
		}
		zassert_equal(ret, -ENXIO);
		refused++;
	}
}

static void fill(uint8_t first)
{
	for (uint32_t i = 0; i < sizeof(bytes); i++) {
		bytes[i] = (uint8_t)(first + i);
	}
}

ZTEST(rtio_eeprom, test_write_cycle)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		uint8_t back[BENCH_EEPROM_PAGE];
		int64_t began;

		bench_begin(way);
		fill(1);
		began = rtio_sim_now();
		zassert_equal(write_at(0x20, bytes, 16), 16);
		zassert_equal(write_at(0x40, bytes, 16), -ENXIO);
		zassert_equal(read_at(0x20, back, 16), -ENXIO);
		zassert_true(ask() > 0);
		zassert_true(rtio_sim_now() - began >= BENCH_EEPROM_CYCLE);
		zassert_equal(bench.eeprom.cycles, 1);
		zassert_equal(read_at(0x20, back, 16), 16);
		zassert_mem_equal(back, bytes, 16);
		zassert_equal(bench.memory[0x40], 0xff);
	}
}

/* Within the page it goes round; the bytes around stay. */
ZTEST(rtio_eeprom, test_page_goes_round)
{
	bench_begin(0);
	fill(0);
	zassert_equal(write_at(0x2c, bytes, 8), 8);
	(void)ask();
	for (uint32_t i = 0; i < 4; i++) {
		zassert_equal(bench.memory[0x2c + i], i);
		zassert_equal(bench.memory[0x20 + i], 4 + i);
	}
	for (uint32_t i = 4; i < 12; i++) {
		zassert_equal(bench.memory[0x20 + i], 0xff);
	}
	zassert_equal(bench.memory[0x30], 0xff);
}

ZTEST(rtio_eeprom, test_read_goes_round)
{
	uint8_t back[8];

	bench_begin(0);
	for (uint32_t i = 0; i < BENCH_EEPROM_SIZE; i++) {
		bench.memory[i] = (uint8_t)i;
	}
	zassert_equal(read_at(BENCH_EEPROM_SIZE - 4, back, 8), 8);
	for (uint32_t i = 0; i < 8; i++) {
		zassert_equal(back[i], (uint8_t)(BENCH_EEPROM_SIZE - 4 + i));
	}
	/* It goes on from where it was. */
	(void)bench_read(bench.i2c_eeprom, back, 4, 0);
	zassert_equal(bench_go(1), 4);
	zassert_equal(back[0], 4);
}

/* Without a STOP nothing is written: a repeated START, a bus that is held. */
ZTEST(rtio_eeprom, test_nothing_without_stop)
{
	static const uint8_t head[4] = {0, 0x10, 1, 2};
	uint8_t back[2];

	bench_begin(0);
	(void)bench_write(bench.i2c_eeprom, head, 4, RTIO_SQE_TRANSACTION);
	(void)bench_read(bench.i2c_eeprom, back, 2, 0);
	zassert_equal(bench_go(2), 2);
	zassert_equal(bench.eeprom.cycles, 0);
	zassert_equal(bench.memory[0x10], 0xff);
	/* An address alone writes nothing, either. */
	(void)bench_write(bench.i2c_eeprom, head, 2, 0);
	zassert_equal(bench_go(1), 2);
	zassert_equal(bench.eeprom.cycles, 0);
}

ZTEST(rtio_eeprom, test_write_protect)
{
	bench_begin(0);
	bench.eeprom.write_protect = true;
	fill(1);
	zassert_equal(write_at(0x20, bytes, 4), -EIO);
	zassert_equal(ask(), 0);
	zassert_equal(bench.memory[0x20], 0xff);
}

/*
 * Each failure of a page write leaves memory as it was, or with the bytes that came before the failure:
 * those are written with the STOP that ends the transaction.
 */
ZTEST(rtio_eeprom, test_faults_of_a_write)
{
	for (uint32_t at = 1; at <= 3 + 8; at++) {
		uint32_t came = at <= 4 ? 0 : at - 4;

		bench_begin(0);
		fill(1);
		rtio_sim_bus_fault(bench.i2c, RTIO_SIM_FAULT_NACK, at);
		zassert_true(write_at(0x20, bytes, 8) < 0);
		for (uint32_t i = 0; i < 8; i++) {
			zassert_equal(bench.memory[0x20 + i], i < came ? bytes[i] : 0xff);
		}
		(void)ask();
		zassert_equal(write_at(0x20, bytes, 8), 8);
		(void)ask();
		zassert_mem_equal(&bench.memory[0x20], bytes, 8);
	}
}

/* A line is held in the middle of the data: without a STOP nothing is written; recovery ends with one. */
ZTEST(rtio_eeprom, test_held_bus)
{
	for (int way = 0; way < BENCH_WAYS; way++) {
		bench_begin(way);
		fill(1);
		rtio_sim_bus_fault(bench.i2c, RTIO_SIM_FAULT_STUCK, 3 + 4);
		zassert_equal(write_at(0x20, bytes, 8), -ETIMEDOUT);
		zassert_equal(write_at(0x20, bytes, 8), -EBUSY);
		zassert_equal(bench.eeprom.cycles, 0);
		zassert_equal(bench.memory[0x20], 0xff);
		rtio_sqe_prep_i2c_recover(rtio_sqe_acquire(&bench_rtio), bench.i2c_eeprom,
					  RTIO_PRIO_NORM, NULL);
		zassert_ok(bench_go(1));
		zassert_equal(bench.eeprom.cycles, 1);
		zassert_mem_equal(&bench.memory[0x20], bytes, 3);
		zassert_equal(bench.memory[0x23], 0xff);
		(void)ask();
	}
}

/* In a transaction as well: what follows is not taken for the rest of what was interrupted. */
ZTEST(rtio_eeprom, test_held_bus_in_a_transaction)
{
	const uint8_t head[2] = {0x00, 0x40};
	struct rtio_sqe *sqe;

	bench_begin(0);
	fill(1);
	rtio_sim_bus_fault(bench.i2c, RTIO_SIM_FAULT_STUCK, 3 + 4);
	zassert_equal(write_at(0x20, bytes, 8), -ETIMEDOUT);
	sqe = rtio_sqe_acquire(&bench_rtio);
	rtio_sqe_prep_i2c_recover(sqe, bench.i2c_eeprom, RTIO_PRIO_NORM, NULL);
	sqe->flags |= RTIO_SQE_TRANSACTION;
	(void)bench_write(bench.i2c_eeprom, head, sizeof(head), 0);
	/* It is busy writing. */
	zassert_equal(bench_go(2), -ENXIO);
	(void)ask();
	zassert_equal(bench.eeprom.cycles, 1);
	zassert_mem_equal(&bench.memory[0x20], bytes, 3);
	zassert_equal(bench.memory[0x23], 0xff);
}
