/* SPDX-License-Identifier: Apache-2.0 */

/** @file The headers and every macro in C++17. */

#include <zephyr/ztest.h>

struct language_fixture {
	int value;
};

static void *language_setup()
{
	static language_fixture fixture = {7};

	return &fixture;
}

static void language_before(void *fixture)
{
	zassert_not_null(fixture);
}

ZTEST_SUITE(language, nullptr, language_setup, language_before, nullptr, nullptr);

ZTEST(language, checks)
{
	const char *null = nullptr;
	int object = 5;

	zassert_true(true);
	zassert_true(true, NULL);
	zassert_false(false, "message");
	zassert_ok(0);
	zassert_not_ok(1);
	zassert_is_null(nullptr);
	zassert_is_null(null, "%d", 1);
	zassert_not_null(&object);
	zassert_equal(object, 5, "%d", object);
	zassert_not_equal(object, 6);
	zassert_equal_ptr(&object, &object);
	zassert_within(1U, 3U, 2U);
	zassert_between_inclusive(object, 1, 9);
	zassert_mem_equal(&object, &object, sizeof(object));
	zassert_str_equal("a", "a");
	zassume_equal(1, 1);
	zexpect_equal(1, 1);
}

ZTEST(language, fails)
{
	zassert_equal(1, 2, "in %s", "C++");
}

ZTEST_EXPECT_FAIL(language, fails);

ZTEST_F(language, gets_fixture)
{
	zassert_equal(fixture->value, 7);
}

ZTEST_P(language, parameter)
{
	zassert_equal(static_cast<language_fixture *>(data)->value, 7);
}

ZTEST_USER(language, skips)
{
	zassume_true(false);
}

static void rule(const struct ztest_unit_test *test, void *fixture)
{
	zassert_not_null(test->name);
	zassert_not_null(fixture);
}

ZTEST_RULE(rule, rule, nullptr);
