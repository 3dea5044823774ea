/* SPDX-License-Identifier: Apache-2.0 */
/** @file Producers: finding room, by waiting or by dropping. */
#include "ring.h"

#include <string.h>

/* What a thread wants that waits for room; on its stack. */
struct request {
	uint32_t wlen;
	union mpsc_pbuf_generic *packet;         /* what it got */
	struct mpsc_pbuf_high_water *high_water; /* to be called for it */
};

/* Move wr, with nothing behind it that is known to be free. Locked. */
static void move_wr(struct mpsc_pbuf_buffer *b, uint32_t wr)
{
	b->in.limit = wr;
	ring_publish(b, wr);
}

/* Allocate at wr, where @p run words are free, one behind the other. Locked. */
static union mpsc_pbuf_generic *take(struct mpsc_pbuf_buffer *b, uint32_t wlen, uint32_t run)
{
	struct z_mpsc_pbuf_in *in = &b->in;
	uint32_t wr = in->wr;
	uint32_t *header = header_at(b, wr - in->base);

	atomic32_store_relaxed(header, STATE_FILLING);
	move_wr(b, wr + wlen);
	if (!ring_counts(b) && wait_q_empty(&b->producers)) {
		in->limit = wr + run; /* otherwise the next one comes here, too */
	}
	return (union mpsc_pbuf_generic *)(void *)header;
}

