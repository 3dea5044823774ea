/* SPDX-License-Identifier: Apache-2.0 */
/** @file Waiting in the main loop: the core sleeps until an interrupt, then looks again. */
#include "bare.h"

bool port_park(struct port_parker *parker, int64_t deadline)
{
	for (;;) {
		uint32_t key = port_mask();

		if (parker->tokens > 0) {
			parker->tokens--;
			port_unmask(key);
			return true;
		}
		if (deadline != PORT_FOREVER) {
			if (port_clock_ticks() >= deadline) {
				port_unmask(key);
				return false;
			}
			port_core_alarm(deadline);
		}
		/* Masked since the look at the tokens: an interrupt from then on ends the sleep. */
		port_core_sleep(key);
	}
}

void port_unpark(struct port_parker *parker)
{
	uint32_t key = port_mask();

	parker->tokens++;
	port_unmask(key);
}
