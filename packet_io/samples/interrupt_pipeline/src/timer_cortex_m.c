/* SPDX-License-Identifier: Apache-2.0 */
/** @file SysTick, as a vendor's library would have it. */
#include "timer.h"

#include <zephyr/kernel.h>

#define SYST_CSR (*(volatile uint32_t *)0xe000e010)
#define SYST_RVR (*(volatile uint32_t *)0xe000e014)
#define SYST_CVR (*(volatile uint32_t *)0xe000e018)

#define SYST_CSR_RUN 7U /* on, interrupts, from the processor's clock */

static void (*on_tick)(void);

void SysTick_Handler(void);

void SysTick_Handler(void)
{
	on_tick();
}

void timer_start(void (*isr)(void))
{
	on_tick = isr;
	SYST_RVR = CONFIG_SYS_CLOCK_HW_CYCLES_PER_SEC / CONFIG_SYS_CLOCK_TICKS_PER_SEC - 1;
	SYST_CVR = 0;
	SYST_CSR = SYST_CSR_RUN;
}
