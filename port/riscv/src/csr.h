/* SPDX-License-Identifier: Apache-2.0 */
/** @file Control and status registers. */
#ifndef PORT_RISCV_CSR_H_
#define PORT_RISCV_CSR_H_

#include <stdint.h>

#define CSR_READ(name)                                                                             \
	(__extension__({                                                                           \
		uint32_t value_;                                                                   \
                                                                                                   \
		__asm__ volatile("csrr %0, " #name : "=r"(value_));                                \
		value_;                                                                            \
	}))
#define CSR_WRITE(name, value) __asm__ volatile("csrw " #name ", %0" : : "r"(value) : "memory")
#define CSR_SET(name, bits)    __asm__ volatile("csrs " #name ", %0" : : "r"(bits) : "memory")
#define CSR_CLEAR(name, bits)  __asm__ volatile("csrc " #name ", %0" : : "r"(bits) : "memory")

#define MCAUSE_INTERRUPT (1U << 31)
#define MIE_MSIE         (1U << 3)
#define MIE_MTIE         (1U << 7)

#define CAUSE_SOFTWARE 3U
#define CAUSE_TIMER    7U

#endif /* PORT_RISCV_CSR_H_ */
