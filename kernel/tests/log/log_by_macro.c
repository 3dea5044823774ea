/* SPDX-License-Identifier: Apache-2.0 */

/* The level of a module as a macro. */

#define LOG_LEVEL 3

#include <zephyr/logging/log.h>

#include "log.h"

LOG_MODULE_REGISTER(log_macro);

void log_test_by_macro(void)
{
	LOG_INF("macro inf");
	LOG_DBG("macro dbg");
}
