/* SPDX-License-Identifier: Apache-2.0 */

/** @file A suite that never runs. */

#include <zephyr/ztest.h>

static bool never(const void *state)
{
	ARG_UNUSED(state);
	return false;
}

ZTEST_SUITE(never, never, NULL, NULL, NULL, NULL);

ZTEST(never, one)
{
	printk("not reached\n");
}
