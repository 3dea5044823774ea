/* SPDX-License-Identifier: Apache-2.0 */

/** @file Assertions and faults that a test announced, and those it did not. */

#include "ztest_internal.h"

#include <port/atomics.h>

/*
 * Who may meet with the announced assertion; all zero: nobody. Written by whoever announces and by
 * whoever takes the announcement, read when an assertion fails: in the same thread or, for ISRs,
 * after a hand-over that the test arranged. That orders them; the atomics (relaxed) only keep a
 * wrongly timed look harmless.
 */
static k_tid_t assert_thread;
static uint32_t assert_in_isr;

/* Whether the test thread may meet with a fault. Atomic (relaxed) for the same reason. */
static uint32_t fault_announced;

static void withdraw_assert(void)
{
	__atomic_store_n(&assert_thread, (k_tid_t)NULL, __ATOMIC_RELAXED);
	atomic32_store_relaxed(&assert_in_isr, 0);
}

static void announce_assert(void)
{
	if (k_is_in_isr()) {
		atomic32_store_relaxed(&assert_in_isr, 1);
	} else {
		__atomic_store_n(&assert_thread, k_current_get(), __ATOMIC_RELAXED);
	}
}

static bool assert_is_announced(void)
{
	return __atomic_load_n(&assert_thread, __ATOMIC_RELAXED) != NULL ||
	       atomic32_load_relaxed(&assert_in_isr) != 0;
}

/** Take the announcement back if it is for the caller. @return whether it was. */
static bool take_assert_announcement(void)
{
	bool mine = k_is_in_isr()
			    ? atomic32_load_relaxed(&assert_in_isr) != 0
			    : __atomic_load_n(&assert_thread, __ATOMIC_RELAXED) == k_current_get();

	if (mine) {
		withdraw_assert();
	}
	return mine;
}

static void report_missing(const char *what)
{
	printk("    The %s that was announced did not happen\n", what);
	z_ztest_note_failure();
}

void z_ztest_close_announcements(void)
{
	/* Without CONFIG_ASSERT the code under test has none that could fail. */
	if (assert_is_announced() && IS_ENABLED(CONFIG_ASSERT)) {
		report_missing("assertion failure");
	}
	if (atomic32_load_relaxed(&fault_announced) != 0) {
		report_missing("fault");
	}
	withdraw_assert();
	atomic32_store_relaxed(&fault_announced, 0);
}

void ztest_set_assert_valid(bool valid)
{
	if (valid) {
		announce_assert();
	} else {
		withdraw_assert();
	}
}

void ztest_set_fault_valid(bool valid)
{
	atomic32_store_relaxed(&fault_announced, valid ? 1U : 0U);
}

__weak void ztest_post_assert_fail_hook(void)
{
	ztest_test_pass();
}

__weak void ztest_post_fatal_error_hook(unsigned int reason, const struct arch_esf *esf)
{
	(void)reason;
	(void)esf;
	ztest_test_pass();
}

/** Called by __ASSERT after it has printed what failed; replaces the kernel's weak one. */
void assert_post_action(const char *file, unsigned int line)
{
	(void)file;
	(void)line;
	if (take_assert_announcement()) {
		printk("    That assertion was announced by the test\n");
		ztest_post_assert_fail_hook();
		return;
	}
	z_ztest_die("ERROR: an assertion failed in ", " that was not announced");
}

bool z_ztest_take_fault_announcement(void)
{
	if (!z_ztest_on_test_thread() || atomic32_load_relaxed(&fault_announced) == 0) {
		return false;
	}
	atomic32_store_relaxed(&fault_announced, 0);
	return true;
}

void ztest_fault(unsigned int reason, const struct arch_esf *esf)
{
	if (z_ztest_take_fault_announcement()) {
		printk("    That fault was announced by the test\n");
		ztest_post_fatal_error_hook(reason, esf);
	}
	z_ztest_die("ERROR: a fault in ", " that was not announced");
}
