/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * A model of an EEPROM on I2C, of up to 64 KiB.
 *
 * The first two bytes written are an address, the high one first. Bytes behind it go into the page of
 * the address, round and round within it, and into memory with the STOP behind them, which begins a
 * write cycle: until it is over the EEPROM does not acknowledge its address. A read begins at the
 * address, or behind what was last read or written, and goes on from the end at 0. Where it is write
 * protected, it does not acknowledge data.
 */
#ifndef ZEPHYR_RTIO_SIM_EEPROM_H_
#define ZEPHYR_RTIO_SIM_EEPROM_H_

#include <zephyr/rtio/sim/bus.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of the largest page. */
#define RTIO_SIM_EEPROM_PAGE_MAX 64

struct rtio_sim_eeprom {
	struct rtio_sim_target target;
	uint8_t *memory;     /**< what it keeps */
	uint32_t size;       /**< bytes, a power of two */
	uint32_t page_size;  /**< bytes, a power of two, up to RTIO_SIM_EEPROM_PAGE_MAX */
	uint32_t cycle_us;   /**< how long it writes */
	bool write_protect;  /**< it takes no data */
	uint32_t cycles;     /**< write cycles so far */
	uint32_t refused;    /**< how often it was busy when addressed */
	int64_t busy_until;  /**< microseconds, rtio_sim_now() */
	uint32_t at;         /**< address that comes next */
	uint32_t came;       /**< bytes since a START to write */
	bool dirty;          /**< the page has bytes that are to be written */
	uint32_t page_start; /**< address of the page */
	uint8_t page[RTIO_SIM_EEPROM_PAGE_MAX];
	uint64_t page_came; /**< which bytes of it are to be written */
};

/** Make an EEPROM of *@p eeprom that keeps what is in @p memory. */
void rtio_sim_eeprom_init(struct rtio_sim_eeprom *eeprom, uint8_t *memory, uint32_t size,
			  uint32_t page_size, uint32_t cycle_us);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_RTIO_SIM_EEPROM_H_ */
