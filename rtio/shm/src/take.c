/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Entries on their way from the ring into the context.
 *
 * An entry is copied once; all decisions are about the copy. A chain is checked as a whole before
 * anything of it starts. Each entry taken answers exactly once, and is taken only when the ring of
 * completions has a place for that answer which nobody else will need: so a full ring keeps entries
 * waiting, not the server, and no completion is ever lost.
 */
#include "internal.h"

/* What there is to answer besides what is under way. */
static uint32_t room_for_entries(const struct rtio_shm_server *s)
{
	return s->config.entries - s->in_flight - (s->cq_tail - s->cq_head);
}

/*
 * See where the client's indexes are. They only move forward, the tail no further than there are
 * entries, the head no further than there are completions.
 * @return whether that is so.
 */
static bool look_at_ring(struct rtio_shm_server *s)
{
	/* Before cq_head: a client that has put an entry has consumed what made room for it. */
	uint32_t tail = shared_load(&s->header->sq_tail);
	uint32_t head = shared_load(&s->header->cq_head);

	if (tail - s->sq_tail > s->config.entries - (s->sq_tail - s->sq_head)) {
		return false;
	}
	if (head - s->cq_head > s->cq_published - s->cq_head) {
		return false;
	}
	s->sq_tail = tail;
	s->cq_head = head;
	return true;
}

/* A word of something that has another type where it comes from. */
typedef uint32_t __attribute__((__may_alias__)) word_t;

/* The one copy that is made of an entry. */
static void copy_entry(const struct rtio_shm_server *s, uint32_t index, struct rtio_shm_sqe *copy)
{
	const struct rtio_shm_sqe *entry = &s->sq[index & (s->config.entries - 1)];
	const word_t *from = (const word_t *)(const void *)entry;
	uint32_t words[sizeof(*copy) / sizeof(uint32_t)];

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		/* Relaxed: sq_tail has been loaded. */
		words[i] = __atomic_load_n(&from[i], __ATOMIC_RELAXED);
	}
	memcpy(copy, words, sizeof(words));
}

static bool is_linked(const struct rtio_shm_sqe *e)
{
	return (e->flags & (RTIO_SQE_CHAINED | RTIO_SQE_TRANSACTION)) != 0;
}

/* Copy a chain, as much as there is room for. @return how many entries. */
static uint32_t gather(struct rtio_shm_server *s)
{
	uint32_t n = 0;

	do {
		copy_entry(s, s->sq_head + n, &s->chain[n]);
		n++;
	} while (is_linked(&s->chain[n - 1]) && s->sq_head + n != s->sq_tail &&
		 n < CONFIG_RTIO_SHM_CHAIN_MAX);
	return n;
}

static void reject(struct rtio_shm_server *s, const struct rtio_shm_sqe *e, int why)
{
	struct rtio_shm_cqe cqe = {
		.userdata = e->userdata,
		.result = why,
		.tag = e->tag,
		.generation = e->generation,
	};

	count(&s->stats.rejected, 1);
	rtio_shm_post(s, &cqe);
}

/* Answer for @p n entries of a chain that does not start because of what is wrong with @p bad. */
static void reject_chain(struct rtio_shm_server *s, uint32_t n, uint32_t bad, int why)
{
	for (uint32_t i = 0; i < n; i++) {
		if (i < bad) {
			s->config.slots[s->chain[i].tag].taken = false;
		}
		reject(s, &s->chain[i], i == bad ? why : -ECANCELED);
	}
}

/* Whether the client cancelled a request before it was taken. */
static bool is_cancelled(const struct rtio_shm_server *s, const struct rtio_shm_sqe *e)
{
	/* Relaxed: if this is too early, cancel_count will be seen to have changed later. */
	return atomic32_load_relaxed(&s->cancels[e->tag]) == e->generation;
}

/* The chain of @p n entries is right. @return whether the context had room, which it has. */
static bool copy_entries_in(struct rtio_shm_server *s, uint32_t n)
{
	rtio_sqe_handle_t handles[CONFIG_RTIO_SHM_CHAIN_MAX];

	if (rtio_sqe_copy_in_handles(s->config.r, s->sqes, handles, n) != 0) {
		return false;
	}
	for (uint32_t i = 0; i < n; i++) {
		struct rtio_shm_slot *slot = &s->config.slots[s->chain[i].tag];

		slot->taken = false;
		slot->handle = handles[i];
		s->cancels_due = s->cancels_due || is_cancelled(s, &s->chain[i]);
	}
	s->in_flight += n;
	return true;
}

/* Take the chain that has been gathered. */
static void take_entry_chain(struct rtio_shm_server *s, uint32_t n)
{
	bool whole = !is_linked(&s->chain[n - 1]);
	uint32_t i = 0;
	int ret = 0;

	while (i < n && ret == 0) {
		ret = rtio_shm_check(s, i);
		i += ret == 0 ? 1 : 0;
	}
	if (ret == 0 && !whole) {
		/* All are claimed, the last one is at fault. */
		i = n - 1;
		s->config.slots[s->chain[i].tag].taken = false;
		ret = s->sq_head + n == s->sq_tail ? -EINVAL : -E2BIG;
	}
	if (ret == 0 && !copy_entries_in(s, n)) {
		i = n - 1;
		s->config.slots[s->chain[i].tag].taken = false;
		ret = -ENOMEM;
	}
	if (ret != 0) {
		reject_chain(s, n, i, ret);
		s->skipping = !whole && s->sq_head + n != s->sq_tail;
	}
}

/* Take what begins at sq_head. @return how many entries, 0 if there is no room for their answers. */
static uint32_t take_next(struct rtio_shm_server *s)
{
	uint32_t n;

	if (s->skipping) {
		if (room_for_entries(s) == 0) {
			return 0;
		}
		copy_entry(s, s->sq_head, &s->chain[0]);
		s->skipping = is_linked(&s->chain[0]) && s->sq_head + 1 != s->sq_tail;
		reject(s, &s->chain[0], -ECANCELED);
		return 1;
	}
	n = gather(s);
	if (room_for_entries(s) < n) {
		return 0;
	}
	take_entry_chain(s, n);
	return n;
}

bool rtio_shm_take(struct rtio_shm_server *s)
{
	uint32_t taken = 0;

	if (!look_at_ring(s)) {
		rtio_shm_break(s, -EPROTO);
		return true;
	}
	s->stalled = false;
	while (s->sq_head != s->sq_tail && taken < CONFIG_RTIO_SHM_BATCH && !s->stalled) {
		uint32_t n = take_next(s);

		s->sq_head += n;
		taken += n;
		s->stalled = n == 0;
	}
	count(&s->stats.stalls, s->stalled ? 1 : 0);
	count(&s->stats.taken, taken);
	if (taken > 0) {
		(void)rtio_submit(s->config.r, 0);
	}
	return taken > 0;
}
