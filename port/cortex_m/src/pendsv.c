/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The software interrupt: PendSV. In the program only if something raises interrupts by software.
 */
#include "../../bare/src/bare.h"

#include "core.h"

void PendSV_Handler(void);

void PendSV_Handler(void)
{
	port_bare_run_raised();
}

void port_core_pend(void)
{
	SCB_ICSR = ICSR_PENDSVSET;
	__asm__ volatile("dsb\n\tisb" : : : "memory");
}
