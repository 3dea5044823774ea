/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The common way through an mpsc_pbuf: room is known of, a packet is there, nobody waits. Part of
 * <zephyr/sys/mpsc_pbuf.h>, which it goes on; src/ring.h tells how the ring works.
 *
 * With CONFIG_MPSC_PBUF_INLINE it is compiled into the callers. The functions are those of
 * <zephyr/sys/mpsc_pbuf.h> all the same: they have an address, and whatever is not common is done in
 * the library.
 */
#ifndef ZEPHYR_MPSC_PBUF_INLINE_H_
#define ZEPHYR_MPSC_PBUF_INLINE_H_

#include <string.h>

#include <zephyr/sys/mpsc_pbuf.h>

#include <port/atomics.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The two bits of a header, as they lie in its word, and how far up the rest begins. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define Z_MPSC_PBUF_VALID 1U
#define Z_MPSC_PBUF_BUSY  2U
#define Z_MPSC_PBUF_SHIFT MPSC_PBUF_HDR_BITS
#else
#define Z_MPSC_PBUF_VALID 0x80000000U
#define Z_MPSC_PBUF_BUSY  0x40000000U
#define Z_MPSC_PBUF_SHIFT 0
#endif

enum z_mpsc_pbuf_state {
	Z_MPSC_PBUF_FILLING = 0,
	Z_MPSC_PBUF_COMMITTED = Z_MPSC_PBUF_VALID,
	Z_MPSC_PBUF_CLAIMED = Z_MPSC_PBUF_VALID | Z_MPSC_PBUF_BUSY,
	Z_MPSC_PBUF_SKIP = Z_MPSC_PBUF_BUSY,
};

/* Bits of mpsc_pbuf_buffer.waiting. */
#define Z_MPSC_PBUF_WAIT_ROOM    BIT(0) /* producers wait */
#define Z_MPSC_PBUF_WAIT_PACKET  BIT(1) /* the consumer waits */
#define Z_MPSC_PBUF_WAIT_UNKNOWN BIT(2) /* no port_fence_all(): look for waiters each time */

/* Wake who waits: for room, for a packet. Not locked. */
void z_mpsc_pbuf_wake_producers(struct mpsc_pbuf_buffer *b);
void z_mpsc_pbuf_wake_consumer(struct mpsc_pbuf_buffer *b);

/* The bits of @p raw that say what it is the header of. */
static ALWAYS_INLINE uint32_t z_mpsc_pbuf_state_of(uint32_t raw)
{
	return raw & Z_MPSC_PBUF_CLAIMED;
}

/* The header of @p wlen words to be passed over. */
static ALWAYS_INLINE uint32_t z_mpsc_pbuf_skip(uint32_t wlen)
{
	return wlen << Z_MPSC_PBUF_SHIFT | Z_MPSC_PBUF_SKIP;
}

/*
 * The header at @p header, with acquire order unless it is being filled; pairs with the release
 * stores of commit and free.
 *
 * The user fills the rest of that word with plain stores while others look at the two bits, which
 * no store of the user changes: a word is written as a whole on every machine we run on. The thread
 * sanitizer would call it a race, so it is not shown that look; when the bits say that the filling
 * has ended, it sees a second one, with its order.
 */
static ALWAYS_INLINE uint32_t z_mpsc_pbuf_look(const uint32_t *header)
{
#ifdef Z_MPSC_PBUF_TSAN
	uint32_t z_mpsc_pbuf_look_unseen(const uint32_t *header);

	if (z_mpsc_pbuf_state_of(z_mpsc_pbuf_look_unseen(header)) == Z_MPSC_PBUF_FILLING) {
		return Z_MPSC_PBUF_FILLING;
	}
#endif
	return atomic32_load_acquire(header);
}

/* Whether @p wlen words from @p header on reach the end of the memory, or go beyond it. */
static ALWAYS_INLINE bool z_mpsc_pbuf_at_end(const struct mpsc_pbuf_buffer *b,
					     const uint32_t *header, uint32_t wlen)
{
	if (sizeof(uintptr_t) > sizeof(wlen)) {
		return (uintptr_t)header + (uintptr_t)wlen * sizeof(*header) >= (uintptr_t)b->end;
	}
	return wlen >= ((uintptr_t)b->end - (uintptr_t)header) / sizeof(*header);
}

/*
 * What get_wlen() says of the packet at @p header. One that lies loses packets, but nothing beyond
 * the memory is touched for it: rd and tail wrap before they get there.
 */
