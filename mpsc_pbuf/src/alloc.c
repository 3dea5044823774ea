/* SPDX-License-Identifier: Apache-2.0 */
/** @file Producers: finding room, by waiting or by dropping. */
#include "ring.h"

#include <string.h>

/* What a thread wants that waits for room; on its stack. */
struct request {
	uint32_t wlen;
	union mpsc_pbuf_generic *packet; /* what it got, or NULL */
#ifdef CONFIG_MPSC_PBUF_HIGH_WATER
	struct mpsc_pbuf_high_water *high_water; /* to be called for it, or NULL */
#endif
};

/* Append what begins at wr, with nothing behind it that is known to be free. Locked. */
static void append(struct mpsc_pbuf_buffer *b, uint32_t wlen)
{
	b->in.limit = b->in.wr + wlen;
	z_mpsc_pbuf_append(b, b->in.wr, wlen);
}

/* Have @p wlen words at wr, up to the end of the memory at most, passed over. Locked. */
static void pad(struct mpsc_pbuf_buffer *b, uint32_t wlen)
{
	struct z_mpsc_pbuf_in *in = &b->in;

	if (wlen > 0) {
		atomic32_store_relaxed(header_at(b, in->wr - in->base), z_mpsc_pbuf_skip(wlen));
		append(b, wlen);
	}
	if (in->wr - in->base == b->size) {
		atomic32_store_relaxed(&in->base, in->wr);
	}
}

/* Allocate in what is free. Locked. @return NULL if there is no run of words long enough. */
static union mpsc_pbuf_generic *fit(struct mpsc_pbuf_buffer *b, uint32_t wlen)
{
	struct z_mpsc_pbuf_in *in = &b->in;
	uint32_t free = b->size - ring_used(b);
	uint32_t run = b->size - (in->wr - in->base);
	uint32_t *header;
	uint32_t wr;

	if (run < wlen && free == b->size) {
		/* Empty: start again from the first word. */
		atomic32_store_relaxed(&in->base, in->wr);
		in->tail_base = in->wr;
#ifndef CONFIG_SMP
		b->out.at = b->buf; /* otherwise the consumer looks for it */
#endif
		run = free;
	} else if (run < wlen && run <= free && free - run >= wlen) {
		/* Not at the end of the memory, but at its start. */
		pad(b, run);
		free -= run;
		run = free;
	}
	run = MIN(run, free);
	if (run < wlen) {
		return NULL;
	}
	wr = in->wr;
	header = header_at(b, wr - in->base);
	run += wr;
	atomic32_store_relaxed(header, Z_MPSC_PBUF_FILLING);
	append(b, wlen);
	if (ring_counts(b)) {
		uint32_t used = ring_used(b);

		if (in->max_usage < used) {
			atomic32_store_relaxed(&in->max_usage, used);
		}
	} else if (wait_q_empty(&b->producers)) {
		in->limit = run; /* otherwise the next one comes here, too */
	}
	return (union mpsc_pbuf_generic *)(void *)header;
}

/* A search for room among claimed packets: it ends where it began. */
struct round {
	const uint32_t *first; /* the packet gone past first */
	uint32_t hopped;       /* words gone past; in case that one is freed meanwhile */
};

/*
 * Go past the claimed packet at the tail: what is free before it is padded, and then the packet,
 * where it is, becomes the newest. Locked. @return false if all has been looked at.
 */
static bool hop(struct mpsc_pbuf_buffer *b, const uint32_t *header, uint32_t wlen,
		struct round *round)
{
	struct z_mpsc_pbuf_in *in = &b->in;
	uint32_t free = b->size - ring_used(b);

	if (round->hopped == 0) {
		round->first = header;
	} else if (round->first == header || round->hopped > b->size) {
		return false;
	}
	/* At least once, for where wr is at the end of the memory. */
	do {
		uint32_t run = MIN(free, b->size - (in->wr - in->base));

		pad(b, run);
		free -= run;
	} while (free > 0);
	if (unlikely(wlen - 1 >= b->size - (in->tail - in->tail_base))) {
		return false; /* it lies */
	}
	round->hopped += wlen;
#ifdef CONFIG_SMP
	if (b->out.noted_rd == in->tail) {
		b->out.noted_rd = in->wr;
	}
#endif
	append(b, wlen);
	ring_pass_tail(b, wlen);
	return true;
}

