/* SPDX-License-Identifier: Apache-2.0 */
/** @file What a board supplies, for boards that do not: no console, and an end in silence. */
#include "bare.h"

__attribute__((weak)) void port_print(const char *text, size_t len)
{
	(void)text;
	(void)len;
}

__attribute__((weak)) void port_fatal(void)
{
	(void)port_mask();
	for (;;) {
		/* for a debugger to find */
	}
}
