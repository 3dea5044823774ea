/* SPDX-License-Identifier: Apache-2.0 */
/** @file Calls that a program must not make, and what they do all the same. */
#ifndef IOB_TESTS_MISUSE_H_
#define IOB_TESTS_MISUSE_H_

#include <zephyr/ztest.h>

/** How many assertions failed so far. */
extern unsigned int misuse_assertions;

/** Run a statement that asserts, once, where assertions are on. It goes on behind the assertion. */
#define MISUSE(...)                                                                                \
	do {                                                                                       \
		unsigned int before = misuse_assertions;                                           \
                                                                                                   \
		ztest_set_assert_valid(true);                                                      \
		__VA_ARGS__;                                                                       \
		ztest_set_assert_valid(false);                                                     \
		zassert_equal(misuse_assertions - before, IS_ENABLED(CONFIG_ASSERT) ? 1 : 0,       \
			      "%u assertions", misuse_assertions - before);                        \
	} while (false)

#endif /* IOB_TESTS_MISUSE_H_ */
