/* SPDX-License-Identifier: Apache-2.0 */
/** @file Packets put in at once. */
#include <errno.h>
#include <string.h>

#include "ring.h"

int mpsc_pbuf_put_word(struct mpsc_pbuf_buffer *buffer, const union mpsc_pbuf_generic word)
{
	return mpsc_pbuf_put_data(buffer, &word.raw, 1);
}

int mpsc_pbuf_put_word_ext(struct mpsc_pbuf_buffer *buffer, const union mpsc_pbuf_generic word,
			   const void *data)
{
	uint32_t words[1 + sizeof(data) / sizeof(uint32_t)] = {word.raw};

	memcpy(&words[1], &data, sizeof(data));
	return mpsc_pbuf_put_data(buffer, words, ARRAY_SIZE(words));
}

int mpsc_pbuf_put_data(struct mpsc_pbuf_buffer *buffer, const uint32_t *data, size_t wlen)
{
	union mpsc_pbuf_generic *packet;

	if (buffer == NULL || data == NULL || wlen == 0) {
		return -EINVAL;
	}
	packet = mpsc_pbuf_alloc(buffer, wlen, K_NO_WAIT);
	if (packet == NULL) {
		return wlen > buffer->size ? -EMSGSIZE : -ENOSPC;
	}
	memcpy(packet + 1, data + 1, (wlen - 1) * sizeof(uint32_t));
	z_mpsc_pbuf_hand_over(buffer, &packet->raw, data[0] & ~Z_MPSC_PBUF_BUSY);
	return 0;
}

RING_CALLED(mpsc_pbuf_put_data)
