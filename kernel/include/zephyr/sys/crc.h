/* SPDX-License-Identifier: Apache-2.0 */

/**
 * @file
 * Checksums of messages, of lengths in bytes; each function returns one.
 *
 * Context: any.   Blocks: never.   Cost: a few steps a byte; small tables in flash.   @return the
 * checksum.
 */

#ifndef ZEPHYR_SYS_CRC_H_
#define ZEPHYR_SYS_CRC_H_

#include <zephyr/toolchain.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @return the CRC-32 of Ethernet, gzip and PNG. */
uint32_t crc32_ieee(const uint8_t *data, size_t len);

/** The same in pieces. @p crc is 0 for the first, the last result for the next. */
uint32_t crc32_ieee_update(uint32_t crc, const uint8_t *data, size_t len);

/**
 * The 16-bit CRC of x^16 + x^12 + x^5 + 1, lowest bit first (HDLC, X.25, PPP). @p seed begins it,
 * usually 0xffff, or is the last result; those who need the result inverted do so at the end.
 */
uint16_t crc16_ccitt(uint16_t seed, const uint8_t *src, size_t len);

/** As crc16_ccitt(), highest bit first (XMODEM with seed 0). */
uint16_t crc16_itu_t(uint16_t seed, const uint8_t *src, size_t len);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_SYS_CRC_H_ */
