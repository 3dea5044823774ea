/* SPDX-License-Identifier: Apache-2.0 */
/** @file Sleeping on Cortex-M. */
#ifndef PORT_SLEEP_H_
#define PORT_SLEEP_H_

#include <port_mask.h>

/** What port/bare/src/bare.h declares: with interrupts masked by port_mask(), which returned @p key. */
static inline void port_core_sleep(uint32_t key)
{
#if CONFIG_PORT_CORTEX_M_CEILING > 0
	uint32_t primask;

	/*
	 * An interrupt that BASEPRI masks does not end WFI, one that PRIMASK masks does. So PRIMASK
	 * takes over for these instructions; it delays urgent interrupts by no more than waking up.
	 */
	__asm__ volatile("mrs %0, primask\n\t"
			 "cpsid i\n\t"
			 "msr basepri, %1\n\t"
			 "dsb\n\t"
			 "wfi\n\t"
			 "msr primask, %0\n\t"
			 "isb"
			 : "=&r"(primask)
			 : "r"(key)
			 : "memory");
#else
	__asm__ volatile("dsb\n\t"
			 "wfi\n\t"
			 "msr primask, %0\n\t"
			 "isb"
			 :
			 : "r"(key)
			 : "memory");
#endif
}

#endif /* PORT_SLEEP_H_ */
