/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The version of this library; the build reads it here. Until 1.0.0, what changes the interface
 * raises the minor number, afterwards the major one.
 */
#ifndef ZEPHYR_PACKET_IO_VERSION_H_
#define ZEPHYR_PACKET_IO_VERSION_H_

#define PACKET_IO_VERSION_MAJOR 0
#define PACKET_IO_VERSION_MINOR 1
#define PACKET_IO_VERSION_PATCH 0

/** For comparing: PACKET_IO_VERSION >= PACKET_IO_VERSION_OF(0, 2, 0). */
#define PACKET_IO_VERSION_OF(major, minor, patch) (((major) << 16) + ((minor) << 8) + (patch))
#define PACKET_IO_VERSION                                                                          \
	PACKET_IO_VERSION_OF(PACKET_IO_VERSION_MAJOR, PACKET_IO_VERSION_MINOR,                     \
			     PACKET_IO_VERSION_PATCH)

#endif /* ZEPHYR_PACKET_IO_VERSION_H_ */
