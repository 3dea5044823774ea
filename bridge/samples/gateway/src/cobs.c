/* SPDX-License-Identifier: Apache-2.0 */
#include "cobs.h"

#define GROUP_MAX 254 /* bytes */

size_t cobs_encode(const uint8_t *src, size_t len, uint8_t *dst)
{
	size_t code_at = 0;
	size_t at = 1;

	for (size_t i = 0; i < len; i++) {
		if (src[i] != 0) {
			dst[at++] = src[i];
		}
		if (src[i] == 0 || (at - code_at == GROUP_MAX + 1 && i + 1 < len)) {
			dst[code_at] = (uint8_t)(at - code_at);
			code_at = at++;
		}
	}
	dst[code_at] = (uint8_t)(at - code_at);
	return at;
}

bool cobs_decode(struct cobs_decoder *decoder, uint8_t byte, uint8_t *out)
{
	bool zero = decoder->zero;

	if (decoder->left != 0) {
		decoder->left--;
		*out = byte;
		return true;
	}
	decoder->left = (uint8_t)(byte - 1);
	decoder->zero = byte != GROUP_MAX + 1;
	*out = 0;
	return zero;
}

bool cobs_complete(const struct cobs_decoder *decoder)
{
	return decoder->left == 0;
}
