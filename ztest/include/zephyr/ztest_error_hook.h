/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Tests whose success is that something is refused in the hardest way: by a failing __ASSERT, or
 * by a processor fault.
 *
 * @code
 * ZTEST(misuse, test_double_put)
 * {
 *         ztest_set_assert_valid(true);
 *         put(&thing);
 *         put(&thing);                  // asserts: the test ends here, passed
 *         ztest_test_fail();
 * }
 * @endcode
 *
 * An assertion or fault that was not announced ends the program: the running test is reported as
 * failed and named, then the port stops as for any such error.
 *
 * Cost: constant.
 */

#ifndef ZEPHYR_ZTEST_ERROR_HOOK_H_
#define ZEPHYR_ZTEST_ERROR_HOOK_H_

#include <zephyr/toolchain.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Announce that the next failing __ASSERT of the calling thread (in an ISR: of any ISR) belongs to
 * the test, or take the announcement back.
 *
 * It holds for one assertion and at most until the test ends. A test that ends with an announcement
 * still open fails where CONFIG_ASSERT is on.
 *
 * Context: any; one announcement at a time.   Blocks: no.
 */
void ztest_set_assert_valid(bool valid);

/**
 * What to do about an announced assertion; a program may define its own.
 *
 * The weak one of this library ends the test as passed (ztest_test_pass()). If this function
 * returns, so does the failed __ASSERT, and the code behind it goes on.
 *
 * Context: where the assertion failed.   Blocks: no.
 */
void ztest_post_assert_fail_hook(void);

/**
 * As ztest_set_assert_valid() for processor faults: on Linux SIGSEGV and SIGBUS, on bare metal what
 * the board's fault handler reports with ztest_fault(). Only faults of the test's own thread can be
 * announced.
 */
void ztest_set_fault_valid(bool valid);

/**
 * What to do about an announced fault; a program may define its own, which must not return.
 * The weak one of this library ends the test as passed.
 * Context: thread, where the fault was.   Blocks: no.
 *
 * @param reason  the signal on Linux, the board's number of the fault elsewhere.
 * @param esf     what the processor saved, if the port has it; else NULL.
 */
struct arch_esf;
void ztest_post_fatal_error_hook(unsigned int reason, const struct arch_esf *esf);

/**
 * For a board's fault handler, once it is back in thread context (it rewrites the exception frame
 * so that the interrupted code resumes in a function that calls this): a fault happened.
 *
 * Context: thread.   Blocks: no. Does not return: ends the test as passed if the fault was
 * announced, else reports the running test as failed and stops the program.
 */
void ztest_fault(unsigned int reason, const struct arch_esf *esf) __attribute__((noreturn));

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_ZTEST_ERROR_HOOK_H_ */
