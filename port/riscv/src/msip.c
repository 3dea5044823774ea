/* SPDX-License-Identifier: Apache-2.0 */
/** @file The software interrupt, by the core-local interruptor. */
#include "../../bare/src/bare.h"

#include <port_riscv.h>

#include "clint.h"
#include "csr.h"

void port_riscv_software_interrupt(void)
{
	CLINT_MSIP = 0;
	port_bare_run_raised();
}

void port_core_pend(void)
{
	CSR_SET(mie, MIE_MSIE);
	CLINT_MSIP = 1;
}
