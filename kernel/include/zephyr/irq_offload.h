/* SPDX-License-Identifier: Apache-2.0 */
/** @file Running a routine in interrupt context, for tests. */
#ifndef ZEPHYR_IRQ_OFFLOAD_H_
#define ZEPHYR_IRQ_OFFLOAD_H_

#include <zephyr/toolchain.h>

#include <port/port.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef void (*irq_offload_routine_t)(const void *parameter);

/**
 * Run @p routine in interrupt context and return when it has ended.
 *
 * Context: thread, interrupts not masked. On Linux the routine runs on the interrupt thread.
 * Blocks: until it has ended.   Cost: as port_irq_offload().
 */
static inline void irq_offload(irq_offload_routine_t routine, const void *parameter)
{
	port_irq_offload(routine, parameter);
}

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_IRQ_OFFLOAD_H_ */
