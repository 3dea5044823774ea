/* SPDX-License-Identifier: Apache-2.0 */
/** @file The clock on the machine timer: it counts by itself, an interrupt comes at deadlines only. */
#include "../../bare/src/bare.h"

#include <port_riscv.h>

#include "clint.h"
#include "csr.h"

#define CYCLES_PER_TICK (CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC / CONFIG_SYS_CLOCK_TICKS_PER_SEC)

_Static_assert(CYCLES_PER_TICK > 0 &&
		       CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC % CONFIG_SYS_CLOCK_TICKS_PER_SEC == 0,
	       "a tick must be a whole number of cycles of the timer, or the clock is wrong");

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

void port_core_alarm(int64_t deadline)
{
	uint64_t cycles = deadline > INT64_MAX / CYCLES_PER_TICK
				  ? UINT64_MAX
				  : (uint64_t)deadline * CYCLES_PER_TICK;

	/* Never in between a moment that is too early. */
	CLINT_MTIMECMP_HIGH = UINT32_MAX;
	CLINT_MTIMECMP_LOW = (uint32_t)cycles;
	CLINT_MTIMECMP_HIGH = (uint32_t)(cycles >> 32);
	CSR_SET(mie, MIE_MTIE);
}

void port_riscv_timer_interrupt(void)
{
	CSR_CLEAR(mie, MIE_MTIE);
}
