/* SPDX-License-Identifier: Apache-2.0 */
/** @file I2C through i2c-dev. */
#define _GNU_SOURCE

#include "bus.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <unistd.h>

/* The driver's own limits. */
#define BYTES_MAX    8192
#define MESSAGES_MAX MIN(CONFIG_RTIO_LINUX_VECTORS, 42)

/* Check all of it, so that nothing has happened when something is wrong. */
static int check(const struct rtio_bus *bus, const struct rtio_iodev_sqe *s)
{
	struct rtio_bus_piece piece;
	int count = 0;

	for (; s != NULL; s = rtio_txn_next(s)) {
		int ret = rtio_bus_piece(bus, s, &piece);

		if (ret != 0) {
			return ret;
		}
		if (piece.len > BYTES_MAX) {
			return -EINVAL;
		}
		count++;
	}
	return count > MESSAGES_MAX ? -EMSGSIZE : 0;
}

int rtio_i2c_transfer(struct rtio_bus *bus, struct rtio_iodev_sqe *s)
{
	struct i2c_msg msgs[MESSAGES_MAX];
	int ret = check(bus, s);
	int total = 0;

	while (ret == 0 && s != NULL) {
		struct i2c_rdwr_ioctl_data data = {.msgs = msgs, .nmsgs = 0};
		bool stop = false;

		for (; s != NULL && !stop; s = rtio_txn_next(s)) {
			struct i2c_msg *msg = &msgs[data.nmsgs++];
			struct rtio_bus_piece piece;

			(void)rtio_bus_piece(bus, s, &piece);
			msg->addr = bus->address;
			msg->flags = piece.in != NULL ? I2C_M_RD : 0;
			if ((s->sqe.iodev_flags & RTIO_IODEV_I2C_10_BITS) != 0) {
				msg->flags |= I2C_M_TEN;
			}
			msg->len = (uint16_t)piece.len;
			msg->buf = piece.in != NULL ? piece.in : (uint8_t *)(uintptr_t)piece.out;
			total += (int)piece.len;
			stop = (s->sqe.iodev_flags & RTIO_IODEV_I2C_STOP) != 0;
		}
		ret = rtio_bus_call(bus, I2C_RDWR, &data);
		if (ret >= 0) {
			ret = ret == (int)data.nmsgs ? 0 : -EIO;
		}
	}
	return ret != 0 ? ret : total;
}

int rtio_i2c_init(struct rtio_bus *bus, int fd, uint16_t address, rtio_bus_control_t control)
{
	unsigned long functions = 0;
	int ret = address > 0x3ff ? -EINVAL : rtio_bus_prepare(bus, fd, control);

	if (ret != 0) {
		return ret;
	}
	bus->address = address;
	ret = rtio_bus_call(bus, I2C_FUNCS, &functions);
	if (ret < 0) {
		return ret;
	}
	return (functions & I2C_FUNC_I2C) == 0 ? -ENOTSUP : rtio_bus_begin(bus);
}

int rtio_i2c_open(struct rtio_bus *bus, const char *path, uint16_t address)
{
	int fd = bus->open ? -1 : open(path, O_RDWR | O_CLOEXEC);
	int ret;

	if (fd < 0) {
		return bus->open ? -EBUSY : -errno;
	}
	ret = rtio_i2c_init(bus, fd, address, NULL);
	if (ret != 0) {
		(void)close(fd);
	}
	return ret;
}
