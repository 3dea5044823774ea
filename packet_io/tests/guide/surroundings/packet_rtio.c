/* SPDX-License-Identifier: Apache-2.0 */
#include "devices.h"

#include "definitions.inc"

static void run(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
#include "step_1.inc"
}

ZTEST(documents, test_packet_rtio)
{
	check_devices(run, &from_uart_rtio, &frames);
}