static ALWAYS_INLINE uint32_t z_mpsc_pbuf_wlen(const struct mpsc_pbuf_buffer *b,
					       const uint32_t *header)
{
	uint32_t wlen = b->get_wlen((const union mpsc_pbuf_generic *)(const void *)header);

	__ASSERT(wlen != 0 && !z_mpsc_pbuf_at_end(b, header, wlen - 1),
		 "a packet says it has %u words", (unsigned int)wlen);
	return wlen;
}

/* Where the size of the packet at @p header is known to be @p wlen: it must say the same. */
static ALWAYS_INLINE void z_mpsc_pbuf_check_wlen(const struct mpsc_pbuf_buffer *b,
						 const uint32_t *header, uint32_t wlen)
{
	ARG_UNUSED(b);
	ARG_UNUSED(header);
	ARG_UNUSED(wlen);
	__ASSERT(wlen == b->get_wlen((const union mpsc_pbuf_generic *)(const void *)header) &&
			 wlen != 0 && !z_mpsc_pbuf_at_end(b, header, wlen - 1),
		 "a packet of %u words says something else", (unsigned int)wlen);
}

/* Whether @p packet is in the memory. */
static ALWAYS_INLINE bool z_mpsc_pbuf_has(const struct mpsc_pbuf_buffer *b,
					  const union mpsc_pbuf_generic *packet)
{
	if (sizeof(uintptr_t) > sizeof(b->size)) {
		return (uintptr_t)packet >= (uintptr_t)b->buf &&
		       (uintptr_t)packet < (uintptr_t)b->end;
	}
	return ((uintptr_t)packet - (uintptr_t)b->buf) / sizeof(uint32_t) < b->size;
}

/* Whether somebody may wait for @p what, after a release store that he may wait for. */
static ALWAYS_INLINE bool z_mpsc_pbuf_waited_for(const struct mpsc_pbuf_buffer *b, uint32_t what)
{
	/* In the program behind that store; the fence of who waits, port_fence_all(), does the rest. */
	compiler_barrier();
	return unlikely((atomic32_load_relaxed(&b->waiting) & (what | Z_MPSC_PBUF_WAIT_UNKNOWN)) !=
			0);
}

/* The packet at @p header. That it is one spares callers a look. */
static ALWAYS_INLINE union mpsc_pbuf_generic *z_mpsc_pbuf_packet(uint32_t *header)
{
	if (header == NULL) {
		__builtin_unreachable();
	}
	return (union mpsc_pbuf_generic *)(void *)header;
}

/* Have the consumer see the @p wlen words at @p wr, where wr is, which begin with a header. Locked. */
static ALWAYS_INLINE void z_mpsc_pbuf_append(struct mpsc_pbuf_buffer *b, uint32_t wr, uint32_t wlen)
{
#ifdef CONFIG_SMP
	/* Relaxed: seen with wr, or later. */
	atomic32_store_relaxed(&b->in.newest, wr);
#endif
	/* Release: pairs with the acquire in z_mpsc_pbuf_refresh(). */
	atomic32_store_release(&b->in.wr, wr + wlen);
}

/* Allocate where room is known of. Locked. @return NULL if it is not. */
static ALWAYS_INLINE union mpsc_pbuf_generic *z_mpsc_pbuf_take(struct mpsc_pbuf_buffer *b,
							       size_t wlen)
{
	uint32_t wr = b->in.wr;
	uint32_t *header;

	/* 0 words are too many here. */
	if (unlikely(wlen - 1 >= b->in.limit - wr)) {
		return NULL;
	}
	header = &b->buf[wr - b->in.base];
	/* Relaxed: the store to wr makes it seen. */
	atomic32_store_relaxed(header, Z_MPSC_PBUF_FILLING);
	z_mpsc_pbuf_append(b, wr, (uint32_t)wlen);
	return z_mpsc_pbuf_packet(header);
}

/* Commit the packet at @p header, which becomes @p raw; the bit `busy` of that is 0. */
static ALWAYS_INLINE void z_mpsc_pbuf_hand_over(struct mpsc_pbuf_buffer *b, uint32_t *header,
						uint32_t raw)
{
	/* Release: pairs with the acquire in z_mpsc_pbuf_look(). */
	atomic32_store_release(header, raw | Z_MPSC_PBUF_COMMITTED);
	if (z_mpsc_pbuf_waited_for(b, Z_MPSC_PBUF_WAIT_PACKET)) {
		z_mpsc_pbuf_wake_consumer(b);
	}
}

