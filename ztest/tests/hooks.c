/* SPDX-License-Identifier: Apache-2.0 */

/** @file Which hook runs when, and what a failing one does. */

#include <zephyr/ztest.h>

struct full_fixture {
	int tests;
};

static void *full_setup(void)
{
	static struct full_fixture fixture;

	printk("setup\n");
	return &fixture;
}

static void full_before(void *fixture)
{
	((struct full_fixture *)fixture)->tests++;
	printk("before\n");
}

static void full_after(void *fixture)
{
	printk("after %d\n", ((struct full_fixture *)fixture)->tests);
}

static void full_teardown(void *fixture)
{
	printk("teardown after %d\n", ((struct full_fixture *)fixture)->tests);
}

ZTEST_SUITE(full, NULL, full_setup, full_before, full_after, full_teardown);

ZTEST_F(full, a_passes)
{
	printk("test %d\n", fixture->tests);
}

ZTEST_USER_F(full, b_fails)
{
	zassert_equal(fixture->tests, 0);
}

ZTEST_P(full, c_skips)
{
	zassert_equal(((struct full_fixture *)data)->tests, 3);
	ztest_test_skip();
}

ZTEST(full, d_ignores_fixture)
{
}

/* ---- rules ----------------------------------------------------------------------------------- */

static void rule_before(const struct ztest_unit_test *test, void *fixture)
{
	printk("rule before %s::%s%s\n", test->test_suite_name, test->name,
	       fixture != NULL ? ", fixture" : "");
	zassert_false(strcmp(test->name, "rule_before_fails") == 0);
}

static void rule_after(const struct ztest_unit_test *test, void *fixture)
{
	ARG_UNUSED(fixture);
	printk("rule after %s::%s\n", test->test_suite_name, test->name);
	zassert_false(strcmp(test->name, "rule_after_fails") == 0);
}

ZTEST_RULE(around, rule_before, rule_after);

static void last_rule_after(const struct ztest_unit_test *test, void *fixture)
{
	ARG_UNUSED(test);
	ARG_UNUSED(fixture);
	printk("last rule after\n");
}

ZTEST_RULE(last, NULL, last_rule_after);

/* ---- hooks that fail ------------------------------------------------------------------------- */

/* The tests of this suite in order: what their number says happens to them. */
enum {
	AFTER_FAILS = 1,
	AFTER_SKIPS,
	BEFORE_FAILS,
	BEFORE_SKIPS,
};

static int weak_test;

static void weak_before(void *fixture)
{
	ARG_UNUSED(fixture);
	weak_test++;
	zassert_not_equal(weak_test, BEFORE_FAILS);
	zassume_not_equal(weak_test, BEFORE_SKIPS);
}

static void weak_after(void *fixture)
{
	ARG_UNUSED(fixture);
	zassert_not_equal(weak_test, AFTER_FAILS);
	zassume_not_equal(weak_test, AFTER_SKIPS);
	printk("after\n");
}

ZTEST_SUITE(weak, NULL, NULL, weak_before, weak_after, NULL);

ZTEST(weak, a_after_fails)
{
}

ZTEST(weak, b_after_skips)
{
}

ZTEST(weak, c_before_fails)
{
	printk("not reached\n");
}

ZTEST(weak, d_before_skips)
{
	printk("not reached\n");
}

ZTEST(weak, e_passes)
{
}

ZTEST(weak, rule_after_fails)
{
}

ZTEST(weak, rule_before_fails)
{
	printk("not reached\n");
}

static void *setup_asserts(void)
{
	zassert_true(false, "no fixture");
	return NULL;
}

static void not_reached(void *fixture)
{
	ARG_UNUSED(fixture);
	printk("not reached\n");
}

ZTEST_SUITE(setup_asserts, NULL, setup_asserts, not_reached, not_reached, not_reached);

ZTEST(setup_asserts, one)
{
	printk("not reached\n");
}

ZTEST(setup_asserts, two)
{
	printk("not reached\n");
}

/* Nobody's test to fail, but not to be passed over. */
ZTEST_SUITE(setup_asserts_alone, NULL, setup_asserts, NULL, NULL, NULL);

static void *setup_expects(void)
{
	zexpect_true(false);
	return NULL;
}

ZTEST_SUITE(setup_expects, NULL, setup_expects, not_reached, not_reached, not_reached);

ZTEST(setup_expects, one)
{
	printk("not reached\n");
}

static void *setup_skips(void)
{
	zassume_true(false, "no hardware");
	return NULL;
}

ZTEST_SUITE(setup_skips, NULL, setup_skips, not_reached, not_reached, not_reached);

ZTEST(setup_skips, one)
{
	printk("not reached\n");
}

static void teardown_fails(void *fixture)
{
	ARG_UNUSED(fixture);
	zassert_true(false, "left a mess");
}

ZTEST_SUITE(teardown_fails, NULL, NULL, NULL, NULL, teardown_fails);

ZTEST(teardown_fails, one)
{
}
