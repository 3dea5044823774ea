/* SPDX-License-Identifier: Apache-2.0 */

/* Macros that work on tokens. What they expand to is compared as text, or used as code. */

#include <zephyr/ztest.h>

#include <zephyr/sys/util_macro.h>

ZTEST_SUITE(util_macro, NULL, NULL, NULL, NULL, NULL);

#define TEST_YES  1
#define TEST_NO   0
#define TEST_TEXT "text"
#define TEST_TWO  2
#define TEST_NAME some_name
#define TEST_HIDDEN
#define TEXT_OF(...) STRINGIFY((__VA_ARGS__))

/* Compare texts of tokens, whatever blanks the preprocessor puts between them. */
#define CHECK(text, expected) zassert_true(same_tokens(text, expected), "%s", text)

static bool same_tokens(const char *a, const char *b)
{
	for (;; a++, b++) {
		a += strspn(a, " ");
		b += strspn(b, " ");
		if (*a != *b) {
			return false;
		}
		if (*a == '\0') {
			return true;
		}
	}
}

#if !IS_ENABLED(TEST_YES) || IS_ENABLED(TEST_NO) || IS_ENABLED(TEST_UNDEFINED)
#error "IS_ENABLED() is wrong in #if"
#endif

#if NUM_VA_ARGS(a, b) != 2 || IS_EMPTY(a) || !IS_EMPTY()
#error "counting is wrong in #if"
#endif

ZTEST(util_macro, test_is_enabled)
{
	zassert_equal(IS_ENABLED(TEST_YES), 1);
	zassert_equal(IS_ENABLED(TEST_NO), 0);
	zassert_equal(IS_ENABLED(TEST_UNDEFINED), 0);
	zassert_equal(IS_ENABLED(TEST_TWO), 0);
	zassert_equal(IS_ENABLED(TEST_NAME), 0);
	zassert_equal(IS_ENABLED(TEST_HIDDEN), 0);
}

ZTEST(util_macro, test_cond_code)
{
	CHECK(TEXT_OF(COND_CODE_1(TEST_YES, (a, b), (c, d))), "(a, b)");
	CHECK(TEXT_OF(COND_CODE_1(TEST_NO, (a, b), (c, d))), "(c, d)");
	CHECK(TEXT_OF(COND_CODE_1(TEST_UNDEFINED, (a), (b))), "(b)");
	CHECK(TEXT_OF(COND_CODE_1(TEST_TWO, (a), (b))), "(b)");
	CHECK(TEXT_OF(COND_CODE_1(TEST_YES, (), (b))), "()");

	CHECK(TEXT_OF(COND_CODE_0(TEST_NO, (a), (b))), "(a)");
	CHECK(TEXT_OF(COND_CODE_0(TEST_YES, (a), (b))), "(b)");
	CHECK(TEXT_OF(COND_CODE_0(TEST_UNDEFINED, (a), (b))), "(b)");

	CHECK(TEXT_OF(IF_ENABLED(TEST_YES, (a; b))), "(a; b)");
	CHECK(TEXT_OF(IF_ENABLED(TEST_NO, (a))), "()");
	CHECK(TEXT_OF(IF_ENABLED(TEST_UNDEFINED, (a))), "()");
	CHECK(TEXT_OF(IF_DISABLED(TEST_YES, (a))), "()");
	CHECK(TEXT_OF(IF_DISABLED(TEST_UNDEFINED, (a))), "(a)");
}

ZTEST(util_macro, test_conditions_nest)
{
	zassert_str_equal(
		TEXT_OF(COND_CODE_1(TEST_YES,
				    (COND_CODE_1(TEST_NO, (a), (COND_CODE_0(0, (b), (c))))), (d))),
		"(b)");
	CHECK(TEXT_OF(IF_ENABLED(TEST_YES, (IF_DISABLED(TEST_NO, (a))))), "(a)");
}

ZTEST(util_macro, test_logic)
{
	zassert_equal(UTIL_BOOL(0), 0);
	zassert_equal(UTIL_BOOL(7), 1);
	zassert_equal(UTIL_NOT(0), 1);
	zassert_equal(UTIL_NOT(7), 0);
	zassert_equal(UTIL_AND(0, 5), 0);
	zassert_equal(UTIL_AND(5, 0), 0);
	zassert_equal(UTIL_AND(5, 6), 6);
	zassert_equal(UTIL_OR(0, 0), 0);
	zassert_equal(UTIL_OR(0, 6), 6);
	zassert_equal(UTIL_OR(5, 6), 5);
	zassert_equal(UTIL_AND(IS_ENABLED(TEST_YES), IS_ENABLED(TEST_UNDEFINED)), 0);
	zassert_equal(UTIL_OR(IS_ENABLED(TEST_UNDEFINED), IS_ENABLED(TEST_YES)), 1);
}

ZTEST(util_macro, test_pasting)
{
	zassert_str_equal(STRINGIFY(UTIL_CAT(a_, TEST_NAME)), "a_some_name");
	zassert_str_equal(STRINGIFY(CONCAT()), "");
	zassert_str_equal(STRINGIFY(CONCAT(TEST_NAME)), "some_name");
	zassert_str_equal(STRINGIFY(CONCAT(x, _, TEST_NAME)), "x_some_name");
	zassert_str_equal(STRINGIFY(CONCAT(a, b, c, d, e, f, g, h)), "abcdefgh");
	CHECK(TEXT_OF(IDENTITY(a, b)), "(a, b)");
	zassert_str_equal(STRINGIFY(EMPTY), "");
}

#define INDEX(i, _) i

