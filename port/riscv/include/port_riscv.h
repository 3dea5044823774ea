/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * RISC-V, bare metal: traps. An application lets the library have them all, by writing the address
 * of port_riscv_trap() to mtvec, or keeps its own trap code and calls the functions below from it.
 *
 * Context: trap code, interrupts masked.   Blocks: never.   Cost: constant, and the routines that
 * are due.
 */
#ifndef PORT_RISCV_H_
#define PORT_RISCV_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Trap entry, for mtvec in direct mode: enters an ISR, handles the trap, leaves. */
void port_riscv_trap(void);

/** Own trap code calls the first on entering an interrupt and the second on leaving it. */
void port_riscv_isr_enter(void);
void port_riscv_isr_exit(void);

/** Own trap code calls this for the machine software interrupt (cause 3). Context: ISR. */
void port_riscv_software_interrupt(void);

/** Own trap code calls this for the machine timer interrupt (cause 7). Context: ISR. */
void port_riscv_timer_interrupt(void);

/** All other interrupts come here; weak, by default it stops the program. Context: ISR. */
void port_riscv_interrupt(uint32_t cause);

/**
 * Exceptions come here; weak, by default it stops the program.
 * @return where to go on: @p mepc for the same instruction again.
 */
uintptr_t port_riscv_exception(uint32_t cause, uintptr_t mepc, uintptr_t mtval);

#ifdef __cplusplus
}
#endif

#endif /* PORT_RISCV_H_ */
