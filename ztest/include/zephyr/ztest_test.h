/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Suites, tests and rules; running them; ending a test.
 *
 * Everything registers itself by being linked: constant records in iterable sections. Their order
 * there means nothing; suites, tests and rules run sorted by name, as a linker sorts them for
 * Zephyr. That is the order of strcmp() with an underscore behind each name: `get10`, `get` and
 * `get_all` run in this order, because '1' sorts before '_'.
 *
 * Unless something else is said. Context: any. Blocks: never. Cost: constant; of what runs tests,
 * the tests.
 */

#ifndef ZEPHYR_ZTEST_TEST_H_
#define ZEPHYR_ZTEST_TEST_H_

#include <zephyr/toolchain.h>
#include <zephyr/sys/iterable_sections.h>
#include <zephyr/sys/util.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the records ----------------------------------------------------------------------------- */

/** How often a suite ran, so far. Written by the runner. */
struct ztest_suite_stats {
	uint32_t run_count;  /**< runs that were begun */
	uint32_t skip_count; /**< runs that did not happen, or were skipped by setup */
	uint32_t fail_count; /**< runs in which something failed */
};

/** How often a test ended in which way, so far. Written by the runner. */
struct ztest_unit_test_stats {
	uint32_t run_count;
	uint32_t skip_count;
	uint32_t fail_count;
	uint32_t pass_count;
	uint32_t duration_worst_ms; /**< of its longest run, by the kernel's clock */
};

typedef bool (*ztest_suite_predicate_t)(const void *global_state);
typedef void *(*ztest_suite_setup_t)(void);
typedef void (*ztest_suite_before_t)(void *fixture);
typedef void (*ztest_suite_after_t)(void *fixture);
typedef void (*ztest_suite_teardown_t)(void *fixture);

/** A suite; ZTEST_SUITE() makes one. Every hook may be NULL. */
struct ztest_suite_node {
	const char *name;
	ztest_suite_setup_t setup;         /**< once before the tests; returns the fixture */
	ztest_suite_before_t before;       /**< before each test */
	ztest_suite_after_t after;         /**< after each test, however it ended */
	ztest_suite_teardown_t teardown;   /**< once after the tests, if setup succeeded */
	ztest_suite_predicate_t predicate; /**< whether to run in this state of the program */
	struct ztest_suite_stats *stats;
};

/** A test; ZTEST() and its relatives make one. */
struct ztest_unit_test {
	const char *test_suite_name;
	const char *name;
	void (*test)(void *data); /**< calls the test with its fixture */
	uint32_t thread_options;  /**< always 0 here */
	struct ztest_unit_test_stats *stats;
};

typedef void (*ztest_rule_cb)(const struct ztest_unit_test *test, void *data);

/** Something to do around every test of the program; ZTEST_RULE() makes one. */
struct ztest_test_rule {
	ztest_rule_cb before_each; /**< before the suite's `before`; may be NULL */
	ztest_rule_cb after_each;  /**< after the suite's `after`; may be NULL */
	const char *name;
};

enum ztest_expected_result {
	ZTEST_EXPECTED_RESULT_FAIL,
	ZTEST_EXPECTED_RESULT_SKIP,
};

/** A test that passes by failing or by being skipped. */
struct ztest_expected_result_entry {
	const char *test_suite_name;
	const char *test_name;
	enum ztest_expected_result expected_result;
};

/* ---- defining them --------------------------------------------------------------------------- */

/**
 * Define a suite. Its record is read-only data; its statistics are 12 bytes of RAM.
 *
 * @param suite         name of the suite, an identifier.
 * @param predicate_fn  `bool f(const void *state)`: run the suite in this state? NULL: always.
 * @param setup_fn      `void *f(void)`: returns the fixture.
 * @param before_fn     `void f(void *fixture)`, like after_fn and teardown_fn.
 * @param after_fn      runs after each test.
 * @param teardown_fn   runs after all tests.
 */
#define ZTEST_SUITE(suite, predicate_fn, setup_fn, before_fn, after_fn, teardown_fn)               \
	struct ztest_suite_stats z_ztest_suite_node_stats_##suite;                                 \
	static const STRUCT_SECTION_ITERABLE(ztest_suite_node, z_ztest_test_node_##suite) = {      \
		#suite,                                                                            \
		setup_fn,                                                                          \
		before_fn,                                                                         \
		after_fn,                                                                          \
		teardown_fn,                                                                       \
		predicate_fn,                                                                      \
		&z_ztest_suite_node_stats_##suite,                                                 \
	}

/*
 * The record of a test and the function that calls it. `params` is its parameter list, `call` what
 * the record's function passes. The statistics have external linkage so that two tests of one name
 * do not link.
 */
#define Z_ZTEST_DEFINE(suite, fn, params, call)                                                    \
	struct ztest_unit_test_stats z_ztest_unit_test_stats_##suite##_##fn;                       \
	static void suite##_##fn params;                                                           \
	static void z_ztest_call_##suite##_##fn(void *data)                                        \
	{                                                                                          \
		(void)data;                                                                        \
		suite##_##fn call;                                                                 \
	}                                                                                          \
	static const STRUCT_SECTION_ITERABLE(ztest_unit_test,                                      \
					     z_ztest_unit_test__##suite##__##fn) = {               \
		#suite,                                                                            \
		#fn,                                                                               \
		z_ztest_call_##suite##_##fn,                                                       \
		0,                                                                                 \
		&z_ztest_unit_test_stats_##suite##_##fn,                                           \
	};                                                                                         \
	static void suite##_##fn params

