/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The ring of a message queue, and the short way through it. For the parts of this library, not for
 * applications, and not there on Zephyr.
 *
 * `put.count - get.count` messages are in it. Each end is guarded by its own lock and publishes its
 * count with release order after it has copied; the other end reads it with acquire order, and only
 * when the count it remembers says full, or empty. One core alone remembers nothing: there a look at
 * the other end costs nothing, and both locks are one mask.
 *
 * Context: any, with the locks that a function asks for.   Blocks: never.   Cost: constant, and the
 * copy.   Sizes are in bytes.
 */
#ifndef KERNEL_MSGQ_RING_H_
#define KERNEL_MSGQ_RING_H_

#include <zephyr/kernel/msgq.h>

#include <errno.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @return messages in the ring. Both locks held. */
static ALWAYS_INLINE uint32_t msgq_used(const struct k_msgq *q)
{
	return q->put.count - q->get.count;
}

/** @return the slot behind @p slot, that of the other end behind the last. */
static ALWAYS_INLINE char *msgq_next_slot(const struct k_msgq *q, char *slot, size_t size)
{
	slot += size;
	return slot == q->buffer_end ? q->buffer_start : slot;
}

/**
 * Copy a message; __builtin_, so that compilers for systems without a C library know what it does.
 * Two words that may lie anywhere are an instruction each for ARMv7-M, and need not be in memory.
 */
static ALWAYS_INLINE void msgq_copy(char *dst, const char *src, size_t size)
{
#ifdef __ARM_FEATURE_UNALIGNED
	if (__builtin_constant_p(size) && size == 2 * sizeof(uint32_t)) {
		__builtin_memcpy(dst, src, sizeof(uint32_t));
		__builtin_memcpy(dst + sizeof(uint32_t), src + sizeof(uint32_t), sizeof(uint32_t));
		return;
	}
#endif
	__builtin_memcpy(dst, src, size);
}

/** Copy a message into the ring, which has room. Producers' lock held. */
static ALWAYS_INLINE void msgq_ring_put(struct k_msgq *q, const void *data, size_t size)
{
	uint32_t count = q->put.count;
	char *slot = q->put.ptr;

	msgq_copy(slot, (const char *)data, size);
	q->put.ptr = msgq_next_slot(q, slot, size);
	/* Release: pairs with the acquire in msgq_not_empty(). */
	atomic32_store_release(&q->put.count, count + 1);
}

/** Copy the first message out of the ring, which has one. Consumers' lock held. */
static ALWAYS_INLINE void msgq_ring_get(struct k_msgq *q, void *data, size_t size)
{
	uint32_t count = q->get.count;
	char *slot = q->get.ptr;

	msgq_copy((char *)data, slot, size);
	q->get.ptr = msgq_next_slot(q, slot, size);
	/* Release: pairs with the acquire in msgq_not_full(). */
	atomic32_store_release(&q->get.count, count + 1);
}

#ifdef CONFIG_SMP

/** @return whether there is room. Producers' lock held. */
static ALWAYS_INLINE bool msgq_not_full(struct k_msgq *q)
{
	if (likely(q->put.count - q->put.other_seen < q->max_msgs)) {
		return true;
	}
	/* Acquire: pairs with the release in msgq_ring_get(). */
	q->put.other_seen = atomic32_load_acquire(&q->get.count);
	return q->put.count - q->put.other_seen < q->max_msgs;
}

/** @return whether there is a message. Consumers' lock held. */
static ALWAYS_INLINE bool msgq_not_empty(struct k_msgq *q)
{
	if (likely(q->get.other_seen != q->get.count)) {
		return true;
	}
	/* Acquire: pairs with the release in msgq_ring_put(). */
	q->get.other_seen = atomic32_load_acquire(&q->put.count);
	return q->get.other_seen != q->get.count;
}

/** Both ends look anew. Both locks held, after a change that only one of them would notice. */
static ALWAYS_INLINE void msgq_resync(struct k_msgq *q)
{
	q->put.other_seen = q->get.count;
	q->get.other_seen = q->put.count;
}

