/* SPDX-License-Identifier: Apache-2.0 */
/** @file What our boards, which are machines of QEMU, offer beside the port. */
#ifndef BOARDS_BOARD_H_
#define BOARDS_BOARD_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Exit statuses that tools/qemu/run.py knows. */
#define BOARD_STATUS_FATAL 125 /* port_fatal() */
#define BOARD_STATUS_FAULT 126 /* an exception that nobody expected */

/** End the machine with @p status, 0 to 255, which is that of the emulator. */
void board_exit(uint32_t status) __attribute__((noreturn));

/** Set up what the board has, before constructors run: console and memory protection. */
void board_init(void);

/** From its symbols: clear and copy memory, run constructors and main(), exit. Context: reset. */
void board_start(void) __attribute__((noreturn));

/**
 * A fault at @p pc, in thread or ISR, with what the core says of it. Reports it and exits.
 * @return, instead, where the thread is to go on, if a test has announced the fault.
 */
uintptr_t board_fault(uint32_t reason, uintptr_t pc, uintptr_t address);

/** The stack is too small for the program. Reports it and exits. Context: at its high end again. */
void board_stack_overflow(void) __attribute__((noreturn));

/** Bytes at the low end of the stack that a fault finds used only if the stack has overflown. */
#define BOARD_STACK_MARGIN 256

#ifdef __cplusplus
}
#endif

#endif /* BOARDS_BOARD_H_ */
