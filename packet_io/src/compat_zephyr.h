/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The functions of compat.h on Zephyr, of whatever version from 3.1 on: what its kernel and net_buf
 * call things, and how wide and how safe the count of references is.
 */
#ifndef PACKET_IO_COMPAT_ZEPHYR_H_
#define PACKET_IO_COMPAT_ZEPHYR_H_

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
		if (n > COMPAT_REF_MAX || ((uint32_t)word & UINT8_MAX) + n > COMPAT_REF_MAX) {
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
	bool fits = n <= COMPAT_REF_MAX && buf->ref + n <= COMPAT_REF_MAX;

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

static ALWAYS_INLINE bool compat_ref_end(struct net_buf *buf)
{
	if (compat_ref_get(buf) == 0) {
		return false;
	}
	compat_ref_drop(buf, 1);
	return true;
}

static ALWAYS_INLINE int compat_put(struct k_msgq *msgq, struct packet_event event)
{
	return k_msgq_put(msgq, &event, K_NO_WAIT);
}

#define COMPAT_AT_ONCE false

static ALWAYS_INLINE uint32_t compat_put_some(struct k_msgq *msgq,
					      const struct packet_event *events, uint32_t n)
{
	ARG_UNUSED(msgq);
	ARG_UNUSED(events);
	ARG_UNUSED(n);
	return 0;
}

static ALWAYS_INLINE int compat_get(struct k_msgq *msgq, struct packet_event *event,
				    k_timeout_t timeout)
{
	return k_msgq_get(msgq, event, timeout);
}

static ALWAYS_INLINE void compat_count(atomic_t *counter, uint32_t n)
{
#ifdef CONFIG_ATOMIC_OPERATIONS_BUILTIN
	(void)__atomic_fetch_add(counter, (atomic_val_t)n, __ATOMIC_RELAXED);
#else
	(void)atomic_add(counter, (atomic_val_t)n);
#endif
}

static inline void compat_ensure_started(void)
{
	/* Zephyr has. */
}

static inline void compat_reschedule(void)
{
	/* The kernel does not switch while interrupts are masked, and not when a lock is let go. */
	if (!k_is_in_isr()) {
		k_sched_lock();
		k_sched_unlock();
	}
}

static inline int compat_sem_await(struct k_sem *sem, k_timeout_t timeout)
{
	return k_sem_take(sem, timeout);
}

static inline void compat_sem_end(struct k_sem *sem)
{
#ifdef CONFIG_OBJ_CORE_SEM
	k_obj_core_unlink(K_OBJ_CORE(sem));
#else
	ARG_UNUSED(sem);
#endif
}

#endif /* PACKET_IO_COMPAT_ZEPHYR_H_ */
