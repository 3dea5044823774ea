/* SPDX-License-Identifier: Apache-2.0 */
/** @file Serving: turns of collecting and taking, sleep, and the end. */
#include "internal.h"

#include <sys/socket.h>

void rtio_shm_post(struct rtio_shm_server *s, const struct rtio_shm_cqe *cqe)
{
	s->cq[s->cq_tail & (s->config.entries - 1)] = *cqe;
	s->cq_tail++;
	count(&s->stats.completed, 1);
}

static void wake_client(struct rtio_shm_server *s)
{
	if (shared_wake(&s->header->client_sleeps)) {
		count(&s->stats.wakes, 1);
		rtio_shm_signal(s->wake_fd);
	}
}

/* Let the client know of what was posted. */
static void publish(struct rtio_shm_server *s)
{
	if (s->cq_published != s->cq_tail) {
		s->cq_published = s->cq_tail;
		shared_store(&s->header->cq_tail, s->cq_tail);
		wake_client(s);
	}
}

void rtio_shm_break(struct rtio_shm_server *s, int why)
{
	if (s->over == 0) {
		s->over = why;
		s->cancels_due = true;
		shared_store((uint32_t *)&s->header->status, (uint32_t)why);
		wake_client(s);
	}
}

/* A completion of the context has come. */
static void collect(struct rtio_shm_server *s, struct rtio_cqe *cqe)
{
	if (!rtio_shm_heard(s, cqe)) {
		struct rtio_shm_slot *slot = cqe->userdata;
		struct rtio_shm_cqe answer = {
			.userdata = slot->userdata,
			.result = cqe->result,
			.tag = (uint32_t)(slot - s->config.slots),
			.generation = slot->generation,
		};

		slot->handle = 0;
		s->in_flight--;
		rtio_shm_post(s, &answer);
	}
	rtio_cqe_release(s->config.r, cqe);
}

/* @return whether there was anything. */
static bool collect_some(struct rtio_shm_server *s)
{
	struct rtio_cqe *cqe;
	uint32_t n = 0;

	while (n < CONFIG_RTIO_SHM_BATCH && (cqe = rtio_cqe_consume(s->config.r)) != NULL) {
		collect(s, cqe);
		n++;
	}
	return n > 0;
}

/* Pass on what the client has cancelled; all of it when the end has come. */
static void cancel_some(struct rtio_shm_server *s)
{
	s->cancels_due = false;
	for (uint32_t tag = 0; tag < s->config.entries; tag++) {
		struct rtio_shm_slot *slot = &s->config.slots[tag];

		/* Relaxed: cancel_count has been loaded. */
		if (slot->handle != 0 && !slot->cancelled &&
		    (s->over != 0 || atomic32_load_relaxed(&s->cancels[tag]) == slot->generation)) {
			slot->cancelled = true;
			count(&s->stats.cancelled, 1);
			(void)rtio_cancel(s->config.r, slot->handle);
		}
	}
}

static void look_for_end(struct rtio_shm_server *s)
{
	/* Acquire: pairs with the stores of those who ring afterwards. */
	if (atomic32_load_acquire(&s->gone) != 0) {
		rtio_shm_break(s, -EPIPE);
	}
	if (atomic32_load_acquire(&s->stop) != 0) {
		rtio_shm_break(s, -ECANCELED);
	}
}

int rtio_shm_turn(struct rtio_shm_server *s)
{
	uint32_t cancels;
	bool more;

	count(&s->stats.turns, 1);
	look_for_end(s);
	/* Before sq_tail: what was cancelled after it was submitted is taken, or was seen here. */
	cancels = shared_load(&s->header->cancel_count);
	more = collect_some(s);
	publish(s);
	if (s->over == 0) {
		more = rtio_shm_take(s) || more;
	}
	if (s->cancels_due || cancels != s->cancels_seen) {
		s->cancels_seen = cancels;
		cancel_some(s);
		more = true;
	}
	more = collect_some(s) || more;
	publish(s);
	return s->over != 0 && s->in_flight == 0 ? s->over : more ? 1 : 0;
}

/* Whether the shared area has something new. */
static bool is_new(const struct rtio_shm_server *s)
{
	const struct rtio_shm_header *h = s->header;

	return shared_load(&h->sq_tail) != s->sq_tail ||
	       shared_load(&h->cancel_count) != s->cancels_seen ||
	       (s->stalled && shared_load(&h->cq_head) != s->cq_head);
}

void rtio_shm_nap(struct rtio_shm_server *s)
{
	shared_store(&s->header->server_sleeps, 1);
	if (s->over != 0 || !is_new(s)) {
		count(&s->stats.sleeps, 1);
		collect(s, rtio_cqe_consume_block(s->config.r));
	}
	shared_store(&s->header->server_sleeps, 0);
}

int rtio_shm_server_run(struct rtio_shm_server *s)
{
	int ret;

	if (s->header == NULL || s->socket == -1) {
		return -EINVAL;
	}
	ret = rtio_shm_bell_start(s);
	if (ret != 0) {
		return ret;
	}
	while ((ret = rtio_shm_turn(s)) >= 0) {
		if (ret == 0) {
			rtio_shm_nap(s);
		}
	}
	rtio_shm_bell_stop(s);
	/* The client learns that nothing more will come. */
	(void)shutdown(s->socket, SHUT_RDWR);
	return ret;
}

void rtio_shm_server_stop(struct rtio_shm_server *s)
{
	/* Release: for order with the exchange in rtio_shm_ring(). */
	atomic32_store_release(&s->stop, 1);
	rtio_shm_ring(s);
}
