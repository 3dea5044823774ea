/* SPDX-License-Identifier: Apache-2.0 */
/** @file Completions: producing, consuming, waiting. */
#include "internal.h"

static bool reached(unsigned long count, unsigned long target)
{
	return (long)(count - target) >= 0;
}

/* Take the oldest completion out. Context locked. */
static ALWAYS_INLINE struct rtio_cqe *cq_take(struct rtio *r)
{
	struct mpsc_node *node = r->cq_first;

	if (node == NULL) {
		return NULL;
	}
	r->cq_first = node->next;
	return CONTAINER_OF(node, struct rtio_cqe, q);
}

/* Finish those for whom enough has ended. Context locked. @return a chain to be woken. */
static struct waiter *finish_waiters(struct rtio *r)
{
	unsigned long count = count_get(&r->cq_count);
	struct waiter *woken = NULL;
	struct waiter *w = r->submitters.first;

	while (w != NULL) {
		struct waiter *next = w->next;

		if (reached(count, CONTAINER_OF(w, struct rtio_submitter_waits, w)->target)) {
			wait_q_remove(&r->submitters, w);
			(void)waiter_finish(w, 0);
			w->next = woken;
			woken = w;
		}
		w = next;
	}
	while (r->cq_first != NULL && (w = wait_q_take(&r->consumers)) != NULL) {
		w->data = cq_take(r);
		(void)waiter_finish(w, 0);
		w->next = woken;
		woken = w;
	}
	r->waiting = !wait_q_empty(&r->submitters) || !wait_q_empty(&r->consumers);
	return woken;
}

void rtio_wake_unlock(struct rtio *r, k_spinlock_key_t key)
{
	struct waiter *woken = finish_waiters(r);

	rtio_unlock(r, key);
	wait_q_wake_chain(woken);
}

/* For those who poll. @return whether there is time left, after having let others run. */
static __maybe_unused bool poll_again(int64_t deadline)
{
	if (port_clock_ticks() >= deadline) {
		return false;
	}
	k_yield();
	return true;
}

#ifdef CONFIG_RTIO_SUBMIT_SEM

int rtio_wait_ended(struct rtio *r, unsigned long target, int64_t deadline)
{
	struct rtio_submitter_waits me;
	k_spinlock_key_t key;

	waiter_init(&me.w, NULL);
	waiter_kind(&me.w, WAIT_FOR_ROOM);
	me.target = target;
	key = rtio_lock(r);
	if (reached(count_get(&r->cq_count), target)) {
		rtio_unlock(r, key);
		return 0;
	}
	r->waiting = true;
	return rtio_wait(r, &r->submitters, &me.w, key, deadline);
}

#else

int rtio_wait_ended(struct rtio *r, unsigned long target, int64_t deadline)
{
	while (!reached(count_get(&r->cq_count), target)) {
		if (!poll_again(deadline)) {
			return -EAGAIN;
		}
	}
	return 0;
}

#endif

static ALWAYS_INLINE struct rtio_cqe *consume_locked(struct rtio *r, k_spinlock_key_t key)
{
	struct rtio_cqe *cqe = cq_take(r);

	rtio_unlock(r, key);
	return cqe;
}

static __attribute__((noinline)) struct rtio_cqe *consume_contended(struct rtio *r)
{
	return consume_locked(r, rtio_lock(r));
}

struct rtio_cqe *rtio_cqe_consume(struct rtio *r)
{
	k_spinlock_key_t key;

	if (unlikely(rtio_trylock(r, &key) != 0)) {
		return consume_contended(r);
	}
	return consume_locked(r, key);
}

#ifdef CONFIG_RTIO_CONSUME_SEM

static struct rtio_cqe *consume_until(struct rtio *r, int64_t deadline)
{
	k_spinlock_key_t key;
	struct rtio_cqe *cqe;
	struct waiter w;

