/* SPDX-License-Identifier: Apache-2.0 */
/** @file The machine timer where it belongs to somebody else. */
#include "../../bare/src/bare.h"

#include <port_riscv.h>

__attribute__((weak)) void port_riscv_timer_interrupt(void)
{
	port_clock_tick();
}
