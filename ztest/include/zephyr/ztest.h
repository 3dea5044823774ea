/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * ztest: one test source for Linux, bare metal and Zephyr.
 *
 * The names and their meaning are those of Zephyr's ztest (its "new API"), so the same file builds
 * there against Zephyr's own. A minimal program is
 *
 * @code
 * #include <zephyr/ztest.h>
 *
 * ZTEST(sums, test_two_and_two)
 * {
 *         zassert_equal(2 + 2, 4, "arithmetic is broken");
 * }
 *
 * ZTEST_SUITE(sums, NULL, NULL, NULL, NULL, NULL);
 * @endcode
 *
 * linked with the ztest library, which brings main().
 *
 * What is in which header
 *   <zephyr/ztest_test.h>        suites, tests, rules; running them; ending a test
 *   <zephyr/ztest_assert.h>      zassert_*, zassume_*, zexpect_*
 *   <zephyr/ztest_error_hook.h>  tests of assertions and faults that must happen
 *   <zephyr/tc_util.h>           TC_PRINT and friends
 *
 * The life of a suite
 *   predicate -> setup -> for each test: [rules' before_each, before, test] [after]
 *   [each rule's after_each] -> teardown. What stands in one pair of brackets is left as a whole
 *   when an assertion fails in it; the next bracket always runs. So `after`, and every rule, sees
 *   the end of a test however it ended, and may itself fail it.
 *   When setup fails (is skipped), its tests all fail (are skipped), without hooks and teardown.
 *   When teardown fails, the suite does, and the closing line counts that as one more failure.
 *
 * Buffers at home after every test: a rule in the test's support code covers all suites of the
 * program without a word in them:
 *
 * @code
 * static void check_home(const struct ztest_unit_test *test, void *fixture)
 * {
 *         zexpect_equal(pool_free_count(), POOL_SIZE, "%s kept buffers", test->name);
 * }
 * ZTEST_RULE(buffers_home, NULL, check_home);
 * @endcode
 *
 * Differences from Zephyr's, all on the strict side
 *   - A test may fail in `after`, in a rule and in teardown; there it stops the run.
 *   - A test that announced an assertion (fault) and ends without one fails.
 *   - Tests always run on the thread that runs main(), in sorted order; `shuffle` is ignored.
 *     ZTEST_USER tests are normal tests.
 *
 * A source that is to build on old Zephyr too (3.1) gives every check a message (NULL will do) and
 * goes without zexpect_*, zassert_not_ok and zassert_str_equal, which came later.
 *
 * Context: the thread that runs main().   Blocks: until all tests have ended.   Cost: the tests.
 */

#ifndef ZEPHYR_ZTEST_H_
#define ZEPHYR_ZTEST_H_

#include <zephyr/toolchain.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

#include <zephyr/tc_util.h>
#include <zephyr/ztest_assert.h>
#include <zephyr/ztest_error_hook.h>
#include <zephyr/ztest_test.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What a test program does; a program may define its own.
 *
 * The weak one of this library calls ztest_run_all(NULL, false, 1, 1) and then
 * ztest_verify_all_test_suites_ran(). The report and the closing line follow by themselves.
 */
void test_main(void);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_ZTEST_H_ */
