/* SPDX-License-Identifier: Apache-2.0 */
/** @file The clock on the core's own timer: an interrupt for each tick. */
#include "../../bare/src/bare.h"

#include "core.h"

#define CYCLES_PER_TICK (CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC / CONFIG_SYS_CLOCK_TICKS_PER_SEC)

_Static_assert(
	CYCLES_PER_TICK > 0 && CYCLES_PER_TICK <= 1 << 24,
	"SysTick counts to 2^24: CONFIG_SYS_CLOCK_TICKS_PER_SEC does not fit the core's clock");
_Static_assert(CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC % CONFIG_SYS_CLOCK_TICKS_PER_SEC == 0,
	       "a tick must be a whole number of cycles, or the clock is wrong");

void SysTick_Handler(void);

void SysTick_Handler(void)
{
	port_clock_tick();
}

void port_systick_start(void)
{
	SYST_RVR = CYCLES_PER_TICK - 1;
	SYST_CVR = 0;
	SYST_CSR = SYST_CSR_CLKSOURCE | SYST_CSR_TICKINT | SYST_CSR_ENABLE;
}

uint64_t port_clock_cycles(void)
{
	uint32_t key = port_mask();
	uint32_t left = SYST_CVR;
	uint64_t ticks;

	/* A tick that has passed but whose interrupt has not run yet: the value may be of either. */
	if ((SCB_ICSR & ICSR_PENDSTSET) != 0) {
		left = SYST_CVR;
		ticks = (uint64_t)port_clock_ticks() + 1;
	} else {
		ticks = (uint64_t)port_clock_ticks();
	}
	port_unmask(key);
	/* The tick begins at 0, one cycle before the value it starts from is loaded. */
	return ticks * CYCLES_PER_TICK + (left == 0 ? 0 : CYCLES_PER_TICK - left);
}

uint32_t port_clock_cycles_per_sec(void)
{
	return CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC;
}
