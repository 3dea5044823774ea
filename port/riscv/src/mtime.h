/* SPDX-License-Identifier: Apache-2.0 */
/** @file The machine timer's interrupt. */
#ifndef PORT_RISCV_MTIME_H_
#define PORT_RISCV_MTIME_H_

#include "clint.h"
#include "csr.h"

#define CYCLES_PER_TICK (CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC / CONFIG_SYS_CLOCK_TICKS_PER_SEC)

_Static_assert(CYCLES_PER_TICK > 0 &&
		       CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC % CONFIG_SYS_CLOCK_TICKS_PER_SEC == 0,
	       "a tick must be a whole number of cycles of the timer, or the clock is wrong");

/** Have the timer interrupt at @p deadline, or at once if that has passed. Interrupts masked. */
static inline void mtime_interrupt_at(int64_t deadline)
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

#endif /* PORT_RISCV_MTIME_H_ */
