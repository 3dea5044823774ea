/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Static wiring: the constants of PACKET_CONNECT() lie in no order; at start-up the sinks of each
 * source are put side by side in one array in RAM, a pointer for each wire, in two passes.
 */
#include <zephyr/init.h>
#include <zephyr/logging/log.h>
#include <zephyr/sys/printk.h>

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

#ifdef CONFIG_PORT_POSIX

static struct packet_io_module *wired_modules;
static bool wired;

const struct packet_io_module *packet_io_modules(void)
{
	return wired_modules;
}

void packet_io_register(struct packet_io_module *module)
{
	struct packet_io_module **end = &wired_modules;

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

/* Wire all modules. @return how many wires there are. */
static size_t wire_all(void)
{
	struct packet_sink **slots;
	size_t total = 0;

	wired = true;
	for (const struct packet_io_module *m = wired_modules; m != NULL; m = m->next) {
		total += count_wires(m->wires_start, m->wires_stop);
	}
	if (total > 0) {
		slots = packet_io_slots(total);
		for (const struct packet_io_module *m = wired_modules; m != NULL; m = m->next) {
			slots = place_wires(m->wires_start, m->wires_stop, slots);
		}
	}
	return total;
}

#else

TYPE_SECTION_REQUIRE(const struct packet_wire, packet_wire);

#ifdef CONFIG_PORT_BARE
/* Who includes the header refers to this symbol, and so has this file linked. */
__asm__(".global " STRINGIFY(Z_PACKET_IO_MODULE) "\n\t" STRINGIFY(Z_PACKET_IO_MODULE) " = 0");
#endif

/* Wire the program. @return how many wires there are. */
static size_t wire_all(void)
{
	const struct packet_wire *start = TYPE_SECTION_START(packet_wire);
	const struct packet_wire *stop = TYPE_SECTION_END(packet_wire);
	size_t total = count_wires(start, stop);

	(void)place_wires(start, stop, packet_io_slots(total));
	return total;
}

#endif /* CONFIG_PORT_POSIX */

static int packet_io_init(COMPAT_INIT_PARAMETERS)
{
	size_t total = wire_all();

	LOG_DBG("%u wires", (unsigned int)total);
	ARG_UNUSED(total);
	return 0;
}

SYS_INIT(packet_io_init, APPLICATION, CONFIG_PACKET_IO_PRIORITY);
