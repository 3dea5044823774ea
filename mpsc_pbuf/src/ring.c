/* SPDX-License-Identifier: Apache-2.0 */
/** @file Starting a ring, and what its two sides share. */
#include "ring.h"

#include <string.h>

#ifdef CONFIG_PORT_BARE
__asm__(".global " STRINGIFY(Z_MPSC_PBUF_MODULE) "\n\t" STRINGIFY(Z_MPSC_PBUF_MODULE) " = 0");
#else
const char Z_MPSC_PBUF_MODULE = 0;
#endif

#ifdef Z_MPSC_PBUF_TSAN
uint32_t z_mpsc_pbuf_look_unseen(const uint32_t *header);

__attribute__((noinline, no_sanitize("thread"))) uint32_t
z_mpsc_pbuf_look_unseen(const uint32_t *header)
{
	return *(const volatile uint32_t *)header;
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
		buffer->end = config->buf + config->size;
		buffer->size = config->size;
		buffer->out.at = config->buf;
		buffer->flags = config->flags & ~MPSC_PBUF_SIZE_POW2;
		buffer->get_wlen = config->get_wlen;
		buffer->notify_drop = config->notify_drop;
		if (IS_POWER_OF_TWO(config->size)) {
			buffer->flags |= MPSC_PBUF_SIZE_POW2;
		}
	}
#ifdef CONFIG_POLL
	buffer->object.poll = ring_poll;
#endif
	if (!port_fence_all()) {
		buffer->waiting = Z_MPSC_PBUF_WAIT_UNKNOWN;
	}
}

bool ring_reclaim(struct mpsc_pbuf_buffer *b)
{
	/* Acquire: pairs with the release in z_mpsc_pbuf_pass(): words passed over are read no more. */
	uint32_t end = consumer_locks(b) ? b->in.wr : atomic32_load_acquire(&b->out.rd);
	uint32_t index = b->in.tail - b->in.tail_base;
	int32_t words = (int32_t)(end - b->in.tail);
	int32_t in_sight = MIN(words, (int32_t)(b->size - index));
	int32_t beyond = words - in_sight;
	const uint32_t *header = &b->buf[index];
	unsigned int left = RING_BATCH;
	uint32_t wlen = 1;
	uint32_t skip = z_mpsc_pbuf_skip(wlen);
	uint32_t tail;

	while (in_sight > 0) {
		uint32_t raw = z_mpsc_pbuf_look(header);

		/*
		 * Mostly one is as long as the one before it. A processor that foresees that does not
		 * wait for a header to look for the next; one that does not is faster without asking.
		 */
		if (!IS_ENABLED(CONFIG_SMP) || raw != skip) {
			skip = raw;
			wlen = skip_words(raw);
			if (wlen - 1 >= SKIP_WORDS_MAX) {
				break;
			}
		}
		in_sight -= (int32_t)wlen;
		header += wlen;
		if (--left == 0) {
			break;
		}
	}
	tail = end - (uint32_t)(in_sight + beyond);
	index += tail - b->in.tail;
	if (unlikely(index >= b->size && words > 0)) {
		index = 0;
		left = 0;
	}
	b->in.tail = tail;
	b->in.tail_base = tail - index;
	if (consumer_locks(b) && (int32_t)(tail - b->out.rd) > 0) {
		b->out.rd = tail;
		b->out.at = &b->buf[index];
#ifdef CONFIG_SMP
		b->out.seen = tail;
#endif
	}
	return left == 0;
}

void ring_waiting_changed(struct mpsc_pbuf_buffer *b)
{
	uint32_t waiting = b->waiting & Z_MPSC_PBUF_WAIT_UNKNOWN;

	if (!wait_q_empty(&b->producers)) {
		waiting |= Z_MPSC_PBUF_WAIT_ROOM;
		b->in.limit = b->in.wr;
	}
	if (!wait_q_empty(&b->consumers)) {
		waiting |= Z_MPSC_PBUF_WAIT_PACKET;
	}
#ifdef CONFIG_POLL
	if (!poll_q_empty(&b->pollers)) {
		waiting |= Z_MPSC_PBUF_WAIT_PACKET;
	}
#endif
	atomic32_store_relaxed(&b->waiting, waiting);
}
