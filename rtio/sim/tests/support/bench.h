/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A bench with buses and devices for tests. Where there are threads there are two of each bus, one
 * served by interrupts and one by a thread, and the clock is virtual.
 */
#ifndef RTIO_SIM_TESTS_BENCH_H_
#define RTIO_SIM_TESTS_BENCH_H_

#include <zephyr/rtio/sim/eeprom.h>
#include <zephyr/rtio/sim/i2c.h>
#include <zephyr/rtio/sim/imu.h>
#include <zephyr/rtio/sim/radio.h>
#include <zephyr/rtio/sim/spi.h>

#include "../../../tests/support/device.h"

#ifdef CONFIG_MULTITHREADING
#define BENCH_WAYS 2 /* interrupts, threads */
#else
#define BENCH_WAYS 1
#endif

#define BENCH_EEPROM_SIZE  256
#define BENCH_EEPROM_PAGE  16
#define BENCH_EEPROM_CYCLE 5000
#define BENCH_IMU_DEPTH    16
#define BENCH_AIR          1000
#define BENCH_AIR_BYTE     10

struct bench {
	struct rtio_sim_bus *i2c;
	struct rtio_sim_bus *spi;
	const struct rtio_iodev *i2c_imu;
	const struct rtio_iodev *i2c_eeprom;
	const struct rtio_iodev *i2c_nobody; /* there is no such device */
	const struct rtio_iodev *spi_imu;
	const struct rtio_iodev *spi_radio;
	struct rtio_sim_imu imu;      /* on I2C */
	struct rtio_sim_imu fast_imu; /* on SPI */
	struct rtio_sim_eeprom eeprom;
	struct rtio_sim_radio radio;
	uint8_t memory[BENCH_EEPROM_SIZE];
	uint8_t fifo[BENCH_IMU_DEPTH * IMU_FRAME_SIZE];
	uint8_t fast_fifo[BENCH_IMU_DEPTH * IMU_FRAME_SIZE];
	uint32_t frames;    /* that the radio has sent */
	uint32_t frame_len; /* the last of them */
	uint8_t frame[RTIO_SIM_RADIO_FRAME_MAX];
	char trace[96];
};

extern struct bench bench;
extern struct rtio bench_rtio; /* 8 requests and completions, 8 blocks of 32 bytes */

/* For ZTEST_SUITE(). */
void bench_before(void *fixture);
void bench_after(void *fixture);

/* Lay the bench anew, with the buses of @p way. All devices are as from the factory. */
void bench_begin(int way);

/* Acquired and prepared, with @p flags; no userdata. */
struct rtio_sqe *bench_write(const struct rtio_iodev *iodev, const void *data, uint32_t len,
			     uint16_t flags);
struct rtio_sqe *bench_read(const struct rtio_iodev *iodev, void *data, uint32_t len,
			    uint16_t flags);

/* Let @p us microseconds pass. */
void bench_sleep(uint32_t us);

/* Wait until the fault of @p bus has come: a busy machine lets any time pass without an interrupt. */
void bench_until_fault(const struct rtio_sim_bus *bus);

/* All requests, completions and blocks come home. */
void bench_home(void);

/* Submit, wait for all of @p n, which must be home then. @return the result of the first failed, else of the last. */
int bench_go(uint32_t n);

/* Write a register number and read. @return as bench_go(). */
int bench_get(const struct rtio_iodev *iodev, uint8_t reg, void *data, uint32_t len);

/* Write registers. @return likewise. */
int bench_set(const struct rtio_iodev *iodev, uint8_t reg, uint8_t value);

#endif /* RTIO_SIM_TESTS_BENCH_H_ */