	waiter_init(&w, NULL);
	waiter_kind(&w, WAIT_FOR_MESSAGE);
	key = rtio_lock(r);
	cqe = cq_take(r);
	if (cqe != NULL) {
		rtio_unlock(r, key);
		return cqe;
	}
	r->waiting = true;
	(void)rtio_wait(r, &r->consumers, &w, key, deadline);
	return w.data;
}

#else

static struct rtio_cqe *consume_until(struct rtio *r, int64_t deadline)
{
	struct rtio_cqe *cqe;

	while ((cqe = rtio_cqe_consume(r)) == NULL && poll_again(deadline)) {
	}
	return cqe;
}

#endif

struct rtio_cqe *rtio_cqe_consume_timeout(struct rtio *r, k_timeout_t timeout)
{
	struct rtio_cqe *cqe = rtio_cqe_consume(r);

	if (cqe != NULL || !wait_allowed(timeout)) {
		return cqe;
	}
	return consume_until(r, sys_clock_deadline(timeout));
}

struct rtio_cqe *rtio_cqe_consume_block(struct rtio *r)
{
	return rtio_cqe_consume_timeout(r, K_FOREVER);
}

static ALWAYS_INLINE void release_locked(struct rtio *r, struct rtio_cqe *cqe, k_spinlock_key_t key)
{
	cqe->q.next = r->cqe_free;
	r->cqe_free = &cqe->q;
	rtio_unlock(r, key);
}

static __attribute__((noinline)) void release_contended(struct rtio *r, struct rtio_cqe *cqe)
{
	release_locked(r, cqe, rtio_lock(r));
}

void rtio_cqe_release(struct rtio *r, struct rtio_cqe *cqe)
{
	k_spinlock_key_t key;

	if (unlikely(cqe == NULL)) {
		return;
	}
	if (unlikely(rtio_trylock(r, &key) != 0)) {
		release_contended(r, cqe);
	} else {
		release_locked(r, cqe, key);
	}
}

struct rtio_cqe *rtio_cqe_acquire(struct rtio *r)
{
	k_spinlock_key_t key = rtio_lock(r);
	struct rtio_cqe *cqe = cqe_take(r);

	rtio_unlock(r, key);
	if (cqe != NULL) {
		cqe->result = 0;
		cqe->userdata = NULL;
		cqe->flags = 0;
	}
	return cqe;
}

void rtio_cqe_produce(struct rtio *r, struct rtio_cqe *cqe)
{
	k_spinlock_key_t key = rtio_lock(r);

	count_up(&r->cq_count);
	cqe_queue(r, cqe);
	unlock_ended(r, key);
}

void rtio_cqe_submit(struct rtio *r, int result, void *userdata, uint32_t flags)
{
	k_spinlock_key_t key = rtio_lock(r);

	(void)answer(r, result, userdata, flags);
	unlock_ended(r, key);
}

int rtio_flush_completion_queue(struct rtio *r)
{
	struct rtio_cqe *cqe;
	int first = 0;

	while ((cqe = rtio_cqe_consume(r)) != NULL) {
		uint8_t *buf;
		uint32_t len;

		if (cqe->result < 0 && first == 0) {
			first = cqe->result;
		}
		if (rtio_cqe_get_mempool_buffer(r, cqe, &buf, &len) == 0) {
			rtio_release_buffer(r, buf, len);
		}
		rtio_cqe_release(r, cqe);
	}
	return first;
}

int rtio_cqe_copy_out(struct rtio *r, struct rtio_cqe *cqes, size_t cqe_count, k_timeout_t timeout)
{
	k_timepoint_t end = sys_timepoint_calc(timeout);
	size_t copied = 0;

	while (copied < cqe_count) {
		struct rtio_cqe *cqe = rtio_cqe_consume(r);

		if (cqe == NULL) {
			cqe = rtio_cqe_consume_timeout(r, K_TIMEOUT_EQ(timeout, K_NO_WAIT)
								  ? K_NO_WAIT
								  : sys_timepoint_timeout(end));
		}
		if (cqe == NULL) {
			break;
		}
		cqes[copied++] = *cqe;
		rtio_cqe_release(r, cqe);
	}
	return (int)copied;
}
