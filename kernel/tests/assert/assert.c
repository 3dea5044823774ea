/* SPDX-License-Identifier: Apache-2.0 */

#include <zephyr/ztest.h>

#include <zephyr/sys/__assert.h>
#include <zephyr/sys/check.h>

#include "../support/capture.h"

ZTEST_SUITE(assert, NULL, NULL, NULL, NULL, NULL);

static int failures;

/* Go on behind the assertion: it printed, that is all. */
void ztest_post_assert_fail_hook(void)
{
	failures++;
}

/* In assert_off.c, where asserts are off whatever the configuration. */
int assertions_off(int *evaluated);

ZTEST(assert, test_true_does_nothing)
{
	failures = 0;
	capture_start();
	__ASSERT(true, "never");
	__ASSERT(1 + 1 == 2, "never %d", 5);
	__ASSERT_NO_MSG(true);
	zassert_equal(capture_stop(), 0);
	zassert_equal(failures, 0);
}

ZTEST(assert, test_is_one_statement)
{
	bool otherwise = false;

	if (failures > 1000) {
		__ASSERT_NO_MSG(false);
	} else {
		otherwise = true;
	}
	zassert_true(otherwise);
}

ZTEST(assert, test_off_in_one_file)
{
	int evaluated = 0;

	failures = 0;
	zassert_equal(assertions_off(&evaluated), 1);
	zassert_equal(evaluated, 0);
	zassert_equal(failures, 0);
}

ZTEST(assert, test_checkif)
{
	bool taken = false;

	CHECKIF(failures < 0)
	{
		ztest_test_fail();
	}
	CHECKIF(failures >= 0)
	{
		taken = true;
	}
	zassert_true(taken);
}

#ifdef CONFIG_ASSERT

static void fail(bool with_message, int value)
{
	ztest_set_assert_valid(true);
	failures = 0;
	capture_start();
	if (with_message) {
		__ASSERT(value % 2 == 0, "value %d %s", value, "is odd");
	} else {
		__ASSERT_NO_MSG(value % 2 == 0);
	}
	zassert_true(capture_stop() >= 1);
	/* All of it in the first piece; the test runner may have added others. */
	captured[captured_pieces[0]] = '\0';
	zassert_equal(failures, 1);
}

ZTEST(assert, test_failing)
{
	fail(false, 3);
	zassert_not_null(strstr(captured, "ASSERTION FAIL [value % 2 == 0] @ "));
	zassert_not_null(strstr(captured, "assert.c:"));
	zassert_equal(captured[strlen(captured) - 1], '\n');
}

ZTEST(assert, test_failing_with_a_message)
{
	fail(true, 3);
	zassert_not_null(strstr(captured, "ASSERTION FAIL [value % 2 == 0] @ "));
	zassert_not_null(strstr(captured, "\n\tvalue 3 is odd\n"));
}

ZTEST(assert, test_eval)
{
	int ran = 0;

	__ASSERT_EVAL(ran = 1, ran = 2, ran == 2, "%d", ran);
	zassert_equal(ran, 2);
}

#else

ZTEST(assert, test_not_evaluated)
{
	int evaluated = 0;

	__ASSERT(evaluated++ < 0, "%d", evaluated++);
	__ASSERT_NO_MSG(evaluated++ < 0);
	zassert_equal(evaluated, 0);
}

ZTEST(assert, test_eval)
{
	int ran = 0;

	__ASSERT_EVAL(ran = 1, ran = 2, ran == 2, "%d", ran);
	zassert_equal(ran, 1);
}

#endif
