/* SPDX-License-Identifier: Apache-2.0 */
/** @file The consumer: claiming and freeing. */
#include <errno.h>
#include <limits.h>

#include "ring.h"

/* Go on from @p at, whose rd is @p rd and the word @p index, by @p wlen words. */
static ALWAYS_INLINE void pass(const struct mpsc_pbuf_buffer *b, struct z_mpsc_pbuf_out *at,
			       uint32_t rd, uint32_t index, uint32_t wlen)
{
	rd += wlen;
	if (unlikely(index + wlen >= b->size)) {
		atomic32_store_relaxed(&at->base, rd);
	}
	/* Release: pairs with the acquire in ring_reclaim(). */
	atomic32_store_release(&at->rd, rd);
}

/* @return whether there is anything at @p at, whose rd is @p rd. */
static ALWAYS_INLINE bool anything_at(const struct mpsc_pbuf_buffer *b, struct z_mpsc_pbuf_out *at,
				      uint32_t rd)
{
#ifdef CONFIG_SMP
	uint32_t seen = at->seen;

	if (seen == rd) {
		/* Acquire: pairs with the release in ring_publish(). */
		seen = atomic32_load_acquire(&b->in.wr);
		at->seen = seen;
		/* An empty ring may have been started again from its first word. */
		if (atomic32_load_relaxed(&b->in.base) == rd) {
			atomic32_store_relaxed(&at->base, rd);
		}
	}
#else
	uint32_t seen = b->in.wr;

	ARG_UNUSED(at);
#endif
	/* Less than nothing: a packet said it was larger than it is. */
	return (int32_t)(seen - rd) > 0;
}

/*
 * Go from @p at over what is to be passed over to the next committed packet; in overwrite mode
 * locked. @return its header; NULL if there is none.
 */
static ALWAYS_INLINE uint32_t *find_from(const struct mpsc_pbuf_buffer *b,
					 struct z_mpsc_pbuf_out *at)
{
	for (;;) {
		uint32_t *header;
		uint32_t index;
		uint32_t wlen;
		uint32_t raw;
		uint32_t rd;

		rd = at->rd;
		if (!anything_at(b, at, rd)) {
			return NULL;
		}
		index = rd - at->base;
		if (unlikely(index >= b->size)) {
			return NULL; /* only ring_ready() sees that, beside a consumer that moves */
		}
		header = header_at(b, index);
		raw = header_look(header);
		switch (raw & HEADER_STATE) {
		case STATE_COMMITTED:
			return header;
		case STATE_SKIP:
			wlen = skip_wlen(raw);
			break;
		case STATE_CLAIMED:
			wlen = consumer_locks(b) ? packet_wlen(b, header, index) : 0;
			break;
		default:
			return NULL;
		}
		if (wlen == 0) {
			return NULL; /* as above */
		}
		pass(b, at, rd, index, wlen);
	}
}

static __attribute__((noinline)) uint32_t *find(struct mpsc_pbuf_buffer *b)
{
	return find_from(b, &b->out);
}

bool ring_ready(struct mpsc_pbuf_buffer *b)
{
#ifdef CONFIG_SMP
	struct z_mpsc_pbuf_out at;

	at.rd = at.seen = atomic32_load_relaxed(&b->out.rd);
	at.base = atomic32_load_relaxed(&b->out.base);
	return find_from(b, &at) != NULL;
#else
	return find(b) != NULL;
#endif
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
static ALWAYS_INLINE const union mpsc_pbuf_generic *claim_next(struct mpsc_pbuf_buffer *b)
{
	struct z_mpsc_pbuf_out *out = &b->out;
	uint32_t rd = out->rd;
	uint32_t *header;
	uint32_t index;
	uint32_t raw;

	if (!anything_at(b, out, rd)) {
		return NULL;
	}
	index = rd - out->base;
	header = header_at(b, index);
	raw = header_look(header);
	if (unlikely((raw & HEADER_STATE) != STATE_COMMITTED)) {
		header = find(b);
		if (header == NULL) {
			return NULL;
		}
		raw = *header;
		rd = out->rd;
		index = rd - out->base;
	}
	atomic32_store_relaxed(header, raw | HEADER_BUSY);
	pass(b, out, rd, index, packet_wlen(b, header, index));
	return (const union mpsc_pbuf_generic *)(void *)header;
}

static RING_APART const union mpsc_pbuf_generic *claim_locked(struct mpsc_pbuf_buffer *b)
{
	k_spinlock_key_t key = k_spin_lock(&b->in.lock);
	const union mpsc_pbuf_generic *packet = claim_next(b);

	k_spin_unlock(&b->in.lock, key);
	return packet;
}

const union mpsc_pbuf_generic *mpsc_pbuf_claim(struct mpsc_pbuf_buffer *buffer)
{
	if (unlikely(buffer == NULL)) {
		return NULL;
	}
	return consumer_locks(buffer) ? claim_locked(buffer) : claim_next(buffer);
}

int mpsc_pbuf_claim_batch(struct mpsc_pbuf_buffer *buffer, const union mpsc_pbuf_generic **packets,
			  size_t max)
{
	k_spinlock_key_t key = {0};
	int count = 0;

	if (buffer == NULL || packets == NULL) {
		return -EINVAL;
	}
	if (consumer_locks(buffer)) {
		key = k_spin_lock(&buffer->in.lock);
	}
	while ((size_t)count < max && count < INT_MAX) {
		packets[count] = claim_next(buffer);
		if (packets[count] == NULL) {
			break;
		}
		count++;
	}
	if (consumer_locks(buffer)) {
		k_spin_unlock(&buffer->in.lock, key);
	}
	return count;
}

#ifdef CONFIG_SMP
/* Locked, because producers ask a claimed packet for its size. */
static RING_APART void free_locked(struct mpsc_pbuf_buffer *b, uint32_t *header, uint32_t skip)
{
	k_spinlock_key_t key = k_spin_lock(&b->in.lock);

	atomic32_store_relaxed(header, skip);
	k_spin_unlock(&b->in.lock, key);
}
#endif

void mpsc_pbuf_free(struct mpsc_pbuf_buffer *buffer, const union mpsc_pbuf_generic *packet)
{
	uint32_t *header = (uint32_t *)(uintptr_t)packet;
	uintptr_t index = buffer != NULL ? packet_index(buffer, packet) : UINTPTR_MAX;
	uint32_t skip;

	if (unlikely(buffer == NULL || index >= buffer->size ||
		     (packet->raw & HEADER_STATE) != STATE_CLAIMED)) {
		__ASSERT(false, "%p is not a claimed packet", (const void *)packet);
		return;
	}
	skip = skip_header(packet_wlen(buffer, header, (uint32_t)index));
#ifdef CONFIG_SMP
	if (overwrites(buffer)) {
		free_locked(buffer, header, skip);
	} else
#endif
	{
		/* Release: pairs with the acquire in header_look(). */
		atomic32_store_release(header, skip);
	}
	if (ring_waited_for(buffer, WAIT_ROOM)) {
		ring_wake_producers(buffer);
	}
}
