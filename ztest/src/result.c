/* SPDX-License-Identifier: Apache-2.0 */

/** @file What was found wrong so far; failing, passing and skipping from any context. */

#include "ztest_internal.h"

#include <stdarg.h>

#include <port/atomics.h>

/*
 * Written by the test thread. Other threads read it to name the test when the program must stop, so
 * relaxed order and a moment of disagreement between the three are good enough.
 */
static struct z_ztest_place place;

/*
 * Failures are counted, not flagged, so that one that comes late, from a thread that outlives its
 * test, is not lost but belongs to whatever looks next. Relaxed order: a test that cares joins the
 * thread, and joining orders the count as it orders everything else that thread wrote.
 */
static uint32_t failures;
static uint32_t failures_taken; /* written by the test thread only */
static uint32_t skips;
static uint32_t skips_taken;

static const char *const phase_names[] = {
	[ZTEST_PHASE_FRAMEWORK] = "framework", [ZTEST_PHASE_SETUP] = "setup",
	[ZTEST_PHASE_TEST] = "test",           [ZTEST_PHASE_AFTER] = "after",
	[ZTEST_PHASE_TEARDOWN] = "teardown",
};

const char *z_ztest_phase_name(enum ztest_phase phase)
{
	return phase_names[phase];
}

void z_ztest_enter(const struct ztest_suite_node *suite, const struct ztest_unit_test *test,
		   enum ztest_phase phase)
{
	__atomic_store_n(&place.suite, suite, __ATOMIC_RELAXED);
	__atomic_store_n(&place.test, test, __ATOMIC_RELAXED);
	__atomic_store_n(&place.phase, phase, __ATOMIC_RELAXED);
	z_ztest_platform_entered();
}

struct z_ztest_place z_ztest_now(void)
{
	return (struct z_ztest_place){
		.suite = __atomic_load_n(&place.suite, __ATOMIC_RELAXED),
		.test = __atomic_load_n(&place.test, __ATOMIC_RELAXED),
		.phase = __atomic_load_n(&place.phase, __ATOMIC_RELAXED),
	};
}

void z_ztest_note_failure(void)
{
	(void)atomic32_add_relaxed(&failures, 1);
}

static void note_skip(void)
{
	(void)atomic32_add_relaxed(&skips, 1);
}

enum z_ztest_outcome z_ztest_take_outcome(void)
{
	uint32_t failures_now = atomic32_load_relaxed(&failures);
	uint32_t skips_now = atomic32_load_relaxed(&skips);
	bool failed = failures_now != failures_taken;
	bool skipped = skips_now != skips_taken;

	failures_taken = failures_now;
	skips_taken = skips_now;
	if (failed) {
		return Z_ZTEST_FAILED;
	}
	return skipped ? Z_ZTEST_SKIPPED : Z_ZTEST_PASSED;
}

/** End what a failing check ends: the hook or test, or another thread, or (in an ISR) nothing. */
static void end_caller(void)
{
	if (k_is_in_isr()) {
		return;
	}
	if (!z_ztest_on_test_thread()) {
		z_ztest_platform_leave_thread();
	}
	z_ztest_escape();
	printk("    ERROR: outside of any test, nothing to end\n");
}

static void fail_caller(void)
{
	z_ztest_note_failure();
	if (!z_ztest_on_test_thread()) {
		z_ztest_platform_hurry();
	}
	end_caller();
}

/** @return true where a test can still be skipped; complains where it cannot. */
static bool may_skip(void)
{
	if (z_ztest_on_test_thread() && place.phase != ZTEST_PHASE_SETUP &&
	    place.phase != ZTEST_PHASE_TEST) {
		printk("    ERROR: cannot skip in phase %s\n", z_ztest_phase_name(place.phase));
		return false;
	}
	return true;
}

void ztest_test_fail(void)
{
	fail_caller();
}

void ztest_test_pass(void)
{
	end_caller();
}

void ztest_test_skip(void)
{
	if (!may_skip()) {
		fail_caller();
		return;
	}
	note_skip();
	end_caller();
}

void ztest_test_expect_fail(void)
{
	z_ztest_note_failure();
}

static void print_failed_check(const char *kind, const char *file, int line, const char *func,
			       const char *what, const char *fmt, va_list args)
{
	const char *where = "";

	if (k_is_in_isr()) {
		where = " [in an ISR]";
	} else if (!z_ztest_on_test_thread()) {
		where = " [in another thread]";
	}
	if (file == NULL) {
		printk("    %s failed at line %d%s\n", kind, line, where);
	} else {
		printk("    %s failed at %s:%d: %s: (%s)%s\n", kind, file, line, func, what, where);
	}
	if (fmt != NULL && fmt[0] != '\0') {
		printk("\t");
		vprintk(fmt, args);
		printk("\n");
	}
}

void z_ztest_assert_failed(const char *file, int line, const char *func, const char *what,
			   const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	print_failed_check("Assertion", file, line, func, what, fmt, args);
	va_end(args);
	fail_caller();
}

void z_ztest_assume_failed(const char *file, int line, const char *func, const char *what,
			   const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	print_failed_check("Assumption", file, line, func, what, fmt, args);
	va_end(args);
	ztest_test_skip();
}

void z_ztest_expect_failed(const char *file, int line, const char *func, const char *what,
			   const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	print_failed_check("Expectation", file, line, func, what, fmt, args);
	va_end(args);
	z_ztest_note_failure();
}
