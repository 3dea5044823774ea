/* SPDX-License-Identifier: Apache-2.0 */

/** @file Output and result words of test programs. */

#ifndef ZEPHYR_TC_UTIL_H_
#define ZEPHYR_TC_UTIL_H_

#include <zephyr/toolchain.h>
#include <zephyr/sys/printk.h>

/* Results as the runner has them. */
#define TC_PASS 0
#define TC_FAIL 1
#define TC_SKIP 2

/** printk() under the names test sources use. */
#define PRINT      printk
#define PRINT_DATA printk
#define TC_PRINT   printk

/** Complain about a result from inside a function, without ending the test. */
#define TC_ERROR(...)                                                                              \
	do {                                                                                       \
		printk("FAIL - %s@%d. ", __func__, __LINE__);                                      \
		printk(__VA_ARGS__);                                                               \
	} while (false)

#endif /* ZEPHYR_TC_UTIL_H_ */
