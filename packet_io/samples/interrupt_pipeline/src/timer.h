/* SPDX-License-Identifier: Apache-2.0 */
/** @file A timer that interrupts CONFIG_SYS_CLOCK_TICKS_PER_SEC times a second. */
#ifndef TIMER_H_
#define TIMER_H_

/** Start it: every interrupt calls @p isr. */
void timer_start(void (*isr)(void));

#endif /* TIMER_H_ */
