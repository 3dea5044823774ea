/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What the code under test prints. The program is linked with --wrap=port_print: between
 * capture_start() and capture_stop() everything comes here, and nothing reaches the console.
 */

#ifndef KERNEL_TESTS_SUPPORT_CAPTURE_H_
#define KERNEL_TESTS_SUPPORT_CAPTURE_H_

#include <zephyr/toolchain.h>

/* All that was printed, with a NUL behind it; what has no room is cut off. */
extern char captured[8192];

/* How long each piece was, in the order in which they came; the first CAPTURE_PIECES of them. */
#define CAPTURE_PIECES 64
extern size_t captured_pieces[CAPTURE_PIECES];

void capture_start(void);

/* @return how many pieces came. */
size_t capture_stop(void);

#endif /* KERNEL_TESTS_SUPPORT_CAPTURE_H_ */
