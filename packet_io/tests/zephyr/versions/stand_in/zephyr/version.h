/* SPDX-License-Identifier: Apache-2.0 */
/** @file Says to be the version of Zephyr that the build asks for. */
#ifndef ZEPHYR_VERSION_H_
#define ZEPHYR_VERSION_H_

#define ZEPHYR_VERSION(major, minor, patch) (((major) << 16) + ((minor) << 8) + (patch))
#define KERNEL_VERSION_NUMBER               ZEPHYR_VERSION(STAND_IN_MAJOR, STAND_IN_MINOR, 0)

#endif /* ZEPHYR_VERSION_H_ */
