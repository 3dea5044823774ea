/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Preprocessor tools: conditions on configuration options, lists of arguments, repetition.
 *
 * All of it works in C and in C++, conditions and counting also in `#if`.
 */

#ifndef ZEPHYR_SYS_UTIL_MACRO_H_
#define ZEPHYR_SYS_UTIL_MACRO_H_

/* Macros only. They use __VA_OPT__, which -Wpedantic would mention at every line. */
#pragma GCC system_header

#include <zephyr/toolchain.h>

#include <zephyr/sys/util_loops.h>

/** Paste after expansion of both arguments. */
#define UTIL_CAT(a, ...)           UTIL_PRIMITIVE_CAT(a, __VA_ARGS__)
#define UTIL_PRIMITIVE_CAT(a, ...) a##__VA_ARGS__

/** Paste one to eight arguments after expansion. */
#define CONCAT(...) UTIL_CAT(Z_CONCAT_, NUM_VA_ARGS(__VA_ARGS__))(__VA_ARGS__)
#define Z_CONCAT_0()
#define Z_CONCAT_1(a)                      a
#define Z_CONCAT_2(a, b)                   UTIL_CAT(a, b)
#define Z_CONCAT_3(a, b, c)                UTIL_CAT(Z_CONCAT_2(a, b), c)
#define Z_CONCAT_4(a, b, c, d)             UTIL_CAT(Z_CONCAT_3(a, b, c), d)
#define Z_CONCAT_5(a, b, c, d, e)          UTIL_CAT(Z_CONCAT_4(a, b, c, d), e)
#define Z_CONCAT_6(a, b, c, d, e, f)       UTIL_CAT(Z_CONCAT_5(a, b, c, d, e), f)
#define Z_CONCAT_7(a, b, c, d, e, f, g)    UTIL_CAT(Z_CONCAT_6(a, b, c, d, e, f), g)
#define Z_CONCAT_8(a, b, c, d, e, f, g, h) UTIL_CAT(Z_CONCAT_7(a, b, c, d, e, f, g), h)

/** Text of the argument after expansion. */
#define STRINGIFY(s)   Z_STRINGIFY(s)
#define Z_STRINGIFY(s) #s

/** Its arguments, unchanged; nothing at all. */
#define IDENTITY(...) __VA_ARGS__
#define EMPTY

/** Number of arguments, 0 to 64. Without arguments: 0. */
#define NUM_VA_ARGS(...) Z_COUNT(__VA_ARGS__ __VA_OPT__(, ) Z_COUNT_DOWN, ~)

/** Number of arguments after the first, 0 to 63. */
#define NUM_VA_ARGS_LESS_1(...) Z_COUNT(__VA_ARGS__ __VA_OPT__(, ) Z_COUNT_DOWN_LESS_1, ~)

/** 1 if the argument list expands to nothing, otherwise 0. */
#define IS_EMPTY(...)   Z_IS_EMPTY(__VA_ARGS__)
#define Z_IS_EMPTY(...) Z_FIRST(__VA_OPT__(0, ) 1)

/** The @p n-th of the other arguments, counted from 1; n is a literal up to 20. */
#define GET_ARG_N(n, ...) UTIL_CAT(Z_ARG_, n)(__VA_ARGS__)

/** The other arguments without their first @p n; n is a literal up to 20. */
#define GET_ARGS_LESS_N(n, ...) UTIL_CAT(Z_DROP_, n)(__VA_ARGS__)

/*
 * A flag becomes the digit 1 if it expands to exactly the wanted token, and 0 for everything else,
 * being undefined included: pasting makes either the name of one of the two macros below, which put
 * a 1 in second place, or a word that means nothing and leaves the 0 there.
 */
#define Z_WANTED_1_1        ~, 1
#define Z_WANTED_0_0        ~, 1
#define Z_DIGIT(word)       Z_DIGIT_(word, 0, ~)
#define Z_DIGIT_(...)       Z_SECOND(__VA_ARGS__)
#define Z_SECOND(a, b, ...) b
#define Z_IS_ONE(flag)      Z_DIGIT(UTIL_PRIMITIVE_CAT(Z_WANTED_1_, flag))
#define Z_IS_ZERO(flag)     Z_DIGIT(UTIL_PRIMITIVE_CAT(Z_WANTED_0_, flag))

#define Z_CHOOSE_1(yes, no) Z_UNWRAP yes
#define Z_CHOOSE_0(yes, no) Z_UNWRAP no

