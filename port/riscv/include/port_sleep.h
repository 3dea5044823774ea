/* SPDX-License-Identifier: Apache-2.0 */
/** @file Sleeping on RISC-V. */
#ifndef PORT_SLEEP_H_
#define PORT_SLEEP_H_

#include <port_mask.h>

/** What port/bare/src/bare.h declares: with interrupts masked by port_mask(), which returned @p key. */
static inline void port_core_sleep(uint32_t key)
{
	/* The global mask does not keep an enabled interrupt from ending WFI. */
	__asm__ volatile("wfi" : : : "memory");
	port_unmask(key);
}

#endif /* PORT_SLEEP_H_ */
