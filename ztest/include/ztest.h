/* SPDX-License-Identifier: Apache-2.0 */

/** @file The older path of <zephyr/ztest.h>. */

#ifndef ZTEST_H_
#define ZTEST_H_

#include <zephyr/ztest.h>

#endif /* ZTEST_H_ */
