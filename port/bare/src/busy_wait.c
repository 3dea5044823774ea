/* SPDX-License-Identifier: Apache-2.0 */
/** @file Letting time pass by the cycle counter. */
#include "bare.h"

void port_clock_busy_wait(uint32_t usec)
{
	uint64_t cycles = ((uint64_t)usec * port_clock_cycles_per_sec() + 999999U) / 1000000U;
	uint64_t end = port_clock_cycles() + cycles;

	while (port_clock_cycles() < end) {
		/* the point is to do nothing */
	}
}
