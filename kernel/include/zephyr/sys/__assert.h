/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Assertions: conditions that only broken code makes false.
 *
 * With CONFIG_ASSERT a false one prints "ASSERTION FAIL [condition] @ file:line" and its message,
 * then calls assert_post_action(); without CONFIG_ASSERT_VERBOSE it prints nothing and the program
 * holds no text for it. Without CONFIG_ASSERT nothing is evaluated and nothing is left. One file
 * can differ by defining __ASSERT_ON as 1 or 0 before it includes anything.
 *
 * Context: any.
 */

#ifndef ZEPHYR_SYS___ASSERT_H_
#define ZEPHYR_SYS___ASSERT_H_

#include <zephyr/toolchain.h>

#ifndef __ASSERT_ON
#ifdef CONFIG_ASSERT
#define __ASSERT_ON 1
#else
#define __ASSERT_ON 0
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What happens after a failed assertion was printed; where it was not, @p file is "" and @p line 0.
 * The library's own ends with port_fatal(); a program may define another. If that returns,
 * execution goes on behind the assertion.   Context: where it failed, any.
 * Cost, Blocks: those of the program's own.
 */
void assert_post_action(const char *file, unsigned int line);

/* A failed assertion: of which nothing is known, without and with a message. */
void z_assert_stop(void) __attribute__((cold));
void z_assert_fail(const char *test, const char *file, unsigned int line) __attribute__((cold));
void z_assert_fail_msg(const char *test, const char *file, unsigned int line, const char *fmt, ...)
	__attribute__((cold)) __printf_like(4, 5);

#ifdef __cplusplus
}
#endif

#if __ASSERT_ON

#if defined(CONFIG_ASSERT_VERBOSE) || !defined(CONFIG_ASSERT)
#define Z_ASSERT_FAIL(test)          z_assert_fail(test, __FILE__, __LINE__)
#define Z_ASSERT_FAIL_MSG(test, ...) z_assert_fail_msg(test, __FILE__, __LINE__, __VA_ARGS__)
#else
#define Z_ASSERT_FAIL(test)          z_assert_stop()
#define Z_ASSERT_FAIL_MSG(test, ...) z_assert_stop()
#endif

/** __ASSERT(test, format, ...): @p test must hold; the rest is a message as for printk(). */
#define __ASSERT(test, ...)                                                                        \
	do {                                                                                       \
		if (unlikely(!(test))) {                                                           \
			Z_ASSERT_FAIL_MSG(#test, __VA_ARGS__);                                     \
		}                                                                                  \
	} while (false)

/** @p test must hold. */
#define __ASSERT_NO_MSG(test)                                                                      \
	do {                                                                                       \
		if (unlikely(!(test))) {                                                           \
			Z_ASSERT_FAIL(#test);                                                      \
		}                                                                                  \
	} while (false)

/** With assertions @p expr2 and then __ASSERT() of the rest, without them @p expr1. */
#define __ASSERT_EVAL(expr1, expr2, ...)                                                           \
	do {                                                                                       \
		expr2;                                                                             \
		__ASSERT(__VA_ARGS__);                                                             \
	} while (false)

#else

#define __ASSERT(test, ...)              (void)0
#define __ASSERT_NO_MSG(test)            (void)0
#define __ASSERT_EVAL(expr1, expr2, ...) expr1

#endif

#endif /* ZEPHYR_SYS___ASSERT_H_ */
