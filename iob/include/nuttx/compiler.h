/* SPDX-License-Identifier: Apache-2.0 */
/** @file Words of NuttX's that mean nothing where all memory has one kind of pointer. */
#ifndef NUTTX_COMPILER_H_
#define NUTTX_COMPILER_H_

#include <zephyr/toolchain.h>

#ifndef FAR
#define FAR
#endif
#ifndef NEAR
#define NEAR
#endif
#ifndef CODE
#define CODE
#endif

#endif /* NUTTX_COMPILER_H_ */
