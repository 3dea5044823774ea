/* SPDX-License-Identifier: Apache-2.0 */
/* Compiled only: whether it passes depends on CONFIG_ASSERT. */
#include <zephyr/ztest.h>

static int thing;

static void put(int *what)
{
	__ASSERT(*what == 0, "put twice");
	*what = 1;
}

#undef ZTEST
#define ZTEST(suite, test) __unused static void test(void)

#include "definitions.inc"