/* Have @p wlen words at wr, up to the end of the memory at most, passed over. Locked. */
static void pad(struct mpsc_pbuf_buffer *b, uint32_t wlen)
{
	struct z_mpsc_pbuf_in *in = &b->in;

	if (wlen > 0) {
		atomic32_store_relaxed(header_at(b, in->wr - in->base), skip_header(wlen));
		move_wr(b, in->wr + wlen);
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
	uint32_t at_end = b->size - (in->wr - in->base);

	if (free == b->size && at_end < wlen) {
		/* Empty: start again from the first word. The consumer looks for that. */
		atomic32_store_relaxed(&in->base, in->wr);
		in->tail_base = in->wr;
		at_end = b->size;
	}
	if (wlen <= free && wlen <= at_end) {
		return take(b, wlen, MIN(free, at_end));
	}
	if (free >= at_end && free - at_end >= wlen) {
		pad(b, at_end);
		return take(b, wlen, free - at_end);
	}
	return NULL;
}

/*
 * Go past the claimed packet at the tail, @p index: what is free before it is padded, so that the
 * packet, still where it is, becomes the newest. Locked. @return its words.
 */
static uint32_t hop(struct mpsc_pbuf_buffer *b, uint32_t index)
{
	struct z_mpsc_pbuf_in *in = &b->in;
	uint32_t free = b->size - ring_used(b);
	uint32_t at_end = b->size - (in->wr - in->base);
	uint32_t wlen = packet_wlen(b, index);

	pad(b, MIN(free, at_end));
	if (free > at_end) {
		pad(b, free - at_end);
	}
	move_wr(b, in->wr + wlen);
	in->tail += wlen;
	if ((int32_t)(in->tail - b->out.rd) > 0) {
		b->out = (struct z_mpsc_pbuf_out){
			.rd = in->tail, .base = in->tail_base, .seen = in->tail};
	}
	return wlen;
}

/* A search for room among claimed packets: it ends where it began. */
struct round {
	uint32_t first;  /* index of the packet gone past first */
	uint32_t hopped; /* words gone past; in case that one is freed meanwhile */
};

/*
 * Make room at the tail, which is not to be reclaimed. Locked, but not while the user is told.
 * @return false if there is nothing to drop.
 */
static bool drop_oldest(struct mpsc_pbuf_buffer *b, k_spinlock_key_t *key, struct round *round)
{
	struct z_mpsc_pbuf_in *in = &b->in;
	uint32_t index = in->tail - in->tail_base;
	uint32_t *header = header_at(b, index);
	uint32_t raw = header_look(header);
	uint32_t wlen;

	if ((raw & HEADER_STATE) == STATE_CLAIMED) {
		if (round->hopped == 0) {
			round->first = index;
		} else if (round->first == index || round->hopped > b->size) {
			return false;
		}
		round->hopped += hop(b, index);
		return true;
	}
	if ((raw & HEADER_STATE) != STATE_COMMITTED) {
		return false;
	}
	wlen = packet_wlen(b, index);
	atomic32_store_relaxed(header, raw | HEADER_BUSY);
	b->out = (struct z_mpsc_pbuf_out){
		.rd = in->tail + wlen, .base = in->tail_base, .seen = in->tail + wlen};
	in->dropped++;
	if (b->notify_drop != NULL) {
		k_spin_unlock(&in->lock, *key);
		b->notify_drop(b, (const union mpsc_pbuf_generic *)(void *)header);
		*key = k_spin_lock(&in->lock);
	}
	atomic32_store_relaxed(header, skip_header(wlen));
	return true;
}

/* Arm the high-water mark if use is below it. Locked. */
static void count_before(struct mpsc_pbuf_buffer *b)
{
	while (ring_reclaim(b)) {
		/* all of it */
	}
	if (b->high_water != NULL && ring_used(b) * sizeof(uint32_t) < b->high_water->mark) {
		b->high_water->armed = true;
	}
}

/* Count what is in use now. Locked. @return whom to tell that the mark is reached, or NULL. */
static struct mpsc_pbuf_high_water *count_after(struct mpsc_pbuf_buffer *b)
{
	struct mpsc_pbuf_high_water *high_water = b->high_water;

	b->in.max_usage = MAX(b->in.max_usage, ring_used(b));
	if (high_water == NULL || !high_water->armed ||
	    ring_used(b) * sizeof(uint32_t) < high_water->mark) {
		return NULL;
	}
	high_water->armed = false;
	return high_water;
}

/*
 * Allocate in what is free, and with @p key, in what is dropped. Locked, with @p key as said there.
 * request->packet is NULL if there is no room.
 */
static void find_room(struct mpsc_pbuf_buffer *b, struct request *request, k_spinlock_key_t *key)
{
	struct round round = {0, 0};

	request->high_water = NULL;
	if (ring_counts(b)) {
		count_before(b);
	}
	for (;;) {
		bool more = ring_reclaim(b);

		request->packet = fit(b, request->wlen);
		if (request->packet != NULL) {
			break;
		}
		if (!more && (key == NULL || !drop_oldest(b, key, &round))) {
			return;
		}
	}
	if (ring_counts(b)) {
		request->high_water = count_after(b);
	}
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

void ring_wake_producers(struct mpsc_pbuf_buffer *b)
{
	k_spinlock_key_t key = k_spin_lock(&b->in.lock);
	struct waiter *served = ring_serve(b);

	k_spin_unlock(&b->in.lock, key);
	wait_q_wake_chain(served);
}

/* Wait for room until @p deadline; locked on entry, not on return. request->packet: NULL if none came. */
static void wait_for_room(struct mpsc_pbuf_buffer *b, struct request *request, k_timeout_t timeout,
			  k_spinlock_key_t key)
{
	int64_t deadline = sys_clock_deadline(timeout);
	struct waiter w;

	waiter_init(&w, request);
	wait_q_add(&b->producers, &w);
	ring_waiting_changed(b);
	k_spin_unlock(&b->in.lock, key);
	if (!overwrites(b)) {
		/* Who frees from here on sees `waiting`; what was freed before is seen below. */
		(void)port_fence_all();
	}
	ring_wake_producers(b);

	if (!waiter_park(&w, deadline)) {
		struct waiter *served;

		key = k_spin_lock(&b->in.lock);
		if (waiter_cancel(&b->producers, &w)) {
			/* Those behind this one may want less. */
			request->packet = NULL;
			request->high_water = NULL;
			served = ring_serve(b);
			k_spin_unlock(&b->in.lock, key);
			wait_q_wake_chain(served);
			thread_abort_point();
			return;
		}
		k_spin_unlock(&b->in.lock, key);
		(void)waiter_park(&w, PORT_FOREVER);
	}
}

static bool may_wait(k_timeout_t timeout)
{
	return !K_TIMEOUT_EQ(timeout, K_NO_WAIT) && !port_in_isr() && !port_irq_masked();
}

/* There is no room that is known of. The lock is held on entry, not on return. */
static __attribute__((noinline)) union mpsc_pbuf_generic *
alloc_rest(struct mpsc_pbuf_buffer *b, size_t wlen, k_timeout_t timeout, k_spinlock_key_t key)
{
	struct request request = {.wlen = (uint32_t)wlen};
	struct waiter *served = NULL;
	bool wait;

	if (wlen == 0 || wlen > b->size) {
		k_spin_unlock(&b->in.lock, key);
		return NULL;
	}
	wait = may_wait(timeout);
	if (!wait || wait_q_empty(&b->producers)) {
		find_room(b, &request, overwrites(b) && !wait ? &key : NULL);
	}
	if (wait && request.packet == NULL) {
		wait_for_room(b, &request, timeout, key);
	} else {
		if (unlikely(!wait_q_empty(&b->producers))) {
			/* What was dropped may be room for them, too. */
			served = ring_serve(b);
		}
		k_spin_unlock(&b->in.lock, key);
		wait_q_wake_chain(served);
	}
	if (request.high_water != NULL) {
		request.high_water->cb(b, request.high_water);
	}
	return request.packet;
}

union mpsc_pbuf_generic *mpsc_pbuf_alloc(struct mpsc_pbuf_buffer *buffer, size_t wlen,
					 k_timeout_t timeout)
{
	union mpsc_pbuf_generic *packet;
	k_spinlock_key_t key;
	uint32_t wr;

	if (unlikely(buffer == NULL)) {
		return NULL;
	}
	key = k_spin_lock(&buffer->in.lock);
	wr = buffer->in.wr;
	/* 0 words are too many here. */
	if (likely(wlen - 1 < buffer->in.limit - wr)) {
		uint32_t *header = header_at(buffer, wr - buffer->in.base);

		atomic32_store_relaxed(header, STATE_FILLING);
		ring_publish(buffer, wr + (uint32_t)wlen);
		k_spin_unlock(&buffer->in.lock, key);
		packet = (union mpsc_pbuf_generic *)(void *)header;
	} else {
		packet = alloc_rest(buffer, wlen, timeout, key);
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
	if (unlikely(buffer == NULL || packet_index(buffer, packet) >= buffer->size ||
		     packet->hdr.busy != 0)) {
		__ASSERT(false, "%p is not a packet to commit", (void *)packet);
		return;
	}
	ring_commit(buffer, &packet->raw, packet->raw);
}
