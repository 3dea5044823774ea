/* SPDX-License-Identifier: Apache-2.0 */

/** @file Running suites and tests. */

#include "ztest_internal.h"

/** What the bracket of functions that is run next needs. Lives on the runner's stack. */
struct bracket {
	const struct ztest_suite_node *suite;
	const struct ztest_unit_test *test;
	const struct ztest_test_rule *rule;
	void *fixture;
	void *test_data; /* the fixture, or the parameter of ztest_run_test_suite() */
};

/** How a suite is run. */
struct suite_job {
	int case_iter;
	void *param;
	bool all_tests; /* whatever was selected */
};

/* ---- the brackets, each called under z_ztest_guard() ----------------------------------------- */

static void call_setup(void *arg)
{
	struct bracket *b = arg;

	b->fixture = b->suite->setup();
}

static void call_test(void *arg)
{
	const struct bracket *b = arg;
	const struct ztest_test_rule *rule = NULL;

	while ((rule = z_ztest_next_rule(rule)) != NULL) {
		if (rule->before_each != NULL) {
			rule->before_each(b->test, b->fixture);
		}
	}
	if (b->suite->before != NULL) {
		b->suite->before(b->fixture);
	}
	b->test->test(b->test_data);
}

static void call_after(void *arg)
{
	const struct bracket *b = arg;

	b->suite->after(b->fixture);
}

static void call_rule_after(void *arg)
{
	const struct bracket *b = arg;

	b->rule->after_each(b->test, b->fixture);
}

static void call_teardown(void *arg)
{
	const struct bracket *b = arg;

	b->suite->teardown(b->fixture);
}

/* ---- one test -------------------------------------------------------------------------------- */

static void run_after_hooks(struct bracket *b)
{
	if (b->suite->after != NULL) {
		z_ztest_enter(b->suite, b->test, ZTEST_PHASE_AFTER);
		(void)z_ztest_guard(call_after, b);
	}
	b->rule = NULL;
	while ((b->rule = z_ztest_next_rule(b->rule)) != NULL) {
		if (b->rule->after_each != NULL) {
			z_ztest_enter(b->suite, b->test, ZTEST_PHASE_AFTER);
			(void)z_ztest_guard(call_rule_after, b);
		}
	}
}

/** What counts, after ZTEST_EXPECT_FAIL/SKIP have had their say. */
static enum z_ztest_outcome expected_or_not(const struct ztest_unit_test *test,
					    enum z_ztest_outcome outcome)
{
	const struct ztest_expected_result_entry *entry = z_ztest_expectation(test);
	enum z_ztest_outcome wanted;

	if (entry == NULL) {
		return outcome;
	}
	wanted = entry->expected_result == ZTEST_EXPECTED_RESULT_FAIL ? Z_ZTEST_FAILED
								      : Z_ZTEST_SKIPPED;
	if (outcome == wanted) {
		return Z_ZTEST_PASSED;
	}
	printk("    This test should have %s\n",
	       wanted == Z_ZTEST_FAILED ? "failed" : "been skipped");
	return Z_ZTEST_FAILED;
}

/** Book and print a result.   @return whether the test failed. */
static bool end_test(const struct ztest_unit_test *test, enum z_ztest_outcome outcome, uint32_t ms)
{
	struct ztest_unit_test_stats *stats = test->stats;

	stats->run_count++;
	stats->duration_worst_ms = MAX(stats->duration_worst_ms, ms);
	switch (outcome) {
	case Z_ZTEST_FAILED:
		stats->fail_count++;
		z_ztest_print_result("FAIL", test, ms);
		break;
	case Z_ZTEST_SKIPPED:
		stats->skip_count++;
		z_ztest_print_result("SKIP", test, ms);
		break;
	default:
		stats->pass_count++;
		z_ztest_print_result("PASS", test, ms);
		break;
	}
	return outcome == Z_ZTEST_FAILED;
}

static bool run_test(struct bracket *b)
{
	uint32_t begin = k_uptime_get_32();

	printk("START - %s\n", b->test->name);
	z_ztest_enter(b->suite, b->test, ZTEST_PHASE_TEST);
	(void)z_ztest_guard(call_test, b);
	z_ztest_close_announcements();
	run_after_hooks(b);
	z_ztest_close_announcements();
	z_ztest_enter(b->suite, NULL, ZTEST_PHASE_FRAMEWORK);
	return end_test(b->test, expected_or_not(b->test, z_ztest_take_outcome()),
			k_uptime_get_32() - begin);
}

/** Setup failed or was skipped: so do all tests, unseen. */
static bool end_test_unrun(const struct ztest_unit_test *test, enum z_ztest_outcome outcome)
{
	printk("START - %s\n", test->name);
	return end_test(test, outcome, 0);
}

/* ---- one suite ------------------------------------------------------------------------------- */

/** Failures that nobody has asked about are the suite's.   @return whether there were any. */
static bool take_stray_failures(const struct ztest_suite_node *suite, const char *when)
{
	if (z_ztest_take_outcome() != Z_ZTEST_FAILED) {
		return false;
	}
	printk("ERROR: a check failed %s test suite '%s'\n", when, suite->name);
	z_ztest_extra_failures++;
	return true;
}

static enum z_ztest_outcome run_setup(struct bracket *b)
{
	enum z_ztest_outcome outcome;

