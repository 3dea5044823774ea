/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A simulated SPI bus.
 *
 * A request alone, and each transaction, selects its device once. Operations: TX and TINY_TX (what
 * comes in meanwhile is dropped), RX (0xff goes out meanwhile), TXRX, NOP (selects nothing).
 */
#ifndef ZEPHYR_RTIO_SIM_SPI_H_
#define ZEPHYR_RTIO_SIM_SPI_H_

#include <zephyr/rtio/sim/bus.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Make a bus of *@p bus, of @p hz bits in a second where a device does not say otherwise. */
void rtio_sim_spi_init(struct rtio_sim_bus *bus, uint32_t hz);

/** Define an iodev: the device at chip select @p cs of @p bus, a pointer, @p hz bits in a second. */
#define RTIO_SIM_SPI_IODEV(name, bus, cs, hz, pool_len)                                            \
	static const struct rtio_sim_bus_spec UTIL_CAT(name, _spec) = {(bus), (cs), (hz),          \
								       (pool_len)};                \
	const struct rtio_iodev name = {&rtio_sim_bus_iodev_api, (void *)&UTIL_CAT(name, _spec)}

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_SIM_SPI_H_ */
