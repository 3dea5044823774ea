/* SPDX-License-Identifier: Apache-2.0 */
#include "../../bare/src/bare.h"

#include "core.h"

void port_start(void)
{
	static bool started;

	if (started) {
		return;
	}
	started = true;
	SCB_SHPR3 |= SHPR3_PENDSV_LOWEST;
#ifdef CONFIG_PORT_CORE_TIMER
	/* No more urgent than the ceiling, if there is one: the tick's ISR calls the library. */
	SCB_SHPR3 |= SHPR3_SYSTICK(CONFIG_PORT_CORTEX_M_CEILING);
	port_systick_start();
#endif
}
