/* SPDX-License-Identifier: Apache-2.0 */
/** @file What the files of the bare-metal ports share: what a core adds to port/bare. */
#ifndef PORT_BARE_H_
#define PORT_BARE_H_

#include <zephyr/autoconf.h>

#include <stdint.h>

#include <port/bare.h>
#include <port/port.h>
#include <port_mask.h>

/**
 * Sleep until an interrupt comes or is waiting, with the library's interrupts masked by port_mask(),
 * then let interrupts in as they were before that. What waited has run when this returns.
 */
static inline void port_core_sleep(uint32_t key);

/** Make the core's own software interrupt pending, from which port_bare_run_raised() is called. */
void port_core_pend(void);

/** Ticks since start-up, where an interrupt counts them; written by it. */
extern uint64_t port_bare_ticks;

/** Have an interrupt come at @p deadline or, if the clock ticks anyway, do nothing. */
void port_core_alarm(int64_t deadline);

/** Run what port_irq_raise() left. Context: the core's software interrupt. */
void port_bare_run_raised(void);

#include <port_sleep.h>

#endif /* PORT_BARE_H_ */
