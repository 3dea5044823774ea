/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The few things that differ between the systems Packet I/O is part of: here for this library's own
 * kernel and net_buf, in compat_zephyr.h for Zephyr's.
 */
#ifndef PACKET_IO_COMPAT_H_
#define PACKET_IO_COMPAT_H_

#include <zephyr/packet_io/packet_io.h>

#ifdef __ZEPHYR__

#include "compat_zephyr.h"

#else

#ifdef CONFIG_PORT_BARE
#include <kernel/start.h>
#endif
#include <kernel/msgq_ring.h>
#include <kernel/restart.h>
#include <zephyr/net_buf/ref_many.h>

/*
 * The hot path does the usual case of these calls itself. A test that has the linker redirect the
 * calls defines this, and sees all of them.
 */
#ifdef COMPAT_CALLS_ONLY
#define COMPAT_SHORT_WAY false
#else
#define COMPAT_SHORT_WAY true
#endif

/** When a wait ends. */
typedef k_timepoint_t compat_timepoint_t;

static inline compat_timepoint_t compat_timepoint(k_timeout_t timeout)
{
	return sys_timepoint_calc(timeout);
}

/** @return what is left until @p end; K_NO_WAIT when it has passed. */
static inline k_timeout_t compat_left(compat_timepoint_t end)
{
	return sys_timepoint_timeout(end);
}

/** What SYS_INIT() gives to a function. */
#define COMPAT_INIT_PARAMETERS void

/** @return the references to @p buf, at some moment of the call. 0: it is at home. */
static ALWAYS_INLINE uint32_t compat_ref_get(const struct net_buf *buf)
{
	return net_buf_ref_get(buf);
}

/** Take @p n references, all or none. @return whether the count holds them. */
static ALWAYS_INLINE bool compat_ref_add(struct net_buf *buf, uint32_t n)
{
	return n <= UINT16_MAX && (COMPAT_SHORT_WAY ? net_buf_ref_more(buf, (uint16_t)n)
						    : net_buf_ref_add(buf, (uint16_t)n));
}

/** Give up @p n references, the last one perhaps. */
static ALWAYS_INLINE void compat_ref_drop(struct net_buf *buf, uint32_t n)
{
	net_buf_ref_drop(buf, (uint16_t)n);
}

/** Give up one reference. @return false, and nothing has changed, if there was none. */
static ALWAYS_INLINE bool compat_ref_end(struct net_buf *buf)
{
	return net_buf_ref_end(buf);
}

/** Put @p event in a queue of events. @return 0, -ENOMSG if it is full. */
static ALWAYS_INLINE int compat_put(struct k_msgq *msgq, struct packet_event event)
{
	int ret = COMPAT_SHORT_WAY ? msgq_try_put(msgq, &event, sizeof(event)) : -EBUSY;

	if (unlikely(ret == -EBUSY)) {
		struct packet_event copy = event; /* leaves the other one in registers */

		ret = k_msgq_put(msgq, &copy, K_NO_WAIT);
	}
	return ret;
}

/** Whether compat_put_some() ever puts any. */
#define COMPAT_AT_ONCE (IS_ENABLED(CONFIG_SMP) && COMPAT_SHORT_WAY)

/** Put the first of @p n events at once. @return how many: perhaps none, though there is room. */
static ALWAYS_INLINE uint32_t compat_put_some(struct k_msgq *msgq,
					      const struct packet_event *events, uint32_t n)
{
#ifdef CONFIG_SMP
	return msgq_try_put_some(msgq, events, sizeof(*events), n);
#else
	ARG_UNUSED(msgq);
	ARG_UNUSED(events);
	ARG_UNUSED(n);
	return 0;
#endif
}

/** Take an event off a queue of events. @return as k_msgq_get(). */
static ALWAYS_INLINE int compat_get(struct k_msgq *msgq, struct packet_event *event,
				    k_timeout_t timeout)
{
	int ret = COMPAT_SHORT_WAY ? msgq_try_get(msgq, event, sizeof(*event)) : -EBUSY;

	if (unlikely(ret != 0) && (ret != -ENOMSG || !K_TIMEOUT_EQ(timeout, K_NO_WAIT))) {
		struct packet_event late; /* leaves the other one in registers */

		ret = k_msgq_get(msgq, &late, timeout);
		if (ret == 0) {
			*event = late;
		}
	}
	return ret;
}

/** Count, in no order with anything else. */
static ALWAYS_INLINE void compat_count(atomic_t *counter, uint32_t n)
{
#ifdef PORT_ATOMICS_NATIVE
	(void)__atomic_fetch_add(counter, (atomic_val_t)n, __ATOMIC_RELAXED);
#else
	(void)atomic_add(counter, (atomic_val_t)n);
#endif
}

/**
 * For a source that has no sinks: perhaps because nothing is wired yet, a microcontroller's start-up
 * code being incomplete.
 */
static inline void compat_ensure_started(void)
{
#ifdef CONFIG_PORT_BARE
	if (!kernel_started()) {
		__ASSERT(false, "no constructors have run, and nobody has called kernel_start()");
		if (!k_is_in_isr()) {
			kernel_start();
		}
	}
#endif
}

/** Let a thread run that was woken while a lock was held. */
static inline void compat_reschedule(void)
{
}

/** k_sem_take() by who has something to lose: packet_io_stop() does not end the thread there. */
static inline int compat_sem_await(struct k_sem *sem, k_timeout_t timeout)
{
	int ret;

	kernel_hold();
	ret = k_sem_take(sem, timeout);
	kernel_release();
	return ret;
}

/** The end of a semaphore that lay on the stack. */
static inline void compat_sem_end(struct k_sem *sem)
{
	ARG_UNUSED(sem);
}

#endif /* __ZEPHYR__ */

/** Load a word that others write under a lock. Relaxed: what the lock guards is read under it. */
static ALWAYS_INLINE uint32_t compat_peek(const uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

/** Store a word, under the lock, that others read without. Relaxed: as compat_peek(). */
static ALWAYS_INLINE void compat_poke(uint32_t *word, uint32_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELAXED);
}

#endif /* PACKET_IO_COMPAT_H_ */
