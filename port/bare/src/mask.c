/* SPDX-License-Identifier: Apache-2.0 */
/** @file The functions over the mask that port.h wants out of line. */
#include "bare.h"

port_key_t port_irq_lock(void)
{
	return port_mask();
}

void port_irq_unlock(port_key_t key)
{
	port_unmask(key);
}

bool port_irq_masked(void)
{
	uint32_t key = port_mask();

	port_unmask(key);
	return port_mask_was_on(key);
}

bool port_fence_all(void)
{
	return true; /* one core: everybody sees its accesses in their order */
}
