/* SPDX-License-Identifier: Apache-2.0 */
/** @file The one thread, the main loop. */
#include "bare.h"

void port_thread_yield(void)
{
}

__attribute__((weak)) bool port_stack_bounds(uintptr_t *start, size_t *size)
{
	(void)start;
	(void)size;
	return false;
}

bool port_thread_stack(uintptr_t *start, size_t *size)
{
	return port_stack_bounds(start, size);
}