/* Commit @p packet. @return false, with nothing done, if it is none to commit. */
static ALWAYS_INLINE bool z_mpsc_pbuf_commit(struct mpsc_pbuf_buffer *b,
					     union mpsc_pbuf_generic *packet)
{
	uint32_t raw;

	if (unlikely(b == NULL || !z_mpsc_pbuf_has(b, packet))) {
		return false;
	}
	raw = packet->raw;
	if (unlikely((raw & Z_MPSC_PBUF_BUSY) != 0)) {
		return false;
	}
	z_mpsc_pbuf_hand_over(b, &packet->raw, raw);
	return true;
}

/* @return how many words there are to look at, where rd is @p rd, or not more than 0. */
static ALWAYS_INLINE int32_t z_mpsc_pbuf_refresh(const struct mpsc_pbuf_buffer *b,
						 struct z_mpsc_pbuf_out *at, uint32_t rd)
{
#ifdef CONFIG_SMP
	/* Acquire: pairs with the release in z_mpsc_pbuf_append(). */
	uint32_t seen = atomic32_load_acquire(&b->in.wr);

	/* An empty ring may have been started again from its first word. */
	if (atomic32_load_relaxed(&b->in.base) == rd) {
		__atomic_store_n(&at->at, b->buf, __ATOMIC_RELAXED);
	}
#else
	uint32_t seen = b->in.wr;

	ARG_UNUSED(at);
#endif
	/* Less than nothing: a packet said it was larger than it is. */
	return (int32_t)(seen - rd);
}

/* @return whether there is anything at @p at, whose rd is @p rd. */
static ALWAYS_INLINE bool z_mpsc_pbuf_anything(const struct mpsc_pbuf_buffer *b,
					       struct z_mpsc_pbuf_out *at, uint32_t rd)
{
#ifdef CONFIG_SMP
	if ((int32_t)(at->seen - rd) > 0) {
		return true;
	}
#endif
	int32_t ahead = z_mpsc_pbuf_refresh(b, at, rd);

#ifdef CONFIG_SMP
	at->seen = rd + (uint32_t)ahead;
#endif
	return ahead > 0;
}

/* Go on from @p at, whose rd is @p rd and where @p header is, by @p wlen words. */
static ALWAYS_INLINE void z_mpsc_pbuf_pass(const struct mpsc_pbuf_buffer *b,
					   struct z_mpsc_pbuf_out *at, uint32_t rd,
					   uint32_t *header, uint32_t wlen)
{
	uint32_t *next = header + wlen;

	if (unlikely(z_mpsc_pbuf_at_end(b, header, wlen))) {
		next = b->buf;
	}

	/* Relaxed: for ring_ready(), which does not rely on it. */
	__atomic_store_n(&at->at, next, __ATOMIC_RELAXED);
	/* Release: pairs with the acquire in ring_reclaim(). */
	atomic32_store_release(&at->rd, rd + wlen);
}

/* Allocate if the lock is free and room is known of; NULL otherwise. */
static ALWAYS_INLINE union mpsc_pbuf_generic *z_mpsc_pbuf_alloc(struct mpsc_pbuf_buffer *b,
								size_t wlen)
{
	union mpsc_pbuf_generic *packet;
	port_key_t key;

	/* The port's lock: nothing waits here that would have to know of it. */
	if (unlikely(b == NULL || !port_trylock(&b->in.lock.word, &key))) {
		return NULL;
	}
	packet = z_mpsc_pbuf_take(b, wlen);
	port_unlock(&b->in.lock.word, key);
	return packet;
}

#ifdef CONFIG_SMP

/*
 * Note one claimed packet and its size, so that who frees it need not ask get_wlen() again.
 *
 * Who frees it looks at the size first, then whether it is that of his packet. If the size was of
 * one claimed later already, he sees what the claim did before: that there is no note.
 */
static ALWAYS_INLINE void z_mpsc_pbuf_note(struct z_mpsc_pbuf_out *out, uint32_t *header,
					   uint32_t wlen)
{
	if (unlikely(wlen != out->noted_wlen)) {
		/* Relaxed: the next store is not seen without this one. */
		__atomic_store_n(&out->noted, NULL, __ATOMIC_RELAXED);
		/* Release: pairs with the acquire in z_mpsc_pbuf_noted(). */
		atomic32_store_release(&out->noted_wlen, wlen);
	}
	/* Release: whoever sees it sees the size. */
	__atomic_store_n(&out->noted, header, __ATOMIC_RELEASE);
}

