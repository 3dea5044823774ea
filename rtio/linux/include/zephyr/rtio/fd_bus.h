/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Devices on the buses of the machine, through i2c-dev and spidev. Linux only.
 *
 * These drivers have calls that wait for the bus, and nothing else, so each device has a thread of its
 * own that makes them, in the order of submission. A transaction is one transfer: on I2C with a repeated
 * start between its members, and a stop behind each that has RTIO_IODEV_I2C_STOP; on SPI with the chip
 * selected all the time. Results are the sum of the bytes.
 */
#ifndef ZEPHYR_RTIO_FD_BUS_H_
#define ZEPHYR_RTIO_FD_BUS_H_

#include <zephyr/rtio/rtio.h>

#include <pthread.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How the driver is called: ioctl(2), or what a test puts in its place; -1 with errno set on failure. */
typedef int (*rtio_bus_control_t)(int fd, unsigned long request, void *arg);

/** How an SPI device is talked to. */
struct rtio_spi_conf {
	uint32_t speed_hz;     /**< 0: as the driver has it */
	uint8_t mode;          /**< SPI_MODE_0 to SPI_MODE_3 */
	uint8_t bits_per_word; /**< 0: 8 */
};

/** A device on a bus; zeroed is "not open". */
struct rtio_bus {
	struct rtio_iodev iodev; /**< for requests: &bus->iodev */
	uint32_t read_size;      /**< bytes that a read from the pool asks for; 0: one block */
	/* The rest is the library's. */
	int fd;
	rtio_bus_control_t control;
	struct rtio_spi_conf spi;
	uint16_t address;
	bool is_spi;
	bool open; /* guarded by the lock, like the next three */
	bool stopping;
	struct rtio_iodev_sqe *first;
	struct rtio_iodev_sqe *last;
	struct k_spinlock lock;
	struct k_sem work; /* one for each request, and one to stop */
	pthread_t thread;
};

/**
 * Open the I2C bus @p path ("/dev/i2c-1") for the device with @p address, 7 bits, or 10 for requests that
 * have RTIO_IODEV_I2C_10_BITS.
 * Requests: RX, TX, tiny TX, transactions of these, NOP; I2C_CONFIGURE and I2C_RECOVER answer -ENOTSUP:
 * both are the kernel's. At most CONFIG_RTIO_LINUX_VECTORS members and 8192 bytes each.
 *
 * Context: thread.
 * @return 0; -EBUSY if @p bus is open; -EINVAL for an address of more than 10 bits; -ENOTSUP if the
 * adapter cannot do plain transfers; errors of open(2) and pthread_create(3). Nothing is left.
 */
int rtio_i2c_open(struct rtio_bus *bus, const char *path, uint16_t address);

/** The same over @p fd, which becomes the library's if this succeeds, with another way to call it. */
int rtio_i2c_init(struct rtio_bus *bus, int fd, uint16_t address, rtio_bus_control_t control);

/**
 * Open the SPI device @p path ("/dev/spidev0.0"). @p conf NULL: mode 0, 8 bits, the driver's speed.
 * Requests: RX, TX, tiny TX, TXRX, transactions of these, NOP.
 * Context: thread.   @return as rtio_i2c_open(); what the driver says to mode, bits and speed.
 */
int rtio_spi_open(struct rtio_bus *bus, const char *path, const struct rtio_spi_conf *conf);

/** The same over @p fd. */
int rtio_spi_init(struct rtio_bus *bus, int fd, const struct rtio_spi_conf *conf,
		  rtio_bus_control_t control);

/**
 * Close it: what waits ends with -ECANCELED. A transfer under way cannot be stopped and is waited for.
 * Context: thread.   @return 0; -EBADF if it is not open; -EDEADLK in its own thread.
 */
int rtio_bus_close(struct rtio_bus *bus);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_FD_BUS_H_ */
