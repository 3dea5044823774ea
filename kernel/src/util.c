/* SPDX-License-Identifier: Apache-2.0 */

/* Text of numbers. */

#include <zephyr/sys/util.h>

#include <errno.h>

int char2hex(char c, uint8_t *x)
{
	unsigned int digit = (unsigned char)c - '0';

	if (digit > 9) {
		/* Setting this bit makes letters lower case, and no letter of anything else. */
		unsigned int letter = ((unsigned char)c | 0x20U) - 'a';

		if (letter > 5) {
			return -EINVAL;
		}
		digit = letter + 10;
	}
	*x = (uint8_t)digit;
	return 0;
}

int hex2char(uint8_t x, char *c)
{
	if (x > 15) {
		return -EINVAL;
	}
	*c = "0123456789abcdef"[x];
	return 0;
}

size_t bin2hex(const uint8_t *buf, size_t buflen, char *hex, size_t hexlen)
{
	if (hexlen == 0 || (hexlen - 1) / 2 < buflen) {
		return 0;
	}
	for (size_t i = 0; i < buflen; i++) {
		(void)hex2char(buf[i] >> 4, &hex[2 * i]);
		(void)hex2char(buf[i] & 0xf, &hex[2 * i + 1]);
	}
	hex[2 * buflen] = '\0';
	return 2 * buflen;
}

size_t hex2bin(const char *hex, size_t hexlen, uint8_t *buf, size_t buflen)
{
	size_t count = hexlen / 2 + hexlen % 2;
	uint8_t byte = 0;

	if (count > buflen) {
		return 0;
	}
	for (size_t i = 0; i < hexlen; i++) {
		uint8_t digit;

		if (char2hex(hex[i], &digit) != 0) {
			return 0;
		}
		byte = (uint8_t)(byte << 4 | digit);
		/* A byte ends where an even number of digits is left. */
		if ((hexlen - i) % 2 == 1) {
			*buf++ = byte;
			byte = 0;
		}
	}
	return count;
}

uint8_t u8_to_dec(char *buf, uint8_t buflen, uint8_t value)
{
	uint8_t written = 0;
	bool begun = false;

	for (uint8_t unit = 100; unit > 0 && written < buflen; unit /= 10) {
		uint8_t digit = value / unit % 10;

		if (digit != 0 || begun || unit == 1) {
			begun = true;
			buf[written++] = (char)('0' + digit);
		}
	}
	if (written < buflen) {
		buf[written] = '\0';
	}
	return written;
}
