/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Packets of any size through one ring: many producers, one consumer.
 *
 * A producer allocates a packet, fills it and commits it; the consumer claims it, reads it and frees
 * it. The words of a packet lie one behind the other in memory and are never copied. Packets are
 * claimed in the order in which they were allocated; one that is not committed yet holds up those
 * behind it.
 *
 * `wlen` is a size in 32-bit words, the header included. A packet begins at a multiple of 4 bytes
 * and of nothing more.
 *
 * Context: any, unless said otherwise. Producers may run on any number of threads and in ISRs, and
 * interrupt each other between any two calls. Claiming belongs to one context at a time, the
 * consumer. Freeing belongs to nobody: several packets may be claimed at once and freed from any
 * context, in any order; the room comes back in the order of the packets.
 *
 * Locks: one for each buffer, held while room is found: O(packets whose room the request needs, a
 * batch at least). Committing takes none, and claiming takes it in overwrite mode only, and so does
 * freeing if several packets are claimed at once; on one core, where it is masking interrupts,
 * claiming always and freeing never. No lock is held while `notify_drop` runs. doc/mpsc_pbuf.md says
 * for how long each call holds it.
 *
 * With CONFIG_MPSC_PBUF_INLINE what alloc, commit, put, claim and free do mostly is compiled into
 * their callers.
 */
#ifndef ZEPHYR_SYS_MPSC_PBUF_H_
#define ZEPHYR_SYS_MPSC_PBUF_H_

#include <zephyr/kernel.h>
#include <zephyr/mpsc_pbuf/module.h>
#include <zephyr/sys/mpsc_packet.h>

#if defined(__SANITIZE_THREAD__)
#define Z_MPSC_PBUF_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define Z_MPSC_PBUF_TSAN 1
#endif
#endif

/* Of functions whose common way is compiled into the callers, see CONFIG_MPSC_PBUF_INLINE. */
#if defined(CONFIG_MPSC_PBUF_INLINE) && !defined(PACKET_IO_LIBRARY) && !defined(Z_MPSC_PBUF_TSAN)
#define Z_MPSC_PBUF_INLINED 1
#define Z_MPSC_PBUF_API     static ALWAYS_INLINE
#else
#define Z_MPSC_PBUF_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** The size is a power of two. mpsc_pbuf_init() finds out; kept for code that says so. */
#define MPSC_PBUF_SIZE_POW2       BIT(0)
/** When there is no room, the oldest packets are dropped; otherwise the new one is refused. */
#define MPSC_PBUF_MODE_OVERWRITE  BIT(1)
/** The most that was ever in use is remembered; costs a few instructions each time. */
#define MPSC_PBUF_MAX_UTILIZATION BIT(2)

struct mpsc_pbuf_buffer;
struct mpsc_pbuf_high_water;

/**
 * @return the size of @p packet in words, as it was allocated; it depends on the packet alone.
 * Called by claim, free and drop where the size is not known anyhow, in overwrite mode with the
 * buffer's lock held: it must not call the library.
 */
typedef uint32_t (*mpsc_pbuf_get_wlen)(const union mpsc_pbuf_generic *packet);

/**
 * @p packet is dropped to make room. It is intact until this returns; each is reported once, in the
 * context of the producer that needs the room. It may call anything.
 */
typedef void (*mpsc_pbuf_notify_drop)(const struct mpsc_pbuf_buffer *buffer,
				      const union mpsc_pbuf_generic *packet);

#ifdef CONFIG_SMP
#define Z_MPSC_PBUF_LINE __aligned(PORT_CACHE_LINE)
#else
#define Z_MPSC_PBUF_LINE
#endif

/*
 * Places in the ring are counted in words and never start again at 0 (they wrap at 2^32). `base` is
 * a count that belongs to the first word of the memory; the word of count `n` is buf[n - base].
 */