/*
 * Make room at the tail, which is not to be reclaimed. Locked, but not while the user is told.
 * @return false if there is nothing to drop.
 */
static bool drop_oldest(struct mpsc_pbuf_buffer *b, k_spinlock_key_t *key, struct round *round)
{
	uint32_t *header = header_at(b, b->in.tail - b->in.tail_base);
	uint32_t raw = z_mpsc_pbuf_look(header);
	uint32_t wlen;

	if ((raw & Z_MPSC_PBUF_VALID) == 0) {
		return false;
	}
	if ((raw & Z_MPSC_PBUF_BUSY) != 0) {
		return hop(b, header, claimed_wlen(b, header), round);
	}
	wlen = z_mpsc_pbuf_wlen(b, header);
#ifdef CONFIG_SMP
	if (b->out.noted == header) {
		/* Of a packet that was here before. Relaxed: who freed that has looked. */
		__atomic_store_n(&b->out.noted, NULL, __ATOMIC_RELAXED);
	}
#endif
	atomic32_store_relaxed(header, raw | Z_MPSC_PBUF_BUSY);
	atomic32_store_relaxed(&b->in.dropped, b->in.dropped + 1);
	if (b->notify_drop != NULL) {
		k_spin_unlock(&b->in.lock, *key);
		b->notify_drop(b, (const union mpsc_pbuf_generic *)(void *)header);
		*key = k_spin_lock(&b->in.lock);
	}
	atomic32_store_relaxed(header, z_mpsc_pbuf_skip(wlen));
	return true;
}

#ifdef CONFIG_MPSC_PBUF_HIGH_WATER

/* Arm the mark if use is below it. Locked. */
static void high_water_before(struct mpsc_pbuf_buffer *b)
{
	if (b->high_water != NULL && ring_used(b) * sizeof(uint32_t) < b->high_water->mark) {
		b->high_water->armed = true;
	}
}

/* @return whom to tell that the mark is reached, or NULL. Locked. */
static struct mpsc_pbuf_high_water *high_water_after(struct mpsc_pbuf_buffer *b)
{
	struct mpsc_pbuf_high_water *high_water = b->high_water;

	if (high_water == NULL || !high_water->armed ||
	    ring_used(b) * sizeof(uint32_t) < high_water->mark) {
		return NULL;
	}
	high_water->armed = false;
	return high_water;
}

#endif

/*
 * Allocate in what is free and, with @p key, in what is dropped. Locked, with @p key as said there.
 * request->packet is NULL if there is no room.
 */
static void find_room(struct mpsc_pbuf_buffer *b, struct request *request, k_spinlock_key_t *key)
{
	struct round round = {NULL, 0};
	bool more = ring_reclaim(b);

	while (more && ring_counts(b)) {
		more = ring_reclaim(b);
	}
#ifdef CONFIG_MPSC_PBUF_HIGH_WATER
	high_water_before(b);
#endif
	for (;;) {
		request->packet = fit(b, request->wlen);
		if (request->packet != NULL ||
		    (!more && (key == NULL || !drop_oldest(b, key, &round)))) {
			break;
		}
		more = ring_reclaim(b);
	}
#ifdef CONFIG_MPSC_PBUF_HIGH_WATER
	request->high_water = request->packet != NULL ? high_water_after(b) : NULL;
#endif
}

struct waiter *ring_serve(struct mpsc_pbuf_buffer *b)
{
	struct waiter *served = NULL;
	struct waiter **end = &served;
	struct waiter *w;

	while ((w = wait_q_peek(&b->producers)) != NULL) {
		struct request *request = w->data;

		find_room(b, request, NULL);
		if (request->packet == NULL) {
			break;
		}
		wait_q_remove(&b->producers, w);
		(void)waiter_finish(w, 0);
		w->next = NULL;
		*end = w;
		end = &w->next;
	}
	ring_waiting_changed(b);
	return served;
}

void z_mpsc_pbuf_wake_producers(struct mpsc_pbuf_buffer *b)
{
	k_spinlock_key_t key = k_spin_lock(&b->in.lock);
	struct waiter *served = ring_serve(b);

	k_spin_unlock(&b->in.lock, key);
	wait_q_wake_chain(served);
}

