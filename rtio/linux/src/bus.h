/* SPDX-License-Identifier: Apache-2.0 */
/** @file What the files of devices on buses share. */
#ifndef RTIO_LINUX_BUS_H_
#define RTIO_LINUX_BUS_H_

#include <zephyr/rtio/cancel.h>
#include <zephyr/rtio/fd_bus.h>

/* What one member of a transfer moves. */
struct rtio_bus_piece {
	const uint8_t *out; /* NULL: nothing is written */
	uint8_t *in;        /* NULL: nothing is read */
	uint32_t len;
};

/* Set @p bus up over @p fd. @return 0, -EBUSY. */
int rtio_bus_prepare(struct rtio_bus *bus, int fd, rtio_bus_control_t control);
/* Start its thread. @return 0, or as pthread_create(3). */
int rtio_bus_begin(struct rtio_bus *bus);
/* Call the driver. @return what it says, or a negative errno value. */
int rtio_bus_call(const struct rtio_bus *bus, unsigned long request, void *arg);
/* What @p s moves. @return 0, -EINVAL, -ENOMEM, -ENOTSUP. */
int rtio_bus_piece(const struct rtio_bus *bus, const struct rtio_iodev_sqe *s,
		   struct rtio_bus_piece *piece);

/* Do @p s. @return the sum of the bytes, or a negative errno value. */
int rtio_i2c_transfer(struct rtio_bus *bus, struct rtio_iodev_sqe *s);
int rtio_spi_transfer(struct rtio_bus *bus, struct rtio_iodev_sqe *s);

#endif /* RTIO_LINUX_BUS_H_ */
