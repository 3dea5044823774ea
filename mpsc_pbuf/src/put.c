/* SPDX-License-Identifier: Apache-2.0 */
/** @file Packets put in at once. */
#include <errno.h>
#include <string.h>

#include "ring.h"

/* Put in a packet of @p raw and, behind it, the @p len bytes at @p rest. */
static int put(struct mpsc_pbuf_buffer *b, uint32_t raw, const void *rest, size_t wlen)
{
	union mpsc_pbuf_generic *packet = mpsc_pbuf_alloc(b, wlen, K_NO_WAIT);

	if (packet == NULL) {
		return b == NULL ? -EINVAL : wlen > b->size ? -EMSGSIZE : -ENOSPC;
	}
	memcpy(packet + 1, rest, (wlen - 1) * sizeof(uint32_t));
	ring_commit(b, &packet->raw, raw);
	return 0;
}

int mpsc_pbuf_put_word(struct mpsc_pbuf_buffer *buffer, const union mpsc_pbuf_generic word)
{
	return put(buffer, word.raw, &word, 1);
}

int mpsc_pbuf_put_word_ext(struct mpsc_pbuf_buffer *buffer, const union mpsc_pbuf_generic word,
			   const void *data)
{
	return put(buffer, word.raw, &data, 1 + sizeof(data) / sizeof(uint32_t));
}

int mpsc_pbuf_put_data(struct mpsc_pbuf_buffer *buffer, const uint32_t *data, size_t wlen)
{
	if (data == NULL || wlen == 0) {
		return -EINVAL;
	}
	return put(buffer, data[0], data + 1, wlen);
}
