/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Static wiring: the constants of PACKET_CONNECT() lie in no order; at start-up the sinks of each
 * source are put side by side in one array in RAM, a pointer for each wire, in two passes.
 */
#include <zephyr/init.h>
#include <zephyr/logging/log.h>

#include "internal.h"
#include "slots.h"

LOG_MODULE_DECLARE(packet_io, CONFIG_PACKET_IO_LOG_LEVEL);

/* Count the wires of each source. @return how many there are. */
static size_t count_wires(const struct packet_wire *start, const struct packet_wire *stop)
{
	for (const struct packet_wire *w = start; w != stop; w++) {
		w->source->wired_count++;
	}
	return (size_t)(stop - start);
}

/*
 * Give each source its part of @p slots at its first wire, and fill it in their order.
 * @return the slots that are left.
 */
static struct packet_sink **place_wires(const struct packet_wire *start,
					const struct packet_wire *stop, struct packet_sink **slots)
{
	for (const struct packet_wire *w = start; w != stop; w++) {
		struct packet_source *src = w->source;

		if (src->wired == NULL) {
			src->wired = slots;
			slots += src->wired_count;
			src->wired_count = 0;
		}
		src->wired[src->wired_count++] = w->sink;
	}
	return slots;
}

#ifdef CONFIG_PORT_BARE

__asm__(".global " STRINGIFY(Z_PACKET_IO_MODULE) "\n\t" STRINGIFY(Z_PACKET_IO_MODULE) " = 0");

TYPE_SECTION_REQUIRE(const struct packet_wire, packet_wire);

/* The pointers of Z_PACKET_SLOT, in a section that exists even if there are none. */
__asm__(".pushsection z_packet_slots,\"aw\",%progbits\n\t.popsection");
extern struct packet_sink *__start_z_packet_slots[] __attribute__((visibility("hidden")));

static int packet_io_init(void)
{
	const struct packet_wire *start = TYPE_SECTION_START(packet_wire);
	const struct packet_wire *stop = TYPE_SECTION_END(packet_wire);
	size_t total = count_wires(start, stop);

	(void)place_wires(start, stop, __start_z_packet_slots);
	LOG_DBG("%u wires", (unsigned int)total);
	ARG_UNUSED(total);
	return 0;
}

#else

static struct packet_io_module *modules;
static bool wired;

const struct packet_io_module *packet_io_modules(void)
{
	return modules;
}

void packet_io_register(struct packet_io_module *module)
{
	struct packet_io_module **end = &modules;

	if (wired) {
		if (module->wires_start != module->wires_stop) {
			printk("packet_io: a library loaded after start-up has %u PACKET_CONNECT() "
			       "wires: refused, they carry nothing\n",
			       (unsigned int)(module->wires_stop - module->wires_start));
		}
		return;
	}
	while (*end != NULL) {
		end = &(*end)->next;
	}
	*end = module;
}

static int packet_io_init(void)
{
	struct packet_sink **slots;
	size_t total = 0;

	wired = true;
	for (const struct packet_io_module *m = modules; m != NULL; m = m->next) {
		total += count_wires(m->wires_start, m->wires_stop);
	}
	if (total > 0) {
		slots = packet_io_slots(total);
		for (const struct packet_io_module *m = modules; m != NULL; m = m->next) {
			slots = place_wires(m->wires_start, m->wires_stop, slots);
		}
	}
	LOG_DBG("%u wires", (unsigned int)total);
	return 0;
}

#endif /* CONFIG_PORT_BARE */

SYS_INIT(packet_io_init, APPLICATION, CONFIG_PACKET_IO_PRIORITY);
