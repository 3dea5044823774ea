/* SPDX-License-Identifier: Apache-2.0 */
/** @file Messages on an SPI bus. */
#include <zephyr/rtio/sim/spi.h>

#include <errno.h>

#define SPI_BITS_OF_BYTE 8U
#define BITS_OF_SELECT 1U

static uint64_t spi_duration(const struct rtio_sim_bus *bus, const struct rtio_iodev_sqe *s)
{
	const struct rtio_sim_bus_spec *spec = rtio_sim_bus_spec_of(bus);
	uint64_t bits = 0;

	if (s->sqe.op != RTIO_OP_NOP) {
		bits = (uint64_t)rtio_sim_bus_len(bus, s) * SPI_BITS_OF_BYTE;
		bits += bus->open == NULL ? BITS_OF_SELECT : 0;
	}
	return bits * NSEC_PER_SEC / (spec->hz != 0 ? spec->hz : bus->hz);
}

static int select_device(struct rtio_sim_bus *bus)
{
	struct rtio_sim_target *target = rtio_sim_bus_find(bus, rtio_sim_bus_spec_of(bus)->address);
	enum rtio_sim_fault fault = rtio_sim_bus_position(bus);

	if (fault == RTIO_SIM_FAULT_HANG) {
		return RTIO_SIM_HANGS;
	}
	if (target == NULL || fault == RTIO_SIM_FAULT_NACK) {
		return -ENXIO;
	}
	rtio_sim_bus_note(bus, 'S');
	(void)target->api->start(target, false);
	bus->open = target;
	return fault == RTIO_SIM_FAULT_SHORT ? -EMSGSIZE : 0;
}

/* @return 0, or why this byte is the first that is not moved. */
static int spi_byte(struct rtio_sim_bus *bus, uint8_t out, uint8_t *in)
{
	enum rtio_sim_fault fault = rtio_sim_bus_position(bus);
	uint8_t noise = fault == RTIO_SIM_FAULT_NOISE ? 1 : 0;

	switch (fault) {
	case RTIO_SIM_FAULT_NACK:
		return -EIO;
	case RTIO_SIM_FAULT_HANG:
		return RTIO_SIM_HANGS;
	case RTIO_SIM_FAULT_SHORT:
		return -EMSGSIZE;
	default:
		break;
	}
	rtio_sim_bus_note(bus, 'x');
	*in = bus->open->api->exchange(bus->open, out ^ noise) ^ noise;
	if (bus->held != 0) {
		*in = 0;
	}
	return 0;
}

/* @return bytes moved, or what went wrong. */
static int spi_transfer(struct rtio_sim_bus *bus, const uint8_t *out, uint8_t *in, uint32_t len)
{
	uint32_t i = 0;
	int ret = 0;

	if (bus->open == NULL) {
		ret = select_device(bus);
	}
	while (ret == 0 && i < len) {
		uint8_t byte;

		ret = spi_byte(bus, out != NULL ? out[i] : 0xff, &byte);
		if (ret == 0) {
			if (in != NULL) {
				in[i] = byte;
			}
			i++;
		}
	}
	return ret == 0 || ret == -EMSGSIZE ? (int)i : ret;
}

static int spi_receive(struct rtio_sim_bus *bus, struct rtio_iodev_sqe *s)
{
	uint32_t want = rtio_sim_bus_len(bus, s);
	uint8_t *buf;
	uint32_t len;
	int ret = rtio_sqe_rx_buf(s, want, want, &buf, &len);

	return ret != 0 ? ret : spi_transfer(bus, NULL, buf, want);
}

static int spi_message(struct rtio_sim_bus *bus, struct rtio_iodev_sqe *s)
{
	switch (s->sqe.op) {
	case RTIO_OP_NOP:
		return 0;
	case RTIO_OP_TX:
		return spi_transfer(bus, s->sqe.tx.buf, NULL, s->sqe.tx.buf_len);
	case RTIO_OP_TINY_TX:
		return spi_transfer(bus, s->sqe.tiny_tx.buf, NULL, s->sqe.tiny_tx.buf_len);
	case RTIO_OP_RX:
		return spi_receive(bus, s);
	case RTIO_OP_TXRX:
		return spi_transfer(bus, s->sqe.txrx.tx_buf, s->sqe.txrx.rx_buf,
				    s->sqe.txrx.buf_len);
	default:
		return -EINVAL;
	}
}

static const struct rtio_sim_bus_wires spi_wires = {.duration = spi_duration,
						    .message = spi_message};

void rtio_sim_spi_init(struct rtio_sim_bus *bus, uint32_t hz)
{
	rtio_sim_bus_init(bus, &spi_wires, hz);
}
