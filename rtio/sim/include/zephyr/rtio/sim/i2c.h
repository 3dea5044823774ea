/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A simulated I2C bus.
 *
 * A request alone, and each transaction, is a START, its messages and a STOP. Within a transaction a
 * message that goes on in the direction of the one before it continues that, without an address
 * between; RTIO_IODEV_I2C_RESTART, or the other direction, makes it a repeated START with the address;
 * RTIO_IODEV_I2C_STOP puts a STOP behind a message that is not the last.
 *
 * Operations: RX, TX, TINY_TX, NOP (nothing on the wires), I2C_CONFIGURE (the speed), I2C_RECOVER
 * (nine pulses of the clock and a STOP; -EIO if the line is held all the same).
 */
#ifndef ZEPHYR_RTIO_SIM_I2C_H_
#define ZEPHYR_RTIO_SIM_I2C_H_

#include <zephyr/rtio/sim/bus.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What rtio_sqe_prep_i2c_configure() takes here: 100 kHz, 400 kHz, 1 MHz; all else is -EINVAL. */
#define RTIO_SIM_I2C_STANDARD (1U << 1)
#define RTIO_SIM_I2C_FAST     (2U << 1)
#define RTIO_SIM_I2C_FAST_PLUS (3U << 1)

/** Make a bus of *@p bus, of 100 kHz. */
void rtio_sim_i2c_init(struct rtio_sim_bus *bus);

/** Define an iodev: the device at address @p addr of @p bus, a pointer. */
#define RTIO_SIM_I2C_IODEV(name, bus, addr, pool_len)                                              \
	static const struct rtio_sim_bus_spec UTIL_CAT(name, _spec) = {(bus), (addr), 0,           \
								       (pool_len)};                \
	const struct rtio_iodev name = {&rtio_sim_bus_iodev_api, (void *)&UTIL_CAT(name, _spec)}

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_SIM_I2C_H_ */