/* @return whether the claimed packet at @p header is the one that is noted; its size in *@p wlen. */
static ALWAYS_INLINE bool z_mpsc_pbuf_noted(const struct mpsc_pbuf_buffer *b,
					    const uint32_t *header, uint32_t *wlen)
{
	/* Acquire: pairs with the release in z_mpsc_pbuf_note(). */
	*wlen = atomic32_load_acquire(&b->out.noted_wlen);
	/*
	 * Relaxed: who has a claimed packet was given it behind its claim, and sees the note of that
	 * or of a later one, which is elsewhere.
	 */
	return __atomic_load_n(&b->out.noted, __ATOMIC_RELAXED) == header;
}

/*
 * In overwrite mode a packet that is noted is freed without the lock, and producers who go past it
 * have its size from the note. So the note stays until it is free. Locked. @return whether it is.
 */
static ALWAYS_INLINE bool z_mpsc_pbuf_note_over(const struct mpsc_pbuf_buffer *b)
{
	const uint32_t *noted = b->out.noted;

	/* Up to the tail all is free; from there on its header is still its header. */
	return noted == NULL || (int32_t)(b->in.tail - b->out.noted_rd) > 0 ||
	       z_mpsc_pbuf_state_of(z_mpsc_pbuf_look(noted)) != Z_MPSC_PBUF_CLAIMED;
}

#endif

/*
 * Claim the next packet if it is a committed one; in overwrite mode, and on one core, @p locked.
 * @return false, with nothing done, if something is to be passed over first; otherwise true, and the
 * packet in *@p packet, or NULL if there is none.
 */
static ALWAYS_INLINE bool z_mpsc_pbuf_claim(struct mpsc_pbuf_buffer *b,
					    const union mpsc_pbuf_generic **packet, bool locked)
{
	struct z_mpsc_pbuf_out *out = &b->out;
	uint32_t rd = out->rd;
	uint32_t *header;
	uint32_t wlen = 0;
	uint32_t raw;
#ifdef CONFIG_SMP
	bool note;
#endif

	*packet = NULL;
#ifdef CONFIG_SMP
	if (likely((int32_t)(out->seen - rd) <= 0)) {
		int32_t ahead = z_mpsc_pbuf_refresh(b, out, rd);

		if (ahead <= 0) {
			return true;
		}
		/*
		 * If it is the newest, it is all there is. Relaxed: not older than the wr that was seen;
		 * and of what is newer, if anything is, the place is another.
		 */
		if (likely(atomic32_load_relaxed(&b->in.newest) == rd)) {
			wlen = (uint32_t)ahead;
		} else {
			out->seen = rd + (uint32_t)ahead;
		}
	}
#else
	if (z_mpsc_pbuf_refresh(b, out, rd) <= 0) {
		return true;
	}
#endif
	header = out->at;
	raw = z_mpsc_pbuf_look(header);
	if (unlikely(z_mpsc_pbuf_state_of(raw) != Z_MPSC_PBUF_COMMITTED)) {
		return false;
	}
	if (wlen == 0) {
		wlen = z_mpsc_pbuf_wlen(b, header);
	} else {
		z_mpsc_pbuf_check_wlen(b, header, wlen);
	}
#ifdef CONFIG_SMP
	note = !locked || z_mpsc_pbuf_note_over(b);
#else
	ARG_UNUSED(locked);
#endif
	/*
	 * Relaxed: the packet is the consumer's since its commit, and who frees it hears of it from
	 * there.
	 */
	atomic32_store_relaxed(header, raw | Z_MPSC_PBUF_BUSY);
#ifdef CONFIG_SMP
	if (note) {
		z_mpsc_pbuf_note(out, header, wlen);
		if (locked) {
			out->noted_rd = rd;
		}
	}
#endif
	z_mpsc_pbuf_pass(b, out, rd, header, wlen);
	*packet = z_mpsc_pbuf_packet(header);
	return true;
}

#ifdef CONFIG_SMP

/* Free @p packet if there is a note of it; @return false, with nothing done, if not. */
static ALWAYS_INLINE bool z_mpsc_pbuf_free(struct mpsc_pbuf_buffer *b,
					   const union mpsc_pbuf_generic *packet)
{
	uint32_t *header = (uint32_t *)(uintptr_t)packet;
	uint32_t wlen;

	if (unlikely(b == NULL || packet == NULL || !z_mpsc_pbuf_noted(b, header, &wlen) ||
		     z_mpsc_pbuf_state_of(packet->raw) != Z_MPSC_PBUF_CLAIMED)) {
		return false;
	}
	z_mpsc_pbuf_check_wlen(b, header, wlen);
	/* Release: pairs with the acquire in z_mpsc_pbuf_look(). */
	atomic32_store_release(header, z_mpsc_pbuf_skip(wlen));
	if (z_mpsc_pbuf_waited_for(b, Z_MPSC_PBUF_WAIT_ROOM)) {
		z_mpsc_pbuf_wake_producers(b);
	}
	return true;
}

