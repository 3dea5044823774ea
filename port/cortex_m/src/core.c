/* SPDX-License-Identifier: Apache-2.0 */
/** @file Cortex-M: what of the core the rest of the port needs. */
#include "../../bare/src/bare.h"

#include "core.h"

bool port_in_isr(void)
{
	uint32_t ipsr;

	__asm__ volatile("mrs %0, ipsr" : "=r"(ipsr));
	return ipsr != 0;
}
