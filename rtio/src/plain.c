/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Submission, and the short way of plain requests: alone, to an iodev, without anything special. Such
 * a request is handed to its iodev, and its end is one critical section. All others go by executor.c.
 */
#include "internal.h"

#ifdef CONFIG_RTIO_LINUX
#include <zephyr/rtio/waiting.h>
#endif

/* How many requests are begun under one lock; on one core a lock costs little, but masks interrupts. */
#define GROUP (IS_ENABLED(CONFIG_SMP) ? 16U : 1U)

/* Flags that a plain request may have; its end is plain as well if it has none. */
#define FLAGS_PLAIN_BEGIN (RTIO_SQE_NO_RESPONSE | RTIO_SQE_MEMPOOL_BUFFER)

/* ---- the end of a request -------------------------------------------------------------------- */

/* Answer @p s, which is plain, and let go. Context locked on entry, not on return. */
static ALWAYS_INLINE void end_plain(struct rtio *r, struct rtio_iodev_sqe *s, int result,
				    k_spinlock_key_t key)
{
	(void)answer(r, result, s->sqe.userdata, 0);
	sqe_put(r, s);
	unlock_ended(r, key);
}

/* Context locked on entry, not on return. */
static __attribute__((noinline)) void end_locked(struct rtio *r, struct rtio_iodev_sqe *s,
						 int result, k_spinlock_key_t key)
{
	uint32_t status = status_get(s);
	bool held = status >= HOLD;

	if ((status & (STATE_MASK | MARK_DONE)) != STATE_ACTIVE) {
		rtio_unlock(r, key);
		__ASSERT(false, "a request has ended twice, or never begun");
		return;
	}
	s->result = result;
	status_set(s, status | MARK_DONE);
	rtio_unlock(r, key);
	if (!held) {
		rtio_ended(r, s, result);
	}
}

static __attribute__((noinline)) void end_contended(struct rtio_iodev_sqe *s, int result)
{
	struct rtio *r = s->r;
	k_spinlock_key_t key = rtio_lock(r);

	if (likely(status_get(s) == (STATE_ACTIVE | MARK_PLAIN))) {
		end_plain(r, s, result, key);
	} else {
		end_locked(r, s, result, key);
	}
}

/*
 * Whether it went well is in the result; all four names of the end are this function. What is not the
 * usual is done by others, whom it calls last, so that it needs no stack.
 */
void rtio_iodev_sqe_ok(struct rtio_iodev_sqe *iodev_sqe, int result)
{
	struct rtio_iodev_sqe *s = iodev_sqe;
	struct rtio *r = s->r;
	k_spinlock_key_t key;

	if (unlikely(rtio_trylock(r, &key) != 0)) {
		end_contended(s, result);
	} else if (likely(status_get(s) == (STATE_ACTIVE | MARK_PLAIN))) {
		end_plain(r, s, result, key);
	} else {
		end_locked(r, s, result, key);
	}
}

void rtio_executor_ok(struct rtio_iodev_sqe *iodev_sqe, int result)
	__attribute__((alias("rtio_iodev_sqe_ok")));
void rtio_executor_err(struct rtio_iodev_sqe *iodev_sqe, int result)
	__attribute__((alias("rtio_iodev_sqe_ok")));
void rtio_iodev_sqe_err(struct rtio_iodev_sqe *iodev_sqe, int result)
	__attribute__((alias("rtio_iodev_sqe_ok")));

/* ---- submission ------------------------------------------------------------------------------ */

/* The last of what is submitted together has nobody to be linked to. */
static ALWAYS_INLINE void check_last(const struct rtio_sqe_list *list)
{
	bool linked = (list->last->sqe.flags & FLAGS_LINK) != 0;

	__ASSERT(!linked, "the last request is linked to a next one, which is not there");
	if (unlikely(linked)) {
		list->last->sqe.flags &= (uint16_t)~FLAGS_LINK;
	}
}

/* Take all that the caller may submit, linked by next. Context locked. */
static ALWAYS_INLINE struct rtio_iodev_sqe *take_submitted(struct rtio *r)
{
	struct rtio_iodev_sqe *first = r->copied.first;

	if (unlikely(first != NULL)) {
		check_last(&r->copied);
		r->copied.first = NULL;
	}
	if (likely(r->acquired.first != NULL) && likely(r->holder == port_context())) {
		check_last(&r->acquired);
		r->acquired.last->next = first;
		first = r->acquired.first;
		r->acquired.first = NULL;
	}
	return first;
}

/*
 * Begin a request that may be plain. Context locked.
 * @return whether it is, and no executor has a say: it is its iodev's now.
 */
static ALWAYS_INLINE bool begin_plain(struct rtio_iodev_sqe *s)
{
	uint32_t flags = s->sqe.flags;
	uint32_t status = STATE_ACTIVE | MARK_PLAIN;

	if (unlikely(flags != 0)) {
		if ((flags & ~FLAGS_PLAIN_BEGIN) != 0) {
			return false;
		}
		status = STATE_ACTIVE;
	}
	if (unlikely(s->sqe.iodev == NULL || status_get(s) != STATE_TAKEN)) {
		return false;
	}
	status_set(s, status);
	return true;
}

