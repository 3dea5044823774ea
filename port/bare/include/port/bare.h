/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Bare metal: what the library offers to start-up code and drivers, and what it asks of them.
 *
 * An application needs none of this where the start-up code runs constructors, the clock is the
 * core's timer, and port_print() and port_fatal() are supplied.
 *
 * Context: any, unless it says otherwise.   Blocks: never.   Cost: constant.
 */
#ifndef PORT_BARE_PUBLIC_H_
#define PORT_BARE_PUBLIC_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Start what the port needs: the clock, and the priorities of the core's own interrupts. Part of
 * kernel_start(); calling it again does nothing.   Context: before interrupts use the library.
 */
void port_start(void);

/**
 * One tick has passed. Without CONFIG_PORT_CORE_TIMER, the interrupt of whatever timer there is
 * calls this, CONFIG_SYS_CLOCK_TICKS_PER_SEC times a second. Timers and delayed work expire in this call.
 * Context: ISR.
 */
void port_clock_tick(void);

/**
 * The stack of the main loop, for those who ask; weak, and by default not known.
 * @return whether *@p start, its lowest address, and *@p size were stored.
 */
bool port_stack_bounds(uintptr_t *start, size_t *size);

#ifdef __cplusplus
}
#endif

#endif /* PORT_BARE_PUBLIC_H_ */
