/* SPDX-License-Identifier: Apache-2.0 */

/* A file that belongs to the module of another one, at a level of its own. */

#include <zephyr/logging/log.h>

#include "log.h"

LOG_MODULE_DECLARE(log_test, LOG_LEVEL_INF);

static void declared_in_function(void);

void log_test_declared(void)
{
	LOG_INF("declared %s", "inf");
	LOG_DBG("declared %s", "dbg");
	declared_in_function();
}

/* The level of the function hides that of the file. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"

static void declared_in_function(void)
{
	LOG_MODULE_DECLARE(log_test, LOG_LEVEL_DBG);

	LOG_DBG("declared in function %s", "dbg");
}

#pragma GCC diagnostic pop