#endif /* CONFIG_SMP */

#ifdef CONFIG_MPSC_PBUF_INLINE

/* The functions in the library, under names that are free in the callers. */
union mpsc_pbuf_generic *z_mpsc_pbuf_alloc_call(struct mpsc_pbuf_buffer *buffer, size_t wlen,
						k_timeout_t timeout);
void z_mpsc_pbuf_commit_call(struct mpsc_pbuf_buffer *buffer, union mpsc_pbuf_generic *packet);
int z_mpsc_pbuf_put_data_call(struct mpsc_pbuf_buffer *buffer, const uint32_t *data, size_t wlen);
const union mpsc_pbuf_generic *z_mpsc_pbuf_claim_call(struct mpsc_pbuf_buffer *buffer);
void z_mpsc_pbuf_free_call(struct mpsc_pbuf_buffer *buffer, const union mpsc_pbuf_generic *packet);

#endif

#ifdef Z_MPSC_PBUF_INLINED

Z_MPSC_PBUF_API union mpsc_pbuf_generic *mpsc_pbuf_alloc(struct mpsc_pbuf_buffer *buffer,
							 size_t wlen, k_timeout_t timeout)
{
	union mpsc_pbuf_generic *packet = z_mpsc_pbuf_alloc(buffer, wlen);

	return likely(packet != NULL) ? packet : z_mpsc_pbuf_alloc_call(buffer, wlen, timeout);
}

Z_MPSC_PBUF_API void mpsc_pbuf_commit(struct mpsc_pbuf_buffer *buffer,
				      union mpsc_pbuf_generic *packet)
{
	if (unlikely(!z_mpsc_pbuf_commit(buffer, packet))) {
		z_mpsc_pbuf_commit_call(buffer, packet);
	}
}

Z_MPSC_PBUF_API int mpsc_pbuf_put_data(struct mpsc_pbuf_buffer *buffer, const uint32_t *data,
				       size_t wlen)
{
	union mpsc_pbuf_generic *packet =
		likely(data != NULL) ? z_mpsc_pbuf_alloc(buffer, wlen) : NULL;

	if (unlikely(packet == NULL)) {
		return z_mpsc_pbuf_put_data_call(buffer, data, wlen);
	}
	memcpy(packet + 1, data + 1, (wlen - 1) * sizeof(uint32_t));
	z_mpsc_pbuf_hand_over(buffer, &packet->raw, data[0] & ~Z_MPSC_PBUF_BUSY);
	return 0;
}

Z_MPSC_PBUF_API int mpsc_pbuf_put_word(struct mpsc_pbuf_buffer *buffer,
				       const union mpsc_pbuf_generic word)
{
	return mpsc_pbuf_put_data(buffer, &word.raw, 1);
}

Z_MPSC_PBUF_API const union mpsc_pbuf_generic *mpsc_pbuf_claim(struct mpsc_pbuf_buffer *buffer)
{
	const union mpsc_pbuf_generic *packet;
	port_key_t key;
	bool done;

	if (unlikely(buffer == NULL)) {
		return NULL;
	}
	if (likely((buffer->flags & MPSC_PBUF_MODE_OVERWRITE) == 0)) {
		done = z_mpsc_pbuf_claim(buffer, &packet, false);
	} else if (likely(port_trylock(&buffer->in.lock.word, &key))) {
		done = z_mpsc_pbuf_claim(buffer, &packet, true);
		port_unlock(&buffer->in.lock.word, key);
	} else {
		done = false;
	}
	return likely(done) ? packet : z_mpsc_pbuf_claim_call(buffer);
}

Z_MPSC_PBUF_API void mpsc_pbuf_free(struct mpsc_pbuf_buffer *buffer,
				    const union mpsc_pbuf_generic *packet)
{
	if (unlikely(!z_mpsc_pbuf_free(buffer, packet))) {
		z_mpsc_pbuf_free_call(buffer, packet);
	}
}

#endif

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_MPSC_PBUF_INLINE_H_ */
