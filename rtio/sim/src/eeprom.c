/* SPDX-License-Identifier: Apache-2.0 */
/** @file The model of the EEPROM. */
#include <zephyr/rtio/sim/eeprom.h>

#define ADDRESS_BYTES 2U

static struct rtio_sim_eeprom *eeprom_of(struct rtio_sim_target *target)
{
	return CONTAINER_OF(target, struct rtio_sim_eeprom, target);
}

static void forget_page(struct rtio_sim_eeprom *eeprom)
{
	eeprom->dirty = false;
	eeprom->page_came = 0;
}

static bool eeprom_start(struct rtio_sim_target *target, bool read)
{
	struct rtio_sim_eeprom *eeprom = eeprom_of(target);

	if (rtio_sim_now() < eeprom->busy_until) {
		eeprom->refused++;
		return false;
	}
	/* A repeated START behind data: they are not written. */
	forget_page(eeprom);
	if (!read) {
		eeprom->came = 0;
	}
	return true;
}

static bool eeprom_write_byte(struct rtio_sim_target *target, uint8_t byte)
{
	struct rtio_sim_eeprom *eeprom = eeprom_of(target);
	uint32_t in_page;

	if (eeprom->came < ADDRESS_BYTES) {
		eeprom->at = (eeprom->came == 0 ? (uint32_t)byte << 8 : eeprom->at | byte);
		if (++eeprom->came == ADDRESS_BYTES) {
			eeprom->at &= eeprom->size - 1;
			eeprom->page_start = eeprom->at & ~(eeprom->page_size - 1);
		}
		return true;
	}
	if (eeprom->write_protect) {
		return false;
	}
	in_page = eeprom->at - eeprom->page_start;
	eeprom->page[in_page] = byte;
	eeprom->page_came |= 1ULL << in_page;
	eeprom->dirty = true;
	eeprom->at = eeprom->page_start + ((in_page + 1) & (eeprom->page_size - 1));
	return true;
}

static uint8_t eeprom_read_byte(struct rtio_sim_target *target)
{
	struct rtio_sim_eeprom *eeprom = eeprom_of(target);
	uint8_t byte = eeprom->memory[eeprom->at];

	eeprom->at = (eeprom->at + 1) & (eeprom->size - 1);
	return byte;
}

static void eeprom_stop(struct rtio_sim_target *target)
{
	struct rtio_sim_eeprom *eeprom = eeprom_of(target);

	if (!eeprom->dirty) {
		return;
	}
	for (uint32_t i = 0; i < eeprom->page_size; i++) {
		if ((eeprom->page_came >> i & 1U) != 0) {
			eeprom->memory[eeprom->page_start + i] = eeprom->page[i];
		}
	}
	forget_page(eeprom);
	eeprom->cycles++;
	eeprom->busy_until = rtio_sim_now() + eeprom->cycle_us;
}

static const struct rtio_sim_target_api eeprom_api = {
	.start = eeprom_start,
	.write = eeprom_write_byte,
	.read = eeprom_read_byte,
	.stop = eeprom_stop,
};

void rtio_sim_eeprom_init(struct rtio_sim_eeprom *eeprom, uint8_t *memory, uint32_t size,
			  uint32_t page_size, uint32_t cycle_us)
{
	memset(eeprom, 0, sizeof(*eeprom));
	eeprom->target.api = &eeprom_api;
	eeprom->memory = memory;
	eeprom->size = size;
	eeprom->page_size = page_size;
	eeprom->cycle_us = cycle_us;
}