	if (b->suite->setup == NULL) {
		return Z_ZTEST_PASSED;
	}
	z_ztest_enter(b->suite, NULL, ZTEST_PHASE_SETUP);
	(void)z_ztest_guard(call_setup, b);
	z_ztest_close_announcements();
	outcome = z_ztest_take_outcome();
	if (outcome == Z_ZTEST_FAILED) {
		printk("ERROR: setup of test suite '%s' failed, and so do its tests\n",
		       b->suite->name);
	}
	return outcome;
}

static bool run_teardown(struct bracket *b)
{
	if (b->suite->teardown != NULL) {
		z_ztest_enter(b->suite, NULL, ZTEST_PHASE_TEARDOWN);
		(void)z_ztest_guard(call_teardown, b);
		z_ztest_close_announcements();
	}
	return take_stray_failures(b->suite, "in teardown of");
}

static int run_tests(struct bracket *b, const struct suite_job *job, enum z_ztest_outcome setup)
{
	const char *suite = b->suite->name;
	int failed = 0;

	b->test_data = job->param != NULL ? job->param : b->fixture;
	for (int i = 0; i < job->case_iter; i++) {
		b->test = NULL;
		while ((b->test = z_ztest_next_test(suite, b->test)) != NULL) {
			if (!job->all_tests && !z_ztest_platform_selected(suite, b->test->name)) {
				continue;
			}
			failed += (setup == Z_ZTEST_PASSED) ? run_test(b)
							    : end_test_unrun(b->test, setup);
		}
	}
	return failed;
}

/** @return how many tests failed, a failing teardown among them. */
static int run_suite(const struct ztest_suite_node *suite, const struct suite_job *job)
{
	struct bracket b = {.suite = suite};
	enum z_ztest_outcome setup;
	int failed;

	printk("Running TESTSUITE %s\n", suite->name);
	z_ztest_print_line();
	suite->stats->run_count++;
	(void)take_stray_failures(suite, "before");
	setup = run_setup(&b);
	failed = run_tests(&b, job, setup);
	if (setup == Z_ZTEST_PASSED) {
		failed += run_teardown(&b);
	} else if (setup == Z_ZTEST_SKIPPED) {
		suite->stats->skip_count++;
	} else if (failed == 0) {
		failed = 1; /* there was no test to fail with its setup */
		z_ztest_extra_failures++;
	}
	z_ztest_enter(NULL, NULL, ZTEST_PHASE_FRAMEWORK);
	suite->stats->fail_count += failed > 0;
	printk("TESTSUITE %s %s\n", suite->name, failed > 0 ? "failed." : "succeeded");
	return failed;
}

/* ---- all of them ----------------------------------------------------------------------------- */

/** Without a selection every suite is wanted, one without tests too. */
static bool is_wanted(const struct ztest_suite_node *suite)
{
	const struct ztest_unit_test *test = NULL;

	if (z_ztest_platform_selector() == NULL) {
		return true;
	}
	while ((test = z_ztest_next_test(suite->name, test)) != NULL) {
		if (z_ztest_platform_selected(suite->name, test->name)) {
			return true;
		}
	}
	return false;
}

int ztest_run_test_suites(const void *state, bool shuffle, int suite_iter, int case_iter)
{
	const struct suite_job job = {.case_iter = case_iter};
	const struct ztest_suite_node *suite = NULL;
	int count = 0;

	(void)shuffle;
	while ((suite = z_ztest_next_suite(suite)) != NULL) {
		if (!is_wanted(suite)) {
			continue;
		}
		if (suite->predicate != NULL && !suite->predicate(state)) {
			suite->stats->skip_count++;
			continue;
		}
		count++;
		for (uint32_t i = 0; i < (uint32_t)suite_iter * z_ztest_platform_repeat(); i++) {
			(void)run_suite(suite, &job);
		}
	}
	return count;
}

void ztest_run_all(const void *state, bool shuffle, int suite_iter, int case_iter)
{
	(void)ztest_run_test_suites(state, shuffle, suite_iter, case_iter);
}

int z_ztest_run_test_suite(const char *name, bool shuffle, int suite_iter, int case_iter,
			   void *param)
{
	const struct suite_job job = {.case_iter = case_iter, .param = param, .all_tests = true};
	const struct ztest_suite_node *suite = z_ztest_find_suite(name);
	int failed = 0;

	(void)shuffle;
	if (suite == NULL) {
		printk("ERROR: there is no test suite '%s'\n", name);
		z_ztest_extra_failures++;
		return -1;
	}
	for (int i = 0; i < suite_iter; i++) {
		failed += run_suite(suite, &job);
	}
	return failed;
}

void ztest_verify_all_test_suites_ran(void)
{
	STRUCT_SECTION_FOREACH(ztest_suite_node, suite) {
		if (suite->stats->run_count == 0U && is_wanted(suite)) {
			printk("ERROR: test suite '%s' did not run\n", suite->name);
			z_ztest_extra_failures++;
		}
	}
	STRUCT_SECTION_FOREACH(ztest_unit_test, test) {
		if (z_ztest_find_suite(test->test_suite_name) == NULL) {
			printk("ERROR: test '%s' is of test suite '%s', which does not exist\n",
			       test->name, test->test_suite_name);
			z_ztest_extra_failures++;
		}
	}
}

__weak void test_main(void)
{
	ztest_run_all(NULL, false, 1, 1);
	ztest_verify_all_test_suites_ran();
}
