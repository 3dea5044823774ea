/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The alarm on a clock that an interrupt advances. In the program only if something sets it; then
 * port_clock_tick() is the one below.
 */
#include "bare.h"

static int64_t alarm_at;
static void (*alarm_routine)(void); /* NULL: it is off */

void port_alarm_set(int64_t deadline, void (*routine)(void))
{
	uint32_t key = port_mask();

	alarm_at = deadline;
	alarm_routine = deadline != PORT_FOREVER ? routine : NULL;
	port_unmask(key);
	port_start();
}

void port_clock_tick(void)
{
	uint32_t key = port_mask();
	void (*routine)(void) = NULL;

	port_bare_ticks++;
	if (alarm_routine != NULL && (int64_t)port_bare_ticks >= alarm_at) {
		routine = alarm_routine;
		alarm_routine = NULL;
	}
	port_unmask(key);
	if (routine != NULL) {
		routine();
	}
}
