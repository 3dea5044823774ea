/* SPDX-License-Identifier: Apache-2.0 */

/** @file What is printed about results. The words are ztest's, which tools look for. */

#include "ztest_internal.h"

uint32_t z_ztest_extra_failures;

void z_ztest_print_line(void)
{
	printk("===================================================================\n");
}

void z_ztest_print_result(const char *result, const struct ztest_unit_test *test, uint32_t ms)
{
	printk(" %s - %s in %u.%03u seconds\n", result, test->name, (unsigned int)(ms / 1000U),
	       (unsigned int)(ms % 1000U));
	z_ztest_print_line();
}

/** The one word for a test that may have run several times; NULL if it never did. */
static const char *verdict(const struct ztest_unit_test_stats *stats)
{
	if (stats->fail_count > 0U) {
		return stats->pass_count > 0U ? "FLAKY" : "FAIL";
	}
	if (stats->pass_count > 0U) {
		return "PASS";
	}
	return stats->skip_count > 0U ? "SKIP" : NULL;
}

static void count_test(const struct ztest_unit_test_stats *stats, struct z_ztest_counts *counts)
{
	if (stats->fail_count > 0U) {
		counts->failed++;
	} else if (stats->pass_count > 0U) {
		counts->passed++;
	} else if (stats->skip_count > 0U) {
		counts->skipped++;
	} else {
		/* It did not run, and counts nowhere. */
	}
}

struct z_ztest_counts z_ztest_count(void)
{
	struct z_ztest_counts counts = {.failed = z_ztest_extra_failures};

	STRUCT_SECTION_FOREACH(ztest_unit_test, test) {
		count_test(test->stats, &counts);
	}
	return counts;
}

/* ---- the summary ----------------------------------------------------------------------------- */

static void print_suite_line(const struct ztest_suite_node *suite, struct z_ztest_counts counts,
			     uint32_t ms)
{
	uint32_t total = counts.passed + counts.failed + counts.skipped;
	uint32_t judged = counts.passed + counts.failed;
	/* In hundredths of a percent, rounded. */
	uint32_t rate = judged == 0U ? 0U : (counts.passed * 10000U + judged / 2U) / judged;
	const char *result = "PASS";

	if (suite->stats->fail_count > 0U) {
		result = "FAIL";
	} else if (judged == 0U) {
		result = "SKIP";
	}
	printk("SUITE %s - %3u.%02u%% [%s]: pass = %u, fail = %u, skip = %u, total = %u "
	       "duration = %u.%03u seconds\n",
	       result, (unsigned int)(rate / 100U), (unsigned int)(rate % 100U), suite->name,
	       (unsigned int)counts.passed, (unsigned int)counts.failed,
	       (unsigned int)counts.skipped, (unsigned int)total, (unsigned int)(ms / 1000U),
	       (unsigned int)(ms % 1000U));
}

static void print_test_line(const struct ztest_unit_test *test)
{
	const struct ztest_unit_test_stats *stats = test->stats;
	const char *result = verdict(stats);

	if (result == NULL) {
		return;
	}
	printk(" - %s - [%s.%s]", result, test->test_suite_name, test->name);
	if (stats->run_count > 1U && stats->fail_count > 0U) {
		printk(" (failed %u of %u times)", (unsigned int)stats->fail_count,
		       (unsigned int)stats->run_count);
	}
	printk(" duration = %u.%03u seconds\n", (unsigned int)(stats->duration_worst_ms / 1000U),
	       (unsigned int)(stats->duration_worst_ms % 1000U));
}

static void print_suite(const struct ztest_suite_node *suite)
{
	struct z_ztest_counts counts = {0};
	const struct ztest_unit_test *test = NULL;
	uint32_t ms = 0;

	while ((test = z_ztest_next_test(suite->name, test)) != NULL) {
		count_test(test->stats, &counts);
		ms += test->stats->duration_worst_ms;
	}
	print_suite_line(suite, counts, ms);
	while ((test = z_ztest_next_test(suite->name, test)) != NULL) {
		print_test_line(test);
	}
	printk("\n");
}

static void print_summary(void)
{
	const struct ztest_suite_node *suite = NULL;

	printk("\n------ TESTSUITE SUMMARY START ------\n\n");
	while ((suite = z_ztest_next_suite(suite)) != NULL) {
		if (suite->stats->run_count > 0U) {
			print_suite(suite);
		}
	}
	printk("------ TESTSUITE SUMMARY END ------\n\n");
}

/* ---- the end --------------------------------------------------------------------------------- */

static void print_closing(struct z_ztest_counts counts, bool success)
{
	z_ztest_print_line();
	printk("PROJECT EXECUTION %s\n", success ? "SUCCESSFUL" : "FAILED");
	printk("%u passed, %u failed", (unsigned int)counts.passed, (unsigned int)counts.failed);
	if (counts.skipped > 0U) {
		printk(", %u skipped", (unsigned int)counts.skipped);
	}
	printk("\n");
}

int z_ztest_report(void)
{
	struct z_ztest_counts counts;
	bool success;

	if (z_ztest_take_outcome() == Z_ZTEST_FAILED) {
		printk("ERROR: a check failed outside of any test\n");
		z_ztest_extra_failures++;
	}
	print_summary();
	counts = z_ztest_count();
	success = counts.failed == 0U && counts.passed + counts.skipped > 0U;
	if (counts.passed + counts.failed + counts.skipped == z_ztest_extra_failures) {
		const char *selector = z_ztest_platform_selector();

		printk("ERROR: no test ran%s%s\n", selector != NULL ? " of " : "",
		       selector != NULL ? selector : "");
	}
	z_ztest_no_more_words();
	print_closing(counts, success);
	return success ? 0 : 1;
}
