/* SPDX-License-Identifier: Apache-2.0 */

/** @file A suite, but no test. */

#include <zephyr/ztest.h>

ZTEST_SUITE(none, NULL, NULL, NULL, NULL, NULL);
