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
