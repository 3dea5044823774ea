/* SPDX-License-Identifier: Apache-2.0 */
/** @file Registers of the Cortex-M system control space that the port uses. */
#ifndef PORT_CORTEX_M_CORE_H_
#define PORT_CORTEX_M_CORE_H_

#include <stdint.h>

#define CORE_REGISTER(address) (*(volatile uint32_t *)(uintptr_t)(address))

#define SYST_CSR CORE_REGISTER(0xe000e010) /* SysTick: control */
#define SYST_RVR CORE_REGISTER(0xe000e014) /* value it starts from */
#define SYST_CVR CORE_REGISTER(0xe000e018) /* value now, counting down */
#define SCB_ICSR CORE_REGISTER(0xe000ed04)
#define SCB_SHPR3                                                                                  \
	CORE_REGISTER(0xe000ed20) /* priorities: PendSV in bits 16 to 23, SysTick in 24 to 31 */

#define SYST_CSR_ENABLE    (1U << 0)
#define SYST_CSR_TICKINT   (1U << 1)
#define SYST_CSR_CLKSOURCE (1U << 2) /* the processor's clock */

#define ICSR_PENDSTSET (1U << 26) /* SysTick is pending */
#define ICSR_PENDSVSET (1U << 28)

#define SHPR3_PENDSV_LOWEST  (0xffU << 16)
#define SHPR3_SYSTICK(level) ((uint32_t)(level) << 24)

/** Have SysTick interrupt at each tick. */
void port_systick_start(void);

#endif /* PORT_CORTEX_M_CORE_H_ */
