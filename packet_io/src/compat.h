/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The few things that differ between the systems Packet I/O is part of: this library's own kernel
 * and net_buf, and Zephyr's, of whatever version from 3.1 on.
 */
#ifndef PACKET_IO_COMPAT_H_
#define PACKET_IO_COMPAT_H_

#include <zephyr/packet_io/packet_io.h>
#ifdef CONFIG_PORT_BARE
#include <kernel/start.h>
#endif

#ifndef __ZEPHYR__

#include <zephyr/net_buf/ref_many.h>

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
	return n <= UINT16_MAX && net_buf_ref_add(buf, (uint16_t)n);
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

/** The end of a semaphore that lay on the stack. */
static inline void compat_sem_end(struct k_sem *sem)
{
	ARG_UNUSED(sem);
}

#else /* __ZEPHYR__ */

#if __has_include(<zephyr/version.h>)
#include <zephyr/version.h>
#else
#include <version.h>
#endif

#if KERNEL_VERSION_NUMBER >= ZEPHYR_VERSION(3, 5, 0)

typedef k_timepoint_t compat_timepoint_t;

static inline compat_timepoint_t compat_timepoint(k_timeout_t timeout)
{
	return sys_timepoint_calc(timeout);
}

static inline k_timeout_t compat_left(compat_timepoint_t end)
{
	return sys_timepoint_timeout(end);
}

#else

typedef int64_t compat_timepoint_t; /* in ticks since the start */

static inline compat_timepoint_t compat_timepoint(k_timeout_t timeout)
{
	return (int64_t)sys_clock_timeout_end_calc(timeout);
}

static inline k_timeout_t compat_left(compat_timepoint_t end)
{
	int64_t left = end - sys_clock_tick_get();

	return left > 0 ? K_TICKS((k_ticks_t)left) : K_NO_WAIT;
}

#endif

#if KERNEL_VERSION_NUMBER >= ZEPHYR_VERSION(3, 4, 0)
#define COMPAT_INIT_PARAMETERS void
#else
#define COMPAT_INIT_PARAMETERS const struct device *none __attribute__((unused))
#endif

/* The count has 8 bits. Zephyr keeps 255 free, so that a count never runs into what is beside it. */
#define COMPAT_REF_MAX 254U

static ALWAYS_INLINE uint32_t compat_ref_get(const struct net_buf *buf)
{
	return *(const volatile uint8_t *)&buf->ref;
}

#if KERNEL_VERSION_NUMBER >= ZEPHYR_VERSION(4, 5, 0)

/* The count is the low byte of an atomic word. */

static ALWAYS_INLINE bool compat_ref_add(struct net_buf *buf, uint32_t n)
{
	atomic_val_t word;

	do {
		word = atomic_get(&buf->ref_word);
		if (((uint32_t)word & UINT8_MAX) + n > COMPAT_REF_MAX) {
			return false;
		}
	} while (!atomic_cas(&buf->ref_word, word, word + (atomic_val_t)n));
	return true;
}

static ALWAYS_INLINE void compat_ref_drop(struct net_buf *buf, uint32_t n)
{
	atomic_val_t word;

	/* First all but one, which keeps the buffer from going home meanwhile. */
	do {
		word = atomic_get(&buf->ref_word);
		if (((uint32_t)word & UINT8_MAX) < n) {
			return;
		}
	} while (n > 1 && !atomic_cas(&buf->ref_word, word, word - (atomic_val_t)(n - 1)));
	net_buf_unref(buf);
}

#else

/* The count is a byte that Zephyr itself adds to and takes from without protection. */

static ALWAYS_INLINE bool compat_ref_add(struct net_buf *buf, uint32_t n)
{
	unsigned int key = irq_lock();
	bool fits = buf->ref + n <= COMPAT_REF_MAX;

	if (fits) {
		buf->ref = (uint8_t)(buf->ref + n);
	}
	irq_unlock(key);
	return fits;
}

static ALWAYS_INLINE void compat_ref_drop(struct net_buf *buf, uint32_t n)
{
	unsigned int key = irq_lock();
	uint32_t held = buf->ref;

	if (held >= n) {
		buf->ref = held == n ? 1 : (uint8_t)(held - n);
	}
	irq_unlock(key);
	if (held == n) {
		net_buf_unref(buf); /* Nobody else holds it. */
	}
}

#endif

static ALWAYS_INLINE void compat_count(atomic_t *counter, uint32_t n)
{
#ifdef CONFIG_ATOMIC_OPERATIONS_BUILTIN
	(void)__atomic_fetch_add(counter, (atomic_val_t)n, __ATOMIC_RELAXED);
#else
	(void)atomic_add(counter, (atomic_val_t)n);
#endif
}

static inline void compat_reschedule(void)
{
	/* The kernel does not switch while interrupts are masked, and not when a lock is let go. */
	if (!k_is_in_isr()) {
		k_sched_lock();
		k_sched_unlock();
	}
}

static inline void compat_sem_end(struct k_sem *sem)
{
#ifdef CONFIG_OBJ_CORE_SEM
	k_obj_core_unlink(K_OBJ_CORE(sem));
#else
	ARG_UNUSED(sem);
#endif
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
