/* SPDX-License-Identifier: Apache-2.0 */
/** @file On Linux, how many wires the modules of a process have is known at start-up only. */
#include <stdlib.h>

#include <zephyr/sys/printk.h>

#include <port/port.h>

#include "slots.h"

struct packet_sink **packet_io_slots(size_t total)
{
	struct packet_sink **slots = calloc(total, sizeof(struct packet_sink *));

	if (slots == NULL) {
		printk("packet_io: no memory for %u wires\n", (unsigned int)total);
		port_fatal();
	}
	return slots;
}
