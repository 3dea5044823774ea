/* SPDX-License-Identifier: Apache-2.0 */
/** @file Masking interrupts. */
#ifndef ZEPHYR_IRQ_H_
#define ZEPHYR_IRQ_H_

#include <zephyr/toolchain.h>

#include <port/port.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Keep all ISRs out until irq_unlock(). Nests. On Linux, where threads run in parallel, threads
 * that mask exclude each other as well, and the interrupt thread runs no routine meanwhile.
 *
 * Context: any. Never across a wait.   Cost: as port_irq_lock().
 * @return the key for irq_unlock().
 */
static inline unsigned int irq_lock(void)
{
	return port_irq_lock();
}

/**
 * Undo the irq_lock() that returned @p key. Context: the one that locked. Blocks: no. Cost:
 * constant.
 */
static inline void irq_unlock(unsigned int key)
{
	port_irq_unlock(key);
}

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_IRQ_H_ */
