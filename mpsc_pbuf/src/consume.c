/* SPDX-License-Identifier: Apache-2.0 */
/** @file The consumer: claiming and freeing. */
#include <errno.h>
#include <limits.h>

#include "ring.h"

/* Go on from @p at by @p wlen words. */
static inline void pass(struct z_mpsc_pbuf_out *at, uint32_t wlen)
{
	/* Release: pairs with the acquire in ring_reclaim(). */
	atomic32_store_release(&at->rd, at->rd + wlen);
}

/*
 * Go from @p at over what is to be passed over to the next committed packet; in overwrite mode
 * locked. @return its header; NULL if there is none.
 */
static RING_INLINE uint32_t *find(const struct mpsc_pbuf_buffer *b, struct z_mpsc_pbuf_out *at)
{
	for (;;) {
		uint32_t *header;
		uint32_t wlen;
		uint32_t raw;

		if ((int32_t)(at->seen - at->rd) <= 0) {
			/* Acquire: pairs with the release in ring_publish(). */
			at->seen = atomic32_load_acquire(&b->in.wr);
			if ((int32_t)(at->seen - at->rd) <= 0) {
				return NULL;
			}
			/* An empty ring may have been started again from its first word. */
			if (atomic32_load_relaxed(&b->in.base) == at->rd) {
				atomic32_store_relaxed(&at->base, at->rd);
			}
		}
		if (at->rd - at->base >= b->size) {
			atomic32_store_relaxed(&at->base, at->rd);
		}
		header = header_at(b, at->rd - at->base);
		raw = header_look(header);
		if (likely((raw & HEADER_STATE) == STATE_COMMITTED)) {
			return header;
		}
		if ((raw & HEADER_STATE) == STATE_SKIP) {
			wlen = skip_wlen(raw);
		} else if ((raw & HEADER_STATE) == STATE_CLAIMED && overwrites(b)) {
			wlen = packet_wlen(b, header);
		} else {
			return NULL;
		}
		if (wlen == 0) {
			return NULL; /* only ring_ready() sees that, beside a consumer that moves */
		}
		pass(at, wlen);
	}
}

bool ring_ready(const struct mpsc_pbuf_buffer *b)
{
	struct z_mpsc_pbuf_out at;

	at.rd = at.seen = atomic32_load_relaxed(&b->out.rd);
	at.base = atomic32_load_relaxed(&b->out.base);
	return find(b, &at) != NULL;
}

bool mpsc_pbuf_is_pending(struct mpsc_pbuf_buffer *buffer)
{
	k_spinlock_key_t key;
	bool ready;

	if (buffer == NULL) {
		return false;
	}
	key = k_spin_lock(&buffer->in.lock);
	ready = ring_ready(buffer);
	k_spin_unlock(&buffer->in.lock, key);
	return ready;
}

/* Claim the next packet. In overwrite mode locked. @return NULL if there is none. */
static RING_INLINE const union mpsc_pbuf_generic *claim_next(struct mpsc_pbuf_buffer *b)
{
	uint32_t *header = find(b, &b->out);

	if (header == NULL) {
		return NULL;
	}
	atomic32_store_relaxed(header, *header | HEADER_BUSY);
	pass(&b->out, packet_wlen(b, header));
	return (const union mpsc_pbuf_generic *)(void *)header;
}

const union mpsc_pbuf_generic *mpsc_pbuf_claim(struct mpsc_pbuf_buffer *buffer)
{
	const union mpsc_pbuf_generic *packet;
	k_spinlock_key_t key;

	if (unlikely(buffer == NULL)) {
		return NULL;
	}
	if (!overwrites(buffer)) {
		return claim_next(buffer);
	}
	key = k_spin_lock(&buffer->in.lock);
	packet = claim_next(buffer);
	k_spin_unlock(&buffer->in.lock, key);
	return packet;
}

int mpsc_pbuf_claim_batch(struct mpsc_pbuf_buffer *buffer, const union mpsc_pbuf_generic **packets,
			  size_t max)
{
	k_spinlock_key_t key = {0};
	int count = 0;

	if (buffer == NULL || packets == NULL) {
		return -EINVAL;
	}
	if (overwrites(buffer)) {
		key = k_spin_lock(&buffer->in.lock);
	}
	while ((size_t)count < max && count < INT_MAX) {
		packets[count] = claim_next(buffer);
		if (packets[count] == NULL) {
			break;
		}
		count++;
	}
	if (overwrites(buffer)) {
		k_spin_unlock(&buffer->in.lock, key);
	}
	return count;
}

void mpsc_pbuf_free(struct mpsc_pbuf_buffer *buffer, const union mpsc_pbuf_generic *packet)
{
	uint32_t *header = (uint32_t *)(uintptr_t)packet;
	uint32_t skip;

	if (unlikely(buffer == NULL || !packet_inside(buffer, packet) ||
		     (packet->raw & HEADER_STATE) != STATE_CLAIMED)) {
		__ASSERT(false, "%p is not a claimed packet", (const void *)packet);
		return;
	}
	skip = skip_header(packet_wlen(buffer, header));
	if (overwrites(buffer)) {
		/* Locked, because producers ask a claimed packet for its size. */
		k_spinlock_key_t key = k_spin_lock(&buffer->in.lock);

		atomic32_store_relaxed(header, skip);
		k_spin_unlock(&buffer->in.lock, key);
	} else {
		/* Release: pairs with the acquire in header_look(). */
		atomic32_store_release(header, skip);
	}
	if (ring_waited_for(buffer, WAIT_ROOM)) {
		ring_wake_producers(buffer);
	}
}
