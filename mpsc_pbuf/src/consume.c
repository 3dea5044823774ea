/* SPDX-License-Identifier: Apache-2.0 */
/** @file The consumer: claiming and freeing. */
#include <errno.h>
#include <limits.h>

#include "ring.h"

/*
 * Go from @p at over what is to be passed over to the next committed packet; in overwrite mode
 * locked. @return its header; NULL if there is none.
 */
static ALWAYS_INLINE uint32_t *find_from(const struct mpsc_pbuf_buffer *b,
					 struct z_mpsc_pbuf_out *at)
{
	for (;;) {
		uint32_t *header;
		uint32_t wlen;
		uint32_t raw;
		uint32_t rd;

		rd = at->rd;
		if (!z_mpsc_pbuf_anything(b, at, rd)) {
			return NULL;
		}
		header = at->at;
		raw = z_mpsc_pbuf_look(header);
		switch (z_mpsc_pbuf_state_of(raw)) {
		case Z_MPSC_PBUF_COMMITTED:
			return header;
		case Z_MPSC_PBUF_SKIP:
			wlen = skip_words(raw);
			break;
		case Z_MPSC_PBUF_CLAIMED:
			wlen = consumer_locks(b) ? claimed_wlen(b, header) : 0;
			break;
		default:
			return NULL;
		}
		if (wlen == 0) {
			return NULL; /* only ring_ready() sees that, beside a consumer that moves */
		}
		z_mpsc_pbuf_pass(b, at, rd, header, wlen);
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
	at.at = __atomic_load_n(&b->out.at, __ATOMIC_RELAXED);
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

/* Claim the next packet; @p locked or not. @return NULL if there is none. */
static ALWAYS_INLINE const union mpsc_pbuf_generic *claim_next(struct mpsc_pbuf_buffer *b,
							       bool locked)
{
	const union mpsc_pbuf_generic *packet;

	while (unlikely(!z_mpsc_pbuf_claim(b, &packet, locked))) {
		if (find(b) == NULL) {
			return NULL;
		}
	}
	return packet;
}

static RING_APART const union mpsc_pbuf_generic *claim_locked(struct mpsc_pbuf_buffer *b)
{
	k_spinlock_key_t key = k_spin_lock(&b->in.lock);
	const union mpsc_pbuf_generic *packet = claim_next(b, true);

	k_spin_unlock(&b->in.lock, key);
	return packet;
}

const union mpsc_pbuf_generic *mpsc_pbuf_claim(struct mpsc_pbuf_buffer *buffer)
{
	if (unlikely(buffer == NULL)) {
		return NULL;
	}
	return consumer_locks(buffer) ? claim_locked(buffer) : claim_next(buffer, false);
}

int mpsc_pbuf_claim_batch(struct mpsc_pbuf_buffer *buffer, const union mpsc_pbuf_generic **packets,
			  size_t max)
{
	k_spinlock_key_t key = {0};
	bool locked;
	int count = 0;

	if (buffer == NULL || packets == NULL) {
		return -EINVAL;
	}
	locked = consumer_locks(buffer);
	if (locked) {
		key = k_spin_lock(&buffer->in.lock);
	}
	while ((size_t)count < max && count < INT_MAX) {
		packets[count] = claim_next(buffer, locked);
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

#ifdef CONFIG_SMP
/* Locked, because producers ask a claimed packet for its size, if they find no note of it. */
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
	uint32_t skip;

#ifdef CONFIG_SMP
	if (likely(z_mpsc_pbuf_free(buffer, packet))) {
		return;
	}
#endif
	if (unlikely(buffer == NULL || !z_mpsc_pbuf_has(buffer, packet) ||
		     z_mpsc_pbuf_state_of(packet->raw) != Z_MPSC_PBUF_CLAIMED)) {
		__ASSERT(false, "%p is not a claimed packet", (const void *)packet);
		return;
	}
	skip = z_mpsc_pbuf_skip(z_mpsc_pbuf_wlen(buffer, header));
#ifdef CONFIG_SMP
	if (overwrites(buffer)) {
		free_locked(buffer, header, skip);
	} else
#endif
	{
		/* Release: pairs with the acquire in z_mpsc_pbuf_look(). */
		atomic32_store_release(header, skip);
	}
	if (z_mpsc_pbuf_waited_for(buffer, Z_MPSC_PBUF_WAIT_ROOM)) {
		z_mpsc_pbuf_wake_producers(buffer);
	}
}

RING_CALLED(mpsc_pbuf_claim)
RING_CALLED(mpsc_pbuf_free)
