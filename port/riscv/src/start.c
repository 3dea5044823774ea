/* SPDX-License-Identifier: Apache-2.0 */
#include "../../bare/src/bare.h"

void port_start(void)
{
	/* The machine timer counts by itself, and interrupts are enabled when somebody needs them. */
}
