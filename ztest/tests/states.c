/* SPDX-License-Identifier: Apache-2.0 */

/** @file Predicates, a test_main() of the program's own, suites by name, parameters. */

#include <zephyr/ztest.h>

static int state;

static bool in_first(const void *global_state)
{
	return *(const int *)global_state == 1;
}

static bool in_second(const void *global_state)
{
	return *(const int *)global_state == 2;
}

static bool never(const void *global_state)
{
	ARG_UNUSED(global_state);
	return false;
}

ZTEST_SUITE(a_first, in_first, NULL, NULL, NULL, NULL);
ZTEST(a_first, one)
{
	zassert_equal(state, 1);
}

ZTEST_SUITE(b_second, in_second, NULL, NULL, NULL, NULL);
ZTEST(b_second, one)
{
	zassert_equal(state, 2);
}

ZTEST_SUITE(c_by_name, never, NULL, NULL, NULL, NULL);
ZTEST_P(c_by_name, parameter)
{
	zassert_equal_ptr(data, &state);
}
ZTEST(c_by_name, fails)
{
	zassert_true(false);
}

#ifdef WITH_FORGOTTEN
ZTEST_SUITE(d_forgotten, never, NULL, NULL, NULL, NULL);
ZTEST(d_forgotten, one)
{
}

ZTEST(e_missing, one)
{
}
#endif

void test_main(void)
{
	for (state = 1; state <= 3; state++) {
		printk("state %d\n", state);
		ztest_run_all(&state, false, 1, 1);
	}
	printk("failed: %d\n", ztest_run_test_suite(c_by_name, false, 1, 2, &state));
	ztest_verify_all_test_suites_ran();
#ifdef WITH_FORGOTTEN
	printk("missing: %d\n", ztest_run_test_suite(e_missing, false, 1, 1, NULL));
	zexpect_true(false, "outside of any test");
	zassert_true(false, "outside of any test, too");
#endif
}