/** 1 if @p flag is defined as 1, otherwise 0 (undefined included). In `#if` and in C. */
#define IS_ENABLED(flag) Z_IS_ONE(flag)

/** COND_CODE_1(flag, (a), (b)): a if @p flag is defined as 1, otherwise b. */
#define COND_CODE_1(flag, if_1_code, else_code)                                                    \
	UTIL_CAT(Z_CHOOSE_, Z_IS_ONE(flag))(if_1_code, else_code)

/** COND_CODE_0(flag, (a), (b)): a if @p flag is defined as 0, otherwise b. */
#define COND_CODE_0(flag, if_0_code, else_code)                                                    \
	UTIL_CAT(Z_CHOOSE_, Z_IS_ZERO(flag))(if_0_code, else_code)

/** The code in parentheses if @p flag is defined as 1, otherwise nothing. */
#define IF_ENABLED(flag, code) COND_CODE_1(flag, code, ())

/** The code in parentheses unless @p flag is defined as 1. */
#define IF_DISABLED(flag, code) COND_CODE_1(flag, (), code)

/** 0 if the argument is 0, otherwise 1. */
#define UTIL_BOOL(a)   COND_CODE_0(a, (0), (1))
#define UTIL_NOT(a)    COND_CODE_0(a, (1), (0))
/** @p b if @p a is not 0, otherwise 0. */
#define UTIL_AND(a, b) COND_CODE_0(a, (0), (b))
/** @p a if @p a is not 0, otherwise @p b. */
#define UTIL_OR(a, b)  COND_CODE_0(a, (b), (a))

/**
 * F(0, ...) sep F(1, ...) sep ... F(len - 1, ...). @p len is a literal up to 128, @p sep stands in
 * parentheses. F takes the index and at least one more parameter, which is empty when nothing
 * follows @p sep.
 */
#define LISTIFY(len, F, sep, ...) UTIL_CAT(Z_LIST_, len)(F, sep, __VA_ARGS__)

/*
 * The FOR_EACH family takes up to 64 arguments; `sep` stands in parentheses. Empty arguments in the
 * middle are passed to F as such, one at the end is not an argument. F itself may use LISTIFY, but
 * not this family again.
 */
#define Z_EACH(C, F, sep, D, ...) __VA_OPT__(Z_EACH_0(C, F, sep, D, __VA_ARGS__))

#define Z_CALL_X(F, i, x, d)   F(x)
#define Z_CALL_IX(F, i, x, d)  F(i, x)
#define Z_CALL_XD(F, i, x, d)  F(x, d)
#define Z_CALL_IXD(F, i, x, d) F(i, x, d)

/** F(a) sep F(b) sep ... for every argument. */
#define FOR_EACH(F, sep, ...) Z_EACH(Z_CALL_X, F, sep, ~, __VA_ARGS__)

/** F(0, a) sep F(1, b) sep ... for every argument. */
#define FOR_EACH_IDX(F, sep, ...) Z_EACH(Z_CALL_IX, F, sep, ~, __VA_ARGS__)

/** F(a, fixed_arg) sep F(b, fixed_arg) sep ... for every argument. */
#define FOR_EACH_FIXED_ARG(F, sep, fixed_arg, ...) Z_EACH(Z_CALL_XD, F, sep, fixed_arg, __VA_ARGS__)

/** F(0, a, fixed_arg) sep F(1, b, fixed_arg) sep ... for every argument. */
#define FOR_EACH_IDX_FIXED_ARG(F, sep, fixed_arg, ...)                                             \
	Z_EACH(Z_CALL_IXD, F, sep, fixed_arg, __VA_ARGS__)

/** F(x) term for every argument that is not empty; @p term in parentheses, after the last too. */
#define FOR_EACH_NONEMPTY_TERM(F, term, ...) Z_EACH(Z_CALL_TERM, F, (), term, __VA_ARGS__)
#define Z_CALL_TERM(F, i, x, term)           COND_CODE_1(IS_EMPTY(x), (), (F(x) Z_UNWRAP term))

/** The arguments without the empty ones. */
#define LIST_DROP_EMPTY(...)    Z_DROP_1(Z_EACH(Z_CALL_KEEP, ~, (), ~, __VA_ARGS__))
#define Z_CALL_KEEP(F, i, x, d) COND_CODE_1(IS_EMPTY(x), (), (, x))

#endif /* ZEPHYR_SYS_UTIL_MACRO_H_ */