/* Begin plain requests from @p s on, up to a group. Context locked. @return how many. */
static ALWAYS_INLINE uint32_t begin_group(struct rtio_iodev_sqe *s)
{
	uint32_t n = 0;

	while (s != NULL && n < GROUP && begin_plain(s)) {
		s = s->next;
		n++;
	}
	return n;
}

#if defined(CONFIG_RTIO_LINUX) && defined(CONFIG_RTIO_SUBMIT_SEM)

/* Tell devices which request is the last one before the caller waits. Context locked. */
static ALWAYS_INLINE void announce_wait(bool waits, const struct rtio_iodev_sqe *last)
{
	z_rtio_submitter.last = waits ? last : NULL;
}

/* @return whether a device waits for it instead, and how in *@p result. */
static ALWAYS_INLINE bool device_waits(struct rtio *r, unsigned long target, int64_t deadline,
				       int *result)
{
	z_rtio_submitter.last = NULL;
	if (likely(z_rtio_submitter.wait == NULL)) {
		return false;
	}
	*result = z_rtio_submitter.wait(r, target, deadline);
	return true;
}

#else

static ALWAYS_INLINE void announce_wait(bool waits, const struct rtio_iodev_sqe *last)
{
	ARG_UNUSED(waits);
	ARG_UNUSED(last);
}

static ALWAYS_INLINE bool device_waits(struct rtio *r, unsigned long target, int64_t deadline,
				       int *result)
{
	ARG_UNUSED(r);
	ARG_UNUSED(target);
	ARG_UNUSED(deadline);
	ARG_UNUSED(result);
	return false;
}

#endif

/* Start all that the caller may submit, who then @p waits or not. */
static ALWAYS_INLINE void submit_all(struct rtio *r, bool waits)
{
	k_spinlock_key_t key = rtio_lock(r);
	const struct rtio_iodev_sqe *last =
		r->copied.first != NULL ? r->copied.last : r->acquired.last;
	struct rtio_iodev_sqe *s = take_submitted(r);
	bool direct = r->executor == NULL;

	announce_wait(waits, last);
	while (likely(s != NULL)) {
		uint32_t plain = likely(direct) ? begin_group(s) : 0;

		rtio_unlock(r, key);
		if (unlikely(plain == 0)) {
			s = rtio_submit_chain(r, s);
		}
		while (plain-- > 0) {
			struct rtio_iodev_sqe *next = s->next;

			s->next = NULL;
			s->sqe.iodev->api->submit(s);
			s = next;
		}
		if (s == NULL) {
			return;
		}
		key = rtio_lock(r);
	}
	rtio_unlock(r, key);
}

/* Not enough has ended yet. */
static __attribute__((noinline)) int submit_wait(struct rtio *r, unsigned long target,
						 int64_t deadline)
{
	if (port_in_isr()) {
		__ASSERT(false, "an ISR must not wait for requests");
		return -EINVAL;
	}
	return rtio_wait_ended(r, target, deadline);
}

void rtio_submit_list(struct rtio *r, struct rtio_iodev_sqe *first)
{
	while (first != NULL) {
		first = rtio_submit_chain(r, first);
	}
}

static ALWAYS_INLINE int wait_for_ends(struct rtio *r, unsigned long target, int64_t deadline)
{
	int result;

	if (unlikely(device_waits(r, target, deadline, &result))) {
		return result;
	}
	return rtio_has_ended(r, target) ? 0 : submit_wait(r, target, deadline);
}

/* For those with a deadline, which need not be as fast. */
static __attribute__((noinline)) void submit_waiting(struct rtio *r, bool waits)
{
	submit_all(r, waits);
}

int rtio_submit_timeout(struct rtio *r, uint32_t wait_count, k_timeout_t timeout)
{
	unsigned long target = count_get(&r->cq_count) + wait_count;
	int64_t deadline = wait_count != 0 ? sys_clock_deadline(timeout) : 0;

	if (IS_ENABLED(CONFIG_RTIO_LINUX)) {
		submit_waiting(r, wait_count != 0 && !K_TIMEOUT_EQ(timeout, K_NO_WAIT));
	} else {
		rtio_executor_submit(r);
	}
	return wait_count == 0 ? 0 : wait_for_ends(r, target, deadline);
}

int rtio_submit(struct rtio *r, uint32_t wait_count)
{
	unsigned long target = count_get(&r->cq_count) + wait_count;

	submit_all(r, wait_count != 0);
	return wait_count == 0 ? 0 : wait_for_ends(r, target, PORT_FOREVER);
}

void rtio_executor_submit(struct rtio *r)
{
	(void)rtio_submit(r, 0);
}
