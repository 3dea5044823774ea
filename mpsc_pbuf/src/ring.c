/* SPDX-License-Identifier: Apache-2.0 */
/** @file Starting a ring, and what its two sides share. */
#include "ring.h"

#include <string.h>

#ifdef RING_TSAN
uint32_t ring_look_unseen(const uint32_t *header);

__attribute__((noinline, no_sanitize("thread"))) uint32_t ring_look_unseen(const uint32_t *header)
{
	return *(const volatile uint32_t *)header;
}
#endif

#ifdef CONFIG_POLL
static bool poll_buffer(struct poll_object *object, struct k_poll_event *event, enum poll_step step)
{
	struct mpsc_pbuf_buffer *b = CONTAINER_OF(object, struct mpsc_pbuf_buffer, object);
	k_spinlock_key_t key = k_spin_lock(&b->in.lock);
	bool ready;

	if (step == POLL_ADD) {
		/* As in wait_for_packet(): be seen waiting, then look. */
		poll_q_add(&b->pollers, event);
		ring_waiting_changed(b);
		k_spin_unlock(&b->in.lock, key);
		(void)port_fence_all();
		key = k_spin_lock(&b->in.lock);
		ready = ring_ready(b);
		if (ready) {
			poll_q_remove(&b->pollers, event);
		}
	} else {
		ready = ring_ready(b);
		poll_q_step(&b->pollers, event, step, ready);
	}
	ring_waiting_changed(b);
	k_spin_unlock(&b->in.lock, key);
	return ready;
}
#endif

static bool config_usable(const struct mpsc_pbuf_buffer_config *config)
{
	return config != NULL && config->buf != NULL && config->get_wlen != NULL &&
	       config->size <= SIZE_MAX_WORDS;
}

void mpsc_pbuf_init(struct mpsc_pbuf_buffer *buffer, const struct mpsc_pbuf_buffer_config *config)
{
	__ASSERT(buffer != NULL && config_usable(config), "a buffer needs memory and get_wlen");
	if (buffer == NULL) {
		return;
	}
	memset(buffer, 0, sizeof(*buffer));
	if (config_usable(config)) {
		buffer->buf = config->buf;
		buffer->size = config->size;
		buffer->flags = config->flags & ~MPSC_PBUF_SIZE_POW2;
		buffer->get_wlen = config->get_wlen;
		buffer->notify_drop = config->notify_drop;
		if (IS_POWER_OF_TWO(config->size)) {
			buffer->flags |= MPSC_PBUF_SIZE_POW2;
		}
	}
#ifdef CONFIG_POLL
	buffer->object.poll = poll_buffer;
#endif
	if (!port_fence_all()) {
		buffer->waiting = WAIT_UNKNOWN;
	}
}

bool ring_ready(const struct mpsc_pbuf_buffer *b)
{
	struct z_mpsc_pbuf_out at = {
		.rd = atomic32_load_relaxed(&b->out.rd),
		.base = atomic32_load_relaxed(&b->out.base),
		.seen = atomic32_load_relaxed(&b->out.rd),
	};
	uint32_t index;
	uint32_t raw;

	return ring_find(b, &at, &index, &raw);
}

bool mpsc_pbuf_is_pending(struct mpsc_pbuf_buffer *buffer)
{
	k_spinlock_key_t key;
	bool ready;

	if (buffer == NULL) {
		return false;
	}
	key = k_spin_lock(&buffer->in.lock);
	ready = ring_ready(buffer);
	k_spin_unlock(&buffer->in.lock, key);
	return ready;
}

bool ring_reclaim(struct mpsc_pbuf_buffer *b)
{
	struct z_mpsc_pbuf_in *in = &b->in;
	/* Acquire: pairs with the release in claim_next(): words passed over are read no more. */
	uint32_t end = overwrites(b) ? in->wr : atomic32_load_acquire(&b->out.rd);
	unsigned int left = 32;

	while (left > 0 && in->tail != end) {
		uint32_t index = in->tail - in->tail_base;
		uint32_t raw;

		if (index == b->size) {
			in->tail_base = in->tail;
			index = 0;
		}
		raw = header_look(header_at(b, index));
		if ((raw & HEADER_STATE) != STATE_SKIP) {
			break;
		}
		in->tail += skip_wlen(raw);
		left--;
	}
	if (overwrites(b) && (int32_t)(in->tail - b->out.rd) > 0) {
		b->out = (struct z_mpsc_pbuf_out){
			.rd = in->tail, .base = in->tail_base, .seen = in->tail};
	}
	return left == 0;
}

void ring_waiting_changed(struct mpsc_pbuf_buffer *b)
{
	uint32_t waiting = b->waiting & WAIT_UNKNOWN;

	if (!wait_q_empty(&b->producers)) {
		waiting |= WAIT_ROOM;
		b->in.limit = b->in.wr;
	}
	if (!wait_q_empty(&b->consumers)) {
		waiting |= WAIT_PACKET;
	}
#ifdef CONFIG_POLL
	if (!poll_q_empty(&b->pollers)) {
		waiting |= WAIT_PACKET;
	}
#endif
	atomic32_store_relaxed(&b->waiting, waiting);
}
