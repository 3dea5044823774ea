/* SPDX-License-Identifier: Apache-2.0 */

/** @file Suites and tests in disorder, over two files; with order_2.c. */

#include <ztest.h>

ZTEST_SUITE(snow, NULL, NULL, NULL, NULL, NULL);

ZTEST(snow, get_all)
{
}

ZTEST(rain, beta)
{
}

ZTEST(snow, get)
{
}

/* The runner calls rules by name, too. */
static void say_second(const struct ztest_unit_test *test, void *fixture)
{
	ARG_UNUSED(fixture);
	printk("second rule, %s\n", test->name);
}
ZTEST_RULE(second, say_second, NULL);
