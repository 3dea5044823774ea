/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The alarm on the machine timer, which the main loop's sleep uses, too. In the program only if
 * something sets the alarm; then the two functions that mtime.c has in a weak form are those below.
 *
 * The sleep's deadline is in the timer only while the main loop sleeps with interrupts masked; it is
 * set again after each interrupt.
 */
#include "../../bare/src/bare.h"

#include <port_riscv.h>

#include "mtime.h"

static int64_t alarm_at;
static void (*alarm_routine)(void); /* NULL: it is off */

void port_alarm_set(int64_t deadline, void (*routine)(void))
{
	uint32_t key = port_mask();

	alarm_at = deadline;
	alarm_routine = deadline != PORT_FOREVER ? routine : NULL;
	if (alarm_routine != NULL) {
		mtime_interrupt_at(deadline > 0 ? deadline : 0);
	}
	port_unmask(key);
}

void port_core_alarm(int64_t deadline)
{
	mtime_interrupt_at(alarm_routine != NULL && alarm_at < deadline ? alarm_at : deadline);
}

void port_riscv_timer_interrupt(void)
{
	uint32_t key = port_mask();
	void (*routine)(void) = NULL;

	CSR_CLEAR(mie, MIE_MTIE);
	if (alarm_routine != NULL && port_clock_ticks() >= alarm_at) {
		routine = alarm_routine;
		alarm_routine = NULL;
	} else if (alarm_routine != NULL) {
		mtime_interrupt_at(alarm_at); /* this one was for the main loop */
	}
	port_unmask(key);
	if (routine != NULL) {
		routine();
	}
}
