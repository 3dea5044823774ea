/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The ring, inside. Places are counts of words; see struct z_mpsc_pbuf_in.
 *
 *       tail            rd              wr          tail + size
 *     ---|- - claimed - -|--- to claim ---|--- free ---|---
 *
 * tail <= rd <= wr <= tail + size, always. rd and tail never rest at the end of the memory: there
 * their base moves, and with it they are at its first word; wr may. Whatever begins between tail and wr begins with a header
 * word that says what it is. Headers change like this, and nowhere else:
 *
 *     (free) -> filling -> committed -> claimed -> skip -> (free)
 *            alloc    commit      claim       free     reclaim
 *
 * A committed packet that must make room is claimed by the producer, reported, and freed, so that
 * nobody else has it meanwhile. Words that are passed over are born as skip.
 *
 * Who may write: to `in` whoever holds its lock. To `out` the consumer, in overwrite mode with that
 * lock, because producers move it when they drop. To a header its owner: the producer that fills,
 * the one that claimed, or the lock.
 *
 * Without overwrite nobody but the consumer moves `rd`, so nothing behind it is reclaimed, and
 * claim and free need no lock: each header is handed on by a release store and an acquire load.
 * On one core, where a lock masks interrupts and no more, both modes go the way of overwrite.
 *
 * get_wlen() is a call, so it is asked as little as can be. If the packet at rd is the newest, it is
 * all there is up to wr. And of one claimed packet the size is noted: of the last, or in overwrite
 * mode of one until it is free. There a producer may go past a claimed packet, and has to know its
 * size while somebody frees it, which makes a skip of its header; that is why free takes the lock,
 * but for the packet that is noted.
 *
 * What is done mostly is in <zephyr/mpsc_pbuf/inline.h>.
 */
#ifndef MPSC_PBUF_RING_H_
#define MPSC_PBUF_RING_H_

#include <zephyr/mpsc_pbuf/consume.h>
#include <zephyr/mpsc_pbuf/inline.h>
#include <zephyr/mpsc_pbuf/watch.h>

/** Most words in a buffer: what a skip can pass over, and counts still compare. */
#define SIZE_MAX_WORDS (BIT(29) - 1)

static inline bool overwrites(const struct mpsc_pbuf_buffer *b)
{
	return (b->flags & MPSC_PBUF_MODE_OVERWRITE) != 0;
}

/**
 * Whether claim takes the lock, so that who has it may move `out`. Where locking is masking
 * interrupts, always: that costs less than to ask.
 */
static inline bool consumer_locks(const struct mpsc_pbuf_buffer *b)
{
#ifdef CONFIG_SMP
	return overwrites(b);
#else
	(void)b;
	return true;
#endif
}

/** Give function @p name of the library the name under which inline callers call it. */
#ifdef CONFIG_MPSC_PBUF_INLINE
#define RING_CALLED(name) extern __typeof__(name) z_##name##_call __attribute__((alias(#name)));
#else
#define RING_CALLED(name)
#endif

/** Apart from the common way, which saves no registers for it; where all is one way, a part of it. */
#ifdef CONFIG_SMP
#define RING_APART __attribute__((noinline))
#else
#define RING_APART ALWAYS_INLINE
#endif

static inline uint32_t *header_at(const struct mpsc_pbuf_buffer *b, uint32_t index)
{
	return &b->buf[index];
}

/** Packets left that are taken back at once: where locking masks interrupts, fewer. */
#ifdef CONFIG_SMP
#define RING_BATCH 128
#else
#define RING_BATCH 32
#endif

/** What skip_words() returns at most for a skip, and exceeds for what is none. */
#define SKIP_WORDS_MAX (UINT32_MAX >> MPSC_PBUF_HDR_BITS)

/** @return the words to be passed over of the skip with header @p raw; too many if it is none. */
static inline uint32_t skip_words(uint32_t raw)
{
	/* The bits of the state, 0 for a skip, on top of the others. */
	raw ^= Z_MPSC_PBUF_SKIP;
	return Z_MPSC_PBUF_SHIFT == 0
		       ? raw
		       : raw >> MPSC_PBUF_HDR_BITS | raw << (32 - MPSC_PBUF_HDR_BITS);
}

/**
 * The size of a claimed packet. In overwrite mode locked: who frees it takes the lock, too, but if
 * the size is noted. Then its header may be a skip at any moment, and is not looked at.
 */
static inline uint32_t claimed_wlen(const struct mpsc_pbuf_buffer *b, const uint32_t *header)
{
#ifdef CONFIG_SMP
	uint32_t wlen;

	if (z_mpsc_pbuf_noted(b, header, &wlen)) {
		return wlen;
	}
#endif
	return z_mpsc_pbuf_wlen(b, header);
}

/** @return whether the consumer would find a packet. Locked. */
bool ring_ready(struct mpsc_pbuf_buffer *b);

/**
 * Free what was given back at the tail, up to RING_BATCH packets, or to the end of the memory. Locked.
 * @return whether there may be more.
 */
bool ring_reclaim(struct mpsc_pbuf_buffer *b);

/** Go on with the tail by @p wlen words. Locked. */
static inline void ring_pass_tail(struct mpsc_pbuf_buffer *b, uint32_t wlen)
{
	b->in.tail += wlen;
	if (b->in.tail - b->in.tail_base >= b->size) {
		b->in.tail_base = b->in.tail;
	}
}

/** Words in use; exact once ring_reclaim() has returned false. Locked. */
static inline uint32_t ring_used(const struct mpsc_pbuf_buffer *b)
{
	return b->in.wr - b->in.tail;
}

/** Whether each allocation counts what is in use. Locked. */
static inline bool ring_counts(const struct mpsc_pbuf_buffer *b)
{
#ifdef CONFIG_MPSC_PBUF_HIGH_WATER
	if (b->high_water != NULL) {
		return true;
	}
#endif
	return (b->flags & MPSC_PBUF_MAX_UTILIZATION) != 0;
}

/** Bring `waiting` up to date with the lists, and have allocations look at it. Locked. */
void ring_waiting_changed(struct mpsc_pbuf_buffer *b);

/** Serve producers that wait for room. Locked. @return those served, for wait_q_wake_chain(). */
struct waiter *ring_serve(struct mpsc_pbuf_buffer *b);

#ifdef CONFIG_POLL
/** For k_poll(): struct poll_object. */
bool ring_poll(struct poll_object *object, struct k_poll_event *event, enum poll_step step);
#endif

#endif /* MPSC_PBUF_RING_H_ */