/* Wait for room; locked on entry, not on return. */
static void wait_for_room(struct mpsc_pbuf_buffer *b, struct request *request, k_timeout_t timeout,
			  k_spinlock_key_t key)
{
	int64_t deadline = sys_clock_deadline(timeout);
	struct waiter w;

	waiter_init(&w, request);
	waiter_kind(&w, WAIT_FOR_ROOM);
#ifdef CONFIG_MULTITHREADING
	wait_q_add(&b->producers, &w);
	ring_waiting_changed(b);
	k_spin_unlock(&b->in.lock, key);
	/* Who frees from here on sees `waiting`; what was freed before is seen by this thread. */
	(void)port_fence_all();
	z_mpsc_pbuf_wake_producers(b);

	if (!waiter_park(&w, deadline)) {
		bool cancelled;

		key = k_spin_lock(&b->in.lock);
		cancelled = waiter_cancel(&b->producers, &w);
		k_spin_unlock(&b->in.lock, key);
		if (cancelled) {
			/* Those behind this one may want less. */
			z_mpsc_pbuf_wake_producers(b);
			thread_abort_point();
		} else {
			(void)waiter_park(&w, PORT_FOREVER);
		}
	}
#else
	/* Nobody else waits, and nothing was freed since this one looked. */
	b->waiting |= Z_MPSC_PBUF_WAIT_ROOM;
	b->in.limit = b->in.wr;
	if (wait_q_wait(&b->producers, &w, &b->in.lock, key, deadline) != 0) {
		z_mpsc_pbuf_wake_producers(b);
	}
#endif
}

/* There is no room that is known of, or @p b is NULL. */
static __attribute__((noinline)) union mpsc_pbuf_generic *
alloc_rest(struct mpsc_pbuf_buffer *b, size_t wlen, k_timeout_t timeout)
{
	struct request request = {.wlen = (uint32_t)wlen};
	bool wait = !K_TIMEOUT_EQ(timeout, K_NO_WAIT) && !port_in_isr() && !port_irq_masked();
	k_spinlock_key_t key;

	if (b == NULL || wlen == 0 || wlen > b->size) {
		return NULL;
	}
	key = k_spin_lock(&b->in.lock);
#ifdef CONFIG_SMP
	/* Perhaps it was only the lock that was not to be had at once. */
	request.packet = z_mpsc_pbuf_take(b, wlen);
	if (request.packet != NULL) {
		k_spin_unlock(&b->in.lock, key);
		return request.packet;
	}
#endif
	if (!wait || wait_q_empty(&b->producers)) {
		find_room(b, &request, overwrites(b) && !wait ? &key : NULL);
	}
	if (wait && request.packet == NULL) {
		wait_for_room(b, &request, timeout, key);
	} else {
		bool others = !wait_q_empty(&b->producers);

		k_spin_unlock(&b->in.lock, key);
		if (unlikely(others)) {
			/* What was dropped may be room for them, too. */
			z_mpsc_pbuf_wake_producers(b);
		}
	}
#ifdef CONFIG_MPSC_PBUF_HIGH_WATER
	if (request.high_water != NULL) {
		request.high_water->cb(b, request.high_water);
	}
#endif
	return request.packet;
}

union mpsc_pbuf_generic *mpsc_pbuf_alloc(struct mpsc_pbuf_buffer *buffer, size_t wlen,
					 k_timeout_t timeout)
{
	union mpsc_pbuf_generic *packet = z_mpsc_pbuf_alloc(buffer, wlen);

	if (unlikely(packet == NULL)) {
		packet = alloc_rest(buffer, wlen, timeout);
	}
#ifdef CONFIG_MPSC_CLEAR_ALLOCATED
	if (packet != NULL) {
		memset(packet, 0, wlen * sizeof(uint32_t));
	}
#endif
	return packet;
}

void mpsc_pbuf_commit(struct mpsc_pbuf_buffer *buffer, union mpsc_pbuf_generic *packet)
{
	if (unlikely(!z_mpsc_pbuf_commit(buffer, packet))) {
		__ASSERT(false, "%p is not a packet to commit", (void *)packet);
	}
}

RING_CALLED(mpsc_pbuf_alloc)
RING_CALLED(mpsc_pbuf_commit)
