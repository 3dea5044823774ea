/* SPDX-License-Identifier: Apache-2.0 */

/** @file Every way a test can end, and every check, holding and failing. */

#include <zephyr/ztest.h>

ZTEST_SUITE(ends, NULL, NULL, NULL, NULL, NULL);

static void fail_deep(int depth)
{
	if (depth > 0) {
		fail_deep(depth - 1);
	}
	zassert_unreachable("depth %d", depth);
}

ZTEST(ends, assert_deep)
{
	fail_deep(3);
	printk("not reached\n");
}

ZTEST(ends, assume)
{
	zassume_true(false, "no %s", "hardware");
	printk("not reached\n");
}

ZTEST(ends, expect)
{
	zexpect_true(false, "first");
	zexpect_equal(1, 2);
	printk("reached\n");
}

ZTEST(ends, expect_then_pass)
{
	zexpect_true(false);
	ztest_test_pass();
}

ZTEST(ends, expect_then_skip)
{
	zexpect_true(false);
	ztest_test_skip();
}

ZTEST(ends, fail)
{
	ztest_test_fail();
	printk("not reached\n");
}

ZTEST(ends, nothing)
{
}

ZTEST(ends, pass)
{
	ztest_test_pass();
	printk("not reached\n");
}

ZTEST(ends, skip)
{
	ztest_test_skip();
	printk("not reached\n");
}

ZTEST(ends, skip_unless_config)
{
	Z_TEST_SKIP_IFNDEF(CONFIG_ZTEST);
	Z_TEST_SKIP_IFDEF(CONFIG_OF_NOBODY);
	printk("reached\n");
	Z_TEST_SKIP_IFDEF(CONFIG_ZTEST);
	printk("not reached\n");
}

ZTEST_USER(ends, user)
{
}

/* ---- results that are wanted ----------------------------------------------------------------- */

ZTEST_SUITE(wanted, NULL, NULL, NULL, NULL, NULL);

ZTEST_EXPECT_FAIL(wanted, fail_as_said);
ZTEST(wanted, fail_as_said)
{
	zassert_true(false);
}

ZTEST_EXPECT_FAIL(wanted, fail_not);
ZTEST(wanted, fail_not)
{
}

ZTEST_EXPECT_SKIP(wanted, skip_as_said);
ZTEST(wanted, skip_as_said)
{
	zassume_true(false);
}

ZTEST_EXPECT_SKIP(wanted, skip_not);
ZTEST(wanted, skip_not)
{
	zassert_true(false);
}

/* ---- the checks ------------------------------------------------------------------------------ */

static const uint8_t bytes[] = {1, 2, 3};
static const uint8_t other[] = {1, 2, 4};
static int calls;

static int count_call(void)
{
	return ++calls;
}

#define PAIR bytes, other

ZTEST_SUITE(checks, NULL, NULL, NULL, NULL, NULL);

ZTEST(checks, hold)
{
	const char *null = NULL;
	int object = 5;

	zassert(true, "words");
	zassert_true(object == 5, NULL);
	zassert_false(object == 6);
	zassert_ok(0, "message");
	zassert_not_ok(-1);
	zassert_is_null(null);
	zassert_not_null(&object, "%d", 1);
	zassert_equal(object, 5, "%d and %s", object, "more");
	zassert_not_equal(object, 6);
	zassert_equal_ptr(&object, (void *)&object);
	zassert_within(5U, 7U, 2U);
	zassert_within(7U, 5U, 2U);
	zassert_within(1U, 2U, 3U, "an unsigned difference must not wrap");
	zassert_between_inclusive(object, 5, 5);
	zassert_mem_equal(bytes, other, 2);
	zassert_mem_equal(PAIR, 2, "arguments out of a macro");
	zassert_mem_equal(null, bytes, 0, "no bytes");
	zassert_mem_equal__(bytes, other, 2);
	zassert_str_equal("text", "text");
	zassume(true, "words");
	zassume_true(true);
	zassume_false(false);
	zassume_ok(0);
	zassume_not_ok(1);
	zassume_is_null(null);
	zassume_not_null(&object);
	zassume_equal(1, 1);
	zassume_not_equal(1, 2);
	zassume_equal_ptr(&object, &object);
	zassume_within(1, 2, 1);
	zassume_between_inclusive(2, 1, 3);
	zassume_mem_equal(bytes, other, 2);
	zassume_str_equal("a", "a");
	zexpect(true, "words");
}

ZTEST(checks, operands_once)
{
	zassert_within(count_call(), 1, 0);
	zassert_between_inclusive(count_call(), 2, 2);
	zassert_equal(count_call(), 3);
	zassert_true(count_call() == 4);
	zassert_mem_equal(bytes, other, (size_t)(count_call() - 3));
}

ZTEST(checks, fail_all)
{
	const char *null = NULL;
	int object = 5;

	zexpect(false, "own words");
	zexpect_unreachable();
	zexpect_true(object == 6);
	zexpect_false(object == 5);
	zexpect_ok(-5);
	zexpect_not_ok(0);
	zexpect_is_null(&object);
	zexpect_not_null(null);
	zexpect_equal(object, 6, "object is %d", object);
	zexpect_not_equal(object, 5);
	zexpect_equal_ptr(&object, null);
	zexpect_within(5U, 8U, 2U);
	zexpect_between_inclusive(object, 6, 7);
	zexpect_mem_equal(bytes, other, 3);
	zexpect_mem_equal(PAIR, sizeof(bytes), "100%%");
	zexpect_str_equal("text", "tent");
}

/* One test each, because each ends it. */
#define FAILS(name, check)                                                                         \
	ZTEST(checks, assert_##name)                                                               \
	{                                                                                          \
		zassert_##check;                                                                   \
		printk("not reached\n");                                                           \
	}                                                                                          \
	ZTEST(checks, assume_##name)                                                               \
	{                                                                                          \
		zassume_##check;                                                                   \
		printk("not reached\n");                                                           \
	}

FAILS(true, true(calls < 0))
FAILS(false, false(calls >= 0))
FAILS(ok, ok(1))
FAILS(not_ok, not_ok(0))
FAILS(is_null, is_null("x"))
FAILS(not_null, not_null(NULL))
FAILS(equal, equal(1, 2))
FAILS(not_equal, not_equal(1, 1))
FAILS(equal_ptr, equal_ptr(bytes, other))
FAILS(within, within(1, 4, 2))
FAILS(between, between_inclusive(1, 2, 3))
FAILS(mem_equal, mem_equal(bytes, other, 3))
FAILS(str_equal, str_equal("a", "b"))
