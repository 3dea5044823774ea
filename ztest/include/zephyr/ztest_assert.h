/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Checks. Three families with the same members:
 *
 *   zassert_*  must hold; if not, the test fails and ends.
 *   zassume_*  a precondition; if it does not hold, the test is skipped and ends.
 *   zexpect_*  should hold; if not, the test goes on and fails when it ends.
 *
 * Each takes, after its operands, an optional message in the manner of printk(); NULL is none. The
 * output is
 *
 *         Assertion failed at file:line: suite_test: (expression is false)
 *             message
 *
 * Where a check may stand, and what a failing one ends
 *   In the test, a hook or a rule, at any depth of calls: ends that function, as said in
 *     <zephyr/ztest.h>. The stack is left by a jump: destructors of C++ objects and cleanup
 *     handlers do not run, locks stay held.
 *   In another thread (k_thread or a thread of the system): the running test fails (zassume: is
 *     skipped) and *that thread* ends, as if it had been aborted; the test's own thread goes on and
 *     should come to its end by joining. A test that waits for more from the ended thread is
 *     stopped by the watchdog after a sixth of its time.
 *   In an ISR: the running test fails (is skipped) and the routine goes on behind the check,
 *     because an ISR cannot be left; do not let it use what the check has just found wrong.
 */

#ifndef ZEPHYR_ZTEST_ASSERT_H_
#define ZEPHYR_ZTEST_ASSERT_H_

#include <string.h>

#include <zephyr/toolchain.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The cold half of the checks: prints, records, and ends what a failed check ends. Returns only in
 * an ISR, and from z_ztest_expect_failed(). fmt may be NULL; file is, where the text is left out.
 */
void z_ztest_assert_failed(const char *file, int line, const char *func, const char *what,
			   const char *fmt, ...) __attribute__((cold, format(printf, 5, 6)));
void z_ztest_assume_failed(const char *file, int line, const char *func, const char *what,
			   const char *fmt, ...) __attribute__((cold, format(printf, 5, 6)));
void z_ztest_expect_failed(const char *file, int line, const char *func, const char *what,
			   const char *fmt, ...) __attribute__((cold, format(printf, 5, 6)));

/** The comparisons against NULL are calls so that compilers do not warn about `&object != NULL`. */
static inline bool z_ztest_is_null(const volatile void *ptr)
{
	return ptr == NULL;
}

static inline bool z_ztest_same_ptr(const volatile void *a, const volatile void *b)
{
	return a == b;
}

/** An empty size matches whatever the pointers are. */
static inline bool z_ztest_same_mem(const void *a, const void *b, size_t size)
{
	return size == 0U || memcmp(a, b, size) == 0;
}

static inline bool z_ztest_same_str(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

#ifdef __cplusplus
}
#endif

/* The message, or NULL when there is none. */
#define Z_ZTEST_MSG(...)       Z_ZTEST_MSG_##__VA_OPT__(GIVEN)(__VA_ARGS__)
#define Z_ZTEST_MSG_()         NULL
#define Z_ZTEST_MSG_GIVEN(...) __VA_ARGS__

#if defined(CONFIG_ZTEST_ASSERT_VERBOSE) && CONFIG_ZTEST_ASSERT_VERBOSE == 0
/* The text stays where the compiler checks it, but goes nowhere. */
#define Z_ZTEST_CHECK(failed, cond, what, ...)                                                     \
	do {                                                                                       \
		if (!(cond)) {                                                                     \
			if (false) {                                                               \
				failed("", 0, "", what, Z_ZTEST_MSG(__VA_ARGS__));                 \
			}                                                                          \
			failed(NULL, __LINE__, NULL, NULL, NULL);                                  \
		}                                                                                  \
	} while (false)
#else
#define Z_ZTEST_CHECK(failed, cond, what, ...)                                                     \
	do {                                                                                       \
		if (!(cond)) {                                                                     \
			failed(__FILE__, __LINE__, __func__, what, Z_ZTEST_MSG(__VA_ARGS__));      \
		}                                                                                  \
	} while (false)
#endif

/* Operands are evaluated once; differences of unsigned operands do not wrap. */
#define Z_ZTEST_WITHIN(a, b, d)                                                                    \
	(__extension__({                                                                           \
		__typeof__((a) + 0) z_ztest_a = (a);                                               \
		__typeof__((b) + 0) z_ztest_b = (b);                                               \
		(z_ztest_a >= z_ztest_b) ? (z_ztest_a - z_ztest_b <= (d))                          \
					 : (z_ztest_b - z_ztest_a <= (d));                         \
	}))

