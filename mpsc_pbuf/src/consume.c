/* SPDX-License-Identifier: Apache-2.0 */
/** @file The consumer: claiming and freeing. */
#include <errno.h>
#include <limits.h>

#include "ring.h"

/* Claim the next packet. In overwrite mode locked. @return NULL if there is none. */
static ALWAYS_INLINE const union mpsc_pbuf_generic *claim_next(struct mpsc_pbuf_buffer *b)
{
	struct z_mpsc_pbuf_out at = b->out;
	uint32_t *header;
	uint32_t index;
	uint32_t raw;

	if (!ring_find(b, &at, &index, &raw)) {
		return NULL;
	}
	header = header_at(b, index);
	atomic32_store_relaxed(header, raw | HEADER_BUSY);
	atomic32_store_relaxed(&b->out.base, at.base);
	b->out.seen = at.seen;
	/* Release: pairs with the acquire in ring_reclaim(). */
	atomic32_store_release(&b->out.rd, at.rd + packet_wlen(b, index));
	return (const union mpsc_pbuf_generic *)(void *)header;
}

const union mpsc_pbuf_generic *mpsc_pbuf_claim(struct mpsc_pbuf_buffer *buffer)
{
	const union mpsc_pbuf_generic *packet;

	if (mpsc_pbuf_claim_batch(buffer, &packet, 1) != 1) {
		return NULL;
	}
	return packet;
}

int mpsc_pbuf_claim_batch(struct mpsc_pbuf_buffer *buffer, const union mpsc_pbuf_generic **packets,
			  size_t max)
{
	k_spinlock_key_t key = {0};
	bool locked;
	int count = 0;

	if (unlikely(buffer == NULL || packets == NULL)) {
		return -EINVAL;
	}
	locked = overwrites(buffer);
	if (locked) {
		key = k_spin_lock(&buffer->in.lock);
	}
	while ((size_t)count < max && count < INT_MAX) {
		packets[count] = claim_next(buffer);
		if (packets[count] == NULL) {
			break;
		}
		count++;
	}
	if (locked) {
		k_spin_unlock(&buffer->in.lock, key);
	}
	return count;
}

void mpsc_pbuf_free(struct mpsc_pbuf_buffer *buffer, const union mpsc_pbuf_generic *packet)
{
	size_t index = buffer != NULL ? packet_index(buffer, packet) : 0;
	uint32_t *header;
	uint32_t skip;

	if (unlikely(buffer == NULL || index >= buffer->size ||
		     (packet->raw & HEADER_STATE) != STATE_CLAIMED)) {
		__ASSERT(false, "%p is not a claimed packet", (const void *)packet);
		return;
	}
	header = header_at(buffer, (uint32_t)index);
	skip = skip_header(packet_wlen(buffer, (uint32_t)index));
	/* Release, by store or by the lock: pairs with the acquire in ring_reclaim(). */
	if (overwrites(buffer)) {
		k_spinlock_key_t key = k_spin_lock(&buffer->in.lock);

		atomic32_store_relaxed(header, skip);
		k_spin_unlock(&buffer->in.lock, key);
	} else {
		atomic32_store_release(header, skip);
	}
	if (ring_waited_for(buffer, WAIT_ROOM)) {
		ring_wake_producers(buffer);
	}
}
