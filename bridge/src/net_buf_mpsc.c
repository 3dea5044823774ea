/* SPDX-License-Identifier: Apache-2.0 */
/** @file Packets of a ring as network buffers. */
#include <bridge/net_buf_mpsc.h>

#include <zephyr/sys/__assert.h>

/* The last buffer around a packet is home. */
static void free_packet(void *data, size_t size, void *arg)
{
	ARG_UNUSED(size);
	mpsc_pbuf_free(arg, data);
}

/* Whether @p packet can be a claimed one of @p ring: a look at where it is and at its two bits. */
static bool is_claimed(const struct mpsc_pbuf_buffer *ring, const union mpsc_pbuf_generic *packet)
{
	uintptr_t offset = (uintptr_t)packet - (uintptr_t)ring->buf;

	return offset / sizeof(uint32_t) < ring->size && offset % sizeof(uint32_t) == 0 &&
	       packet->hdr.valid == 1 && packet->hdr.busy == 1;
}

struct net_buf *net_buf_from_mpsc(struct net_buf_pool *pool, struct mpsc_pbuf_buffer *ring,
				  const union mpsc_pbuf_generic *packet, k_timeout_t timeout)
{
	uint32_t wlen;

	if (ring == NULL || packet == NULL || !is_claimed(ring, packet)) {
		__ASSERT(false, "%p is not a claimed packet of %p", (const void *)packet,
			 (void *)ring);
		return NULL;
	}
	wlen = ring->get_wlen(packet);
	if (wlen > UINT16_MAX / sizeof(uint32_t)) {
		return NULL;
	}
	return net_buf_alloc_with_release(pool, (void *)(uintptr_t)packet, wlen * sizeof(uint32_t),
					  free_packet, ring, timeout);
}