#else

static ALWAYS_INLINE bool msgq_not_full(struct k_msgq *q)
{
	return msgq_used(q) < q->max_msgs;
}

static ALWAYS_INLINE bool msgq_not_empty(struct k_msgq *q)
{
	return msgq_used(q) != 0;
}

static ALWAYS_INLINE void msgq_resync(struct k_msgq *q)
{
	ARG_UNUSED(q);
}

#endif /* CONFIG_SMP */

/** @return whether putting a message can concern somebody who waits. One of the locks held. */
static ALWAYS_INLINE bool msgq_put_waits(const struct k_msgq *q)
{
#ifdef CONFIG_MSGQ_FD
	return (q->waiting & Z_MSGQ_WAITING_ALL) != 0;
#else
	return q->waiting != 0;
#endif
}

/**
 * k_msgq_put() without the cases that are rare, for messages of @p size, a constant.
 *
 * Context: any.   Blocks: no.
 * @return 0; -ENOMSG if the ring is full; -EBUSY, nothing done, if it is for k_msgq_put(): somebody
 * waits, or holds the lock.
 */
static ALWAYS_INLINE int msgq_try_put(struct k_msgq *q, const void *data, size_t size)
{
	k_spinlock_key_t key;
	bool full;

	if (unlikely(k_spin_trylock(&q->put.lock, &key) != 0)) {
		return -EBUSY;
	}
	full = !msgq_not_full(q);
	if (likely(!full && !msgq_put_waits(q))) {
		msgq_ring_put(q, data, size);
		k_spin_unlock(&q->put.lock, key);
		return 0;
	}
	k_spin_unlock(&q->put.lock, key);
	return full ? -ENOMSG : -EBUSY;
}

#ifdef CONFIG_SMP

/**
 * Put the first of @p n messages of @p size at once, as many as there seems to be room for. Where there is one
 * core it would keep interrupts out for long, and gain nothing.
 *
 * Context: any.   Blocks: no.   Cost: one lock, and the copies.
 * @return how many; 0, too, if they are for k_msgq_put(): somebody waits, or holds the lock.
 */
static ALWAYS_INLINE uint32_t msgq_try_put_some(struct k_msgq *q, const void *data, size_t size,
						uint32_t n)
{
	const char *from = (const char *)data;
	k_spinlock_key_t key;
	uint32_t done = 0;

	if (unlikely(k_spin_trylock(&q->put.lock, &key) != 0)) {
		return 0;
	}
	if (likely(!msgq_put_waits(q) && msgq_not_full(q))) {
		char *slot = q->put.ptr;
		uint32_t room = q->max_msgs - (q->put.count - q->put.other_seen);

		for (n = MIN(n, room); done < n; done++) {
			msgq_copy(slot, from, size);
			slot = msgq_next_slot(q, slot, size);
			from += size;
		}
		q->put.ptr = slot;
		/* Release: as in msgq_ring_put(). */
		atomic32_store_release(&q->put.count, q->put.count + done);
	}
	k_spin_unlock(&q->put.lock, key);
	return done;
}

#endif /* CONFIG_SMP */

/** k_msgq_get(), as msgq_try_put(). @return -ENOMSG if the ring is empty. */
static ALWAYS_INLINE int msgq_try_get(struct k_msgq *q, void *data, size_t size)
{
	k_spinlock_key_t key;
	bool empty;

	if (unlikely(k_spin_trylock(&q->get.lock, &key) != 0)) {
		return -EBUSY;
	}
	empty = !msgq_not_empty(q);
	if (likely(!empty && q->waiting == 0)) {
		msgq_ring_get(q, data, size);
		k_spin_unlock(&q->get.lock, key);
		return 0;
	}
	k_spin_unlock(&q->get.lock, key);
	return empty ? -ENOMSG : -EBUSY;
}

#ifdef __cplusplus
}
#endif

#endif /* KERNEL_MSGQ_RING_H_ */