/** The producers' side; guarded by its lock. */
struct z_mpsc_pbuf_in {
	struct k_spinlock lock;
	uint32_t wr;        /**< where the next packet goes; the consumer looks at it, too */
	uint32_t limit;     /**< up to here the words behind wr are known to be free */
	uint32_t base;      /**< of wr */
	uint32_t tail;      /**< the oldest word that is in use */
	uint32_t tail_base; /**< of tail */
#ifdef CONFIG_SMP
	uint32_t newest; /**< where the newest packet is; the consumer looks at it, too */
#endif
	uint32_t dropped;   /**< packets dropped, ever */
	uint32_t max_usage; /**< most words in use, with MPSC_PBUF_MAX_UTILIZATION */
} Z_MPSC_PBUF_LINE;

/** The consumer's side; in overwrite mode guarded by the lock of the other. */
struct z_mpsc_pbuf_out {
	uint32_t rd;  /**< where the next packet to claim is */
	uint32_t *at; /**< its word of the memory */
#ifdef CONFIG_SMP
	uint32_t seen;       /**< wr, when last looked at */
	uint32_t noted_wlen; /**< its size */
	uint32_t *noted;     /**< a claimed packet, or NULL; see z_mpsc_pbuf_note() */
	uint32_t noted_rd;   /**< where it is; in overwrite mode */
#endif
} Z_MPSC_PBUF_LINE;

/** A buffer. Applications read `size`. */
struct mpsc_pbuf_buffer {
#ifdef CONFIG_POLL
	struct poll_object object; /**< for k_poll(); the first member */
#endif
	uint32_t *buf;                     /**< the memory */
	uint32_t *end;                     /**< of it */
	uint32_t size;                     /**< its words */
	uint32_t flags;                    /**< MPSC_PBUF_ */
	mpsc_pbuf_get_wlen get_wlen;       /**< the user's */
	mpsc_pbuf_notify_drop notify_drop; /**< the user's, or NULL */
	uint32_t waiting;                  /**< bits: who waits; written under the lock */

	struct z_mpsc_pbuf_in in;
	struct z_mpsc_pbuf_out out;

	struct wait_q producers; /**< wait for room; guarded by the lock */
	struct wait_q consumers; /**< wait for a packet; guarded by the lock */
#ifdef CONFIG_POLL
	struct poll_q pollers; /**< wait for a packet in k_poll(); guarded by the lock */
#endif
#ifdef CONFIG_MPSC_PBUF_HIGH_WATER
	struct mpsc_pbuf_high_water *high_water; /**< or NULL; guarded by the lock */
#endif
};

/** What mpsc_pbuf_init() wants to know. */
struct mpsc_pbuf_buffer_config {
	uint32_t *buf;                     /**< memory for the packets */
	uint32_t size;                     /**< its words, below 2^29 */
	mpsc_pbuf_notify_drop notify_drop; /**< NULL: nobody is told of dropped packets */
	mpsc_pbuf_get_wlen get_wlen;       /**< needed */
	uint32_t flags;                    /**< MPSC_PBUF_ */
};

/**
 * Make @p buffer an empty one over the memory of @p config, which must live as long as it is used;
 * @p config itself is copied. With a config that cannot be (no memory, no get_wlen, too large) it
 * asserts, and makes a buffer of no words, in which nothing has room.
 *
 * Context: before anybody uses it.   Blocks: never.   Cost: O(1).
 */
void mpsc_pbuf_init(struct mpsc_pbuf_buffer *buffer, const struct mpsc_pbuf_buffer_config *config);

/**
 * Allocate a packet of @p wlen words. The two bits in its header are 0; the rest of it is not
 * cleared, except with CONFIG_MPSC_CLEAR_ALLOCATED.
 *
 * When there is no room: waits up to @p timeout, never dropping anything. Where that is not possible
 * (K_NO_WAIT, an ISR, interrupts masked, a spinlock held) it drops the oldest packets in overwrite
 * mode. Claimed packets are passed over and stay; one not committed yet ends the search. What was
 * dropped until then stays dropped.
 *
 * Ownership: the packet is the caller's until it is committed, and must be.
 * Blocks: up to @p timeout in all. Threads that wait are served by priority, those of the same one
 * in the order in which they came; who asks with K_NO_WAIT goes before them.
 * Cost: O(packets whose room it takes); a system call only if it waits.
 * @return NULL if there was no room in time, or never can be: @p wlen is 0 or more than the buffer
 * has; or if @p buffer is NULL.
 */
