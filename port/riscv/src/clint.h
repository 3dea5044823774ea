/* SPDX-License-Identifier: Apache-2.0 */
/** @file Registers of the core-local interruptor, as hart 0 sees them. */
#ifndef PORT_RISCV_CLINT_H_
#define PORT_RISCV_CLINT_H_

#include <stdint.h>

#define CLINT_REGISTER(offset)                                                                     \
	(*(volatile uint32_t *)(uintptr_t)(CONFIG_PORT_RISCV_CLINT + (offset)))

#define CLINT_MSIP          CLINT_REGISTER(0x0)
#define CLINT_MTIMECMP_LOW  CLINT_REGISTER(0x4000)
#define CLINT_MTIMECMP_HIGH CLINT_REGISTER(0x4004)
#define CLINT_MTIME_LOW     CLINT_REGISTER(0xbff8)
#define CLINT_MTIME_HIGH    CLINT_REGISTER(0xbffc)

#endif /* PORT_RISCV_CLINT_H_ */
