/* SPDX-License-Identifier: Apache-2.0 */
/** @file RISC-V in machine mode: masking interrupts, by the MIE bit of mstatus, and who runs. */
#ifndef PORT_MASK_H_
#define PORT_MASK_H_

#include <stdbool.h>
#include <stdint.h>

/** Keep all interrupts out. @return the bit MIE before, in its place. */
static inline __attribute__((always_inline)) uint32_t port_mask(void)
{
	uint32_t key;

	__asm__ volatile("csrrci %0, mstatus, 8" : "=r"(key) : : "memory");
	return key & 8U;
}

/** Restore what port_mask() returned. */
static inline __attribute__((always_inline)) void port_unmask(uint32_t key)
{
	__asm__ volatile("csrs mstatus, %0" : : "r"(key) : "memory");
}

/** @return whether a port_mask() that returned @p key found interrupts masked. */
static inline bool port_mask_was_on(uint32_t key)
{
	return key == 0;
}

#ifdef __cplusplus
extern "C"
#endif
	bool
	port_in_isr(void);

/* Interrupts do not interrupt each other. */
static inline uintptr_t port_mask_context(void)
{
	return port_in_isr() ? 2 : 1;
}

#endif /* PORT_MASK_H_ */
