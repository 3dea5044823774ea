/* SPDX-License-Identifier: Apache-2.0 */

/* Files that log with levels of their own. */

#ifndef KERNEL_TESTS_LOG_LOG_H_
#define KERNEL_TESTS_LOG_LOG_H_

void log_test_declared(void);
void log_test_by_macro(void);
void log_test_by_default(void);
void log_test_without_module(void);

#endif /* KERNEL_TESTS_LOG_LOG_H_ */
