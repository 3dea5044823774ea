/* SPDX-License-Identifier: Apache-2.0 */
/** @file SPI through spidev. */
#define _GNU_SOURCE

#include "bus.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/spi/spidev.h>
#include <unistd.h>

int rtio_spi_transfer(struct rtio_bus *bus, struct rtio_iodev_sqe *s)
{
	struct spi_ioc_transfer parts[CONFIG_RTIO_LINUX_VECTORS];
	unsigned int count = 0;
	unsigned int size;
	int64_t total = 0;
	int ret;

	memset(parts, 0, sizeof(parts));
	for (; s != NULL; s = rtio_txn_next(s)) {
		struct spi_ioc_transfer *part = &parts[count];
		struct rtio_bus_piece piece;

		if (count == ARRAY_SIZE(parts)) {
			return -EMSGSIZE;
		}
		ret = rtio_bus_piece(bus, s, &piece);
		if (ret != 0) {
			return ret;
		}
		part->tx_buf = (uintptr_t)piece.out;
		part->rx_buf = (uintptr_t)piece.in;
		part->len = piece.len;
		part->speed_hz = bus->spi.speed_hz;
		part->bits_per_word = bus->spi.bits_per_word;
		total += piece.len;
		count++;
	}
	if (total > INT32_MAX) {
		return -EINVAL;
	}
	/* What SPI_IOC_MESSAGE(count) says of a constant. */
	size = (unsigned int)(count * sizeof(parts[0]));
	ret = rtio_bus_call(bus, _IOC(_IOC_WRITE, SPI_IOC_MAGIC, 0, size), parts);
	return ret < 0 ? ret : (int)total;
}

int rtio_spi_init(struct rtio_bus *bus, int fd, const struct rtio_spi_conf *conf,
		  rtio_bus_control_t control)
{
	static const struct rtio_spi_conf plain;
	uint8_t mode;
	int ret = rtio_bus_prepare(bus, fd, control);

	if (ret != 0) {
		return ret;
	}
	bus->is_spi = true;
	bus->spi = conf != NULL ? *conf : plain;
	mode = bus->spi.mode;
	ret = rtio_bus_call(bus, SPI_IOC_WR_MODE, &mode);
	if (ret >= 0 && bus->spi.bits_per_word != 0) {
		ret = rtio_bus_call(bus, SPI_IOC_WR_BITS_PER_WORD, &bus->spi.bits_per_word);
	}
	if (ret >= 0 && bus->spi.speed_hz != 0) {
		ret = rtio_bus_call(bus, SPI_IOC_WR_MAX_SPEED_HZ, &bus->spi.speed_hz);
	}
	return ret < 0 ? ret : rtio_bus_begin(bus);
}

int rtio_spi_open(struct rtio_bus *bus, const char *path, const struct rtio_spi_conf *conf)
{
	int fd = bus->open ? -1 : open(path, O_RDWR | O_CLOEXEC);
	int ret;

	if (fd < 0) {
		return bus->open ? -EBUSY : -errno;
	}
	ret = rtio_spi_init(bus, fd, conf, NULL);
	if (ret != 0) {
		(void)close(fd);
	}
	return ret;
}
