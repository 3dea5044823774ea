/* SPDX-License-Identifier: Apache-2.0 */

/** @file Suites and tests in disorder, over two files; with order_1.c. */

#include <ztest.h>

ZTEST(snow, get10)
{
}

ZTEST(rain, gamma)
{
}

ZTEST(rain, alpha)
{
}

ZTEST_SUITE(rain, NULL, NULL, NULL, NULL, NULL);

static void say_first(const struct ztest_unit_test *test, void *fixture)
{
	ARG_UNUSED(fixture);
	printk("first rule, %s\n", test->name);
}
ZTEST_RULE(first, say_first, NULL);
