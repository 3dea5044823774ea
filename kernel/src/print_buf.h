/* SPDX-License-Identifier: Apache-2.0 */

/* Text on its way to the port's console: collected, so that it arrives in one piece if it fits. */

#ifndef KERNEL_SRC_PRINT_BUF_H_
#define KERNEL_SRC_PRINT_BUF_H_

#include <zephyr/toolchain.h>

#define PRINT_BUF_SIZE 256

/* On the stack of whoever prints; only len needs to be initialised, to 0. */
struct print_buf {
	size_t len;                /* bytes collected */
	char text[PRINT_BUF_SIZE]; /* not terminated */
};

/* Takes a character; prints what was collected before if there is no room. A cbprintf_cb. */
int print_buf_put(int c, void *buf);

/* Print what is left. */
void print_buf_flush(struct print_buf *buf);

#endif /* KERNEL_SRC_PRINT_BUF_H_ */
