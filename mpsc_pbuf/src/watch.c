/* SPDX-License-Identifier: Apache-2.0 */
/** @file How full it is, and was. */
#include <errno.h>

#include "ring.h"

/* What can be in use at most, as it is reported. */
static uint32_t reported(const struct mpsc_pbuf_buffer *b, uint32_t words)
{
	return b->size == 0 ? 0 : MIN(words, b->size - 1) * (uint32_t)sizeof(uint32_t);
}

void mpsc_pbuf_get_utilization(struct mpsc_pbuf_buffer *buffer, uint32_t *size, uint32_t *now)
{
	uint32_t used;
	bool more;

	__ASSERT(buffer != NULL && size != NULL && now != NULL, "no argument may be NULL");
	if (buffer == NULL || size == NULL || now == NULL) {
		return;
	}
	do {
		k_spinlock_key_t key = k_spin_lock(&buffer->in.lock);

		more = ring_reclaim(buffer);
		used = ring_used(buffer);
		k_spin_unlock(&buffer->in.lock, key);
	} while (more);
	*size = reported(buffer, buffer->size);
	*now = reported(buffer, used);
}

int mpsc_pbuf_get_max_utilization(struct mpsc_pbuf_buffer *buffer, uint32_t *max)
{
	if (buffer == NULL || max == NULL) {
		return -EINVAL;
	}
	if ((buffer->flags & MPSC_PBUF_MAX_UTILIZATION) == 0) {
		return -ENOTSUP;
	}
	*max = reported(buffer, atomic32_load_relaxed(&buffer->in.max_usage));
	return 0;
}

uint32_t mpsc_pbuf_dropped_get(struct mpsc_pbuf_buffer *buffer)
{
	return buffer != NULL ? atomic32_load_relaxed(&buffer->in.dropped) : 0;
}

#ifdef CONFIG_MPSC_PBUF_HIGH_WATER

int mpsc_pbuf_high_water_set(struct mpsc_pbuf_buffer *buffer,
			     struct mpsc_pbuf_high_water *high_water)
{
	k_spinlock_key_t key;
	bool below;

	if (buffer == NULL ||
	    (high_water != NULL && (high_water->cb == NULL || high_water->mark == 0 ||
				    high_water->mark > reported(buffer, buffer->size)))) {
		return -EINVAL;
	}
	key = k_spin_lock(&buffer->in.lock);
	while (ring_reclaim(buffer)) {
		/* all of it */
	}
	below = high_water == NULL || ring_used(buffer) * sizeof(uint32_t) < high_water->mark;
	if (high_water != NULL) {
		high_water->armed = below;
	}
	buffer->high_water = high_water;
	buffer->in.limit = buffer->in.wr;
	k_spin_unlock(&buffer->in.lock, key);
	return below ? 0 : 1;
}

#endif /* CONFIG_MPSC_PBUF_HIGH_WATER */
