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
 */
#ifndef MPSC_PBUF_RING_H_
#define MPSC_PBUF_RING_H_

#include <zephyr/mpsc_pbuf/consume.h>
#include <zephyr/mpsc_pbuf/watch.h>

#include <port/atomics.h>

/* The two bits of a header, as they lie in its word. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define HEADER_VALID 1U
#define HEADER_BUSY  2U
#else
#define HEADER_VALID 0x80000000U
#define HEADER_BUSY  0x40000000U
#endif
#define HEADER_STATE (HEADER_VALID | HEADER_BUSY)

enum {
	STATE_FILLING = 0,
	STATE_COMMITTED = HEADER_VALID,
	STATE_CLAIMED = HEADER_VALID | HEADER_BUSY,
	STATE_SKIP = HEADER_BUSY,
};

/** Bits of mpsc_pbuf_buffer.waiting. */
#define WAIT_ROOM    BIT(0) /**< producers wait */
#define WAIT_PACKET  BIT(1) /**< the consumer waits */
#define WAIT_UNKNOWN BIT(2) /**< there is no port_fence_all(): look for waiters each time */

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

static inline uint32_t skip_header(uint32_t wlen)
{
	union mpsc_pbuf_generic header = {.skip = {.valid = 0, .busy = 1, .len = wlen}};

	return header.raw;
}

static inline uint32_t skip_wlen(uint32_t raw)
{
	union mpsc_pbuf_generic header = {.raw = raw};

	return header.skip.len;
}

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define RING_TSAN 1
#endif
#elif defined(__SANITIZE_THREAD__)
#define RING_TSAN 1
#endif

/**
 * The header at @p header, with acquire order unless it is being filled; pairs with the release
 * stores of commit and free.
 *
 * The user fills the rest of that word with plain stores while others look at the two bits, which
 * no store of the user changes: a word is written as a whole on every machine we run on. The thread
 * sanitizer would call it a race, so it is not shown that look; when the bits say that the filling
 * has ended, it sees a second one, with its order.
 */
static inline uint32_t header_look(const uint32_t *header)
{
#ifdef RING_TSAN
	uint32_t ring_look_unseen(const uint32_t *header);

	if ((ring_look_unseen(header) & HEADER_STATE) == STATE_FILLING) {
		return STATE_FILLING;
	}
#endif
	return atomic32_load_acquire(header);
}

/**
 * What get_wlen() says of the packet at @p header, the word @p index of the memory. One that lies
 * loses packets, but nothing beyond the memory is touched for it: rd and tail wrap before they get
 * there.
 */
static inline uint32_t packet_wlen(const struct mpsc_pbuf_buffer *b, const uint32_t *header,
				   uint32_t index)
{
	uint32_t wlen = b->get_wlen((const union mpsc_pbuf_generic *)(const void *)header);

	ARG_UNUSED(index);
	__ASSERT(wlen - 1 < b->size - index, "a packet says it has %u words", (unsigned int)wlen);
	return wlen;
}

/** @return which word of the memory @p packet begins at; not below the size if it is not in there. */
static inline uintptr_t packet_index(const struct mpsc_pbuf_buffer *b,
				     const union mpsc_pbuf_generic *packet)
{
	return ((uintptr_t)packet - (uintptr_t)b->buf) / sizeof(uint32_t);
}

/** @return whether the consumer would find a packet. Locked. */
bool ring_ready(struct mpsc_pbuf_buffer *b);

/**
 * Free what was given back at the tail, up to 32 packets, or to the end of the memory. Locked.
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

/** Let the consumer see the ring up to @p wr. Locked. */
static inline void ring_publish(struct mpsc_pbuf_buffer *b, uint32_t wr)
{
	/* Release: pairs with the acquire in find(). */
	atomic32_store_release(&b->in.wr, wr);
}

/** Bring `waiting` up to date with the lists, and have allocations look at it. Locked. */
void ring_waiting_changed(struct mpsc_pbuf_buffer *b);

/** Serve producers that wait for room. Locked. @return those served, for wait_q_wake_chain(). */
struct waiter *ring_serve(struct mpsc_pbuf_buffer *b);

#ifdef CONFIG_POLL
/** For k_poll(): struct poll_object. */
bool ring_poll(struct poll_object *object, struct k_poll_event *event, enum poll_step step);
#endif

/** Wake who waits: for room, for a packet. Not locked. */
void ring_wake_producers(struct mpsc_pbuf_buffer *b);
void ring_wake_consumer(struct mpsc_pbuf_buffer *b);

/** Whether somebody may wait for @p what, after a release store that he may wait for. */
static inline bool ring_waited_for(const struct mpsc_pbuf_buffer *b, uint32_t what)
{
	/* In the program behind that store; the fence of who waits, port_fence_all(), does the rest. */
	compiler_barrier();
	return unlikely((atomic32_load_relaxed(&b->waiting) & (what | WAIT_UNKNOWN)) != 0);
}

/** Commit the packet at @p header, which becomes @p raw; the bit `busy` of that is 0. */
static inline void ring_commit(struct mpsc_pbuf_buffer *b, uint32_t *header, uint32_t raw)
{
	/* Release: pairs with the acquire in header_look(). */
	atomic32_store_release(header, raw | STATE_COMMITTED);
	if (ring_waited_for(b, WAIT_PACKET)) {
		ring_wake_consumer(b);
	}
}

#endif /* MPSC_PBUF_RING_H_ */
