/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Formatted text, one character at a time to wherever it shall go.
 *
 * Conversions: d i u o x X c s p %, with flags - 0 + space #, width, precision, either as *, and
 * lengths hh h l ll z j t, all as in C. A NULL string prints as (null), a NULL pointer as (nil).
 * There is no floating point: such a conversion consumes its argument and prints as it stands in
 * the format, and so does %n, which stores nothing. An unknown conversion prints as it stands.
 */

#ifndef ZEPHYR_SYS_CBPRINTF_H_
#define ZEPHYR_SYS_CBPRINTF_H_

#include <zephyr/toolchain.h>

#include <stdarg.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Takes one character. @return a negative value to end the output there; it becomes the result. */
typedef int (*cbprintf_cb)(int c, void *ctx);

/**
 * Format to @p out, which is called for every character with @p ctx.
 *
 * Context: any that @p out allows.   Cost: one call per character; no allocation, some 100 bytes
 * of stack.
 * @return the characters that @p out took, or what it returned if that was negative.
 */
int cbvprintf(cbprintf_cb out, void *ctx, const char *format, va_list ap);

/** As cbvprintf(). */
__printf_like(3, 4) int cbprintf(cbprintf_cb out, void *ctx, const char *format, ...);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_SYS_CBPRINTF_H_ */
