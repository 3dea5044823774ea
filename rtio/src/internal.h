/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What the files of rtio share.
 *
 * A request is, by the low bits of its status, at home, taken (acquired or copied in), linked
 * (submitted, its turn has not come) or active (begun). Who is inside a call of the iodev about it,
 * or may still look at it afterwards, holds it: an end that comes meanwhile is only noted, and whoever
 * lets go last does what an end entails. So neither a device that ends requests at once nor one that
 * is just being asked to cancel one makes the stack deeper or has the request taken away.
 *
 * All of this is guarded by the lock of the context, which is held for a few instructions and never
 * across a call of anything else. Status is written with relaxed atomics, because some peek at it.
 */
#ifndef RTIO_INTERNAL_H_
#define RTIO_INTERNAL_H_

#include <zephyr/rtio/cancel.h>
#include <zephyr/rtio/rtio.h>
#include <zephyr/rtio/split.h>

#include "lock.h"

/* Where a request is. */
#define STATE_HOME 0U
#define STATE_TAKEN 1U
#define STATE_LINKED 2U
#define STATE_ACTIVE 3U
#define STATE_MASK 3U
/* Marks. BIT(2) is known to rtio_iodev_sqe_is_canceled(). */
#define MARK_ASKED BIT(2)     /* cancelled */
#define MARK_LATE BIT(3)      /* its deadline has passed */
#define MARK_DONE BIT(4)      /* ended; whoever lets go last, or is about to, finishes it */
#define MARK_WITHDRAWN BIT(5) /* cancelled before it was submitted */
#define MARK_PLAIN BIT(7)     /* active: nothing linked to it, no memory of the pool, no executor */
#define MARK_PENDING BIT(7)   /* linked: held back by the executor, as the head of its chain */
#define MARK_MEMBER BIT(6)    /* of a transaction under way, whose first one `result` numbers */
#define HOLD BIT(8)           /* one holder; counted from here up */

/* The flags by which a request is linked to the next. */
#define FLAGS_LINK (RTIO_SQE_CHAINED | RTIO_SQE_TRANSACTION)

static inline struct rtio_iodev_sqe *iodev_sqe_of(const struct rtio_sqe *sqe)
{
	return (struct rtio_iodev_sqe *)(uintptr_t)sqe;
}

/* Relaxed: for a peek, or under the lock. */
static inline uint32_t status_get(const struct rtio_iodev_sqe *s)
{
	return atomic32_load_relaxed(&s->status);
}

/* Context locked. Relaxed: pairs with peeks, which decide nothing. */
static inline void status_set(struct rtio_iodev_sqe *s, uint32_t status)
{
	atomic32_store_relaxed(&s->status, status);
}

/* Whether @p s, which is done, starts again. Context locked. */
static inline bool sqe_goes_on(const struct rtio_iodev_sqe *s)
{
	return (s->sqe.flags & RTIO_SQE_MULTISHOT) != 0 && s->result >= 0;
}

/* Whether @p s is done for good. Context locked. */
static inline bool sqe_over(const struct rtio_iodev_sqe *s)
{
	return (status_get(s) & MARK_DONE) != 0 && !sqe_goes_on(s);
}

/* A counter of the width of a long, written under the lock, read anywhere. */
static inline void count_up(atomic_t *count)
{
	__atomic_store_n(count, (atomic_t)((unsigned long)*count + 1), __ATOMIC_RELAXED);
}

static inline unsigned long count_get(const atomic_t *count)
{
	return (unsigned long)__atomic_load_n(count, __ATOMIC_RELAXED);
}

/* Put @p s home. Context locked. */
static ALWAYS_INLINE void sqe_put(struct rtio *r, struct rtio_iodev_sqe *s)
{
	s->generation++;
	status_set(s, STATE_HOME);
	s->next = r->sqe_free;
	r->sqe_free = s;
}

/* Take a completion. Context locked. @return it, NULL if there is none. */
static ALWAYS_INLINE struct rtio_cqe *cqe_take(struct rtio *r)
{
	struct mpsc_node *node = r->cqe_free;

	if (likely(node != NULL)) {
		r->cqe_free = node->next;
		return CONTAINER_OF(node, struct rtio_cqe, q);
	}
	return r->cqe_fresh < r->cq_size ? &r->cqes[r->cqe_fresh++] : NULL;
}

/* Queue a filled completion. Context locked. */
static ALWAYS_INLINE void cqe_queue(struct rtio *r, struct rtio_cqe *cqe)
{
	cqe->q.next = NULL;
	if (r->cq_first == NULL) {
		r->cq_first = &cqe->q;
	} else {
		r->cq_last->next = &cqe->q;
	}
	r->cq_last = &cqe->q;
}

/* An end: a completion, or a lost one. Context locked. @return whether there is a completion. */
static ALWAYS_INLINE bool answer(struct rtio *r, int result, void *userdata, uint32_t flags)
{
	struct rtio_cqe *cqe = cqe_take(r);

	count_up(&r->cq_count);
	if (unlikely(cqe == NULL)) {
		count_up(&r->xcqcnt);
		return false;
	}
	cqe->result = result;
	cqe->userdata = userdata;
	cqe->flags = flags;
	cqe_queue(r, cqe);
	return true;
}

/* Who waits in rtio_submit(). */
struct rtio_submitter_waits {
	struct waiter w;
	unsigned long target; /* the count of ends that it waits for */
};

