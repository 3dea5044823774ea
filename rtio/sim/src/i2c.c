/* SPDX-License-Identifier: Apache-2.0 */
/** @file Messages on an I2C bus. */
#include <zephyr/rtio/sim/i2c.h>

#include <errno.h>

#define I2C_BITS_OF_BYTE 9U /* with what acknowledges it */
#define BITS_OF_START 10U   /* with the address */
#define BITS_OF_STOP 1U
#define BITS_OF_RECOVER 10U
#define PULSES 9U

static bool is_read(const struct rtio_iodev_sqe *s)
{
	return s->sqe.op == RTIO_OP_RX;
}

static bool is_transfer(const struct rtio_iodev_sqe *s)
{
	return is_read(s) || s->sqe.op == RTIO_OP_TX || s->sqe.op == RTIO_OP_TINY_TX;
}

static bool needs_start(const struct rtio_sim_bus *bus, const struct rtio_iodev_sqe *s)
{
	return bus->open == NULL || bus->reading != is_read(s) ||
	       (s->sqe.iodev_flags & RTIO_IODEV_I2C_RESTART) != 0;
}

static bool needs_stop(const struct rtio_iodev_sqe *s)
{
	return rtio_txn_next(s) == NULL || (s->sqe.iodev_flags & RTIO_IODEV_I2C_STOP) != 0;
}

static uint64_t i2c_duration(const struct rtio_sim_bus *bus, const struct rtio_iodev_sqe *s)
{
	uint64_t bits = 0;

	if (is_transfer(s)) {
		bits = (uint64_t)rtio_sim_bus_len(bus, s) * I2C_BITS_OF_BYTE;
		bits += needs_start(bus, s) ? BITS_OF_START : 0;
		bits += needs_stop(s) ? BITS_OF_STOP : 0;
	} else if (s->sqe.op == RTIO_OP_I2C_RECOVER) {
		bits = BITS_OF_RECOVER;
	}
	return bits * NSEC_PER_SEC / bus->hz;
}

/* START and the address. @return 0 if the device is there. */
static int i2c_start(struct rtio_sim_bus *bus, bool read)
{
	struct rtio_sim_target *target = rtio_sim_bus_find(bus, rtio_sim_bus_spec_of(bus)->address);
	enum rtio_sim_fault fault = rtio_sim_bus_position(bus);

	if (fault == RTIO_SIM_FAULT_STUCK) {
		return -ETIMEDOUT;
	}
	if (fault == RTIO_SIM_FAULT_HANG) {
		return RTIO_SIM_HANGS;
	}
	rtio_sim_bus_note(bus, bus->open != NULL ? 'R' : 'S');
	if (target == NULL || fault == RTIO_SIM_FAULT_NACK || !target->api->start(target, read)) {
		rtio_sim_bus_note(bus, 'N');
		return -ENXIO;
	}
	bus->open = target;
	bus->reading = read;
	return fault == RTIO_SIM_FAULT_SHORT ? -EMSGSIZE : 0;
}

/* @return 0, or why byte @p i is the first that is not moved. */
static int i2c_byte(struct rtio_sim_bus *bus, bool read, uint8_t *byte)
{
	enum rtio_sim_fault fault = rtio_sim_bus_position(bus);
	uint8_t noise = fault == RTIO_SIM_FAULT_NOISE ? 1 : 0;

	switch (fault) {
	case RTIO_SIM_FAULT_STUCK:
		return -ETIMEDOUT;
	case RTIO_SIM_FAULT_HANG:
		return RTIO_SIM_HANGS;
	case RTIO_SIM_FAULT_SHORT:
		return -EMSGSIZE;
	default:
		break;
	}
	rtio_sim_bus_note(bus, read ? 'r' : 'w');
	if (fault == RTIO_SIM_FAULT_NACK) {
		rtio_sim_bus_note(bus, 'N');
		return -EIO;
	}
	if (read) {
		*byte = bus->open->api->read(bus->open) ^ noise;
	} else if (!bus->open->api->write(bus->open, *byte ^ noise)) {
		rtio_sim_bus_note(bus, 'N');
		return -EIO;
	}
	return 0;
}

/* @return bytes moved, or what went wrong. */
static int i2c_transfer(struct rtio_sim_bus *bus, struct rtio_iodev_sqe *s, uint8_t *buf,
			uint32_t len)
{
	uint32_t i = 0;
	int ret = 0;

	if (bus->held != 0) {
		return -EBUSY;
	}
	if (needs_start(bus, s)) {
		ret = i2c_start(bus, is_read(s));
	}
	while (ret == 0 && i < len) {
		ret = i2c_byte(bus, is_read(s), &buf[i]);
		i += ret == 0 ? 1 : 0;
	}
	if (ret != 0 && ret != -EMSGSIZE) {
		return ret;
	}
	if ((s->sqe.iodev_flags & RTIO_IODEV_I2C_STOP) != 0) {
		rtio_sim_bus_close(bus);
	}
	return (int)i;
}

static int i2c_receive(struct rtio_sim_bus *bus, struct rtio_iodev_sqe *s)
{
	uint32_t want = rtio_sim_bus_len(bus, s);
	uint8_t *buf;
	uint32_t len;
	int ret = rtio_sqe_rx_buf(s, want, want, &buf, &len);

	return ret != 0 ? ret : i2c_transfer(bus, s, buf, want);
}

static int configure(struct rtio_sim_bus *bus, uint32_t config)
{
	switch (config) {
	case RTIO_SIM_I2C_STANDARD:
		bus->hz = 100000;
		return 0;
	case RTIO_SIM_I2C_FAST:
		bus->hz = 400000;
		return 0;
	case RTIO_SIM_I2C_FAST_PLUS:
		bus->hz = 1000000;
		return 0;
	default:
		return -EINVAL;
	}
}

static int recover(struct rtio_sim_bus *bus)
{
	rtio_sim_bus_note(bus, 'C');
	bus->held -= MIN(bus->held, PULSES);
	rtio_sim_bus_close(bus);
	return bus->held == 0 ? 0 : -EIO;
}

static int i2c_message(struct rtio_sim_bus *bus, struct rtio_iodev_sqe *s)
{
	switch (s->sqe.op) {
	case RTIO_OP_NOP:
		return 0;
	case RTIO_OP_TX:
		return i2c_transfer(bus, s, (uint8_t *)(uintptr_t)s->sqe.tx.buf, s->sqe.tx.buf_len);
	case RTIO_OP_TINY_TX:
		return i2c_transfer(bus, s, s->sqe.tiny_tx.buf, s->sqe.tiny_tx.buf_len);
	case RTIO_OP_RX:
		return i2c_receive(bus, s);
	case RTIO_OP_I2C_CONFIGURE:
		return configure(bus, s->sqe.i2c_config);
	case RTIO_OP_I2C_RECOVER:
		return recover(bus);
	default:
		return -EINVAL;
	}
}

static const struct rtio_sim_bus_wires i2c_wires = {
	.duration = i2c_duration,
	.message = i2c_message,
	.held_for_good = true,
};

void rtio_sim_i2c_init(struct rtio_sim_bus *bus)
{
	rtio_sim_bus_init(bus, &i2c_wires, 100000);
}
