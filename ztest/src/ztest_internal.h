/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * How the files of the runner see each other.
 *
 *   escape.c      leaving a function early, and who may
 *   result.c      what was found wrong so far; failing, passing, skipping
 *   error_hook.c  announced assertions and faults
 *   registry.c    the records, in order
 *   run.c         suites and tests
 *   report.c      what is printed
 *   last_words.c  what is printed when the program must stop
 *   posix_*.c     Linux: main() with options, watchdog, signals
 *   bare_main.c   main() elsewhere
 */

#ifndef ZTEST_INTERNAL_H_
#define ZTEST_INTERNAL_H_

#include <zephyr/ztest.h>

/* ---- escape.c -------------------------------------------------------------------------------- */

/** Make the calling thread the one that runs tests, for good. */
void z_ztest_adopt_thread(void);

/** @return true on the thread that runs tests, and not in an ISR that interrupted it. */
bool z_ztest_on_test_thread(void);

/** Call @p fn. @return true if it returned, false if it was left by z_ztest_escape(). */
bool z_ztest_guard(void (*fn)(void *arg), void *arg);

/**
 * Leave the innermost z_ztest_guard(), at once. Returns only if the caller is not on the test
 * thread or not inside a guard.
 */
void z_ztest_escape(void);

/* ---- result.c -------------------------------------------------------------------------------- */

enum ztest_phase {
	ZTEST_PHASE_FRAMEWORK,
	ZTEST_PHASE_SETUP,
	ZTEST_PHASE_TEST, /* before_each, before and the test itself */
	ZTEST_PHASE_AFTER,
	ZTEST_PHASE_TEARDOWN,
};

/** What is running. */
struct z_ztest_place {
	const struct ztest_suite_node *suite; /* NULL between suites */
	const struct ztest_unit_test *test;   /* NULL outside tests */
	enum ztest_phase phase;
};

/** @return what is running. Context: any, signal handlers too; elsewhere than on the test thread it
 * may be a step behind.
 */
struct z_ztest_place z_ztest_now(void);

/** Enter a phase; tells the platform, whose watchdog starts anew. */
void z_ztest_enter(const struct ztest_suite_node *suite, const struct ztest_unit_test *test,
		   enum ztest_phase phase);

const char *z_ztest_phase_name(enum ztest_phase phase);

/** What happened since the last z_ztest_take_outcome(). */
enum z_ztest_outcome {
	Z_ZTEST_PASSED,
	Z_ZTEST_FAILED,
	Z_ZTEST_SKIPPED,
};

/** Note a failure; it belongs to whatever takes the outcome next. Context: any. */
void z_ztest_note_failure(void);

/** What happened since the last call, and forget it. Context: test thread. */
enum z_ztest_outcome z_ztest_take_outcome(void);

/* ---- error_hook.c ---------------------------------------------------------------------------- */

/** Close announcements that are still open; an open one is a failure. */
void z_ztest_close_announcements(void);

/**
 * If a fault is announced and the caller is the test thread, take the announcement back.
 * Async-signal-safe.   @return whether that was so.
 */
bool z_ztest_take_fault_announcement(void);

/* ---- registry.c ------------------------------------------------------------------------------ */

/*
 * Each returns the record that follows @p prev in the order of names (NULL: the first), or NULL.
 * Finding one looks at all of them; nothing is stored.
 */
const struct ztest_suite_node *z_ztest_next_suite(const struct ztest_suite_node *prev);
const struct ztest_unit_test *z_ztest_next_test(const char *suite,
						const struct ztest_unit_test *prev);
const struct ztest_test_rule *z_ztest_next_rule(const struct ztest_test_rule *prev);

const struct ztest_suite_node *z_ztest_find_suite(const char *name);

/** What ZTEST_EXPECT_FAIL/SKIP said of @p test; NULL if nothing. */
const struct ztest_expected_result_entry *z_ztest_expectation(const struct ztest_unit_test *test);

/* ---- report.c -------------------------------------------------------------------------------- */

/** Failures that are nobody's test: teardown, missing suites, checks outside a test. */
extern uint32_t z_ztest_extra_failures;

/** Print the summary and the closing lines.   @return the exit status of the program. */
int z_ztest_report(void);

/** The counts of the closing line. Async-signal-safe. */
struct z_ztest_counts {
	uint32_t passed, failed, skipped;
};
struct z_ztest_counts z_ztest_count(void);

void z_ztest_print_line(void);
void z_ztest_print_result(const char *result, const struct ztest_unit_test *test, uint32_t ms);

/* ---- last_words.c ---------------------------------------------------------------------------- */

/**
 * The program is about to stop: print @p before, the place, @p after, the running test as failed,
 * and the closing lines. Only the first call prints.
 * Context: any; async-signal-safe.
 */
void z_ztest_last_words(const char *before, const char *after);

/** The closing lines are printed: from here on z_ztest_last_words() is silent. */
void z_ztest_no_more_words(void);

/** z_ztest_last_words(), then port_fatal(). */
void z_ztest_die(const char *before, const char *after) __attribute__((noreturn));

/* ---- supplied by the platform ---------------------------------------------------------------- */

/** Whether the user wants this test run. */
bool z_ztest_platform_selected(const char *suite, const char *test);

/** What the user wrote to select tests; NULL if all run. */
const char *z_ztest_platform_selector(void);

/** How often the user wants each suite run. */
uint32_t z_ztest_platform_repeat(void);

/** z_ztest_now() has changed: a hook or test begins. Called on the test thread. */
void z_ztest_platform_entered(void);

/** A check failed away from the test thread, which may now wait in vain. Context: any. */
void z_ztest_platform_hurry(void);

/** End the calling thread, which is not the test thread. Not called in an ISR. */
void z_ztest_platform_leave_thread(void) __attribute__((noreturn));

#endif /* ZTEST_INTERNAL_H_ */
