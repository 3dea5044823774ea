/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * After every test of the program: all buffers and all places of queues are home, and their lists
 * are sound. A program has this by being linked with this file.
 */
#include <zephyr/ztest.h>

#include <iob/inspect.h>

static void check_home(const struct ztest_unit_test *test, void *fixture)
{
	ARG_UNUSED(fixture);
	zexpect_ok(iob_check(), "%s: a list is damaged", test->name);
	zexpect_equal(iob_nfree(), CONFIG_IOB_NBUFFERS, "%s: %d of %d buffers are home", test->name,
		      iob_nfree(), CONFIG_IOB_NBUFFERS);
#if CONFIG_IOB_NCHAINS > 0
	zexpect_equal(iob_qentry_navail(), CONFIG_IOB_NCHAINS, "%s: %d of %d places are free",
		      test->name, iob_qentry_navail(), CONFIG_IOB_NCHAINS);
#endif
}

ZTEST_RULE(iob_home, NULL, check_home);