/** Define a test of @p suite, which may stand in another file; the body follows. */
#define ZTEST(suite, fn)      Z_ZTEST_DEFINE(suite, fn, (void), ())
/** As ZTEST(). On Zephyr it runs in user mode where there is one. */
#define ZTEST_USER(suite, fn) ZTEST(suite, fn)

/** Define a test that gets what setup returned, as `struct <suite>_fixture *fixture`. */
#define ZTEST_F(suite, fn)                                                                         \
	Z_ZTEST_DEFINE(suite, fn, (struct suite##_fixture * fixture __attribute__((unused))),      \
		       ((struct suite##_fixture *)data))
/** As ZTEST_F(). On Zephyr it runs in user mode where there is one. */
#define ZTEST_USER_F(suite, fn) ZTEST_F(suite, fn)

/** Define a test that gets `void *data`: @p param of ztest_run_test_suite(), else the fixture. */
#define ZTEST_P(suite, fn) Z_ZTEST_DEFINE(suite, fn, (void *data __attribute__((unused))), (data))

/**
 * Do something before and after each test of every suite in the program. Either may be NULL.
 * `void f(const struct ztest_unit_test *test, void *fixture)`.
 */
#define ZTEST_RULE(rule, before_each_fn, after_each_fn)                                            \
	static const STRUCT_SECTION_ITERABLE(ztest_test_rule, z_ztest_test_rule_##rule) = {        \
		before_each_fn,                                                                    \
		after_each_fn,                                                                     \
		#rule,                                                                             \
	}

#define Z_ZTEST_EXPECT(suite, fn, result)                                                          \
	static const STRUCT_SECTION_ITERABLE(ztest_expected_result_entry,                          \
					     z_ztest_expected_result_##suite##_##fn) = {           \
		#suite,                                                                            \
		#fn,                                                                               \
		result,                                                                            \
	}

/** This test passes if it fails, and fails if it does anything else. */
#define ZTEST_EXPECT_FAIL(suite, fn) Z_ZTEST_EXPECT(suite, fn, ZTEST_EXPECTED_RESULT_FAIL)
/** This test passes if it is skipped, and fails if it does anything else. */
#define ZTEST_EXPECT_SKIP(suite, fn) Z_ZTEST_EXPECT(suite, fn, ZTEST_EXPECTED_RESULT_SKIP)

/** Skip the test if (unless) a configuration option is on. */
#define Z_TEST_SKIP_IFDEF(config)                                                                  \
	do {                                                                                       \
		if (IS_ENABLED(config)) {                                                          \
			ztest_test_skip();                                                         \
		}                                                                                  \
	} while (false)
#define Z_TEST_SKIP_IFNDEF(config)                                                                 \
	do {                                                                                       \
		if (!IS_ENABLED(config)) {                                                         \
			ztest_test_skip();                                                         \
		}                                                                                  \
	} while (false)

/* Where tests that run in user mode keep their variables; there is no such mode here. */
#define ZTEST_DMEM
#define ZTEST_BMEM
#define ZTEST_SECTION .data

/* ---- ending a test --------------------------------------------------------------------------- */

/*
 * What these three end, by the context they are called in, is said in <zephyr/ztest_assert.h> for
 * failing checks. They return only in an ISR.
 */

/** End the test; it failed. */
void ztest_test_fail(void);

/** End the test; it passed, unless something was found wrong before. */
void ztest_test_pass(void);

/** End the test; it is skipped, unless something was found wrong before. */
void ztest_test_skip(void);

/** Mark the running test failed and go on. Context: any. */
void ztest_test_expect_fail(void);

/* ---- running --------------------------------------------------------------------------------- */

/**
 * Run the suites whose predicate accepts @p state.
 *
 * May be called several times, in several states, by a test_main() of the program's own.
 *
 * @param state       handed to the predicates.
 * @param shuffle     ignored: the order is the sorted one.
 * @param suite_iter  how often to run each suite.
 * @param case_iter   how often to run each test between one setup and teardown.
 * Context: the thread that runs main(), not from inside a test.   Blocks: until they have ended.
 */
void ztest_run_all(const void *state, bool shuffle, int suite_iter, int case_iter);

/** As ztest_run_all().   @return how many suites ran. */
int ztest_run_test_suites(const void *state, bool shuffle, int suite_iter, int case_iter);

/** Complain, and fail the run, about suites that never ran and tests whose suite does not exist. */
void ztest_verify_all_test_suites_ran(void);

/**
 * Run one suite by its name, whatever its predicate says and whatever was selected.
 *
 * @p param is for ZTEST_P() tests; NULL: they get the fixture. The others as ztest_run_all().
 *
 * @return how many tests failed; negative if there is no such suite, which fails the run.
 */
#define ztest_run_test_suite(suite, shuffle, suite_iter, case_iter, param)                         \
	z_ztest_run_test_suite(#suite, shuffle, suite_iter, case_iter, param)
int z_ztest_run_test_suite(const char *name, bool shuffle, int suite_iter, int case_iter,
			   void *param);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_ZTEST_TEST_H_ */
