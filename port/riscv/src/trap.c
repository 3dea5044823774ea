/* SPDX-License-Identifier: Apache-2.0 */
/** @file Entering and leaving traps. */
#include "../../bare/src/bare.h"

#include <port_riscv.h>

#include "csr.h"

/* How deep in interrupts. Changed by ISRs only, each of which undoes what it did. */
static uint32_t nesting;

bool port_in_isr(void)
{
	return atomic32_load_relaxed(&nesting) != 0;
}

void port_riscv_isr_enter(void)
{
	atomic32_store_relaxed(&nesting, nesting + 1);
}

void port_riscv_isr_exit(void)
{
	atomic32_store_relaxed(&nesting, nesting - 1);
}

__attribute__((weak)) void port_riscv_interrupt(uint32_t cause)
{
	(void)cause;
	port_fatal();
}

__attribute__((weak)) uintptr_t port_riscv_exception(uint32_t cause, uintptr_t mepc,
						     uintptr_t mtval)
{
	(void)cause;
	(void)mtval;
	port_fatal();
	return mepc;
}

static void interrupt(uint32_t cause)
{
	port_riscv_isr_enter();
	if (cause == CAUSE_SOFTWARE) {
		port_riscv_software_interrupt();
	} else if (cause == CAUSE_TIMER) {
		port_riscv_timer_interrupt();
	} else {
		port_riscv_interrupt(cause);
	}
	port_riscv_isr_exit();
}

__attribute__((interrupt("machine"), aligned(4))) void port_riscv_trap(void)
{
	uint32_t cause = CSR_READ(mcause);

	if ((cause & MCAUSE_INTERRUPT) != 0) {
		interrupt(cause & ~MCAUSE_INTERRUPT);
	} else {
		CSR_WRITE(mepc, port_riscv_exception(cause, CSR_READ(mepc), CSR_READ(mtval)));
	}
}
