/* SPDX-License-Identifier: Apache-2.0 */
/** @file What is printed, for tests: the program is linked with --wrap=port_print. */
#ifndef NET_BUF_TESTS_CAPTURE_H_
#define NET_BUF_TESTS_CAPTURE_H_

#include <zephyr/toolchain.h>

/** What was printed since capture_start(); cut off at its end. Read after capture_stop(). */
extern char captured[8192];

/** From now on text is kept instead of printed, until capture_stop(). */
void capture_start(void);
void capture_stop(void);

/** @return how many of the captured lines contain both texts. */
unsigned int captured_lines_with(const char *first, const char *second);

#endif /* NET_BUF_TESTS_CAPTURE_H_ */
