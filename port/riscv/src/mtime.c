/* SPDX-License-Identifier: Apache-2.0 */
/** @file The clock on the machine timer: it counts by itself, an interrupt comes at deadlines only. */
#include "../../bare/src/bare.h"

#include <port_riscv.h>

#include "clint.h"
#include "csr.h"
#include "mtime.h"

uint64_t port_clock_cycles(void)
{
	uint32_t high;
	uint32_t low;

	do {
		high = CLINT_MTIME_HIGH;
		low = CLINT_MTIME_LOW;
	} while (high != CLINT_MTIME_HIGH);
	return (uint64_t)high << 32 | low;
}

uint32_t port_clock_cycles_per_sec(void)
{
	return CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC;
}

int64_t port_clock_ticks(void)
{
	return (int64_t)(port_clock_cycles() / CYCLES_PER_TICK);
}

int64_t port_clock_deadline(int64_t ticks)
{
	int64_t now = (int64_t)((port_clock_cycles() + CYCLES_PER_TICK - 1) / CYCLES_PER_TICK);

	return ticks >= PORT_FOREVER - now ? PORT_FOREVER : now + ticks;
}

#ifndef PACKET_IO_AMALGAMATION

/* In programs without an alarm; the others have these two from mtime_alarm.c. */

__attribute__((weak)) void port_core_alarm(int64_t deadline)
{
	mtime_interrupt_at(deadline);
}

__attribute__((weak)) void port_riscv_timer_interrupt(void)
{
	CSR_CLEAR(mie, MIE_MTIE);
}

#endif
