/* SPDX-License-Identifier: Apache-2.0 */

#ifndef KERNEL_TESTS_INIT_H_
#define KERNEL_TESTS_INIT_H_

#define INIT_MAX    32
#define OTHER_FIRST 100 /* in the other file: before number 5 */
#define OTHER_LAST  101 /* behind it */

/* Which functions ran, in this order. */
extern unsigned int init_order[INIT_MAX];
extern unsigned int init_count;

#endif /* KERNEL_TESTS_INIT_H_ */
