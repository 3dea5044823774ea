/* SPDX-License-Identifier: Apache-2.0 */

/** @file A test that fails every second time. */

#include <zephyr/ztest.h>

ZTEST_SUITE(flaky, NULL, NULL, NULL, NULL, NULL);

ZTEST(flaky, every_second)
{
	static int runs;

	zassert_not_equal(++runs % 2, 0);
}