ZTEST(util_macro, test_counting)
{
	zassert_equal(NUM_VA_ARGS(), 0);
	zassert_equal(NUM_VA_ARGS(a), 1);
	zassert_equal(NUM_VA_ARGS(a, ), 2);
	zassert_equal(NUM_VA_ARGS((a, b)), 1);
	zassert_equal(NUM_VA_ARGS(LISTIFY(63, INDEX, (, ))), 63);
	zassert_equal(NUM_VA_ARGS(LISTIFY(64, INDEX, (, ))), 64);
	zassert_equal(NUM_VA_ARGS_LESS_1(), 0);
	zassert_equal(NUM_VA_ARGS_LESS_1(a), 0);
	zassert_equal(NUM_VA_ARGS_LESS_1(a, b, c), 2);
	zassert_equal(NUM_VA_ARGS_LESS_1(LISTIFY(64, INDEX, (, ))), 63);

	zassert_equal(IS_EMPTY(), 1);
	zassert_equal(IS_EMPTY(TEST_HIDDEN), 1);
	zassert_equal(IS_EMPTY(a), 0);
	zassert_equal(IS_EMPTY((a)), 0);
	zassert_equal(IS_EMPTY(()), 0);
	zassert_equal(IS_EMPTY(0), 0);
	zassert_equal(IS_EMPTY(, ), 0);
	zassert_equal(IS_EMPTY(INDEX), 0);
}

ZTEST(util_macro, test_picking)
{
	zassert_equal(GET_ARG_N(1, 10, 20, 30), 10);
	zassert_equal(GET_ARG_N(3, 10, 20, 30), 30);
	zassert_equal(GET_ARG_N(1, 10), 10);
	zassert_equal(GET_ARG_N(20, LISTIFY(30, INDEX, (, ))), 19);
	CHECK(TEXT_OF(GET_ARGS_LESS_N(0, a, b)), "(a, b)");
	CHECK(TEXT_OF(GET_ARGS_LESS_N(1, a, b, c)), "(b, c)");
	CHECK(TEXT_OF(GET_ARGS_LESS_N(3, a, b, c)), "()");
	CHECK(TEXT_OF(GET_ARGS_LESS_N(20, LISTIFY(22, INDEX, (, )))), "(20, 21)");
	CHECK(TEXT_OF(LIST_DROP_EMPTY(a, , b, , , c)), "(a, b, c)");
	CHECK(TEXT_OF(LIST_DROP_EMPTY(, , )), "()");
	CHECK(TEXT_OF(LIST_DROP_EMPTY()), "()");
}

#define WITH_REST(i, ...) [i __VA_ARGS__]

ZTEST(util_macro, test_listify)
{
	static const int all[] = {LISTIFY(128, INDEX, (, ))};

	zassert_equal(sizeof(all) / sizeof(all[0]), 128);
	for (int i = 0; i < 128; i++) {
		zassert_equal(all[i], i);
	}
	CHECK(TEXT_OF(LISTIFY(0, INDEX, (, ))), "()");
	CHECK(TEXT_OF(LISTIFY(1, INDEX, (, ))), "(0)");
	CHECK(TEXT_OF(LISTIFY(3, INDEX, (;))), "(0 ; 1 ; 2)");
	CHECK(TEXT_OF(LISTIFY(2, WITH_REST, (, ), a, b)), "([0 a, b] , [1 a, b])");
}

#define BRACKET(x)         [x]
#define NUMBERED(i, x)     [i x]
#define FIXED(x, d)        [x d]
#define ALL_THREE(i, x, d) [i x d]
#define NESTED(x)          <LISTIFY(2, INDEX, (+))>
#define SUM(i, x, d)       +(i) * (x) * (d)

ZTEST(util_macro, test_for_each)
{
	CHECK(TEXT_OF(FOR_EACH(BRACKET, (, ), a, b)), "([a] , [b])");
	CHECK(TEXT_OF(FOR_EACH(BRACKET, (), a)), "([a])");
	CHECK(TEXT_OF(FOR_EACH(BRACKET, (;))), "()");
	CHECK(TEXT_OF(FOR_EACH(BRACKET, (;), a, , b)), "([a] ; [] ; [b])");
	CHECK(TEXT_OF(FOR_EACH(NESTED, (;), a, b)), "(<0 + 1> ; <0 + 1>)");
	CHECK(TEXT_OF(FOR_EACH_IDX(NUMBERED, (;), a, b)), "([0 a] ; [1 b])");
	CHECK(TEXT_OF(FOR_EACH_FIXED_ARG(FIXED, (;), z, a, b)), "([a z] ; [b z])");
	CHECK(TEXT_OF(FOR_EACH_IDX_FIXED_ARG(ALL_THREE, (;), z, a, b)), "([0 a z] ; [1 b z])");
	CHECK(TEXT_OF(FOR_EACH_NONEMPTY_TERM(BRACKET, (;), a, , b, )), "([a] ; [b] ;)");
	CHECK(TEXT_OF(FOR_EACH_NONEMPTY_TERM(BRACKET, (;))), "()");
}

ZTEST(util_macro, test_for_each_of_64)
{
	int sum = 0 FOR_EACH_IDX_FIXED_ARG(SUM, (), 2, LISTIFY(64, INDEX, (, )));

	/* Twice the sum of the squares from 0 to 63. */
	zassert_equal(sum, 2 * 85344);
}

#define DEFINE(x) int UTIL_CAT(test_variable_, x) = x

ZTEST(util_macro, test_for_each_makes_code)
{
	FOR_EACH(DEFINE, (;), 1, 2, 3);

	zassert_equal(test_variable_1 + test_variable_2 + test_variable_3, 6);
}
