/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Logging: one line per call, with time, level and module, straight to the port's console.
 *
 *     [00:00:01.234,567] <inf> module: text
 *
 * A source file names its module once, with LOG_MODULE_REGISTER(), or joins one that another file
 * registers, with LOG_MODULE_DECLARE(); its level decides at compile time what is left of the
 * calls. A call above that level leaves no code and no text, and its arguments are checked by the
 * compiler but never evaluated. So does every call when CONFIG_LOG is off.
 *
 * Context: any, ISR included. Nothing is queued: a call returns when the port has the line, and
 * takes no lock. A line of up to 256 bytes reaches the port in one piece.
 * Cost: formatting the line, 256 bytes of stack for it.
 */

#ifndef ZEPHYR_LOGGING_LOG_H_
#define ZEPHYR_LOGGING_LOG_H_

#include <zephyr/logging/log_core.h>

/** LOG_MODULE_REGISTER(name) or (name, level): define the module of this file. */
#define LOG_MODULE_REGISTER(...) Z_LOG_REGISTER(__VA_ARGS__)

/**
 * LOG_MODULE_DECLARE(name) or (name, level): this file, or this function, belongs to a module that
 * another file registers. The level is its own.
 */
#define LOG_MODULE_DECLARE(...) Z_LOG_DECLARE(__VA_ARGS__)

/** Give this file or this function a level, in place of a module: what it logs has no name. */
#define LOG_LEVEL_SET(level) Z_LOG_LEVEL_SET(level)

/** Log a line; the arguments are those of printk(). */
#define LOG_ERR(...) Z_LOG(LOG_LEVEL_ERR, __VA_ARGS__)
#define LOG_WRN(...) Z_LOG(LOG_LEVEL_WRN, __VA_ARGS__)
#define LOG_INF(...) Z_LOG(LOG_LEVEL_INF, __VA_ARGS__)
#define LOG_DBG(...) Z_LOG(LOG_LEVEL_DBG, __VA_ARGS__)

/** As LOG_WRN(), the first time it is reached only. */
#define LOG_WRN_ONCE(...) Z_LOG_ONCE(LOG_LEVEL_WRN, __VA_ARGS__)

/** Log the line @p str, then @p length bytes at @p data, 16 to a line, as numbers and as text. */
#define LOG_HEXDUMP_ERR(data, length, str) Z_LOG_HEXDUMP(LOG_LEVEL_ERR, data, length, str)
#define LOG_HEXDUMP_WRN(data, length, str) Z_LOG_HEXDUMP(LOG_LEVEL_WRN, data, length, str)
#define LOG_HEXDUMP_INF(data, length, str) Z_LOG_HEXDUMP(LOG_LEVEL_INF, data, length, str)
#define LOG_HEXDUMP_DBG(data, length, str) Z_LOG_HEXDUMP(LOG_LEVEL_DBG, data, length, str)

/** Print as printk() does, whatever the level; nothing without CONFIG_LOG. */
#define LOG_RAW(...) Z_LOG_RAW(__VA_ARGS__)

/** Print as printk() does, with CONFIG_LOG or without. */
#define LOG_PRINTK(...) Z_LOG_PRINTK(__VA_ARGS__)

#endif /* ZEPHYR_LOGGING_LOG_H_ */
