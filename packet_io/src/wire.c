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

/* Count the wires of each source. @return how many there are in all. */
static size_t count_wires(void)
{
	size_t total = 0;

	for (const struct packet_io_module *m = modules; m != NULL; m = m->next) {
		for (const struct packet_wire *w = m->wires_start; w != m->wires_stop; w++) {
			w->source->wired_count++;
			total++;
		}
	}
	return total;
}

/* Give each source its part of @p slots at its first wire, and fill it in their order. */
static void place_wires(struct packet_sink **slots)
{
	for (const struct packet_io_module *m = modules; m != NULL; m = m->next) {
		for (const struct packet_wire *w = m->wires_start; w != m->wires_stop; w++) {
			struct packet_source *src = w->source;

			if (src->wired == NULL) {
				src->wired = slots;
				slots += src->wired_count;
				src->wired_count = 0;
			}
			src->wired[src->wired_count++] = w->sink;
		}
	}
}

static int packet_io_init(void)
{
	size_t total = count_wires();

	wired = true;
	if (total > 0) {
		place_wires(packet_io_slots(total));
	}
	LOG_DBG("%u wires", (unsigned int)total);
	return 0;
}

SYS_INIT(packet_io_init, APPLICATION, CONFIG_PACKET_IO_PRIORITY);
