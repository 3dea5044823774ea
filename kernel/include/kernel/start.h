/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Starting the library by hand, on a microcontroller whose start-up code runs no constructors. Where
 * it does (`.init_array`, as __libc_init_array() and C++ programs have it), nobody needs this.
 */
#ifndef KERNEL_START_H_
#define KERNEL_START_H_

#include <zephyr/toolchain.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Start the clock, run the functions of SYS_INIT() by level and priority, and set up the static
 * wiring. Once; calling it again does nothing.
 *
 * Context: start-up code or main(), with .data and .bss in place, before anything else of the
 * library is used. Not there on Linux.   Blocks: where functions of SYS_INIT() do.
 * Cost: O(functions of SYS_INIT(), wires).
 */
void kernel_start(void);

/**
 * @return whether kernel_start() has been called, by a constructor or by hand. Context: any. Cost:
 * constant.
 */
bool kernel_started(void);

#ifdef __cplusplus
}
#endif

#endif /* KERNEL_START_H_ */
