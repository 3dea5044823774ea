/* SPDX-License-Identifier: Apache-2.0 */
/** @file Interrupts that software raises: a list, run by the core's software interrupt. */
#include "bare.h"

static struct port_irq *raised_first;
static struct port_irq *raised_last;

static struct port_irq *raised_take(void)
{
	uint32_t key = port_mask();
	struct port_irq *irq = raised_first;

	if (irq != NULL) {
		raised_first = irq->next;
		irq->raised = 0;
	}
	port_unmask(key);
	return irq;
}

void port_bare_run_raised(void)
{
	struct port_irq *irq;

	while ((irq = raised_take()) != NULL) {
		irq->routine(irq->arg);
	}
}

void port_irq_raise(struct port_irq *irq)
{
	uint32_t key = port_mask();

	if (irq->raised == 0) {
		irq->raised = 1;
		irq->next = NULL;
		if (raised_first == NULL) {
			raised_first = irq;
		} else {
			raised_last->next = irq;
		}
		raised_last = irq;
		port_core_pend();
	}
	port_unmask(key);
}

struct offload {
	void (*routine)(const void *arg);
	const void *arg;
	uint32_t done; /* 1 once the routine has ended */
};

static void offload_run(void *arg)
{
	struct offload *offload = arg;

	offload->routine(offload->arg);
	/* Release: pairs with the acquire in port_irq_offload(). */
	atomic32_store_release(&offload->done, 1);
}

void port_irq_offload(void (*routine)(const void *arg), const void *arg)
{
	struct offload offload = {.routine = routine, .arg = arg};
	struct port_irq irq = {.routine = offload_run, .arg = &offload};

	if (port_in_isr()) {
		routine(arg);
		return;
	}
	port_irq_raise(&irq);
	/* The interrupt comes at once, or a few instructions later where the core takes its time. */
	while (atomic32_load_acquire(&offload.done) == 0) {
	}
}
