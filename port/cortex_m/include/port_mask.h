/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Masking interrupts on Cortex-M: PRIMASK or, with CONFIG_PORT_CORTEX_M_CEILING, BASEPRI, so that
 * interrupts more urgent than the ceiling are never masked. Those must not call the library. And the
 * number of who runs.
 */
#ifndef PORT_MASK_H_
#define PORT_MASK_H_

#include <zephyr/autoconf.h>

#include <stdbool.h>
#include <stdint.h>

#ifndef CONFIG_PORT_CORTEX_M_CEILING
#define CONFIG_PORT_CORTEX_M_CEILING 0
#endif

#if CONFIG_PORT_CORTEX_M_CEILING > 0

#if __ARM_ARCH == 6
#error "ARMv6-M has no BASEPRI: CONFIG_PORT_CORTEX_M_CEILING must be 0x0"
#endif

/** Keep interrupts up to the ceiling out. @return the mask before. */
static inline __attribute__((always_inline)) uint32_t port_mask(void)
{
	uint32_t key;

	/* BASEPRI_MAX only ever makes it stricter, so a nested mask lets nothing in. */
	__asm__ volatile("mrs %0, basepri\n\t"
			 "msr basepri_max, %1"
			 : "=&r"(key)
			 : "r"(CONFIG_PORT_CORTEX_M_CEILING)
			 : "memory");
	return key;
}

/** Restore the mask that port_mask() returned. */
static inline __attribute__((always_inline)) void port_unmask(uint32_t key)
{
	__asm__ volatile("msr basepri, %0" : : "r"(key) : "memory");
}

#else

/** Keep all interrupts out. @return the mask before. */
static inline __attribute__((always_inline)) uint32_t port_mask(void)
{
	uint32_t key;

	__asm__ volatile("mrs %0, primask\n\t"
			 "cpsid i"
			 : "=r"(key)
			 :
			 : "memory");
	return key;
}

/** Restore the mask that port_mask() returned. */
static inline __attribute__((always_inline)) void port_unmask(uint32_t key)
{
	__asm__ volatile("msr primask, %0" : : "r"(key) : "memory");
}

#endif

/** @return whether a port_mask() that returned @p key found interrupts masked, some or all. */
static inline bool port_mask_was_on(uint32_t key)
{
	return key != 0;
}

/* The number of the exception, 0 for none. */
static inline uintptr_t port_mask_context(void)
{
	uint32_t ipsr;

	__asm__ volatile("mrs %0, ipsr" : "=r"(ipsr));
	return ipsr;
}

#endif /* PORT_MASK_H_ */
