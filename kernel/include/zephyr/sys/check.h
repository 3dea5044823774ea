/* SPDX-License-Identifier: Apache-2.0 */

/** @file Checks of arguments. */

#ifndef ZEPHYR_SYS_CHECK_H_
#define ZEPHYR_SYS_CHECK_H_

#include <zephyr/sys/__assert.h>

/** CHECKIF(expr) { return -EINVAL; }: the statement runs if @p expr is true, asserts on or off. */
#define CHECKIF(expr) if (unlikely(expr))

#endif /* ZEPHYR_SYS_CHECK_H_ */