Z_MPSC_PBUF_API union mpsc_pbuf_generic *mpsc_pbuf_alloc(struct mpsc_pbuf_buffer *buffer,
							 size_t wlen, k_timeout_t timeout);

/**
 * Hand an allocated packet to the consumer. What get_wlen() says of it must be what was allocated.
 *
 * Ownership: @p packet is the buffer's from here on.
 * Blocks: never.   Cost: O(1), no lock; a system call only if the consumer sleeps.
 * A packet that has been committed and claimed already, or is not the buffer's, is left alone, and
 * asserts.
 */
Z_MPSC_PBUF_API void mpsc_pbuf_commit(struct mpsc_pbuf_buffer *buffer,
				      union mpsc_pbuf_generic *packet);

/**
 * Put a packet of one word in; mpsc_pbuf_alloc() without waiting, and mpsc_pbuf_commit().
 * The two bits in the header are set here, in all three.
 *
 * @return 0, -ENOSPC if there is no room, -EMSGSIZE if it is larger than the buffer, -EINVAL if
 * @p buffer is NULL.
 */
Z_MPSC_PBUF_API int mpsc_pbuf_put_word(struct mpsc_pbuf_buffer *buffer,
				       const union mpsc_pbuf_generic word);

/**
 * The same with a packet of a word and a pointer: 1 + sizeof(void *) / 4 words. The pointer lies
 * behind the word, aligned to 4 bytes only: read it with memcpy() or through a packed structure.
 */
int mpsc_pbuf_put_word_ext(struct mpsc_pbuf_buffer *buffer, const union mpsc_pbuf_generic word,
			   const void *data);

/** The same with a packet that is copied from the @p wlen words at @p data. -EINVAL also if there are none. */
Z_MPSC_PBUF_API int mpsc_pbuf_put_data(struct mpsc_pbuf_buffer *buffer, const uint32_t *data,
				       size_t wlen);

/**
 * Claim the oldest committed packet that is not claimed yet.
 *
 * Ownership: the packet is the caller's until it is freed; nobody changes it, or drops it.
 * Context: the consumer; thread or ISR.   Blocks: never.
 * Cost: O(1), and what is to be passed over before it; one short lock in overwrite mode.
 * @return NULL if there is none, or the oldest is not committed yet; or if @p buffer is NULL.
 */
Z_MPSC_PBUF_API const union mpsc_pbuf_generic *mpsc_pbuf_claim(struct mpsc_pbuf_buffer *buffer);

/**
 * Give a claimed packet back. Its room is free when all older packets have been given back as well.
 *
 * Blocks: never.   Cost: O(1), and serving those who wait for room; in overwrite mode one short lock
 * if another packet was claimed when this one was; a system call only if somebody sleeps.
 * What is not a claimed packet of @p buffer is left alone, and asserts.
 */
Z_MPSC_PBUF_API void mpsc_pbuf_free(struct mpsc_pbuf_buffer *buffer,
				    const union mpsc_pbuf_generic *packet);

/**
 * @return whether mpsc_pbuf_claim() would return a packet: at some moment of the call, if producers
 * use the buffer meanwhile. Who is not the consumer may be told that there is none while that claims.
 * Cost: as mpsc_pbuf_claim().
 */
bool mpsc_pbuf_is_pending(struct mpsc_pbuf_buffer *buffer);

/**
 * Store how many bytes are in use in *@p now. In use is what was allocated and has not come back,
 * and what is passed over at the end of the memory. *@p size is one word less than the buffer has,
 * as upstream says it, and *@p now never more than that.
 *
 * Cost: O(packets freed since there was an allocation), a batch at a time under the lock.
 */
void mpsc_pbuf_get_utilization(struct mpsc_pbuf_buffer *buffer, uint32_t *size, uint32_t *now);

/**
 * Store the most that *@p now ever was. Cost: O(1).
 * @return 0, -ENOTSUP without MPSC_PBUF_MAX_UTILIZATION, -EINVAL if an argument is NULL.
 */
int mpsc_pbuf_get_max_utilization(struct mpsc_pbuf_buffer *buffer, uint32_t *max);

#ifdef __cplusplus
}
#endif

#include <zephyr/mpsc_pbuf/inline.h>

#endif /* ZEPHYR_SYS_MPSC_PBUF_H_ */
