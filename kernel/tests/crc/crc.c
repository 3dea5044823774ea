/* SPDX-License-Identifier: Apache-2.0 */

/* Check values as catalogues of CRCs list them, for the text 123456789. */

#include <zephyr/ztest.h>

#include <zephyr/sys/crc.h>

static const uint8_t digits[] = {'1', '2', '3', '4', '5', '6', '7', '8', '9'};

ZTEST_SUITE(crc, NULL, NULL, NULL, NULL, NULL);

ZTEST(crc, test_crc32_ieee)
{
	uint8_t byte;
	uint32_t crc = 0;

	zassert_equal(crc32_ieee(digits, 9), 0xcbf43926);
	zassert_equal(crc32_ieee(NULL, 0), 0);
	byte = 0;
	zassert_equal(crc32_ieee(&byte, 1), 0xd202ef8d);
	byte = 0xff;
	zassert_equal(crc32_ieee(&byte, 1), 0xff000000);

	for (size_t i = 0; i < 9; i++) {
		crc = crc32_ieee_update(crc, &digits[i], 1);
	}
	zassert_equal(crc, 0xcbf43926, "in pieces");
}

ZTEST(crc, test_crc16_ccitt)
{
	zassert_equal(crc16_ccitt(0, digits, 9), 0x2189);
	zassert_equal(crc16_ccitt(0xffff, digits, 9), 0x6f91);
	zassert_equal(crc16_ccitt(0xffff, digits, 9), 0xffff - 0x906e, "X.25");
	zassert_equal(crc16_ccitt(0x1234, digits, 0), 0x1234);
	zassert_equal(crc16_ccitt(crc16_ccitt(0xffff, digits, 4), digits + 4, 5), 0x6f91);
}

ZTEST(crc, test_crc16_itu_t)
{
	zassert_equal(crc16_itu_t(0, digits, 9), 0x31c3, "XMODEM");
	zassert_equal(crc16_itu_t(0xffff, digits, 9), 0x29b1);
	zassert_equal(crc16_itu_t(0x1234, digits, 0), 0x1234);
	zassert_equal(crc16_itu_t(crc16_itu_t(0, digits, 5), digits + 5, 4), 0x31c3);
}

/* Every single flipped bit is found. */
ZTEST(crc, test_one_bit)
{
	uint8_t message[9];

	memcpy(message, digits, sizeof(message));
	for (size_t bit = 0; bit < 8 * sizeof(message); bit++) {
		message[bit / 8] ^= (uint8_t)(1 << bit % 8);
		zassert_not_equal(crc32_ieee(message, 9), 0xcbf43926);
		zassert_not_equal(crc16_ccitt(0xffff, message, 9), 0x6f91);
		zassert_not_equal(crc16_itu_t(0, message, 9), 0x31c3);
		message[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}
