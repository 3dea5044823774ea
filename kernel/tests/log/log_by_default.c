/* SPDX-License-Identifier: Apache-2.0 */

/* A module that names no level; a level without a module. */

#include <zephyr/logging/log.h>

#include "log.h"

LOG_MODULE_REGISTER(log_default);

void log_test_by_default(void)
{
	LOG_ERR("default err");
	LOG_WRN("default wrn");
	LOG_INF("default inf");
	LOG_DBG("default dbg");
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"

void log_test_without_module(void)
{
	LOG_LEVEL_SET(LOG_LEVEL_INF);

	LOG_WRN("none wrn");
	LOG_INF("none inf");
	LOG_DBG("none dbg");
}

#pragma GCC diagnostic pop
