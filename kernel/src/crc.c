/* SPDX-License-Identifier: Apache-2.0 */

/* Each table has what half a byte contributes; two look-ups make a byte. */

#include <zephyr/sys/crc.h>

uint32_t crc32_ieee_update(uint32_t crc, const uint8_t *data, size_t len)
{
	static const uint32_t table[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
		0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
		0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};

	crc = ~crc;
	for (; len > 0; len--) {
		crc ^= *data++;
		crc = crc >> 4 ^ table[crc & 0xf];
		crc = crc >> 4 ^ table[crc & 0xf];
	}
	return ~crc;
}

uint32_t crc32_ieee(const uint8_t *data, size_t len)
{
	return crc32_ieee_update(0, data, len);
}

uint16_t crc16_ccitt(uint16_t seed, const uint8_t *src, size_t len)
{
	static const uint16_t table[16] = {
		0x0000, 0x1081, 0x2102, 0x3183, 0x4204, 0x5285, 0x6306, 0x7387,
		0x8408, 0x9489, 0xa50a, 0xb58b, 0xc60c, 0xd68d, 0xe70e, 0xf78f,
	};
	uint32_t crc = seed;

	for (; len > 0; len--) {
		crc ^= *src++;
		crc = crc >> 4 ^ table[crc & 0xf];
		crc = crc >> 4 ^ table[crc & 0xf];
	}
	return (uint16_t)crc;
}

uint16_t crc16_itu_t(uint16_t seed, const uint8_t *src, size_t len)
{
	static const uint16_t table[16] = {
		0x0000, 0x1021, 0x2042, 0x3063, 0x4084, 0x50a5, 0x60c6, 0x70e7,
		0x8108, 0x9129, 0xa14a, 0xb16b, 0xc18c, 0xd1ad, 0xe1ce, 0xf1ef,
	};
	uint32_t crc = seed;

	for (; len > 0; len--) {
		crc ^= (uint32_t)*src++ << 8;
		crc = (crc << 4 & 0xffff) ^ table[crc >> 12];
		crc = (crc << 4 & 0xffff) ^ table[crc >> 12];
	}
	return (uint16_t)crc;
}
