/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Text to the port's console, and to memory. What a format may hold: <zephyr/sys/cbprintf.h>.
 */

#ifndef ZEPHYR_SYS_PRINTK_H_
#define ZEPHYR_SYS_PRINTK_H_

#include <zephyr/toolchain.h>

#include <stdarg.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifdef CONFIG_PRINTK

/**
 * Print to the console. Up to 256 bytes arrive in one piece, more in several, never cut short.
 *
 * Context: any.   Blocks: as long as the console does.   Cost: 256 bytes of stack for the text.
 */
__printf_like(1, 2) void printk(const char *fmt, ...);

/** As printk(). */
void vprintk(const char *fmt, va_list ap);

#else

static inline __printf_like(1, 2) void printk(const char *fmt, ...)
{
	(void)fmt;
}

static inline void vprintk(const char *fmt, va_list ap)
{
	(void)fmt;
	(void)ap;
}

#endif

/**
 * Print into @p size bytes at @p str: what fits, and a NUL. With @p size 0, @p str may be NULL.
 *
 * Context: any.   Cost: O(characters).   @return the characters of the whole text, without the NUL.
 */
__printf_like(3, 4) int snprintk(char *str, size_t size, const char *fmt, ...);

/** As snprintk(). */
int vsnprintk(char *str, size_t size, const char *fmt, va_list ap);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_SYS_PRINTK_H_ */
