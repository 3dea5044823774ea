/* SPDX-License-Identifier: Apache-2.0 */
/** @file The configuration, under the name that sources for NuttX include. */
#ifndef NUTTX_CONFIG_H_
#define NUTTX_CONFIG_H_

#include <zephyr/toolchain.h>

#endif /* NUTTX_CONFIG_H_ */