#define Z_ZTEST_BETWEEN(a, l, u)                                                                   \
	(__extension__({                                                                           \
		__typeof__((a) + 0) z_ztest_a = (a);                                               \
		(z_ztest_a >= (l)) && (z_ztest_a <= (u));                                          \
	}))

/* ---- zassert: must hold ---------------------------------------------------------------------- */

/** Fail with the words @p what unless @p cond. */
#define zassert(cond, what, ...) Z_ZTEST_CHECK(z_ztest_assert_failed, cond, what, __VA_ARGS__)

/** Fail when this line is reached. */
#define zassert_unreachable(...) zassert(false, "Reached unreachable code", __VA_ARGS__)

/** @p cond is true. */
#define zassert_true(cond, ...)   zassert(cond, #cond " is false", __VA_ARGS__)
/** @p cond is false. */
#define zassert_false(cond, ...)  zassert(!(cond), #cond " is true", __VA_ARGS__)
/** @p cond is 0, as calls return it on success. */
#define zassert_ok(cond, ...)     zassert(!(cond), #cond " is non-zero", __VA_ARGS__)
/** @p cond is not 0. */
#define zassert_not_ok(cond, ...) zassert(!!(cond), #cond " is zero", __VA_ARGS__)

/** @p ptr is NULL. */
#define zassert_is_null(ptr, ...)                                                                  \
	zassert(z_ztest_is_null((const volatile void *)(ptr)), #ptr " is not NULL", __VA_ARGS__)
/** @p ptr is not NULL. */
#define zassert_not_null(ptr, ...)                                                                 \
	zassert(!z_ztest_is_null((const volatile void *)(ptr)), #ptr " is NULL", __VA_ARGS__)

/** `a == b`, compared as they are. */
#define zassert_equal(a, b, ...)     zassert((a) == (b), #a " not equal to " #b, __VA_ARGS__)
/** `a != b`, compared as they are. */
#define zassert_not_equal(a, b, ...) zassert((a) != (b), #a " equal to " #b, __VA_ARGS__)
/** The pointers are the same address, whatever their types. */
#define zassert_equal_ptr(a, b, ...)                                                               \
	zassert(z_ztest_same_ptr((const volatile void *)(a), (const volatile void *)(b)),          \
		#a " not equal to " #b, __VA_ARGS__)

/** @p a is at most @p d away from @p b. */
#define zassert_within(a, b, d, ...)                                                               \
	zassert(Z_ZTEST_WITHIN(a, b, d), #a " not within " #b " +/- " #d, __VA_ARGS__)
/** `l <= a <= u`. */
#define zassert_between_inclusive(a, l, u, ...)                                                    \
	zassert(Z_ZTEST_BETWEEN(a, l, u), #a " not between " #l " and " #u " inclusive",           \
		__VA_ARGS__)

/** @p size bytes at @p buf and @p exp are the same. The arguments may come out of a macro. */
#define zassert_mem_equal(...) zassert_mem_equal__(__VA_ARGS__)
#define zassert_mem_equal__(buf, exp, size, ...)                                                   \
	zassert(z_ztest_same_mem(buf, exp, size), #buf " not equal to " #exp, __VA_ARGS__)
/** The strings are the same. */
#define zassert_str_equal(a, b, ...)                                                               \
	zassert(z_ztest_same_str(a, b), #a " not equal to " #b, __VA_ARGS__)

/* ---- zassume: else skip ---------------------------------------------------------------------- */

/** Skip the test with the words @p what unless @p cond. */
#define zassume(cond, what, ...) Z_ZTEST_CHECK(z_ztest_assume_failed, cond, what, __VA_ARGS__)

#define zassume_true(cond, ...)   zassume(cond, #cond " is false", __VA_ARGS__)
#define zassume_false(cond, ...)  zassume(!(cond), #cond " is true", __VA_ARGS__)
#define zassume_ok(cond, ...)     zassume(!(cond), #cond " is non-zero", __VA_ARGS__)
#define zassume_not_ok(cond, ...) zassume(!!(cond), #cond " is zero", __VA_ARGS__)
#define zassume_is_null(ptr, ...)                                                                  \
	zassume(z_ztest_is_null((const volatile void *)(ptr)), #ptr " is not NULL", __VA_ARGS__)
#define zassume_not_null(ptr, ...)                                                                 \
	zassume(!z_ztest_is_null((const volatile void *)(ptr)), #ptr " is NULL", __VA_ARGS__)
#define zassume_equal(a, b, ...)     zassume((a) == (b), #a " not equal to " #b, __VA_ARGS__)
#define zassume_not_equal(a, b, ...) zassume((a) != (b), #a " equal to " #b, __VA_ARGS__)
#define zassume_equal_ptr(a, b, ...)                                                               \
	zassume(z_ztest_same_ptr((const volatile void *)(a), (const volatile void *)(b)),          \
		#a " not equal to " #b, __VA_ARGS__)
#define zassume_within(a, b, d, ...)                                                               \
	zassume(Z_ZTEST_WITHIN(a, b, d), #a " not within " #b " +/- " #d, __VA_ARGS__)
#define zassume_between_inclusive(a, l, u, ...)                                                    \
	zassume(Z_ZTEST_BETWEEN(a, l, u), #a " not between " #l " and " #u " inclusive",           \
		__VA_ARGS__)
#define zassume_mem_equal(...) zassume_mem_equal__(__VA_ARGS__)
#define zassume_mem_equal__(buf, exp, size, ...)                                                   \
	zassume(z_ztest_same_mem(buf, exp, size), #buf " not equal to " #exp, __VA_ARGS__)
#define zassume_str_equal(a, b, ...)                                                               \
	zassume(z_ztest_same_str(a, b), #a " not equal to " #b, __VA_ARGS__)

/* ---- zexpect: fail, but go on ---------------------------------------------------------------- */

/** Mark the test failed with the words @p what unless @p cond, and go on. */
#define zexpect(cond, what, ...) Z_ZTEST_CHECK(z_ztest_expect_failed, cond, what, __VA_ARGS__)

#define zexpect_unreachable(...)  zexpect(false, "Reached unreachable code", __VA_ARGS__)
#define zexpect_true(cond, ...)   zexpect(cond, #cond " is false", __VA_ARGS__)
#define zexpect_false(cond, ...)  zexpect(!(cond), #cond " is true", __VA_ARGS__)
#define zexpect_ok(cond, ...)     zexpect(!(cond), #cond " is non-zero", __VA_ARGS__)
#define zexpect_not_ok(cond, ...) zexpect(!!(cond), #cond " is zero", __VA_ARGS__)
#define zexpect_is_null(ptr, ...)                                                                  \
	zexpect(z_ztest_is_null((const volatile void *)(ptr)), #ptr " is not NULL", __VA_ARGS__)
#define zexpect_not_null(ptr, ...)                                                                 \
	zexpect(!z_ztest_is_null((const volatile void *)(ptr)), #ptr " is NULL", __VA_ARGS__)
#define zexpect_equal(a, b, ...)     zexpect((a) == (b), #a " not equal to " #b, __VA_ARGS__)
#define zexpect_not_equal(a, b, ...) zexpect((a) != (b), #a " equal to " #b, __VA_ARGS__)
#define zexpect_equal_ptr(a, b, ...)                                                               \
	zexpect(z_ztest_same_ptr((const volatile void *)(a), (const volatile void *)(b)),          \
		#a " not equal to " #b, __VA_ARGS__)
#define zexpect_within(a, b, d, ...)                                                               \
	zexpect(Z_ZTEST_WITHIN(a, b, d), #a " not within " #b " +/- " #d, __VA_ARGS__)
#define zexpect_between_inclusive(a, l, u, ...)                                                    \
	zexpect(Z_ZTEST_BETWEEN(a, l, u), #a " not between " #l " and " #u " inclusive",           \
		__VA_ARGS__)
#define zexpect_mem_equal(...) zexpect_mem_equal__(__VA_ARGS__)
#define zexpect_mem_equal__(buf, exp, size, ...)                                                   \
	zexpect(z_ztest_same_mem(buf, exp, size), #buf " not equal to " #exp, __VA_ARGS__)
#define zexpect_str_equal(a, b, ...)                                                               \
	zexpect(z_ztest_same_str(a, b), #a " not equal to " #b, __VA_ARGS__)

#endif /* ZEPHYR_ZTEST_ASSERT_H_ */
