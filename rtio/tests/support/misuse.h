/* SPDX-License-Identifier: Apache-2.0 */
/** @file Calls that a program must not make, and what they do all the same. */
#ifndef RTIO_TESTS_MISUSE_H_
#define RTIO_TESTS_MISUSE_H_

#include <zephyr/ztest.h>

/* How many assertions failed so far. */
extern unsigned int misuse_assertions;

/* Run a statement that asserts, once, where assertions are on. It goes on behind the assertion. */
#define MISUSE(...)                                                                                \
	do {                                                                                       \
		unsigned int misuse_before = misuse_assertions;                                    \
                                                                                                   \
		ztest_set_assert_valid(true);                                                      \
		__VA_ARGS__;                                                                       \
		ztest_set_assert_valid(false);                                                     \
		zassert_equal(misuse_assertions - misuse_before,                                   \
			      IS_ENABLED(CONFIG_ASSERT) ? 1 : 0, "%u assertions",                  \
			      misuse_assertions - misuse_before);                                  \
	} while (false)

#endif /* RTIO_TESTS_MISUSE_H_ */