/* Whether the count of ends has come to @p target. Relaxed: consuming takes the lock. */
static ALWAYS_INLINE bool rtio_has_ended(const struct rtio *r, unsigned long target)
{
	return (long)(count_get(&r->cq_count) - target) >= 0;
}

/* Finish those who wait for what has ended, and wake them. Context locked on entry, not on return. */
void rtio_wake_unlock(struct rtio *r, k_spinlock_key_t key);

/* Let go of the context after an end, and wake who waits for it. */
static ALWAYS_INLINE void unlock_ended(struct rtio *r, k_spinlock_key_t key)
{
	if (unlikely(r->waiting)) {
		rtio_wake_unlock(r, key);
	} else {
		rtio_unlock(r, key);
	}
}

/* Wait until the count of ends has come to @p target. @return 0, -EAGAIN after @p deadline. */
int rtio_wait_ended(struct rtio *r, unsigned long target, int64_t deadline);

/* Submit the chain that begins with @p head. @return what comes behind it. */
struct rtio_iodev_sqe *rtio_submit_chain(struct rtio *r, struct rtio_iodev_sqe *head);

/* Run a chain that an executor held back, to its end: it was cancelled, or is late. */
void rtio_run_removed(struct rtio *r, struct rtio_iodev_sqe *s);

/*
 * Copy parts of a request in, which are linked from then on and not taken.
 * @return the first, to be submitted by the next one; NULL: no room.
 */
struct rtio_iodev_sqe *rtio_parts_take(struct rtio *r, const struct rtio_sqe *parts, size_t n,
				       struct rtio_split *split);
void rtio_submit_list(struct rtio *r, struct rtio_iodev_sqe *first);

/* Whether @p s, which is not home, is one of those that go @p by something. Context locked. */
typedef bool (*rtio_choice_t)(const struct rtio_iodev_sqe *s, const void *by);

/* Cancel those. @return how many were asked to stop. */
uint32_t rtio_cancel_those(struct rtio *r, rtio_choice_t choice, const void *by);

/* The same of the parts of @p s that are in its own context. */
uint32_t rtio_cancel_parts_of(struct rtio_iodev_sqe *s);

/* Something that is not plain has ended, and nobody holds it: answer and go on. */
void rtio_ended(struct rtio *r, struct rtio_iodev_sqe *s, int result);

/* Let go of a held request. If it has ended, and nobody else holds it, go on from there. */
void rtio_executor_let_go(struct rtio_iodev_sqe *s);

/* Ask a held, active request to stop. Nothing locked. */
void rtio_stop(struct rtio_iodev_sqe *s);

/* Stop awaiting a signal. @return whether it still did: the caller ends the request. */
bool rtio_await_stop(struct rtio_iodev_sqe *s);

/* The band of a priority; rtio_prio_queue_put() and rtio_prio_queue_remove() of any. */
unsigned int rtio_prio_band(const struct rtio_iodev_sqe *s);
void rtio_prio_queue_put_band(struct rtio_prio_queue *q, struct rtio_iodev_sqe *iodev_sqe,
			      unsigned int band);
bool rtio_prio_queue_remove_band(struct rtio_prio_queue *q, struct rtio_iodev_sqe *iodev_sqe,
				 unsigned int band);

/* Signal @p s, which awaits. Context locked on entry, not on return. @return 0. */
int rtio_await_signalled(struct rtio *r, struct rtio_iodev_sqe *s, k_spinlock_key_t key);

#ifdef CONFIG_RTIO_DEADLINE
/* Whether the deadline of @p s, which is about to start, has passed. */
bool rtio_deadline_passed(struct rtio_iodev_sqe *s);
/* The same of one that has started, or waits to. */
bool rtio_deadline_is_over(const struct rtio_iodev_sqe *s);
/* @p s starts: its deadline counts. */
void rtio_deadline_begin(struct rtio_iodev_sqe *s);
/* @p s has to wait: its deadline counts. Context locked. */
void rtio_deadline_wait(struct rtio_iodev_sqe *s);
/* @p s has ended: its deadline is that of @p next, unless that is NULL. */
void rtio_deadline_end(struct rtio_iodev_sqe *s, struct rtio_iodev_sqe *next);
/* The executor's own operation. */
void rtio_delay_begin(struct rtio_iodev_sqe *s);
/* Forget when @p s is due. @return whether it was not due yet: of a delay, the caller ends it. */
bool rtio_timeout_disarm(struct rtio_iodev_sqe *s);
/* A deadline of @p s has passed, or of what it was before. If it is this one's, ask it to stop. */
void rtio_expire(struct rtio_iodev_sqe *s);
#endif

#ifdef CONFIG_RTIO_SYS_MEM_BLOCKS
/* The flags of a completion with the memory that @p s got from the pool; 0 without. */
uint32_t rtio_mempool_flags(const struct rtio_iodev_sqe *s);
/* Take memory of the pool from @p s, if it has some. */
void rtio_mempool_drop(struct rtio_iodev_sqe *s);
#else
static inline uint32_t rtio_mempool_flags(const struct rtio_iodev_sqe *s)
{
	ARG_UNUSED(s);
	return 0;
}

static inline void rtio_mempool_drop(struct rtio_iodev_sqe *s)
{
	ARG_UNUSED(s);
}
#endif

#endif /* RTIO_INTERNAL_H_ */
